import { pinnedKeys } from '#envelope/signing-keys';
import { verifyProvenance } from '#envelope/provenance';
import { acceptCopy } from '#envelope/recipient-checks';
import { verifyDetached } from '#envelope/signatures';
import { DAY } from '#platform/clock';
import type { Refusal } from '#platform/refusal';
import type { PlanAnswer, Receipt, StruckOffTold } from '#protocol/answers';
import type { NewContact, NewMembership } from '#directory/entered';
import { sha256 } from '#protocol/digest';
import type { Answer, SharePlan } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { CANARY, CASEWORK, type EntryRead, expectProblem, FRONT_DOOR, HEALTH_VISITORS, NURSE, REFERRAL, REFERRAL_TO_TWO, Scene, transferTo } from '../journeys/referral';

// Rows of the catalogue that only the running system can prove: gateway, courier and relay over TLS and a database, partners with keys.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const refusedWith = async (plan: SharePlan): Promise<{ answer: Answer; codes: string[]; clauses: string[] }> => {
  const share = await scene.compose(plan);
  const answer = await scene.school.submit(share);
  for (const place of ['share where id', 'transfer where share', 'part where share', 'chunk where share', 'wrapped_key where share']) expect(await scene.sql(`select from waybill.${place} = $1`, [share.id])).toEqual([]);
  const reasons = (answer.json.reasons ?? []) as { code: string; clauses?: string[] }[];
  return { answer, codes: reasons.map(({ code }) => code), clauses: reasons.flatMap(({ clauses }) => clauses ?? []) };
};
const declaring = (manifest: Record<string, unknown>): SharePlan => ({ ...REFERRAL, manifest });
const struck = (receipt: Receipt): [string, string[], string[]][] => receipt.struckOff.map(({ recipient, parts, reasons }: StruckOffTold) => [`${recipient.agency}/${recipient.contact}`, parts, reasons.map(({ code }) => code)]);
const one = async (controller: string, kind: string, share: string): Promise<EntryRead> => {
  const found = await scene.entries(controller, { kind, share });
  expect(found).toHaveLength(1);
  return found[0] as EntryRead;
};
/** Collects, opens and acknowledges as the front door does. */
const finish = async ({ share, receipt }: Awaited<ReturnType<Scene['send']>>): Promise<string> => {
  const transfer = await scene.transfer(scene.council, share.id);
  await scene.opened(scene.council, transfer, 'part-1', 'front-door');
  expect((await scene.council.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
  return transfer.transfer;
};

test('WIR S1: a school refers a child to the front door by PGP', async () => {
  const full = await scene.compose({ ...REFERRAL, reference: 'Wilhelmina Quillfeather' });
  expectProblem(await scene.school.submit(full), 422, 'LINES_INVALID');

  const { share, receipt } = await scene.send({ ...REFERRAL, reference: 'WQ-2041', parts: REFERRAL.parts.map((part, i) => ({ ...part, kind: i === 0 ? 'fact' : 'opinion' })) });
  expect(receipt.transfers).toEqual([expect.objectContaining({ recipient: { agency: 'merebrook-council', contact: 'front-door' }, controller: { id: 'merebrook-council', name: 'Merebrook Council' }, protection: 'openpgp', route: 'mailbox', lane: 'routine' })]);

  const transfer = await scene.transfer(scene.council, share.id);
  const pinned = await pinnedKeys((await scene.council.get('/.well-known/jwks.json')).json);
  expect(await verifyProvenance(transfer.provenance, pinned)).toMatchObject({ ok: true, claims: {
    originator: { agency: 'st-brigid-primary', controller: 'st-brigid-primary', role: 'designated-safeguarding-lead' }, created: expect.stringMatching(/^20.*Z$/), purpose: 'front-door-referral',
    agreement: { id: 'wirral', version: '2020-07' }, recipient: { agency: 'merebrook-council', contact: 'front-door', controller: 'merebrook-council' },
  } });
  expect(await verifyProvenance(transfer.provenance.replace(/^./, 'f'), pinned)).toMatchObject({ ok: false });

  const lines = (await scene.council.get(`/v1/mailbox/${transfer.transfer}/lines`)).json as string[];
  expect(lines.map((text) => (JSON.parse(text) as { kind?: string; reference?: string })).map(({ kind, reference }) => kind ?? reference)).toEqual(['fact', 'opinion', 'WQ-2041']);
  expect(await scene.opened(scene.council, transfer, 'part-2', 'front-door')).toBe(`${CANARY} came to school without a coat`);
  await scene.council.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest });

  expect(await one('st-brigid-primary', 'share-sent', share.id)).toMatchObject({
    purpose: 'front-door-referral', basis: '6(1)(e)', legalGateway: 'children-act-2004-s11', consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, subjectReference: 'WQ-2041',
    decision: { by: 'designated-safeguarding-lead', contact: 'safeguarding-lead', reasons: ['protects-from-harm'] },
    recipients: [expect.objectContaining({ agency: 'merebrook-council', contact: 'front-door', copyController: 'merebrook-council', categories: ['contacts-with-service', 'names'] })],
  });
  expect(await one('merebrook-council', 'share-announced', share.id)).toMatchObject({ from: 'st-brigid-primary', purpose: 'front-door-referral', categories: ['contacts-with-service', 'names'], copyController: 'merebrook-council' });
  expect(await one('merebrook-council', 'share-received', share.id)).toMatchObject({ from: 'st-brigid-primary', copyController: 'merebrook-council' });
});

describe('the decision and its record', () => {
  test('WIR DS-01: a share without the recorded decision is refused; with it the sender’s register holds who decided, when, why, what and with whom', async () => {
    const { answer, codes, clauses } = await refusedWith({ ...REFERRAL, decision: false });
    expectProblem(answer, 422, 'NO_DECISION');
    expect([codes, clauses]).toEqual([['NO_DECISION'], ['DS-01', 'DS-05']]);
    const { share } = await scene.send();
    expect(await one('st-brigid-primary', 'share-sent', share.id)).toMatchObject({
      decision: { by: 'designated-safeguarding-lead', contact: 'safeguarding-lead', at: expect.stringMatching(/Z$/), reasons: ['protects-from-harm'], safetyConsidered: true },
      purpose: 'front-door-referral', recipients: [{ agency: 'merebrook-council', categories: ['contacts-with-service', 'names'] }],
    });
    const transfer = await scene.transfer(scene.council, share.id);
    expect((await scene.council.get(`/v1/mailbox/${transfer.transfer}/lines`)).body.toString()).not.toContain('decider');
  });

  test.each<[string, object]>([['nothing is said of consent', { consent: undefined }], ['it was not sought, for no reason', { consent: { status: 'not-sought' } }], ['it was refused, for a reason that the text does not know', { consent: { status: 'refused', reason: 'statutory-review' } }]])(
    'WIR LB-09: where %s the share is refused', async (_what, manifest) => {
      const { codes, clauses } = await refusedWith(declaring({ ...manifest }));
      expect([codes, clauses]).toEqual([['CONSENT_NOT_ADDRESSED'], ['LB-09']]);
    },
  );

  test('WIR LB-09: with consent, or with a reason for going without, it is accepted and both registers say which', async () => {
    for (const consent of [{ status: 'obtained', on: '2026-01-05' }, { status: 'not-sought', reason: 'delay-raises-risk' }]) {
      const { share } = await scene.send(declaring({ consent }));
      expect(await one('st-brigid-primary', 'share-sent', share.id)).toMatchObject({ consent });
      expect(await one('merebrook-council', 'share-announced', share.id)).toMatchObject({ consent });
    }
  });

  test('WIR RV-06: the version of the agreement stands on the share, in both registers and in the provenance; another than the one in force is refused', async () => {
    const { codes, clauses } = await refusedWith(declaring({ agreement: { id: 'wirral', version: '2019-01' } }));
    expect([codes, clauses]).toEqual([['AGREEMENT_VERSION_UNKNOWN'], ['RV-06']]);
    const { share } = await scene.send();
    expect(await scene.sql('select agreement, agreement_version from waybill.share where id = $1', [share.id])).toEqual([{ agreement: 'wirral', agreement_version: '2020-07' }]);
    const digest = scene.world.agreement.digest;
    for (const [controller, kind] of [['st-brigid-primary', 'share-sent'], ['merebrook-council', 'share-announced']] as const) expect(await one(controller, kind, share.id)).toMatchObject({ agreement: { id: 'wirral', version: '2020-07', digest } });
    expect((await scene.transfer(scene.council, share.id)).agreement).toEqual({ id: 'wirral', version: '2020-07' });
  });
});

describe('who takes part', () => {
  const AGENCY = { name: 'Wagtail Nursery', controller: { id: 'wagtail-nursery', name: 'Wagtail Nursery' }, types: ['early-years'], country: 'GB' };
  const POSTS: NewContact[] = [{ contact: 'lead', kind: 'person', label: 'Lead', posts: ['spoc'], telephone: '+441514960501' }, { contact: 'owner', kind: 'person', label: 'Owner', posts: ['responsible-manager'], telephone: '+441514960502' }];
  let made = 0;
  const missing = async (contacts: NewContact[], membership: Partial<NewMembership>): Promise<string[]> => {
    const agency = `wagtail-${++made}`;
    const { registrar } = scene.world.system;
    await registrar.admit({ ...AGENCY, agency, controller: { id: agency, name: AGENCY.name } });
    for (const contact of contacts) await registrar.addContact(agency, contact);
    const refusal = await registrar.activate(scene.world.agreement, agency, { agreement: 'wirral', entry: 'early-years', ...membership }).then(() => undefined, (error: Refusal) => error);
    const active = await scene.sql('select status from waybill.membership where agency = $1', [agency]);
    expect(active).toEqual(refusal ? [] : [{ status: 'active' }]);
    expect(await scene.entries(agency, { kind: 'party-changed' })).toHaveLength(1 + contacts.length + active.length);
    return refusal?.reasons.map(({ code }) => code) ?? [];
  };
  const assessed = () => ({ privacyAssessedOn: scene.world.clock.now().toISOString().slice(0, 10), controlsConfirmed: true });

  test('WIR PD-06: nobody becomes a party without a single point of contact and a responsible manager who can be reached', async () => {
    expect(await missing([], assessed())).toEqual(['NO_SPOC']);
    expect(await missing(POSTS.slice(0, 1), assessed())).toEqual(['NO_SPOC']);
    expect(await missing(POSTS.map(({ telephone: _, ...contact }) => contact), assessed())).toEqual(['NO_SPOC']);
    expect(await missing(POSTS, assessed())).toEqual([]);
  });

  test('WIR PD-14: nobody becomes a party without a dated privacy assessment and its controls in place', async () => {
    expect(await missing(POSTS, {})).toEqual(['NO_PRIVACY_ASSESSMENT']);
    expect(await missing(POSTS, { ...assessed(), controlsConfirmed: false })).toEqual(['NO_PRIVACY_ASSESSMENT']);
    expect(await missing(POSTS, { ...assessed(), privacyAssessedOn: '2999-01-01' })).toEqual(['NO_PRIVACY_ASSESSMENT']);
    expect(await missing(POSTS, assessed())).toEqual([]);
  });

  test('WIR PD-01: one outsider among the recipients refuses the whole share and is named; nobody is told anything', async () => {
    await scene.sql(`update waybill.membership set status = 'withdrawn' where agency = 'eastgate-health'`);
    const to = { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person', [HEALTH_VISITORS]: 'provides-care' };
    const { answer, codes, clauses } = await refusedWith({ parts: [{ category: 'names', text: 'x', to }] });
    expectProblem(answer, 422, 'NO_COMMON_AGREEMENT');
    expect([codes, clauses, answer.json.reasons[0].recipient]).toEqual([['NO_COMMON_AGREEMENT'], ['PD-01'], HEALTH_VISITORS]);
    expect(await scene.counted('share-refused')).toEqual({ 'st-brigid-primary': expect.any(Number) });
    await scene.sql(`update waybill.membership set status = 'active' where agency = 'eastgate-health'`);
    expect((await scene.send({ parts: [{ category: 'names', text: 'x', to }] })).receipt.transfers).toHaveLength(3);
  });
});

describe('to those who need it and nobody else', () => {
  test('WIR MN-02: without a need to know the charity gets no copy of the part: there is none that it could open; with one it does', async () => {
    const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
    expect(struck(receipt)).toEqual([[CASEWORK, ['part-3'], ['NEED_TO_KNOW_MISSING']]]);
    const transfer = await scene.transfer(scene.charity, share.id);
    expect(transfer.parts.map(({ name }) => name)).toEqual(['part-1', 'part-2']);
    expectProblem(await scene.charity.get(`/v1/mailbox/${transfer.transfer}/parts/part-3`), 404, 'NOT_FOUND');
    const own = scene.charity.keys().certificate.seal[0]?.keyId;
    expect(await scene.sql('select part from waybill.wrapped_key where share = $1 and $2 = any(keys) order by part', [share.id, own])).toEqual([{ part: 'part-1' }, { part: 'part-2' }]);

    const needed = await scene.send({ parts: REFERRAL_TO_TWO.parts.map((part) => ({ ...part, to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'provides-care' } })) });
    expect(needed.receipt.struckOff).toEqual([]);
    expect(await scene.opened(scene.charity, { ...(await scene.transfer(scene.charity, needed.share.id)) }, 'part-3')).toBe(`${CANARY} has asthma`);
  });

  test('WIR MN-02: who is not to get a part need not be sealed to either', async () => {
    const plan = { parts: REFERRAL_TO_TWO.parts.map((part) => (part.category === 'health' ? { ...part, sealTo: [scene.certificates(FRONT_DOOR)] } : part)) };
    const { receipt } = await scene.send(plan);
    expect(struck(receipt)).toEqual([[CASEWORK, ['part-3'], ['NEED_TO_KNOW_MISSING']]]);
  });

  test('WIR MN-02: a recipient without any need to know is not reached; if nobody is left, nothing is kept', async () => {
    const { codes } = await refusedWith({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: undefined } }] });
    expect(codes).toEqual(['NOBODY_LEFT', 'RECIPIENT_NOT_JUSTIFIED', 'NEED_TO_KNOW_MISSING']);
  });

  const changed = async <T>(set: string, work: () => Promise<T>): Promise<T> => {
    await scene.sql(`update waybill.contact set ${set} where agency = 'kingfisher-families' and id = 'casework'`);
    return work().finally(() => scene.sql(`update waybill.contact set email = 'casework@kingfisher-families.example', verified_on = current_date where agency = 'kingfisher-families' and id = 'casework'`));
  };

  test.each([['whose mail address lies in another domain', `email = 'casework@kingfisher.webmail.example'`, 'ADDRESS_MISMATCH'], ['whose details nobody has checked for over a year', `verified_on = '2020-01-01'`, 'ADDRESS_STALE']])(
    'WIR MN-03: a contact %s is struck off, and the rest goes', async (_what, set, code) => {
      const { share, receipt } = await changed(set, () => scene.send({ parts: REFERRAL_TO_TWO.parts.slice(0, 1) }));
      expect(struck(receipt)).toEqual([[CASEWORK, ['part-1'], [code]]]);
      await scene.arrived(scene.council, share.id);
      expect(await scene.entries('kingfisher-families', { share: share.id })).toEqual([]);
      expect((await scene.send({ parts: REFERRAL_TO_TWO.parts.slice(0, 1) })).receipt.struckOff).toEqual([]);
    },
  );

  test('WIR MN-03: who is not in the directory cannot be sent to', async () => {
    const share = await scene.compose({ parts: [{ category: 'names', text: 'x', to: { 'merebrook-council/front-dor': 'assesses-referral' }, sealTo: [scene.certificates(FRONT_DOOR)] }] });
    expectProblem(await scene.school.submit(share), 422, 'NOBODY_LEFT');
    const plan = (await scene.school.post('/v1/share-plans', { manifest: scene.school.manifestOf(), lines: share.lines.map((text) => JSON.parse(text) as object) })).json as PlanAnswer;
    expect(plan.lines[0]).toMatchObject({ permitted: false, reasons: expect.arrayContaining([expect.objectContaining({ code: 'UNKNOWN_RECIPIENT', clauses: expect.arrayContaining(['MN-03']) })]) });
  });

  test.each([['an NHS number', 'AB-9434765919'], ['a birthday', 'AB-01022015'], ['a postcode', 'CH-CH411AB']])('WIR MN-06: a reference with %s in it is refused', async (_what, reference) => {
    const { codes, clauses } = await refusedWith({ ...REFERRAL, reference });
    expect([new Set(codes), clauses]).toEqual([new Set(['IDENTIFIER_IN_CLEAR']), expect.arrayContaining(['MN-06'])]);
  });

  test('WIR MN-06: nothing that stands in clear says who the person is: a list shows codes and ids only', async () => {
    const { share } = await scene.send({ ...REFERRAL, reference: 'WQ-2041' });
    const item = await scene.arrived(scene.council, share.id);
    expect(Object.keys(item).sort()).toEqual(['acceptedAt', 'classification', 'contact', 'doNotTellSubject', 'lane', 'links', 'purpose', 'sender', 'share', 'size', 'state', 'transfer', 'urgency']);
    expect(JSON.stringify(item)).not.toMatch(/WQ-2041|Wilhelmina/);
    expect(share.manifest.toString()).not.toMatch(/WQ-2041|Wilhelmina/);
  });

  test('WIR CH-01: where a recipient has no key nothing goes there: there is no clear channel to fall back to', async () => {
    const to = 'merebrook-council/information-governance';
    const { codes } = await refusedWith({ parts: [{ category: 'names', text: 'x', to: { [to]: 'statutory-function' }, sealTo: [scene.certificates(FRONT_DOOR)] }] });
    expect(codes).toEqual(['NOBODY_LEFT', 'NO_ADMITTED_CHANNEL', 'KEY_NOT_VERIFIED']);
    const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral', [to]: 'statutory-function' }, sealTo: [scene.certificates(FRONT_DOOR)] }] });
    expect(struck(receipt)).toEqual([[to, ['part-1'], expect.arrayContaining(['NO_ADMITTED_CHANNEL'])]]);
    expect((await scene.council.get('/v1/mailbox?contact=information-governance')).json.items).toEqual([]);
    expect(await one('st-brigid-primary', 'share-sent', share.id)).toMatchObject({ recipients: [{ contact: 'front-door', protection: 'openpgp' }], struckOff: expect.arrayContaining([{ agency: 'merebrook-council', contact: 'information-governance', code: 'NO_ADMITTED_CHANNEL' }]) });
  });
});

describe('what comes with it', () => {
  test('WIR PV-01: every transfer bears a signed header that names originator, organisation and date; whoever changes an octet of it is found out', async () => {
    const { codes, clauses } = await refusedWith(declaring({ sender: { agency: 'st-brigid-primary' } }));
    expect([codes, clauses]).toEqual([['NO_PROVENANCE'], ['PV-01']]);
    const { share } = await scene.send();
    const item = await scene.arrived(scene.council, share.id);
    const { headers, json } = await scene.council.get(item.links.self);
    expect(headers['provenance']).toBe(json.provenance);
    const pinned = await pinnedKeys((await scene.council.get('/.well-known/jwks.json')).json);
    const jws = json.provenance as string;
    const manifest = JSON.parse(share.manifest.toString()) as { created: string };
    expect(await verifyProvenance(jws, pinned)).toMatchObject({ ok: true, claims: { originator: { agency: 'st-brigid-primary', role: 'designated-safeguarding-lead' }, created: manifest.created, manifestDigest: sha256(share.manifest), classification: 'OFFICIAL-SENSITIVE' } });
    for (let at = 0; at < jws.length; at += 7) {
      const bent = jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1);
      if (bent !== jws) expect([at, (await verifyProvenance(bent, pinned)).ok]).toEqual([at, false]);
    }
  });

  test('WIR PV-02: what is not marked as fact, opinion or a third party’s report does not go; what is comes with its mark', async () => {
    const lines = (await scene.compose({ ...REFERRAL, parts: REFERRAL.parts.map((part, i) => ({ ...part, kind: i === 0 ? 'third-party-report' : 'opinion' })) }));
    const unmarked = lines.lines.map((text) => (text.includes('"part-2"') ? text.replace(',"kind":"opinion"', '') : text));
    const { lines: _digests, ...manifest } = JSON.parse(lines.manifest.toString()) as Record<string, unknown>;
    const { status, json } = await scene.school.submit(await scene.school.sign(manifest, unmarked, lines.parts));
    expect([status, struck(json as Receipt)]).toEqual([202, [[FRONT_DOOR, ['part-2'], ['FACT_OPINION_UNMARKED']]]]);
    const transfer = await scene.transfer(scene.council, lines.id);
    expect(((await scene.council.get(`/v1/mailbox/${transfer.transfer}/lines`)).json as string[]).map((text) => (JSON.parse(text) as { kind?: string }).kind)).toEqual(['third-party-report', undefined]);
  });

  test('WIR RQ-01: a referral is addressed to the front door, its receipt reaches the referrer as the front door’s own signed word, and the time it took is measured', async () => {
    const began = Date.now();
    const sent = await scene.send();
    await finish(sent);
    const told = (await scene.told(sent.share.id)).transfers[0];
    expect(told).toMatchObject({ recipient: { agency: 'merebrook-council', contact: 'front-door' }, state: 'acknowledged', reachedMailboxAfterMs: expect.any(Number), collectedAfterMs: expect.any(Number), statements: [{ kind: 'acknowledged', agency: 'merebrook-council' }] });
    expect(told?.reachedMailboxAfterMs).toBeLessThanOrEqual(told?.collectedAfterMs ?? -1);
    expect(told?.collectedAfterMs).toBeLessThanOrEqual(Date.now() - began);
    const [statement] = told?.statements ?? [];
    const verdict = await verifyDetached({ octets: Buffer.from(statement?.statement ?? '', 'base64'), signature: new Uint8Array(Buffer.from(statement?.signature ?? '', 'base64')), certificates: [scene.council.keys().certificate], at: scene.world.clock.now() });
    expect(verdict).toMatchObject({ ok: true });
  });
});

describe('the registers', () => {
  test('WIR RC-01: one entry with the sender and one with each recipient says what, with whom, why, how, when, and over which octets', async () => {
    const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
    const sent = await one('st-brigid-primary', 'share-sent', share.id);
    const [council, charity] = [await one('merebrook-council', 'share-announced', share.id), await one('kingfisher-families', 'share-announced', share.id)];
    const common = { share: share.id, purpose: 'front-door-referral', basis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'children-act-2004-s11', manifestDigest: sha256(share.manifest), manifestSigner: scene.school.keys().certificate.fingerprint.toLowerCase(), urgency: 'routine', at: receipt.acceptedAt };
    for (const entry of [sent, council, charity]) expect(entry).toMatchObject(common);
    const how = { route: 'mailbox', protection: 'openpgp' };
    expect(sent).toMatchObject({
      decision: { by: 'designated-safeguarding-lead', reasons: ['protects-from-harm'] }, struckOff: [{ agency: 'kingfisher-families', contact: 'casework', part: 'part-3', code: 'NEED_TO_KNOW_MISSING' }],
      recipients: [{ agency: 'merebrook-council', categories: ['contacts-with-service', 'health', 'names'], ...how }, { agency: 'kingfisher-families', categories: ['contacts-with-service', 'names'], ...how }],
    });
    const parts = (entry: EntryRead) => (entry['parts'] as { name: string; digest: string; size: number }[]).map(({ name }) => name);
    expect([parts(sent), parts(council), parts(charity)]).toEqual([['part-1', 'part-2', 'part-3'], ['part-1', 'part-2', 'part-3'], ['part-1', 'part-2']]);
    expect(council).toMatchObject({ from: 'st-brigid-primary', agency: 'merebrook-council', categories: ['contacts-with-service', 'health', 'names'], ...how });
    expect(JSON.stringify(charity)).not.toMatch(/merebrook|part-3|health/);
    expect(JSON.stringify([sent, council, charity])).not.toContain('Wilhelmina');

    const transfer = await scene.transfer(scene.council, share.id);
    await scene.opened(scene.council, transfer, 'part-1', 'front-door');
    for (const kind of ['opened', 'acknowledged'] as const) await scene.council.state(kind, transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest });
    const times = async (controller: string) => (await scene.entries(controller, { share: share.id })).filter((entry) => entry.transfer === transfer.transfer).map(({ kind }) => kind);
    expect(await times('merebrook-council')).toEqual(expect.arrayContaining(['share-announced', 'share-collected', 'share-opened', 'share-received']));
    expect(await times('st-brigid-primary')).toEqual(expect.arrayContaining(['share-collected', 'share-opened', 'share-acknowledged']));
  });

  // An agreement may ask for it; the gateway does it under each.
  test('WIR RC-02: a transfer is complete only with the recipient’s own entry, and that only with its signed word', async () => {
    const sent = await scene.send();
    const transfer = await scene.transfer(scene.council, sent.share.id);
    await scene.opened(scene.council, transfer, 'part-1', 'front-door');
    expect(await scene.told(sent.share.id)).toMatchObject({ open: true, transfers: [{ state: 'collected' }] });
    expect(await scene.entries('merebrook-council', { kind: 'share-received', share: sent.share.id })).toEqual([]);
    await finish(sent);
    expect(await scene.told(sent.share.id)).toMatchObject({ open: false, transfers: [{ state: 'acknowledged' }] });
    const received = await one('merebrook-council', 'share-received', sent.share.id);
    expect(received).toMatchObject({ signer: scene.council.keys().certificate.fingerprint.toLowerCase(), statement: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await one('st-brigid-primary', 'share-acknowledged', sent.share.id)).toMatchObject({ statement: received['statement'], by: 'merebrook-council' });
  });

  test('WIR RC-04: what the front door receives is recorded with the council as controller, whatever agency staffs the desk', async () => {
    const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [NURSE]: 'assesses-referral' } }] });
    expect(receipt.transfers[0]?.controller).toEqual({ id: 'merebrook-council', name: 'Merebrook Council' });
    expect(await one('merebrook-council', 'share-announced', share.id)).toMatchObject({ agency: 'eastgate-health', contact: 'front-door-nurse', copyController: 'merebrook-council' });
    expect(await scene.entries('eastgate-health', { share: share.id })).toEqual([]);
    const visitors = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [HEALTH_VISITORS]: 'provides-care' } }] });
    expect(await one('eastgate-health', 'share-announced', visitors.share.id)).toMatchObject({ copyController: 'eastgate-health' });
  });

  test('WIR RC-12: a controller sees its own register and nobody else’s', async () => {
    const { receipt } = await scene.send(REFERRAL_TO_TWO);
    await eventually(async () => (await scene.school.get(`/v1/register/entries/${receipt.register.entry}/proof`)).status === 200);
    for (const partner of [scene.council, scene.charity, scene.trust]) {
      expectProblem(await partner.get(`/v1/register/entries/${receipt.register.entry}/proof`), 404, 'NOT_FOUND');
      const { items } = (await partner.get('/v1/register/entries')).json as { items: { octets: string }[] };
      const controllers = items.map(({ octets }) => (JSON.parse(Buffer.from(octets, 'base64').toString()) as { controller: string }).controller);
      expect(new Set(controllers)).toEqual(new Set([partner.agency]));
      // Below the routes, too: whatever a process asks for a partner, the database shows it that partner's rows.
      const gateway = scene.world.system.database('gateway');
      const seen: { controller: string }[] = await gateway.as({ agency: partner.agency, controller: partner.agency }, (tx) => tx.query('select distinct controller from waybill.entry'));
      expect(seen).toEqual([{ controller: partner.agency }]);
    }
  });
});

describe('the gateway keeps nothing', () => {
  const rows = async (share: string) => (await scene.sql<Record<string, number>>(
    `select (select count(*)::int from waybill.line l join waybill.transfer t on t.id = l.transfer where t.share = $1) as lines, (select count(*)::int from waybill.wrapped_key where share = $1) as keys,
       (select count(*)::int from waybill.chunk where share = $1) as chunks, (select count(*)::int from waybill.part where share = $1) as parts, (select count(*)::int from waybill.outbox o join waybill.transfer t on t.id = o.transfer where t.share = $1) as messages`, [share]))[0] as Record<string, number>;
  const GONE = { lines: 0, keys: 0, chunks: 0, parts: 0, messages: 0 };
  const gone = (share: string) => eventually(async () => Object.values(await rows(share)).every((count) => count === 0));

  test('WIR RT-14: after the acknowledgement no octet of the payload is left; a part stays as long as another recipient has not ended; the entries stay', async () => {
    const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
    await finish({ share, receipt });
    await eventually(async () => (await scene.sql('select from waybill.wrapped_key where transfer = $1', [transferTo(receipt, FRONT_DOOR)])).length === 0);
    expect(await rows(share.id)).toMatchObject({ keys: 2, parts: 2, chunks: 2 });
    const theirs = await scene.transfer(scene.charity, share.id);
    expect(await scene.opened(scene.charity, theirs, 'part-2')).toContain('without a coat');
    await scene.charity.state('returned', theirs.transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'not-for-us' });
    await gone(share.id);
    expect(await rows(share.id)).toEqual(GONE);
    await one('st-brigid-primary', 'share-sent', share.id);
    expect((await scene.entries('merebrook-council', { share: share.id, kind: 'payload-removed' }))).toEqual([expect.objectContaining({ reason: 'acknowledged' })]);
  });

  test('WIR RT-14: at the maximum time it goes though nobody came; the entries stay', async () => {
    const { share } = await scene.send();
    await scene.arrived(scene.council, share.id);
    scene.world.clock.advance(27 * DAY);
    expect(await rows(share.id)).toMatchObject({ parts: 2, chunks: 2 });
    scene.world.clock.advance(DAY + 1_000);
    await gone(share.id);
    await one('st-brigid-primary', 'share-sent', share.id);
    await one('merebrook-council', 'share-undeliverable', share.id);
  });
});

describe('measures against loss', () => {
  test('WIR CH-13: what was accepted is committed, and its digests stand in both registers', async () => {
    const { share, receipt } = await scene.send();
    const digests = [...share.lines].flatMap((text) => (JSON.parse(text) as { digest?: string }).digest ?? []).sort();
    for (const [controller, kind] of [['st-brigid-primary', 'share-sent'], ['merebrook-council', 'share-announced']] as const) {
      const { parts } = (await one(controller, kind, share.id)) as unknown as { parts: { digest: string }[] };
      expect(parts.map(({ digest }) => digest).sort()).toEqual(digests);
    }
    expect(await scene.sql('select from waybill.share where id = $1', [receipt.share])).toHaveLength(1);
  });

  test('WIR CH-13: what cannot be delivered is set aside where its sender sees it, is not dropped, and goes on once mended', async () => {
    const release = await scene.holdQueue();
    const { share, receipt } = await scene.send();
    const [line] = await scene.sql<{ octets: string }>('select octets from waybill.line where transfer = $1 and seq = 0', [receipt.transfers[0]?.transfer]);
    await scene.sql(`update waybill.line set octets = octets || ' ' where transfer = $1 and seq = 0`, [receipt.transfers[0]?.transfer]).finally(release);
    const told = await eventually(async () => (await scene.told(share.id)).transfers[0]?.events.find(({ kind }) => kind === 'set-aside'));
    expect(told).toMatchObject({ detail: 'digest-mismatch' });
    await scene.sql('update waybill.line set octets = $2 where transfer = $1 and seq = 0', [receipt.transfers[0]?.transfer, line?.octets]);
    await eventually(async () => (await scene.sql('select from waybill.outbox where parked_reason is not null')).length === 1);
    await scene.sql('update waybill.outbox set parked_reason = null, attempt = 0');
    await scene.hurry();
    const transfer = await scene.transfer(scene.council, share.id);
    const [manifest, signature, lines] = [await scene.council.get(`/v1/mailbox/${transfer.transfer}/manifest`), await scene.council.get(`/v1/mailbox/${transfer.transfer}/signature`), await scene.council.get(`/v1/mailbox/${transfer.transfer}/lines`)];
    expect(await acceptCopy({ manifestOctets: manifest.body, signature: signature.body, senderCertificate: scene.school.keys().certificate, lines: lines.json as string[], own: 'merebrook-council', at: scene.world.clock.now() })).toMatchObject({ ok: true });
  });
});
