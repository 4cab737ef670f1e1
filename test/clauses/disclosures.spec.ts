import { HOUR } from '#platform/clock';
import { term } from '#policy/agreement';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { Scene } from '../journeys/referral';
import { ago, askedOf, disclosure, type DisclosedPlan, recordDisclosure } from '../world/disclosures';
import type { Answer } from '../world/partner';
import { openWorld } from '../world/partnership';

// Rows about what goes off the wire, under every agreement that the gateway holds. The agencies here are parties of one of them alone: under the
// others that is told as well, and what each row asks is told beside it.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  // What is disclosed was disclosed after those who take part in it had joined.
  scene.world.clock.advance(HOUR);
});
afterAll(() => scene.world.close());

const NUMBER = '+441514960101';
const AGREEMENTS = readTags().agreements;
const tagged = (...tags: string[]): [string, string][] => [...AGREEMENTS].filter(([tag]) => tags.includes(tag));

function under(id: string, plan: DisclosedPlan): DisclosedPlan {
  const agreement = scene.world.system.agreements.get(id);
  if (!agreement) throw new Error(`no agreement ${id}`);
  const [purpose] = term(agreement, 'agreement.purposes');
  const checklist = term(agreement, 'decision.checklist');
  return { ...plan, manifest: { agreement: { id, version: agreement.version }, purpose: purpose?.code, ...plan.manifest }, decision: { checklist: checklist && [...checklist], ...plan.decision } };
}
const record = async (id: string, plan: DisclosedPlan) => {
  const made = await disclosure(scene.world, scene.school, under(id, plan));
  return { id: made.id, answer: await recordDisclosure(scene.school, made) };
};
interface Told { code: string; clauses: string[]; ground?: string; standsOn?: string; cause?: string }
/** What the route itself is held against. */
const ofRoute = (reasons: readonly Told[]): string[] => reasons.filter(({ clauses }) => clauses?.some((clause) => clause.startsWith('OC-'))).map(({ code, cause }) => (cause ? `${code} ${cause}` : code));
const against = async (id: string, plan: DisclosedPlan): Promise<string[]> => {
  const { answer } = await record(id, plan);
  return ofRoute(answer.status === 201 ? [] : (answer.json.reasons as Told[]));
};
const planned = (id: string, plan: DisclosedPlan): Promise<Answer> => scene.school.post('/v1/disclosure-plans', askedOf(scene.world, scene.school, under(id, plan)));
const identity = (minutes: number) => ({ how: 'called-back', by: 'designated-safeguarding-lead', at: ago(scene.world, minutes) });
const call = (more: object = {}): DisclosedPlan => ({ route: { by: 'telephone', number: NUMBER, identity: identity(3), ...more } });
const ENVELOPE = { marked: true, addressCheckedBy: 'designated-safeguarding-lead', returnAddress: true, sealed: true };

describe.each(tagged('WOR', 'LLR'))('%s', (tag, agreement) => {
  const it = (title: string, work: () => Promise<void>) => test(`${tag} ${title}`, work);

  it('OC-04: a call is made to the number of the directory, after it was verified who answers', async () => {
    expect(await against(agreement, call())).toEqual([]);
    expect(await against(agreement, call({ identity: undefined }))).toEqual(['IDENTITY_NOT_VERIFIED']);
    expect(await against(agreement, call({ identity: identity(0) }))).toEqual(['VERIFIED_TOO_LATE']);
    expect(await against(agreement, call({ number: undefined }))).toEqual(['NUMBER_NOT_OF_DIRECTORY']);
    // Of another desk of the same council; and of nobody: that one is not kept, whatever is owned up to.
    expect(await against(agreement, call({ number: '+441514960102' }))).toEqual(['NUMBER_NOT_OF_DIRECTORY']);
    const { id, answer } = await record(agreement, { ...call({ number: '+447700900123' }), fields: { notCompliant: true } });
    expect([answer.status, ofRoute(answer.json.reasons as Told[])]).toEqual([422, ['NUMBER_NOT_OF_DIRECTORY']]);
    expect(await scene.sql('select from waybill.disclosure where id = $1', [id])).toEqual([]);
  });

  it('OC-08: a medium is the one that the agreement asks for, and it is said which', async () => {
    const medium = { asset: 'USB-0042', encrypted: true, employerOwned: true, necessary: true };
    expect(await against(agreement, { route: { by: 'portable-media', ...medium } })).toEqual([]);
    expect(await against(agreement, { route: { by: 'portable-media', ...medium, encrypted: false } })).toEqual(['MEDIUM_UNFIT encrypted']);
    expect(await against(agreement, { route: { by: 'portable-media', ...medium, asset: undefined } })).toEqual(['MEDIUM_UNFIT asset']);
    expect(await against(agreement, { route: { by: 'portable-media', ...medium, employerOwned: false } })).toEqual(tag === 'LLR' ? ['MEDIUM_UNFIT employer-owned'] : []);
    expect(await against(agreement, { route: { by: 'portable-media', ...medium, necessary: false } })).toEqual(tag === 'WOR' ? ['MEDIUM_UNFIT necessary'] : []);
  });
});

test.each(tagged('WOR'))('%s OC-05 X-13: nothing goes by text message or voice message, and what went all the same is on record as that', async (_tag, agreement) => {
  for (const by of ['text-message', 'voicemail']) {
    const answer = await planned(agreement, { route: { by, digital: true } });
    expect([answer.status, answer.json.outcome, ofRoute(answer.json.reasons as Told[])]).toEqual([200, 'refused', ['CHANNEL_PROHIBITED']]);
    expect((answer.json.reasons as Told[]).find(({ code }) => code === 'CHANNEL_PROHIBITED')).toMatchObject({ clauses: ['OC-05'], standsOn: 'clause', ground: '§7' });
    const { id } = await record(agreement, { route: { by, digital: true } });
    expect(await scene.entries('st-brigid-primary', { kind: 'share-refused', share: id })).toEqual([expect.objectContaining({ reasons: expect.arrayContaining([expect.objectContaining({ code: 'CHANNEL_PROHIBITED' })]) })]);
    const owned = await record(agreement, { route: { by, digital: true }, fields: { notCompliant: true } });
    expect([owned.answer.status, owned.answer.json.compliant]).toEqual([201, false]);
    expect(await scene.entries('st-brigid-primary', { kind: 'disclosed', share: owned.id })).toEqual([expect.objectContaining({ compliant: false, unmet: expect.arrayContaining([expect.objectContaining({ code: 'CHANNEL_PROHIBITED', clauses: ['OC-05'] })]) })]);
  }
});

test.each(tagged('LLR'))('%s OC-05 X-13: a digital text message may go; an analogue one only where it was urgent, brief and guarded', async (_tag, agreement) => {
  const text = (more: object): DisclosedPlan => ({ route: { by: 'text-message', number: NUMBER, ...more } });
  expect(await against(agreement, text({ digital: true }))).toEqual([]);
  expect(await against(agreement, text({ digital: false }))).toEqual(['ANALOGUE_NOT_URGENT']);
  expect(await against(agreement, text({ digital: false, operationallyUrgent: true }))).toEqual(['ANALOGUE_NOT_URGENT']);
  expect(await against(agreement, text({ digital: false, operationallyUrgent: true, guarded: true }))).toEqual([]);
});

test.each(tagged('NWADCS', 'WIR', 'SOL'))('%s X-13 X-14: the agreement says nothing of text messages or of post, and nothing of either is asked', async (_tag, agreement) => {
  for (const by of ['text-message', 'voicemail', 'post', 'courier', 'fax', 'portable-media', 'telephone']) expect([by, await against(agreement, { route: { by } })]).toEqual([by, []]);
});

test.each(tagged('WOR'))('%s OC-01: the record of what is posted says that it is marked, who checked the address, that it is sealed, with a return address; without, it is no compliant one', async (_tag, agreement) => {
  const posted = (more: object): DisclosedPlan => ({ route: { by: 'post', ...ENVELOPE, ...more }, manifest: { classification: 'OFFICIAL' } });
  expect(await against(agreement, posted({}))).toEqual([]);
  for (const [field, cause] of [['marked', 'marked'], ['addressCheckedBy', 'address-checked'], ['sealed', 'sealed'], ['returnAddress', 'return-address']] as const) {
    expect(await against(agreement, posted({ [field]: undefined }))).toEqual([`ENVELOPE_INCOMPLETE ${cause}`]);
  }
  const owned = await record(agreement, { ...posted({ sealed: false }), fields: { notCompliant: true } });
  expect([owned.answer.status, owned.answer.json.compliant, ofRoute(owned.answer.json.unmet as Told[])]).toEqual([201, false, ['ENVELOPE_INCOMPLETE sealed']]);
});

test.each(tagged('WOR'))('%s OC-02 X-14: what is OFFICIAL-SENSITIVE, or bore PROTECT or RESTRICTED, goes by a courier whose consignment is on record', async (_tag, agreement) => {
  const sent = (by: string, classification: string, more: object = {}): DisclosedPlan => ({ route: { by, ...ENVELOPE, ...more }, manifest: { classification } });
  for (const marking of ['OFFICIAL-SENSITIVE', 'PROTECT', 'RESTRICTED']) expect(await against(agreement, sent('post', marking))).toEqual(['COURIER_REQUIRED post']);
  expect(await against(agreement, sent('courier', 'OFFICIAL-SENSITIVE'))).toEqual(['COURIER_REQUIRED consignment']);
  expect(await against(agreement, sent('courier', 'OFFICIAL-SENSITIVE', { consignment: 'WX-20417' }))).toEqual([]);
  expect(await against(agreement, sent('post', 'OFFICIAL'))).toEqual([]);
});

test.each(tagged('WOR'))('%s OC-03 X-14: the marking stands on what is in it; of the envelope nothing is asked, whether it shows the marking or not', async (_tag, agreement) => {
  for (const envelopeMarking of ['shown', 'not-shown', undefined]) {
    const posted = { by: 'post', ...ENVELOPE, ...(envelopeMarking && { envelopeMarking }) };
    expect(await against(agreement, { route: posted, manifest: { classification: 'OFFICIAL' } })).toEqual([]);
    expect(await against(agreement, { route: { ...posted, marked: false }, manifest: { classification: 'OFFICIAL' } })).toEqual(['ENVELOPE_INCOMPLETE marked']);
  }
});

test.each(tagged('LLR'))('%s OC-02 OC-03 X-14: post or courier, sealed; the envelope shows no marking between partners, and shows it on internal mail', async (_tag, agreement) => {
  const internal = ['st-brigid-primary/head-teacher'];
  for (const by of ['post', 'courier']) {
    expect(await against(agreement, { route: { by, sealed: true, envelopeMarking: 'not-shown' } })).toEqual([]);
    expect(await against(agreement, { route: { by, envelopeMarking: 'not-shown' } })).toEqual(['ENVELOPE_INCOMPLETE sealed']);
    expect(await against(agreement, { route: { by, sealed: true, envelopeMarking: 'shown' } })).toEqual(['ENVELOPE_MARKING_WRONG external']);
    expect(await against(agreement, { to: internal, route: { by, sealed: true, envelopeMarking: 'shown' } })).toEqual([]);
    expect(await against(agreement, { to: internal, route: { by, sealed: true, envelopeMarking: 'not-shown' } })).toEqual(['ENVELOPE_MARKING_WRONG internal']);
  }
});

test.each(tagged('LLR'))('%s OC-06: a fax is the last resort, to a safe haven with somebody there, after its cover sheet was confirmed', async (_tag, agreement) => {
  const faxed = (more: object = {}): DisclosedPlan => ({ route: { by: 'fax', noAlternative: 'electronic-way-down', safeHaven: true, onHand: true, coverSheetConfirmedAt: ago(scene.world, 2), ...more } });
  expect(await against(agreement, faxed())).toEqual([]);
  expect(await against(agreement, faxed({ noAlternative: undefined }))).toEqual(['FAX_NOT_LAST_RESORT']);
  expect(await against(agreement, faxed({ safeHaven: false }))).toEqual(['SAFE_HAVEN_NOT_CONFIRMED safe-haven']);
  expect(await against(agreement, faxed({ onHand: undefined }))).toEqual(['SAFE_HAVEN_NOT_CONFIRMED on-hand']);
  expect(await against(agreement, faxed({ coverSheetConfirmedAt: ago(scene.world, 0) }))).toEqual(['COVER_SHEET_NOT_CONFIRMED']);
  expect(await against(agreement, { route: { by: 'fax' } })).toEqual(['FAX_NOT_LAST_RESORT', 'SAFE_HAVEN_NOT_CONFIRMED safe-haven', 'COVER_SHEET_NOT_CONFIRMED']);
});

test.each([...AGREEMENTS])('%s OC-07: what is told face to face is decided as a share is, by the same recipients, purpose and basis', async (_tag, agreement) => {
  const codes = async (plan: Partial<DisclosedPlan>) => ((await planned(agreement, { route: { by: 'verbal' }, ...plan })).json.reasons as Told[]).map(({ code }) => code);
  const sound = await codes({});
  expect(await codes({ manifest: { purpose: undefined } })).toEqual(expect.arrayContaining(['NO_PURPOSE']));
  expect(sound).not.toContain('NO_PURPOSE');
  // Who is a party here is one under one agreement alone: under any other it is passed outside it.
  const home = scene.world.agreement.id === agreement;
  expect(sound.includes('NO_COMMON_AGREEMENT')).toBe(!home);
  expect(await codes({ manifest: { lawfulBasis: undefined } })).not.toEqual(sound);
});

test.each([...AGREEMENTS])('%s OC-10: what went off the wire stands in the same registers as what went over it, marked by its route, and in nobody else’s', async (_tag, agreement) => {
  for (const by of ['verbal', 'telephone', 'courier']) {
    const { id, answer } = await record(agreement, { route: { by }, fields: { notCompliant: true } });
    expect(answer.status).toBe(201);
    const { id: cited, version, digest } = scene.world.system.agreements.get(agreement) ?? {};
    const common = { share: id, agreement: { id: cited, version, digest }, route: expect.objectContaining({ by, at: expect.stringMatching(/Z$/) }), manifestDigest: answer.json.digest };
    expect(await scene.entries('st-brigid-primary', { share: id })).toEqual([expect.objectContaining({
      kind: 'disclosed', ...common, recipients: [expect.objectContaining({ agency: 'merebrook-council', contact: 'front-door', categories: ['names'] })], subjectReference: 'AB-1234', decision: expect.objectContaining({ by: 'designated-safeguarding-lead' }),
    })]);
    expect(await scene.entries('merebrook-council', { share: id })).toEqual([expect.objectContaining({ kind: 'disclosure-announced', ...common, agency: 'merebrook-council', from: 'st-brigid-primary' })]);
    for (const other of ['kingfisher-families', 'eastgate-health']) expect(await scene.entries(other, { share: id })).toEqual([]);
  }
});
