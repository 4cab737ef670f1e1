import { DAY, MINUTE } from '#platform/clock';
import type { Receipt } from '#protocol/answers';
import type { MeetingTold } from '#protocol/meeting-answers';
import { expectProblem } from '../journeys/referral';
import { Example } from '../world/example';
import { answerMatter, matterAt, putMatter, readWords, takenIn } from '../world/matters';
import { address, callMeeting, meetingTold, stateOfMeeting } from '../world/meetings';
import type { Answer, TestPartner } from '../world/partner';
import { eventually } from '../world/partnership';
import { profile } from '../world/profiles';

// A meeting of an agreement: who is invited and why, the statement of confidentiality, the attendance list, and to whom its notes go (S10).

const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[]).map(({ code }) => code).sort();
const struck = (receipt: Receipt): [string, string[]][] => receipt.struckOff.map(({ recipient, reasons }) => [`${recipient.agency}/${recipient.contact}`, reasons.map(({ code, cause }) => (cause ? `${code} ${cause}` : code))]);

describe('Worcestershire: a practice review board', () => {
  const [BOARD, NURSES, DOOR, DEPUTY, POLICE, STRANGER] = ['worcestershire-partnership/partnership-team', 'health-and-care-trust/safeguarding-nurses', 'worcestershire-children-first/family-front-door', 'worcestershire-children-first/review-team', 'west-mercia-police/public-protection', 'young-solutions/training-desk'];
  let example: Example;
  let meeting: string;
  const of = (to: string): TestPartner => example.world.partner(address(to).agency);
  const state = (to: string, kind: string, fields: Record<string, unknown> = {}, words?: string) =>
    stateOfMeeting(example.world, of(to), meeting, kind, { fields: { by: address(to), role: 'social-worker', ...fields }, ...(words === undefined ? {} : { words, to: [of(BOARD)] }) });
  const signIn = (to: string, details = 'shared') => state(to, 'signed-in', { details }, `${to}, a name and a number`);
  /** A share with these changes, from whom to whom, as it is refused or received. */
  const lines = (from: string, to: readonly string[], more: Record<string, unknown>) => [
    ...to.map((each) => ({ recipient: address(each), part: 'part-1', category: 'names', needToKnow: 'protects-from-harm', kind: 'fact', confidence: 'confirmed', ...more })),
    { recipient: address(to[0] as string), about: 'subject', reference: 'HS-318', band: 'under-16' },
    { ...profile('worcestershire').cases.world.lines.find((line) => 'about' in line && line.about === 'decision'), recipient: address(from), decider: address(from).contact, role: 'social-worker', at: example.world.clock.now().toISOString() },
  ];
  const shared = async (from: string, to: readonly string[], threads: Record<string, unknown>, { manifest = {}, line = {} }: { manifest?: Record<string, unknown>; line?: Record<string, unknown> } = {}) => {
    const share = await example.compose({
      '/sender': address(from).agency, '/manifest/sender': { ...address(from), role: 'social-worker' }, '/manifest/threads': threads, '/lines': lines(from, to, line),
      ...Object.fromEntries(Object.entries(manifest).map(([name, value]) => [`/manifest/${name}`, value])),
    });
    return { share, answer: await of(from).submit(share) };
  };
  const notes = (to: readonly string[], more: { manifest?: Record<string, unknown>; line?: Record<string, unknown>; item?: string } = {}) => shared(BOARD, to, { meeting, ...(more.item && { item: more.item }) }, more);

  beforeAll(async () => void (example = await Example.open('worcestershire')));
  afterAll(() => example?.close());

  test('WOR MT-02: a meeting is called with a reason for each who is invited; whoever has no part in it learns nothing of it, and it stands in the register of each that has', async () => {
    const call = (invited: Record<string, string>, fields: Record<string, unknown> = {}) => callMeeting(example.world, of(BOARD), BOARD, invited, { kind: 'practice-review', ...fields });
    expectProblem(await call({ [NURSES]: 'because' }), 422, 'MEETING_CODE_UNKNOWN');
    expectProblem(await call({ 'health-and-care-trust/nobody-there': 'advises' }), 422, 'INVITED_STRANGER');
    const invited = [[NURSES, 'holds-information'], [DOOR, 'works-with-person'], [POLICE, 'must-know']].map(([to = '', reason = '']) => ({ ...address(to), reason, ...(to === POLICE && { items: ['second-item'] }) }));
    const called = await call({}, { invited });
    expect(called.status).toBe(201);
    ({ meeting } = called.json as { meeting: string });
    expect(await meetingTold(of(NURSES), meeting)).toMatchObject({ kind: 'practice-review', confidentialityStated: false, people: expect.arrayContaining([expect.objectContaining({ reason: 'must-know', items: ['second-item'] })]) });
    expectProblem(await of(STRANGER).get(`/v1/meetings/${meeting}`), 404, 'NOT_FOUND');
    expect([(await of(STRANGER).get('/v1/meetings')).json, ((await of(POLICE).get('/v1/meetings')).json as { items: unknown[] }).items.length]).toEqual([{ items: [] }, 1]);
    const entries = (await example.world.db.owner.query<{ controller: string; octets: Buffer }>(`select controller, octets from waybill.entry where kind = 'meeting-called' order by controller`)).rows;
    expect(entries.map(({ controller }) => controller)).toEqual(['health-and-care-trust', 'west-mercia-chief-constable', 'worcestershire-children-first', 'worcestershire-county-council']);
  });

  test('WOR MT-01: nothing of it goes out before its chair has recorded that the statement of confidentiality was made; nobody else can', async () => {
    const early = (await notes([NURSES])).answer;
    expect([early.status, codesOf(early)]).toEqual([422, expect.arrayContaining(['CONFIDENTIALITY_NOT_STATED'])]);
    expectProblem(await state(NURSES, 'confidentiality-stated'), 422, 'NOT_YOURS_TO_STATE');
    expect((await state(BOARD, 'confidentiality-stated')).status).toBe(200);
    expect((await meetingTold(of(POLICE), meeting)).confidentialityStated).toBe(true);
  });

  test('WOR MT-03: whoever is there signs the list with name, role and contact details, sealed to whoever administers it; without a signature no notes', async () => {
    const unsigned = (await notes([NURSES])).answer;
    expect([unsigned.status, codesOf(unsigned)]).toEqual([422, expect.arrayContaining(['NOT_INVITED'])]);
    expectProblem(await state(NURSES, 'signed-in', { details: 'shared' }), 422, 'MEETING_STATEMENT_INCOMPLETE');
    expectProblem(await state(STRANGER, 'signed-in', { details: 'shared' }), 404, 'NOT_FOUND');
    expect((await signIn(NURSES)).status).toBe(200);
    const { statements } = await meetingTold(of(BOARD), meeting);
    const signed = statements.find(({ kind }) => kind === 'signed-in');
    const { id, role, by } = JSON.parse(Buffer.from(signed?.statement ?? '', 'base64').toString()) as { id: string; role: string; by: { contact: string } };
    expect([role, by.contact, await readWords(of(BOARD), Buffer.from(signed?.words ?? '', 'base64'), id, example.world.clock.now())]).toEqual(['social-worker', 'safeguarding-nurses', `${NURSES}, a name and a number`]);
    expect((await meetingTold(of(POLICE), meeting)).statements.every(({ words }) => words === undefined)).toBe(true);
    const rows = (await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind like 'meeting-%'`)).rows;
    expect(rows.map(({ octets }) => octets.toString()).join()).not.toContain('a name and a number');
  });

  test('WOR MT-10: whoever signs in is told that its contact details are shown to the others unless it objects; who objects is shown to whoever administers it alone', async () => {
    expect((await meetingTold(of(POLICE), meeting)).notice).toMatch(/unless you object/);
    expect((await signIn(POLICE, 'objects')).status).toBe(200);
    const shown = async (to: string) => ((await meetingTold(of(to), meeting)) as MeetingTold).people.find(({ agency }) => agency === 'west-mercia-police')?.contact;
    expect([await shown(NURSES), await shown(POLICE), await shown(BOARD)]).toEqual([undefined, 'public-protection', 'public-protection']);
  });

  let held: string;
  test('WOR MT-05: notes go to those who were invited or deputised for them, and signed; an invited person who sent a deputy, and whoever was not invited, get none', async () => {
    expectProblem(await state(DOOR, 'deputised', { for: address(DOOR), deputy: address(POLICE) }), 422, 'INVITED_STRANGER');
    expect((await state(DOOR, 'deputised', { for: address(DOOR), deputy: address(DEPUTY) })).status).toBe(200);
    expect((await signIn(DEPUTY)).status).toBe(200);
    const { share, answer } = await notes([NURSES, DEPUTY, DOOR, STRANGER]);
    expect(answer.status).toBe(202);
    const receipt = answer.json as Receipt;
    expect(receipt.transfers.map(({ recipient }) => `${recipient.agency}/${recipient.contact}`).sort()).toEqual([NURSES, DEPUTY].sort());
    expect(struck(receipt).sort()).toEqual([[DOOR, ['NOT_INVITED not-signed']], [STRANGER, ['NOT_INVITED not-invited']]]);
    held = share.id;
    await takenIn(of(DEPUTY), share, receipt.manifestDigest);
  });

  test('WOR MT-02: of an item that is restricted, notes go to those alone who were there for it', async () => {
    const { answer } = await notes([NURSES, POLICE], { item: 'first-item' });
    expect([answer.status, struck(answer.json as Receipt)]).toEqual([202, [[POLICE, ['NOT_INVITED other-item']]]]);
    expect(struck((await notes([NURSES, POLICE], { item: 'second-item' })).answer.json as Receipt)).toEqual([]);
  });

  test('WOR MT-04: notes go as OFFICIAL-SENSITIVE, whatever their sender marks them, and it is told so', async () => {
    const { share, answer } = await notes([NURSES], { manifest: { classification: 'OFFICIAL' } });
    expect([answer.status, (answer.json as Receipt).warnings.map(({ code }) => code)]).toEqual([202, expect.arrayContaining(['CLASSIFICATION_RAISED'])]);
    const [entry] = (await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind = 'share-announced' and convert_from(octets, 'UTF8') like '%' || $1 || '%'`, [share.id])).rows;
    const { provenance } = await eventually(async () => (await example.world.db.owner.query<{ provenance: string }>('select provenance from waybill.transfer where share = $1', [share.id])).rows[0]);
    expect(JSON.parse(Buffer.from(provenance.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ classification: 'OFFICIAL-SENSITIVE' });
    expect(JSON.parse(entry?.octets.toString() ?? '{}')).toMatchObject({ meeting });
  });

  test('WOR MT-08: in notes fact is told from opinion and doubt is stated, or the part stays behind', async () => {
    for (const [line, code] of [[{ kind: undefined }, 'FACT_OPINION_UNMARKED'], [{ confidence: undefined }, 'DOUBT_NOT_STATED']] as const) {
      const { answer } = await notes([NURSES], { line });
      expect([answer.status, codesOf(answer)]).toEqual([422, expect.arrayContaining([code])]);
    }
    expect((await notes([NURSES], { line: { kind: 'opinion', confidence: 'doubtful', doubt: 'second-hand' } })).answer.status).toBe(202);
  });

  test('WOR MT-06 MT-07 PU-06: whoever has the notes uses them for somebody else only with the chair’s consent and every partner’s agreement, each to this recipient and purpose', async () => {
    const previous = { previous: held };
    const again = () => shared(DEPUTY, [STRANGER], previous);
    expect(codesOf((await again()).answer)).toEqual(expect.arrayContaining(['MEETING_USE_NOT_AGREED', 'ONWARD_CONSENT_REQUIRED']));
    // The controller that shared it agrees, as for everything that is passed on.
    const transfer = (await example.world.db.owner.query<{ id: string }>('select id from waybill.transfer where share = $1 and recipient = $2', [held, address(DEPUTY).agency])).rows[0]?.id ?? '';
    expect((await putMatter(example.world, of(DEPUTY), 'approval', transfer, { fields: { purpose: 'welfare-and-safeguarding', recipients: ['young-solutions'] } })).status).toBe(201);
    const { matter } = await matterAt(of(BOARD), 'approval', transfer);
    expect((await answerMatter(example.world, of(BOARD), matter, 'agreed', { fields: { approver: 'partnership-team' } })).status).toBe(200);
    example.world.clock.advance(MINUTE);
    expect(codesOf((await again()).answer)).toEqual(expect.arrayContaining(['MEETING_USE_NOT_AGREED']));
    const consent = (to: string, more: Record<string, unknown> = {}) => state(to, 'reuse-agreed', { recipients: ['young-solutions'], purpose: 'welfare-and-safeguarding', ...more });
    expectProblem(await state(BOARD, 'reuse-agreed', { recipients: ['young-solutions'] }), 422, 'MEETING_STATEMENT_INCOMPLETE');
    expectProblem(await consent(STRANGER), 404, 'NOT_FOUND');
    for (const [to, more] of [[BOARD, { recipients: ['west-mercia-police'] }], [BOARD, {}], [NURSES, {}]] as const) {
      expect((await consent(to, more)).status).toBe(200);
      expect(codesOf((await again()).answer)).toEqual(expect.arrayContaining(['MEETING_USE_NOT_AGREED']));
    }
    expect((await meetingTold(of(BOARD), meeting)).partners).toEqual(['health-and-care-trust', 'west-mercia-police', 'worcestershire-children-first']);
    expect((await consent(POLICE)).status).toBe(200);
    expect((await again()).answer.status).toBe(202);
  });

  test('WOR MT-09: where whoever co-ordinates makes the members joint controllers, notes wait for the terms of confidentiality and indemnity', async () => {
    const called = await callMeeting(example.world, of(BOARD), BOARD, { [NURSES]: 'advises' }, { joint: true });
    ({ meeting } = called.json as { meeting: string });
    for (const [to, kind] of [[BOARD, 'confidentiality-stated']] as const) expect((await state(to, kind)).status).toBe(200);
    expect((await signIn(NURSES)).status).toBe(200);
    expect(codesOf((await notes([NURSES])).answer)).toEqual(['MEETING_TERMS_MISSING']);
    expectProblem(await state(NURSES, 'terms-attached', { terms: 'ab'.repeat(32) }), 422, 'NOT_YOURS_TO_STATE');
    expect((await state(BOARD, 'terms-attached', { terms: 'ab'.repeat(32) })).status).toBe(200);
    expect((await notes([NURSES])).answer.status).toBe(202);
  });
});

describe('Leicestershire: a panel', () => {
  const [COUNCIL, CHARITY] = ['leicester-city-council/safeguarding-team', 'living-without-abuse/outreach'];
  let example: Example;
  let meeting: string;
  const state = (who: TestPartner, kind: string, fields: Record<string, unknown> = {}) => stateOfMeeting(example.world, who, meeting, kind, { fields: { role: 'social-worker', ...fields } });
  const submitted = async (changes: Record<string, unknown> = {}) => {
    const share = await example.compose({ '/manifest/threads': { meeting }, ...changes });
    return { share, answer: await example.sender.submit(share) };
  };
  beforeAll(async () => {
    example = await Example.open('llr');
    const called = await callMeeting(example.world, example.sender, COUNCIL, { [COUNCIL]: 'represents', [CHARITY]: 'works-with-person' }, { joint: true, kind: 'child-death-overview' });
    expect(called.status).toBe(201);
    ({ meeting } = called.json as { meeting: string });
  });
  afterAll(() => example?.close());

  test('LLR MT-09: notes of a meeting that makes its members joint controllers go out once its administration has attached the terms', async () => {
    const { answer } = await submitted();
    expect([answer.status, codesOf(answer)]).toEqual([422, ['MEETING_TERMS_MISSING']]);
    expect((await state(example.sender, 'terms-attached', { terms: 'cd'.repeat(32) })).status).toBe(200);
    expect((await submitted()).answer.status).toBe(202);
  });

  test('LLR SP-02: an action of the panel goes to the organisation that it names, which states that it has it; what nobody takes up goes from desk to co-ordinator by itself', async () => {
    const { share, answer } = await submitted();
    const [{ transfer } = { transfer: '' }] = (answer.json as Receipt).transfers.filter(({ recipient }) => recipient.agency === 'living-without-abuse');
    const duty = async () => (await example.world.db.owner.query<{ kind: string; owner: string; owner_role: string; closed_at: Date | null }>('select kind, owner, owner_role, closed_at from waybill.duty where transfer = $1 order by opened_at', [transfer])).rows;
    await eventually(async () => (await duty()).some(({ kind }) => kind === 'collect'));
    expect(await duty()).toEqual([expect.objectContaining({ owner: 'living-without-abuse', owner_role: 'owner', closed_at: null })]);
    example.world.clock.advance(3 * DAY + MINUTE);
    await eventually(async () => (await duty()).some(({ owner_role: role }) => role === 'coordinator'));
    await takenIn(example.world.partner('living-without-abuse'), share, (answer.json as Receipt).manifestDigest);
    await eventually(async () => (await duty()).every(({ closed_at: closed }) => closed !== null));
  });
});
