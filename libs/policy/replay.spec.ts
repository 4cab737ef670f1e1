import 'reflect-metadata';
import { loadFolders } from '#partnership/agreements';
import { getMetadataStorage } from 'class-validator';
import { sha256 } from '#protocol/digest';
import { GRAMMAR } from '#protocol/grammar';
import { AlsoToldLine, DecisionLine, PartLine, SubjectLine } from '#protocol/line';
import type { Agreement } from './agreement';
import { change, proposed } from './cases-run';
import { decide } from './decide';
import type { Proposal } from './decision';
import { keep, type Kept, type KeptDecision } from './kept';
import { Mask } from './keeping/masking';
import { TABLES } from './keeping/words';
import type { Parties } from './parties';
import { replay } from './replay';

const loaded = loadFolders('deploy/agreements').flatMap(({ loading }) => (loading.ok && loading.cases ? [{ agreement: loading.agreement, cases: loading.cases }] : []));
const agreements = loaded.map(({ agreement }) => agreement);

interface Given {
  agreement: Agreement;
  parties: Parties;
  agencies: readonly string[];
  proposal: Proposal;
}

const kept = ({ agreement, parties, agencies, proposal }: Given): Kept => keep({ agreement, others: agreements, parties, agencies, proposal, decision: decide(agreement, parties, proposal, agreements) });
const documents = ({ parties }: Kept, texts: readonly Agreement[] = agreements): Map<string, Buffer> => new Map([...parties, ...texts.map(({ text, digest }) => [digest, Buffer.from(text)] as const)]);
const again = (of: Kept, changed: Partial<Parameters<typeof replay>[0]> = {}) => replay({ octets: of.octets, digest: of.digest, documents: documents(of), ...changed });

const [first] = loaded as [(typeof loaded)[number]];
const given = (changes: Record<string, unknown> = {}): Given => {
  const world = change(first.cases.world, changes);
  return { agreement: first.agreement, agencies: Object.keys(world.parties), ...proposed(first.agreement, world) };
};

test.each(loaded.map(({ agreement, cases }) => [agreement.id, agreement, cases] as const))('every example of %s that decides is decided again as it was', (_id, agreement, { world, cases }) => {
  let outcomes = 0;
  for (const each of cases.filter(({ activate }) => activate === undefined)) {
    const changed = change(world, each.change ?? {});
    const of = kept({ agreement, agencies: Object.keys(changed.parties), ...proposed(agreement, changed) });
    const replayed = again(of);
    expect([each.name, replayed.ok ? replayed.differences : replayed]).toEqual([each.name, []]);
    outcomes++;
  }
  expect(outcomes).toBeGreaterThan(10);
});

describe('what is kept', () => {
  const NAME = 'wilhelmina-quillfeather';
  const textOf = (changes: Record<string, unknown>): string => {
    const of = kept(given(changes));
    expect(again(of)).toMatchObject({ ok: true, same: true });
    return `${of.octets.toString()} ${[...of.parties.values()].map(String).join(' ')}`;
  };

  /** Every field of the wire that takes a word, an agency, a contact, a version or a reference. */
  const OPEN = ['code', 'agency', 'contact', 'agreement', 'version'] as const;
  test.each(['purpose', 'lawfulBasis', 'legalGateway'])('a name in %s is not in it', (field) => expect(textOf({ [`/manifest/${field}`]: NAME })).not.toContain('quillfeather'));
  test.each<[string, unknown]>([
    ['/manifest/sender', { agency: 'x-y', contact: NAME, role: NAME }], ['/manifest/conditions', [NAME]], ['/manifest/consent', { status: 'not-sought', reason: NAME, purposes: [NAME] }], ['/manifest/agreement', { id: NAME, version: NAME }],
    ['/manifest/onward', { ground: NAME, approver: NAME }], ['/manifest/accuracy', { on: '2026-01-01', by: NAME }], ['/lines/0/category', NAME], ['/lines/0/needToKnow', NAME], ['/lines/0/recipient', { agency: NAME, contact: NAME }],
    ['/lines/-', { recipient: { agency: NAME, contact: 'front-door' }, about: 'alsoTold', organisations: [NAME] }],
    ['/lines/-', { recipient: { agency: NAME, contact: NAME }, about: 'decision', decider: NAME, secondDecider: NAME, role: NAME, at: '2026-01-01T00:00:00Z', reasons: [NAME], method: NAME, checklist: [NAME], consulted: { role: NAME, on: '2026-01-01' }, harmToldOtherwise: NAME }],
  ])('a name at %s is not in it', (pointer, value) => expect(textOf({ [pointer]: value })).not.toContain('quillfeather'));

  test('a reference is not in it, and one that hides an identifier is still refused', () => {
    const line = { recipient: { agency: 'no-body', contact: 'front-door' }, about: 'subject', band: 'under-16' };
    for (const reference of ['WQ-2041', 'WQ-4857773456', 'WQ-1999-12-31']) expect(textOf({ '/lines/-': { ...line, reference } })).not.toContain(reference);
    expect(textOf({ '/lines/-': { ...line, reference: 'WQ-4857773456' } })).toContain('IDENTIFIER_IN_CLEAR');
  });

  test('how a contact is reached is not in it', () => {
    const { parties, agencies, ...rest } = given();
    const reached: Parties = {
      member: (entry) => parties.member(entry),
      party: (agency) => {
        const party = parties.party(agency);
        return party && { ...party, contacts: party.contacts.map((contact) => ({ ...contact, email: `${NAME}@school.example`, telephone: '+441514960999' })) };
      },
    };
    const of = kept({ ...rest, parties: reached, agencies });
    expect([...of.parties.values()].map(String).join(' ')).not.toMatch(/quillfeather|4960999/);
    expect(again(of)).toMatchObject({ ok: true, same: true });
  });

  test('every open field of the wire is masked where its word is unknown', () => {
    const names = [PartLine, SubjectLine, DecisionLine, AlsoToldLine].flatMap((shape) =>
      getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false).flatMap(({ propertyName, constraints, constraintCls }) => {
        const grammar = (constraints as unknown[] | undefined)?.[0];
        return constraintCls && OPEN.some((shape) => grammar === GRAMMAR[shape]) ? [propertyName] : [];
      }));
    expect(names.length).toBeGreaterThan(10);
    const mask = new Mask(first.agreement, []);
    for (const name of names) expect([name, mask.over({ [name]: NAME })]).toEqual([name, { [name]: 'unknown-1' }]);
  });

  test('the same unknown word is the same throughout, and another is another', () => {
    const mask = new Mask(first.agreement, []);
    expect(mask.over({ decider: NAME, secondDecider: NAME, role: 'another-word' })).toEqual({ decider: 'unknown-1', secondDecider: 'unknown-1', role: 'unknown-2' });
  });

  test('the vocabulary is all of it', () => expect(Object.keys(TABLES)).toEqual(expect.arrayContaining(['CATEGORIES', 'ROLES', 'DECISION_REASONS', 'NOT_SHARING_REASONS', 'STATUTES'])));
});

describe('what was altered is noticed', () => {
  const of = kept(given());
  test('the record', () => {
    const octets = Buffer.from(of.octets.toString().replace('"permitted"', '"refused"'));
    expect(octets.equals(of.octets)).toBe(false);
    expect(again(of, { octets })).toEqual({ ok: false, fault: 'RECORD_ALTERED', digest: of.digest });
  });
  test('an agreement', () => {
    const { digest, text } = first.agreement;
    expect(again(of, { documents: documents(of).set(digest, Buffer.from(`${text}\n`)) })).toEqual({ ok: false, fault: 'DOCUMENT_ALTERED', digest });
  });
  test.each([...of.parties.keys()].map((digest) => [digest]))('the party %s, or its absence', (digest) => {
    expect(again(of, { documents: documents(of).set(digest, Buffer.from('{}')) })).toEqual({ ok: false, fault: 'DOCUMENT_ALTERED', digest });
    const without = documents(of);
    without.delete(digest);
    expect(again(of, { documents: without })).toEqual({ ok: false, fault: 'DOCUMENT_MISSING', digest });
  });
  test('an outcome that was another is told place by place', () => {
    const other = JSON.parse(of.octets.toString()) as KeptDecision & { outcome: { transfers: { lane: string }[] } };
    (other.outcome.transfers[0] as { lane: string }).lane = 'emergency';
    const octets = Buffer.from(JSON.stringify(other));
    expect(again(of, { octets, digest: sha256(octets) })).toMatchObject({ ok: true, same: false, differences: [{ at: '/transfers/0/lane', was: 'emergency', is: expect.any(String) }] });
  });
  test('what is no record, and what this engine cannot decide, is said', () => {
    const octets = Buffer.from('no');
    expect(again(of, { octets, digest: sha256(octets) })).toMatchObject({ fault: 'RECORD_UNREADABLE' });
    const bad = Buffer.from('a: [');
    const named = Buffer.from(of.octets.toString().replace(first.agreement.digest, sha256(bad)));
    expect(again(of, { octets: named, digest: sha256(named), documents: documents(of).set(sha256(bad), bad) })).toMatchObject({ fault: 'DOCUMENT_UNREADABLE', digest: sha256(bad) });
    const empty = Buffer.from('id: x');
    const other = Buffer.from(of.octets.toString().replace(first.agreement.digest, sha256(empty)));
    expect(again(of, { octets: other, digest: sha256(other), documents: documents(of).set(sha256(empty), empty) })).toMatchObject({ fault: 'UNDECIDABLE' });
  });
});
