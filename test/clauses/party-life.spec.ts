import { createHash } from 'node:crypto';
import { nameAt } from '#client/names';
import { TYPE_ALIASES } from '#policy/vocabulary/organisations';
import { LookingAfter, FIRST_ATTESTED_WITHIN_DAYS } from '#partnership/looking-after';
import { Parties, type PartySeen } from '#partnership/parties';
import { Directory } from '#directory/directory';
import { DAY, day } from '#platform/clock';
import { Refusal } from '#platform/refusal';
import { term } from '#policy/agreement';
import { demandsOf } from '#policy/attesting';
import { Register } from '#register/register';
import type { DutyTold } from '#protocol/duties';
import type { AttestationTold, OwnMembership } from '#protocol/membership-answers';
import type { AgencyTold } from '#protocol/published';
import { POSTS } from '#policy/vocabulary/roles';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { aboutMembership } from '../world/memberships';
import { atDesk, operatorsEnv } from '../world/desk';
import type { Answer } from '../world/partner';
import { openWorld, type World } from '../world/partnership';

// A party's life under every agreement that the gateway holds: the same agencies are parties of all of them.

const TAGS = readTags().agreements;
const tagged = (...tags: string[]): [string, string][] => [...TAGS].filter(([tag]) => tags.includes(tag));
const EVERY_POST = Object.keys(POSTS).filter((post) => !['emergency-duty', 'coordinator', 'business-manager'].includes(post));
const council = (agency: string, more: Partial<AgencyPlan> = {}): AgencyPlan => ({
  agency, name: agency, controller: { id: agency, name: agency }, type: 'local-authority', entry: 'leicester-city-council', onFile: { signed: { role: 'signatory', on: '2024-03-20', delegated: true } },
  contacts: [{ contact: 'governance', kind: 'team', label: 'Governance', posts: EVERY_POST, telephone: '+441164960100', keys: true }, { contact: 'front-desk', kind: 'team', label: 'Front desk', keys: true }], ...more,
});
const HOST = council('host-council', { contacts: [{ contact: 'governance', kind: 'team', label: 'Governance', posts: [...EVERY_POST, 'coordinator'], telephone: '+441164960100', keys: true }] });
const CITY = council('city-council');
const OTHER = council('other-council');
/** Whose last holder of a post ends, and who asks to join. */
const LEAVING = council('leaving-council');
const JOINING = council('joining-council');

let world: World;
beforeAll(async () => {
  world = await openWorld({ agreement: 'llr', cast: [HOST, CITY, OTHER, LEAVING, JOINING] });
  for (const id of world.system.agreements.keys()) if (id !== 'llr') for (const { agency } of [HOST, CITY, OTHER, LEAVING]) await join(id, agency);
  await world.db.owner.query('delete from waybill.membership where agency = $1', [JOINING.agency]);
});
afterAll(() => world.close());

const served = (id: string) => world.system.agreements.get(id) as NonNullable<ReturnType<typeof world.system.agreements.get>>;
/** An entry of the agreement's list under which a council comes. */
const entryOf = (id: string): string => term(served(id), 'agreement.partyList').find(({ types, kind }) => types.includes('local-authority') && kind !== 'represented' && kind !== 'consulted')?.entry ?? '';
const join = (id: string, agency: string) => world.system.registrar.activate(served(id), agency, { agreement: id, entry: entryOf(id), signed: { role: 'signatory', on: '2024-03-20', delegated: true }, privacyAssessedOn: '2024-01-01', controlsConfirmed: true });
const codes = (work: Promise<unknown>): Promise<string[]> => work.then(() => [], (error: unknown) => (error instanceof Refusal ? error.reasons.map(({ code }) => code) : [String(error)]));
const codesOf = ({ json }: Answer): string[] => ((json.reasons ?? []) as { code: string }[]).map(({ code }) => code);

const say = async (agency: string, agreement: string, kind: string, more: Record<string, unknown> = {}): Promise<Answer> => {
  const who = world.partner(agency);
  return who.form('POST', `/v1/memberships/${agreement}/statements`, await aboutMembership(world, who, agreement, kind, { by: { agency, contact: 'governance' }, ...more }));
};
const attest = (agency: string, agreement: string, what: string, more: Record<string, unknown> = {}, stated: Record<string, unknown> = {}) => say(agency, agreement, 'attests', { attested: { what, on: today(), ...more }, ...stated });
const today = (): string => day(world.clock.now());
const own = async (agency: string, agreement: string): Promise<OwnMembership> => ((await world.partner(agency).get('/v1/memberships')).json.items as OwnMembership[]).find((each) => each.agreement === agreement) as OwnMembership;
const standing = async (agency: string, agreement: string, what: string): Promise<AttestationTold | undefined> => (await own(agency, agreement)).attestations.find((each) => each.what === what);
const duties = async (agency: string, agreement: string): Promise<DutyTold[]> => ((await world.partner(agency).get('/v1/duties?limit=500')).json.items as DutyTold[]).filter((each) => each.agreement === agreement);
const recorded = async (agency: string, kind: string): Promise<Record<string, unknown>[]> =>
  (await world.db.owner.query<{ entry: Record<string, unknown> }>(`select convert_from(octets, 'utf8')::jsonb as entry from waybill.entry where controller = $1 and kind = $2 order by id`, [agency, kind])).rows.map(({ entry }) => entry);
const desk = () => new Parties({ database: world.system.database('registrar'), directory: new Directory(world.system.database('registrar')), registrar: world.system.registrar, register: new Register(), clock: world.clock, agreements: world.system.agreements });
const seen = async (agreement: string, agency: string): Promise<PartySeen | undefined> => (await desk().list([served(agreement)])).find((each) => each.agency === agency);
const look = () => new LookingAfter({ database: world.system.database('relay'), directory: new Directory(world.system.database('relay')), register: new Register(), clock: world.clock, agreements: world.system.agreements }).look();
const waybill = (...args: string[]) => atDesk(args, { cwd: world.folder, env: operatorsEnv(world), now: () => world.clock.now() });

const DIGEST = createHash('sha256').update('report').digest('hex');
/** A whole attestation of each kind. */
const WHOLE: Record<string, Record<string, unknown>> = {
  measures: { covers: ['encryption', 'access-control', 'mailbox'] },
  policies: { link: 'https://council.example/policies', covers: ['sharing', 'storage', 'retention', 'data-quality', 'disposal'] },
  'privacy-notice': { link: 'https://council.example/privacy' },
  'sharing-approval': { digest: DIGEST, covers: ['agreements', 'channels', 'categories', 'activity'] },
  'at-rest': { covers: ['devices', 'servers'] },
  devices: { covers: ['managed-laptop', 'secure-premises'] },
  papers: { covers: ['one-barrier', 'locked-cabinet', 'clear-desk', 'visitors-supervised'] },
  'security-standard': { covers: ['iso-27001', 'working-towards'] },
  'privacy-risk': { covers: ['high-risk', 'controls-in-place'] },
  oversight: { digest: DIGEST },
};
const inMonths = (months: number): string => {
  const at = new Date(world.clock.now());
  at.setUTCMonth(at.getUTCMonth() + months);
  return day(at);
};
const whole = (what: string): Record<string, unknown> => ({ ...WHOLE[what], ...(what === 'security-standard' && { until: inMonths(6) }) });

/** What each row asks a party to attest, and where. */
const ATTESTED: readonly [row: string, what: string, tags: readonly string[]][] = [
  ['AS-01', 'measures', ['NWADCS', 'WIR', 'WOR', 'SOL', 'LLR']],
  ['PD-24', 'policies', ['WIR', 'WOR', 'LLR']],
  ['RR-08', 'privacy-notice', ['WIR', 'SOL', 'LLR']],
  ['PD-10', 'sharing-approval', ['LLR']],
  ['AU-05', 'sharing-approval', ['LLR']],
  ['AS-08', 'at-rest', ['WOR', 'LLR']],
  ['AS-05', 'devices', ['LLR']],
  ['OC-09', 'papers', ['WOR', 'LLR']],
  ['AS-11', 'security-standard', ['LLR']],
  ['PD-14', 'privacy-risk', ['LLR']],
  ['PD-07', 'oversight', ['WIR', 'SOL']],
];
const CELLS = ATTESTED.flatMap(([row, what, tags]) => tagged(...tags).map(([tag, id]) => [tag, row, what, id] as const));

describe('who comes in, and who is reached', () => {
  test.each(tagged('NWADCS', 'WIR', 'WOR', 'SOL', 'LLR'))('%s PD-06: without somebody in each post that it asks for nobody becomes a party; and every party reads whom it reaches at another', async (tag, id) => {
    const required = (term(served(id), 'party.requiredContacts') ?? []).map(({ post }) => post);
    expect(required.length).toBeGreaterThan(0);
    const bare = `bare-${tag.toLowerCase()}`;
    await world.system.registrar.admit({ agency: bare, name: bare, controller: { id: bare, name: bare }, types: ['local-authority'], country: 'GB' });
    const refused = await codes(join(id, bare));
    expect(refused.some((code) => ['NO_SPOC', 'REQUIRED_CONTACT_MISSING'].includes(code))).toBe(true);
    expect((await world.db.owner.query('select from waybill.membership where agency = $1', [bare])).rows).toEqual([]);
    const told = ((await world.partner(OTHER.agency).get('/v1/directory/agencies?limit=50')).json.items as AgencyTold[]).find(({ agency }) => agency === CITY.agency);
    for (const post of required) expect(told?.contacts.find(({ posts }) => posts.includes(post))).toMatchObject({ telephone: '+441164960100', email: expect.stringContaining('@') });
  });

  test.each(tagged('NWADCS', 'WIR', 'WOR', 'SOL', 'LLR'))('%s PD-06: when the last holder of a post ends, the party is on hold at once and the co-ordinator is told; it is active again when somebody fills it', async (tag, id) => {
    const { agency } = LEAVING;
    if (tag === 'NWADCS') {
      const said = await waybill('parties', 'end-contact', '--agency', agency, '--contact', 'governance', '--json');
      expect([said.exit, said.json.held]).toEqual([0, [...world.system.agreements.keys()].sort()]);
    }
    await world.db.owner.query(`update waybill.contact set until_day = $2 where agency = $1 and id = 'new-governance'`, [agency, today()]);
    const held = await own(agency, id);
    expect([held.status, held.missing.some(({ code }) => ['NO_SPOC', 'REQUIRED_CONTACT_MISSING'].includes(code))]).toEqual(['held', true]);
    const filling = async () => (await duties(HOST.agency, id)).filter(({ kind, other }) => kind === 'fill-post' && other === agency);
    const [duty] = await filling();
    expect(duty).toMatchObject({ role: 'coordinator', lane: 'urgent', what: expect.any(String) });
    expect((await recorded(agency, 'party-changed')).filter(({ change, agreement }) => change === 'held' && agreement === id)).toMatchObject([{ because: duty?.what }]);
    expect(await codes(desk().accept(served(id), agency))).toEqual(held.missing.map(({ code }) => code));
    if (tag === 'NWADCS') await world.system.registrar.addContact(agency, { contact: 'new-governance', kind: 'team', label: 'Governance', posts: EVERY_POST, telephone: '+441164960101', email: 'new@council.example' });
    await world.db.owner.query(`update waybill.contact set until_day = null where agency = $1 and id = 'new-governance'`, [agency]);
    await desk().accept(served(id), agency);
    expect((await own(agency, id)).status).toBe('active');
    expect(await filling()).toEqual([]);
  });

  test.each(tagged('NWADCS', 'WIR', 'WOR', 'LLR'))('%s PD-13: whoever asks to join is no party until the co-ordinator accepts it, which nothing that is missing lets happen; or it is declined, with a code why', async (_tag, id) => {
    const { agency } = JOINING;
    expect(codesOf(await say(agency, id, 'joins', { entry: 'no-such-entry' }))).toEqual(['NOT_A_RELEVANT_AGENCY']);
    expect(await say(agency, id, 'joins', { entry: entryOf(id) })).toMatchObject({ status: 200, json: { status: 'incomplete' } });
    expect(codesOf(await say(agency, id, 'joins', { entry: entryOf(id) }))).toEqual(['PARTY_ALREADY']);
    const deciding = async () => (await duties(HOST.agency, id)).filter(({ kind, other }) => kind === 'decide-joining' && other === agency);
    expect(await deciding()).toMatchObject([{ role: 'coordinator' }]);

    await world.db.owner.query(`update waybill.contact set posts = '{}' where agency = $1`, [agency]);
    expect(await codes(desk().accept(served(id), agency))).toEqual((await own(agency, id)).missing.map(({ code }) => code));
    await world.db.owner.query('update waybill.contact set posts = $2 where agency = $1', [agency, EVERY_POST]);
    await world.system.registrar.decline(id, agency, 'not-agreed-by-partners');
    expect((await own(agency, id)).status).toBe('withdrawn');
    expect((await recorded(agency, 'party-changed')).at(-1)).toMatchObject({ change: 'declined', because: 'not-agreed-by-partners', agreement: id });
    expect(await deciding()).toEqual([]);

    expect((await say(agency, id, 'joins', { entry: entryOf(id) })).status).toBe(200);
    await world.db.owner.query(`update waybill.membership set signed_role = 'signatory', signed_on = '2024-03-20', signed_delegated = true, privacy_assessed_on = '2024-01-01', controls_confirmed = true where agency = $1`, [agency]);
    await desk().accept(served(id), agency);
    expect((await own(agency, id)).status).toBe('active');
    expect(await deciding()).toEqual([]);
    expect((await recorded(agency, 'membership-stated')).filter(({ agreement }) => agreement === id).map(({ stated }) => stated)).toEqual(['joins', 'joins']);
  });

  test('whoever looks after the agreement sees who asks to join, declines and accepts from the command', async () => {
    const [, id = ''] = tagged('WOR')[0] ?? [];
    const { agency } = JOINING;
    await world.system.registrar.withdraw(id, agency);
    expect((await say(agency, id, 'joins', { entry: entryOf(id) })).status).toBe(200);
    expect((await waybill('parties', 'list', '--agreement', id, '--lacking')).out).toContain(`${agency} as ${entryOf(id)}: incomplete`);
    expect(await waybill('parties', 'decline', '--agency', agency, '--agreement', id, '--because', 'incomplete')).toMatchObject({ exit: 0 });
    expect((await waybill('parties', 'accept', '--agency', agency, '--agreement', id)).exit).not.toBe(0);
    expect((await say(agency, id, 'joins', { entry: entryOf(id) })).status).toBe(200);
    expect(await waybill('parties', 'accept', '--agency', agency, '--agreement', id)).toMatchObject({ exit: 0 });
  });

  test('who joins an agreement that says nothing of it is for its parties to write down, and a notice makes nobody one', async () => {
    const id = TAGS.get('SOL') ?? '';
    expect(codesOf(await say(JOINING.agency, id, 'joins', { entry: entryOf(id) }))).toEqual(['JOINING_NOT_BY_NOTICE']);
  });

  test('LLR PD-11: the agreement carries contacts of its own, apart from those of its parties', () => {
    expect(term(served(TAGS.get('LLR') ?? ''), 'agreement.coordinator')).toBe('adult boards and children partnerships');
    expect(term(served(TAGS.get('LLR') ?? ''), 'agreement.monitoringBody')).toEqual(['adult boards', 'children partnerships']);
    expect(term(served(TAGS.get('LLR') ?? ''), 'breach.contactTable')).toContain('breach-post');
  });
});

describe('who was called what, and who came after whom', () => {
  test.each(tagged('WIR', 'SOL', 'LLR'))('%s PD-16: an organisation keeps its record under another name, which a record of before is read with; whoever is succeeded is a party no more, and its successor and the day are told to everybody', async (tag, id) => {
    const agency = `old-${tag.toLowerCase()}`;
    await world.system.registrar.admit({ agency, name: 'Lake County CCG', controller: { id: agency, name: agency }, types: ['local-authority'], country: 'GB' });
    await world.system.registrar.addContact(agency, { contact: 'governance', kind: 'team', label: 'Governance', posts: EVERY_POST, telephone: '+441164960100', email: 'governance@old.example' });
    await join(id, agency);
    const before = world.clock.now().toISOString();
    world.clock.advance(1_000);
    await world.system.registrar.rename(agency, 'Lake County Commissioning');
    await world.system.registrar.succeed(agency, OTHER.agency, '2026-07-01');
    const told = (await world.partner(CITY.agency).get('/v1/directory/agencies?limit=50')).json.items as AgencyTold[];
    const [gone, successor] = [agency, OTHER.agency].map((each) => told.find((one) => one.agency === each));
    expect(gone).toMatchObject({ name: 'Lake County Commissioning', formerly: [{ name: 'Lake County CCG' }], succeededBy: { agency: OTHER.agency, on: '2026-07-01' } });
    expect([nameAt(gone as AgencyTold, before), nameAt(gone as AgencyTold, world.clock.now().toISOString())]).toEqual(['Lake County CCG', 'Lake County Commissioning']);
    expect(successor?.succeeds).toContainEqual({ agency, on: '2026-07-01' });
    expect(gone?.memberships).toMatchObject([{ agreement: id, status: 'withdrawn' }]);
    expect((await recorded(agency, 'party-changed')).map(({ change }) => change)).toEqual(expect.arrayContaining(['renamed', 'succeeded', 'withdrawn']));
    expect((await recorded(OTHER.agency, 'party-changed')).at(-1)).toMatchObject({ change: 'succeeds', succeeds: agency, on: '2026-07-01' });
    // What a law still calls by a name of before is read as who answers to it today.
    for (const alias of term(served(id), 'law.orgTypeAliases') ?? []) expect(TYPE_ALIASES[alias].today.length).toBeGreaterThan(0);
  });
});

describe('what a party attests', () => {
  test.each(CELLS)('%s %s: a party attests %s, dated and signed; until then it is missing for the co-ordinator, and after its time overdue', async (_tag, _row, what, id) => {
    await world.db.owner.query('delete from waybill.attestation where agency = $1 and agreement = $2', [CITY.agency, id]);
    expect(await standing(CITY.agency, id, what)).toMatchObject({ state: 'missing', posts: expect.arrayContaining([expect.any(String)]), clause: expect.any(String) });
    expect((await seen(id, CITY.agency))?.attestations).toContainEqual(expect.objectContaining({ what, state: 'missing' }));
    // Without what its kind needs it says nothing.
    expect(codesOf(await attest(CITY.agency, id, what))).toContain('ATTESTATION_INCOMPLETE');
    expect(codesOf(await attest(CITY.agency, id, what, whole(what), { by: { agency: CITY.agency, contact: 'front-desk' } }))).toContain('NOT_YOURS_TO_ATTEST');
    const given = await attest(CITY.agency, id, what, whole(what));
    const stands = (given.json as OwnMembership).attestations.find((each) => each.what === what);
    expect(given.status).toBe(200);
    expect(stands).toMatchObject({ state: 'current', on: today() });
    expect((stands?.dueAgain ?? '') > today()).toBe(true);
    expect((await recorded(CITY.agency, 'membership-stated')).at(-1)).toMatchObject({ stated: 'attests', what, agreement: id, by: 'governance', on: today(), dueAgain: stands?.dueAgain });
    const due = Date.parse(stands?.dueAgain ?? '') + DAY - world.clock.now().getTime();
    const later = new Parties({ database: world.system.database('registrar'), directory: new Directory(world.system.database('registrar')), registrar: world.system.registrar, register: new Register(), clock: { now: () => new Date(world.clock.now().getTime() + due) }, agreements: world.system.agreements });
    expect((await later.list([served(id)])).find(({ agency }) => agency === CITY.agency)?.attestations).toContainEqual(expect.objectContaining({ what, state: 'overdue' }));
  });

  test('LLR AS-12: the word of whoever answers for it counts as it was given; nothing of what it says is looked into, and it is asked for nothing that the agreement does not ask', async () => {
    const id = TAGS.get('LLR') ?? '';
    expect((await attest(CITY.agency, id, 'papers', { covers: ['clear-desk'] })).status).toBe(200);
    expect(await standing(CITY.agency, id, 'papers')).toMatchObject({ state: 'current' });
    expect(codesOf(await attest(CITY.agency, TAGS.get('NWADCS') ?? '', 'papers', whole('papers')))).toContain('ATTESTATION_NOT_ASKED');
    expect(codesOf(await attest(CITY.agency, id, 'papers', { ...whole('papers'), on: day(new Date(world.clock.now().getTime() + 2 * DAY)) }))).toEqual(['ATTESTED_AHEAD']);
    expect(codesOf(await attest(CITY.agency, id, 'papers', { ...whole('papers'), on: '2015-01-01' }))).toEqual(['ATTESTATION_PAST']);
    expect(codesOf(await attest(CITY.agency, id, 'papers', { covers: ['aunt-jane'] }))).toEqual(['ATTESTATION_CODE_UNKNOWN']);
  });

  test('LLR AS-11: a certificate needs its reference and its last day, and counts no longer; one that is worked towards has its day', async () => {
    const id = TAGS.get('LLR') ?? '';
    expect(codesOf(await attest(CITY.agency, id, 'security-standard', { covers: ['iso-27001', 'certified'], until: inMonths(6) }))).toEqual(['ATTESTATION_INCOMPLETE']);
    expect((await attest(CITY.agency, id, 'security-standard', { covers: ['iso-27001', 'certified'], until: inMonths(6), reference: 'IS 771204' })).status).toBe(200);
    expect(await standing(CITY.agency, id, 'security-standard')).toMatchObject({ state: 'current', dueAgain: inMonths(6) });
  });

  test('LLR AS-01: measures that leave out a way by which the party is reached are not taken', async () => {
    expect(codesOf(await attest(CITY.agency, TAGS.get('LLR') ?? '', 'measures', { covers: ['encryption'] }))).toEqual(['WAY_NOT_COVERED']);
  });

  test('LLR AS-14: the test of the gateway itself is attached to the agreement, stands in every party’s register, and is due again', async () => {
    const id = TAGS.get('LLR') ?? '';
    const said = await waybill('parties', 'attest', 'penetration-test', '--agreement', id, '--digest', DIGEST, '--json');
    expect(said).toMatchObject({ exit: 0 });
    expect((await own(CITY.agency, id)).ofPartnership).toMatchObject([{ what: 'penetration-test', state: 'current', on: today(), digest: DIGEST, dueAgain: inMonths(12) }]);
    for (const agency of [CITY.agency, OTHER.agency]) expect((await recorded(agency, 'partnership-attested')).at(-1)).toMatchObject({ agreement: id, what: 'penetration-test', digest: DIGEST });
    expect(codesOf(await attest(CITY.agency, id, 'penetration-test', { digest: DIGEST }))).toContain('ATTESTATION_NOT_ASKED');
  });

  test('WOR RR-08: the privacy notice is the partnership’s own: it attests it, and asks no party for one', async () => {
    const id = TAGS.get('WOR') ?? '';
    expect((await own(CITY.agency, id)).ofPartnership).toMatchObject([{ what: 'privacy-notice', state: 'missing' }]);
    expect(await waybill('parties', 'attest', 'privacy-notice', '--agreement', id, '--link', 'https://wscp.example/privacy')).toMatchObject({ exit: 0 });
    expect((await own(CITY.agency, id)).ofPartnership).toMatchObject([{ what: 'privacy-notice', state: 'current', link: 'https://wscp.example/privacy' }]);
    expect(await standing(CITY.agency, id, 'privacy-notice')).toBeUndefined();
  });

  test.each([...tagged('WIR', 'SOL').map(([tag, id]) => [tag, 'PD-07', id]), ...tagged('LLR').map(([tag, id]) => [tag, 'AU-05', id])])('%s %s: the digest tells in numbers what went and came and what is overdue; nobody else’s', async (_tag, _row, id) => {
    const { status, json } = await world.partner(CITY.agency).get(`/v1/memberships/${id}/oversight`);
    expect([status, json]).toEqual([200, expect.objectContaining({ agreement: id, agency: CITY.agency, counts: { sharesSent: 0, sharesReceived: 0, refused: 0, notShared: 0, returned: 0, undeliverable: 0, requestsPut: 0, requestsReceived: 0, requestsDeclined: 0 }, overdue: expect.any(Number), toAttest: expect.any(Array) })]);
    expect((await world.partner(CITY.agency).get(`/v1/memberships/${id}/oversight?from=2020-01-01`)).json.from).toBe('2020-01-01T00:00:00.000Z');
    expect((await world.partner(CITY.agency).get(`/v1/memberships/${id}/oversight?from=lately`)).status).toBe(400);
  });

  // The last: it goes on a month.
  test.each(tagged('NWADCS', 'WIR', 'WOR', 'SOL', 'LLR'))('%s AS-01: a month after joining what is missing is a duty of the post that answers for it, and goes on to the co-ordinator; attesting it ends that', async (_tag, id) => {
    await world.db.owner.query('delete from waybill.attestation where agency = $1 and agreement = $2', [OTHER.agency, id]);
    if ((await own(OTHER.agency, id)).status === 'active' && world.clock.now().getTime() < Date.now() + 2 * DAY) {
      expect(await look()).toBe(0);
      world.clock.advance((FIRST_ATTESTED_WITHIN_DAYS + 1) * DAY);
    }
    await look();
    expect(await look()).toBe(0);
    const wanted = demandsOf(served(id), entryOf(id), world.clock.now().toISOString()).filter(({ weight, of }) => weight === 'must' && of === undefined);
    const open = (await duties(OTHER.agency, id)).filter(({ kind }) => kind === 'attest');
    expect(open.map(({ what, role }) => [what, role]).sort()).toEqual(wanted.map(({ what, posts: [post] }) => [what, post]).sort());
    const { rows } = await world.db.owner.query<{ tells: string[] }>(`select tells from waybill.duty where owner = $1 and kind = 'attest' and closed_at is null`, [OTHER.agency]);
    expect(rows.every(({ tells }) => tells.at(-1) === 'coordinator')).toBe(true);
    expect((await attest(OTHER.agency, id, 'measures', whole('measures'))).status).toBe(200);
    expect((await duties(OTHER.agency, id)).filter(({ what }) => what === 'measures')).toEqual([]);
  });
});
