import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { disclosure } from '#exchange/entries';
import { type Agreement, term } from '#policy/agreement';
import type { Cases } from '#policy/cases';
import { change, proposed } from '#policy/cases-run';
import { decide } from '#policy/decide';
import type { Decision, Reason } from '#policy/decision';
import { readTags, type Row } from '../../deploy/scripts/clauses/catalogue';
import { profiles } from '../world/profiles';

// What no example of an agreement can show: what a row comes to where it refuses nobody, and what stops nothing where only the agreement may restrict.

const tags = [...readTags().agreements];
const all = profiles().map(({ agreement, cases }) => ({ tag: tags.find(([, agreementId]) => agreementId === agreement.id)?.[0] ?? agreement.id, agreement, cases }));
const applicable = JSON.parse(readFileSync('docs/clauses-applicability.json', 'utf8')) as Row[];
const under = (row: string, asks: (agreement: Agreement) => boolean = () => true) =>
  all.filter(({ agreement }) => asks(agreement) && applicable.some(({ id, agreements }) => id === row && agreements.includes(agreement.id))).map((each) => [each.tag, each] as const);

type Changes = Record<string, unknown>;
function decided({ agreement, cases }: { agreement: Agreement; cases: Cases }, changes: Changes = {}): { decision: Decision; recorded: ReturnType<typeof disclosure> } {
  const { parties, proposal } = proposed(agreement, change(cases.world, changes));
  const head = { manifest: proposal.manifest, manifestOctets: Buffer.alloc(0), manifestDigest: '0'.repeat(64), lines: [], parts: new Map() };
  return { decision: decide(agreement, parties, proposal), recorded: disclosure(head, { digest: agreement.digest, clause: '1', signer: 'A'.repeat(40) }) };
}
const WHOLE = { outcome: 'permitted', struckOff: [], warnings: [] };
const records = (agreement: Agreement): boolean => term(agreement, 'law.gatewayCheck') === 'record';

test.each(under('LB-07', records))('%s LB-07: a power that no text gives the sender is recorded as the sender cites it, and refuses nobody', (_tag, each) => {
  for (const gateway of ['care-act-2014-s42', 'common-law-policing', 'protection-from-harassment-act-1997']) {
    const { decision, recorded } = decided(each, { '/manifest/legalGateway': gateway });
    expect([decision, recorded.legalGateway]).toMatchObject([WHOLE, gateway]);
  }
});

test.each(under('LB-08', records))('%s LB-08: data-protection law, which its text counts among what the sharing rests on, is recorded as cited', (_tag, each) => {
  for (const gateway of ['data-protection-act-2018', 'uk-gdpr', 'human-rights-act-1998']) {
    const { decision, recorded } = decided(each, { '/manifest/legalGateway': gateway });
    expect([decision, recorded.legalGateway]).toMatchObject([WHOLE, gateway]);
  }
});

test.each(under('LB-09', (agreement) => term(agreement, 'law.consentStance') === 'with-or-without'))('%s LB-09: it is shared with consent or without, and nobody says why there is none', (_tag, each) => {
  for (const consent of [null, { status: 'not-required' }, { status: 'not-sought' }, { status: 'refused' }, { status: 'obtained' }]) expect(decided(each, { '/manifest/consent': consent }).decision).toMatchObject(WHOLE);
});

test.each(under('DS-06'))('%s DS-06: each share goes on the lane of its urgency, and in an emergency consent is not waited for', (_tag, each) => {
  for (const urgency of ['routine', 'urgent', 'emergency']) {
    const { decision } = decided(each, { '/manifest/urgency': urgency, ...(urgency === 'emergency' && { '/manifest/consent': { status: 'not-sought', reason: 'delay-raises-risk' } }) });
    expect(decision).toMatchObject(WHOLE);
    expect(new Set(decision.outcome === 'permitted' ? decision.transfers.map(({ lane }) => lane) : [])).toEqual(new Set([urgency]));
  }
});

describe('where nothing but the agreement may restrict', () => {
  const forbids = (agreement: Agreement): boolean => term(agreement, 'party.specificSecurityNeeds')?.allowed === false;

  test.each(under('PD-21', forbids))('%s PD-21: whatever stops one of its examples cites a clause, a law, or that it cannot be trusted safely', (_tag, each) => {
    const stopping = each.cases.cases.filter(({ activate }) => activate === undefined).flatMap(({ change: changes }): readonly Reason[] => {
      const { decision } = decided(each, changes);
      return [...(decision.outcome === 'refused' ? decision.reasons : []), ...decision.struckOff.flatMap(({ reasons }) => reasons)];
    });
    expect(stopping.length).toBeGreaterThan(50);
    expect(stopping.filter(({ standing, clauses }) => !['clause', 'statute', 'technical'].includes(standing.on) || standing.says === '' || clauses.length === 0)).toEqual([]);
  });

  test.each(under('PD-21', forbids))('%s PD-21: more recipients than our own default leaves to one person are told of, and go', (_tag, each) => {
    const most = term(each.agreement, 'min.secondDecider')?.overRecipients ?? Number.NaN;
    const { world } = each.cases;
    const [line] = world.lines;
    const agency = line?.recipient?.agency ?? '';
    const party = world.parties[agency] as NonNullable<(typeof world.parties)[string]>;
    const desks = Array.from({ length: most }, (_, i) => `desk-${i}`);
    const contacts = [...party.contacts, ...desks.map((contact) => ({ ...(party.contacts[0] as (typeof party.contacts)[number]), contact }))];
    const lines = [...world.lines, ...desks.map((contact) => ({ ...line, recipient: { agency, contact } }) as (typeof world.lines)[number])];
    const filled = { ...each, cases: { ...each.cases, world: { ...world, lines, parties: { ...world.parties, [agency]: { ...party, contacts } } } } };
    const { decision } = decided(filled);
    expect(decision).toMatchObject({ outcome: 'permitted', struckOff: [], warnings: [{ code: 'SECOND_DECIDER_MISSING', standing: { on: 'default' } }] });
    expect(decision.outcome === 'permitted' && decision.transfers.length).toBeGreaterThan(most);
  });

  test.each(under('PD-20', forbids))('%s PD-20 PD-21: what a party would add by rules of its own is advice, and stops nothing', (_tag, { agreement, cases }) => {
    const sender = cases.world.parties[cases.world.sender];
    const entry = sender?.memberships[0]?.entry ?? '';
    const own = { entry, says: 'named persons alone, and nothing leaves the country', from: '2020-01-01', terms: { 'access.namedPersons': { value: 'required', clause: 'its own' }, 'transfer.regions': { value: { regions: ['UK'] }, clause: 'its own' } } };
    const wishing = { ...agreement, terms: { ...agreement.terms, 'party.specificSecurityNeeds': { value: { allowed: false, profiles: [own] }, clause: '§9' } } } as Agreement;
    const [first, second] = [...new Set(cases.world.lines.flatMap((line) => ('part' in line && line.recipient ? [line.recipient.agency] : [])))];
    const { decision } = decided({ agreement: wishing, cases }, { [`/parties/${second}/country`]: 'IE' });
    expect(decision).toMatchObject({ outcome: 'permitted', struckOff: [], transfers: [{ recipient: { agency: first } }, { recipient: { agency: second } }] });
    expect(decision.warnings.map(({ code, recipient }) => [code, recipient?.agency])).toEqual([['TRANSFER_OUTSIDE_REGIONS', second], ['NAMED_PERSON_REQUIRED', first], ['NAMED_PERSON_REQUIRED', second]]);
  });
});
