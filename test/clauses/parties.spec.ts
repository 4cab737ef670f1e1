import { day } from '#platform/clock';
import { Directory } from '#directory/directory';
import { Refusal } from '#platform/refusal';
import { change, proposed } from '#policy/cases-run';
import { loadFolder } from '#partnership/agreements';
import type { LineDecided } from '#protocol/answers';
import type { AgencyTold } from '#protocol/published';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { aboutMembership } from '../world/memberships';
import { openWorld, type World } from '../world/partnership';

// What agreements ask of a party, as the real registrar enters it, PostgreSQL keeps it and the gateway decides on it.

const loading = loadFolder('deploy/agreements/llr');
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { agreement: signedAgreement, cases } = loading;

const SIGNED = { role: 'signatory', on: '2024-03-20', delegated: true };
const governance = { contact: 'governance', kind: 'team' as const, label: 'Governance', posts: ['breach-post', 'responsible-person', 'signatory'], telephone: '+441164960100', keys: false };
const plan = (agency: string, type: string, entry: string, desk: Omit<AgencyPlan['contacts'][number], 'label' | 'keys'>, more: Partial<AgencyPlan> = {}): AgencyPlan => ({
  agency, name: agency, controller: { id: agency, name: agency }, type, entry, onFile: { signed: SIGNED }, contacts: [{ label: desk.contact, keys: true, ...desk }, governance], ...more,
});

const FORCE = plan('leicestershire-police', 'police', 'police', { contact: 'public-protection', kind: 'team' });
const CITY = plan('leicester-city-council', 'local-authority', 'leicester-city-council', { contact: 'safeguarding-team', kind: 'team' });
const CHARITY = plan('living-without-abuse', 'voluntary', 'living-without-abuse', { contact: 'outreach', kind: 'person' });
const PROBATION = plan('national-probation-service', 'probation', 'probation', { contact: 'offender-manager', kind: 'person' });

describe('who signed, for whom they act, and what is on file', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ agreement: 'llr', cast: [FORCE, CITY, CHARITY, PROBATION] });
  });
  afterAll(() => world.close());

  const membership = async (agency: string) => (await world.db.owner.query<Record<string, unknown>>('select status, signed_role, signed_on::text, signed_delegated from waybill.membership where agency = $1', [agency])).rows[0];
  const enter = (agency: AgencyPlan, onFile: AgencyPlan['onFile']) => world.system.registrar.activate(world.agreement, agency.agency, { agreement: 'llr', entry: agency.entry, ...onFile });
  const codes = (work: Promise<unknown>): Promise<string[]> => work.then(() => [], (error: unknown) => (error instanceof Refusal ? error.reasons.map(({ code }) => code) : [String(error)]));

  /** What the gateway tells a sender of each part it proposes: the codes against it, none where it goes. */
  async function planned(sender: string, changes: Record<string, unknown> = {}): Promise<Record<string, string[]>> {
    const { manifest, lines } = proposed(signedAgreement, change(cases.world, { '/manifest/accuracy/on': '2025-01-07', ...changes, '/at': world.clock.now().toISOString(), '/lines/4/at': world.clock.now().toISOString() })).proposal;
    const { lines: _digests, ...unsealed } = manifest;
    const answer = await world.partner(sender).post('/v1/share-plans', { manifest: { ...unsealed, gateway: world.system.origin, created: world.clock.now().toISOString() }, lines });
    const refused = ((answer.json.reasons ?? []) as { code: string }[]).map(({ code }) => code).filter((code) => code !== 'NOBODY_LEFT');
    if (answer.status !== 200 || refused.length > 0) return { refused: [String(answer.status), ...refused] };
    return Object.fromEntries((answer.json.lines as LineDecided[]).filter(({ part }) => part !== undefined).map(({ recipient, part, reasons }) => [`${recipient.agency} ${part}`, reasons.map(({ code }) => code)]));
  }
  const GOES = { 'leicester-city-council part-1': [], 'leicester-city-council part-2': [], 'living-without-abuse part-1': [] };
  const lost = (...reasons: string[]) => ({ ...GOES, 'living-without-abuse part-1': reasons });

  test('LLR PD-04: a party is activated once somebody with authority to commit it has signed, and not before', async () => {
    const late = plan('melton-borough-council', 'district-council', 'melton', { contact: 'safeguarding', kind: 'team' }, { onFile: {} });
    expect(await codes(world.join(late))).toEqual(['SIGN_UP_INCOMPLETE']);
    expect(await codes(enter(late, { signed: { ...SIGNED, delegated: false } }))).toEqual(['SIGN_UP_INCOMPLETE']);
    expect(await codes(enter(late, { signed: { ...SIGNED, on: day(new Date(world.clock.now().getTime() + 2 * 86_400_000)) } }))).toEqual(['SIGN_UP_INCOMPLETE']);
    expect(await membership(late.agency)).toBeUndefined();
    expect(await codes(enter(late, { signed: SIGNED }))).toEqual([]);
    expect(await membership(late.agency)).toMatchObject({ status: 'active', signed_role: 'signatory', signed_on: '2024-03-20', signed_delegated: true });
    const told = (await world.partner(FORCE.agency).get('/v1/directory/agencies?limit=50')).json.items as AgencyTold[];
    expect(told.find(({ agency }) => agency === late.agency)?.memberships).toEqual([{ agreement: 'llr', entry: 'melton', status: 'active', binding: 'signed' }]);
  });

  test('LLR PD-04: a signed force shares with a signed council and charity through the gateway', async () => {
    expect(await planned(FORCE.agency)).toEqual(GOES);
  });

  test('LLR LB-07: a charity gets what is shared under a power to share with certain bodies once it is on file that it acts for one', async () => {
    const power = { '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115' };
    expect(await planned(FORCE.agency, power)).toEqual(lost('GATEWAY_NOT_AVAILABLE'));
    await enter(CHARITY, { signed: SIGNED, actsFor: ['local-authority'] });
    expect(await planned(FORCE.agency, power)).toEqual(GOES);
    await enter(CHARITY, { signed: SIGNED });
    expect(await planned(FORCE.agency, power)).toEqual(lost('GATEWAY_NOT_AVAILABLE'));
  });

  test('LLR AS-07: abroad nothing goes before safeguards are on file, and what probation shares never does', async () => {
    await world.db.owner.query(`update waybill.agency set country = 'US' where id = $1`, [CHARITY.agency]);
    expect(await planned(FORCE.agency)).toEqual(lost('TRANSFER_OUTSIDE_REGIONS'));
    await enter(CHARITY, { signed: SIGNED, transferSafeguards: '2024-05-01' });
    expect(await planned(FORCE.agency)).toEqual(GOES);
    expect((await planned(PROBATION.agency, FROM_PROBATION))['living-without-abuse part-1']).toContain('TRANSFER_OUTSIDE_REGIONS');
    await world.db.owner.query(`update waybill.agency set country = 'GB' where id = $1`, [CHARITY.agency]);
    await enter(CHARITY, { signed: SIGNED });
  });

  test('LLR LB-01: a hospital that the directory has as a public authority relies on no legitimate interest, and a hospice does', async () => {
    const hospice = await world.join(plan('rainbows-hospice', 'health-provider', 'rainbows', { contact: 'nurses', kind: 'team' }));
    const from = {
      '/sender': hospice.agency, '/manifest/sender': { agency: hospice.agency, contact: 'nurses', role: 'nurse' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/lawfulBasis': '6(1)(f)',
      '/lines/4/recipient': { agency: hospice.agency, contact: 'nurses' }, '/lines/4/decider': 'nurses', '/lines/4/role': 'nurse', '/lines/4/reasons': ['protects-from-harm', 'basis-explained'],
    };
    expect(await planned(hospice.agency, from)).toEqual(GOES);
    await world.db.owner.query('update waybill.agency set public_authority = true where id = $1', [hospice.agency]);
    expect(await planned(hospice.agency, from)).toEqual({ refused: ['200', 'BASIS_NOT_ALLOWED'] });
  });

  const FROM_PROBATION = {
    '/sender': PROBATION.agency, '/manifest/sender': { agency: PROBATION.agency, contact: 'offender-manager', role: 'probation-officer' }, '/manifest/legalGateway': 'protection-from-harassment-act-1997',
    '/lines/4/recipient': { agency: PROBATION.agency, contact: 'offender-manager' }, '/lines/4/decider': 'offender-manager', '/lines/4/role': 'probation-officer',
  };

  test('LLR PD-20: what probation shares goes to no team, and to a named person once the address is approved or one of secure mail', async () => {
    const before = await planned(PROBATION.agency, FROM_PROBATION);
    expect(before).toEqual({ 'leicester-city-council part-1': expect.arrayContaining(['NAMED_PERSON_REQUIRED']), 'leicester-city-council part-2': expect.anything(), 'living-without-abuse part-1': ['NOT_CJSM_OR_APPROVED'] });
    await world.system.registrar.checkContact(CHARITY.agency, { contact: 'outreach', approvedOn: '2024-05-02' });
    expect((await planned(PROBATION.agency, FROM_PROBATION))['living-without-abuse part-1']).toEqual([]);
    await world.db.owner.query('update waybill.contact set approved_on = null where agency = $1', [CHARITY.agency]);
    await world.system.registrar.checkContact(CHARITY.agency, { contact: 'outreach', cjsm: true });
    expect((await planned(PROBATION.agency, FROM_PROBATION))['living-without-abuse part-1']).toEqual([]);
  });

  test('LLR AS-04: what probation shares goes to a person whom its list names, and to no team or mailbox of the same agency', async () => {
    const kinds = async (kind: string) => {
      await world.db.owner.query('update waybill.contact set kind = $2, cjsm = true where agency = $1 and id = $3', [CITY.agency, kind, 'safeguarding-team']);
      return (await planned(PROBATION.agency, FROM_PROBATION))['leicester-city-council part-1'];
    };
    for (const kind of ['team', 'mailbox']) expect([kind, await kinds(kind)]).toEqual([kind, ['NAMED_PERSON_REQUIRED']]);
    expect(await kinds('person')).toEqual([]);
    expect(await planned(PROBATION.agency, { ...FROM_PROBATION, '/lines/0/recipient': { agency: CITY.agency, contact: 'nobody-listed' } })).not.toMatchObject({ 'leicester-city-council part-1': [] });
    await kinds('team');
  });

  test('LLR AS-05, AS-08: whoever shares what asks for it is told of a recipient that has not attested encryption at rest, and restricted devices on secure premises; once it has, it is not', async () => {
    const warned = async (sender: string, changes: Record<string, unknown>) => {
      const { manifest, lines } = proposed(signedAgreement, change(cases.world, { '/manifest/accuracy/on': '2025-01-07', ...changes, '/at': world.clock.now().toISOString(), '/lines/4/at': world.clock.now().toISOString() })).proposal;
      const { lines: _digests, ...unsealed } = manifest;
      const { json } = await world.partner(sender).post('/v1/share-plans', { manifest: { ...unsealed, gateway: world.system.origin, created: world.clock.now().toISOString() }, lines });
      return (json.warnings as { code: string; cause?: string }[]).filter(({ code }) => code.endsWith('_NOT_ATTESTED')).map(({ code, cause }) => `${code} ${cause}`).sort();
    };
    const both = [`AT_REST_NOT_ATTESTED ${CITY.agency}`, `AT_REST_NOT_ATTESTED ${CHARITY.agency}`, `DEVICES_NOT_ATTESTED ${CITY.agency}`, `DEVICES_NOT_ATTESTED ${CHARITY.agency}`];
    expect(await warned(PROBATION.agency, FROM_PROBATION)).toEqual(both);
    expect(await warned(FORCE.agency, {})).toEqual([]);
    const attests = async (agency: string, what: string, covers: string[]) => {
      const who = world.partner(agency);
      return (await who.form('POST', '/v1/memberships/llr/statements', await aboutMembership(world, who, 'llr', 'attests', { by: { agency, contact: 'governance' }, attested: { what, on: day(world.clock.now()), covers } }))).status;
    };
    expect(await attests(CITY.agency, 'at-rest', ['devices', 'servers'])).toBe(200);
    expect(await attests(CITY.agency, 'devices', ['managed-laptop', 'secure-premises'])).toBe(200);
    expect(await warned(PROBATION.agency, FROM_PROBATION)).toEqual(both.filter((each) => !each.endsWith(CITY.agency)));
  });

  test('LLR SU-04: while all are suspended a life at risk goes on, as two people decided under a power, and whoever asks still reads its register', async () => {
    const all = (status: string) => world.db.owner.query('update waybill.membership set status = $1', [status]);
    const emergency = { '/manifest/urgency': 'emergency', '/lines/4/secondDecider': 'governance' };
    await all('suspended');
    try {
      expect(await planned(FORCE.agency)).toEqual({ refused: expect.arrayContaining(['NO_COMMON_AGREEMENT']) });
      expect(await planned(FORCE.agency, emergency)).toEqual(GOES);
      expect(await planned(FORCE.agency, { ...emergency, '/lines/4/secondDecider': null })).toEqual({ refused: expect.arrayContaining(['NO_COMMON_AGREEMENT']) });
      expect((await world.partner(FORCE.agency).get('/v1/register/entries')).status).toBe(200);
    } finally {
      await all('active');
    }
  });

  test('what the directory said before is kept, with the time until which it did, and the registrar alone reads it', async () => {
    const directory = new Directory(world.system.database('registrar'));
    const told = () => world.system.database('registrar').transaction((tx) => directory.past(tx, CITY.agency));
    const before = (await told()).length;
    await enter(CITY, { signed: SIGNED, actsFor: ['public-health'] });
    await enter(CITY, { signed: { ...SIGNED, on: '2025-01-07' } });
    const past = (await told()).slice(0, -before || undefined);
    expect(past.map(({ kind, was }) => [kind, was['signed_on'], was['acts_for']])).toEqual([['membership', '2024-03-20', ['public-health']], ['membership', '2024-03-20', []]]);
    expect(past.every(({ until }) => until instanceof Date)).toBe(true);
    await expect(world.system.database('gateway').transaction((tx) => directory.past(tx, CITY.agency))).rejects.toThrow(/permission denied/);
    expect((await world.db.owner.query(`select count(*)::int as n from waybill.entry where controller = $1 and kind = 'party-changed'`, [CITY.agency])).rows).toEqual([{ n: 6 }]);
  });
});

describe('whose representative signed', () => {
  let world: World;
  const posts = { posts: ['accuracy-post', 'day-to-day-post', 'signatory'], telephone: '+441905960100' };
  const party = (agency: string, type: string, entry: string, onFile: AgencyPlan['onFile'] = {}): AgencyPlan => ({
    agency, name: agency, controller: { id: agency, name: agency }, type, entry, onFile, contacts: [{ contact: 'manager', kind: 'person', label: 'Manager', keys: true, ...posts }],
  });
  const TRUST = party('health-and-care-trust', 'health-provider', 'health-and-care-trust', { signed: SIGNED });
  const NURSERY = party('hop-pole-nursery', 'early-years', 'early-years');
  beforeAll(async () => {
    world = await openWorld({ agreement: 'worcestershire', cast: [TRUST, NURSERY] });
  });
  afterAll(() => world.close());

  test('WOR PD-03: it shows as represented, not as signed, and gets something once it has accepted for itself', async () => {
    const folder = loadFolder('deploy/agreements/worcestershire');
    if (!folder.ok || !folder.cases) throw new Error('the profile does not load');
    const [line] = folder.cases.world.lines;
    const now = world.clock.now().toISOString();
    const { manifest, lines } = proposed(folder.agreement, {
      ...folder.cases.world, at: now, manifest: { ...folder.cases.world.manifest, accuracy: { on: '2025-01-07', by: 'nurse' }, sender: { agency: TRUST.agency, contact: 'manager', role: 'nurse' } },
      lines: [{ ...line, recipient: { agency: NURSERY.agency, contact: 'manager' } } as object, { ...folder.cases.world.lines[4], recipient: { agency: TRUST.agency, contact: 'manager' }, decider: 'manager', at: now } as object],
    }).proposal;
    const { lines: _digests, ...unsealed } = manifest;
    const seen = async () => {
      const binding = ((await world.partner(TRUST.agency).get('/v1/directory/agencies?limit=50')).json.items as AgencyTold[]).map(({ agency, memberships: [of] }) => [agency, of?.binding]);
      const answer = await world.partner(TRUST.agency).post('/v1/share-plans', { manifest: { ...unsealed, gateway: world.system.origin, created: now }, lines });
      return [binding, (answer.json.lines as LineDecided[])[0]?.reasons.map(({ code }) => code)];
    };
    expect(await seen()).toEqual([[['health-and-care-trust', 'signed'], ['hop-pole-nursery', 'represented']], ['REPRESENTED_NOT_ACCEPTED']]);
    await world.system.registrar.activate(world.agreement, NURSERY.agency, { agreement: 'worcestershire', entry: 'early-years', acceptedOn: '2024-05-01' });
    expect(await seen()).toEqual([[['health-and-care-trust', 'signed'], ['hop-pole-nursery', 'accepted']], []]);
  });
});
