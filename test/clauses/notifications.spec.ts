import { NOTIFICATION_LINE, NOTIFICATION_STATING } from '#policy/notifications';
import { uuid7 } from '#platform/ids';
import { sha256 } from '#protocol/digest';
import { answerMatter, putMatter, stateKept, takenIn } from '../world/matters';
import { callMeeting } from '../world/meetings';
import { Example } from '../world/example';
import { CIRCULATOR, circulated, daysFrom, draft, draftFields, dutiesAbout, dutyAbout, HOST, ISSUER, OUTSIDER, POLICE, recordedOf, SCHOOL, stateOf, submitted, TO_CIRCULATOR, told } from '../world/notifications';
import { eventually } from '../world/partnership';
import type { Answer, Composed } from '../world/partner';

// A notification about a provider, from its draft to its disposal: who states what, who sees it, and what follows.

let example: Example;
beforeAll(async () => {
  example = await Example.open('nwadcs');
});
afterAll(() => example?.close());

const at = (agency: string) => example.world.partner(agency);
const codesOf = (answer: Answer): string[] => ((answer.json as { reasons?: { code: string }[] }).reasons ?? []).map(({ code }) => code);
const stateIn = async (agency: string, notification: string): Promise<string> => ((await told(example, agency, notification)).json as { state: string }).state;
/** The same to another, by a recipient that has it. */
const passedOn = (share: string, notification: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  '/sender': SCHOOL, '/manifest/sender': { agency: SCHOOL, contact: 'safeguarding', role: 'designated-safeguarding-lead' }, '/manifest/threads': { previous: share, notification }, '/lines/4/recipient': { agency: SCHOOL, contact: 'safeguarding' },
  '/lines/4/decider': 'safeguarding', '/lines/4/role': 'designated-safeguarding-lead', '/lines/3': null, '/lines/2': null, '/lines/0/recipient': { agency: HOST, contact: 'provider-store' }, '/lines/1/recipient': { agency: HOST, contact: 'provider-store' }, ...more,
});

/** What of it is no ciphertext. */
const opened = ({ manifest, lines }: Composed): { manifest: Record<string, unknown>; lines: Record<string, unknown>[] } => ({ manifest: JSON.parse(manifest.toString()) as Record<string, unknown>, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });

describe('a draft', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['NWADCS IN-01: about a provider by its number in a public register: a person’s is no such number', 'NOT_A_PROVIDER', { provider: { register: 'ofsted-social-care', number: '943-476-5919', kind: 'childrens-social-care' } }],
    ['NWADCS IN-01: of one of two kinds', 'NOT_A_PROVIDER', { provider: { register: 'ofsted-social-care', number: 'SC123456', kind: 'hospital' } }],
    ['NWADCS IN-01: of a kind that the register has', 'NOT_A_PROVIDER', { provider: { register: 'establishment-urn', number: '123456', kind: 'childrens-social-care' } }],
    ['NWADCS IN-02: necessary and proportionate', 'NECESSITY_MISSING', { proportionate: false }],
    ['NWADCS IN-02: for one of three purposes', 'PURPOSE_NOT_IN_AGREEMENT', { purpose: 'curiosity' }],
    ['NWADCS IN-03, PU-13: not to manage performance', 'PROHIBITED_PURPOSE', { purpose: 'performance-management' }],
    ['NWADCS IN-03, PU-13: not for a dispute about a contract', 'PROHIBITED_PURPOSE', { purpose: 'contractual-dispute' }],
    ['NWADCS IN-03, PU-13: not to influence a provider unduly', 'PROHIBITED_PURPOSE', { purpose: 'undue-influence' }],
    ['NWADCS IN-03: confirmed of each purpose that is prohibited', 'PROHIBITED_NOT_EXCLUDED', { notFor: ['performance-management', 'undue-influence'] }],
    ['NWADCS IN-04: confirmed by somebody senior', 'OFFICER_NOT_SENIOR', { officer: { contact: 'placements', role: 'social-worker', on: '2026-01-05' } }],
    ['NWADCS IN-04: confirmed by somebody of the issuer', 'OFFICER_NOT_SENIOR', { officer: { contact: 'somebody-else', role: 'lead-officer', on: '2026-01-05' } }],
    ['NWADCS IN-05, LB-15: of what is complex or novel the impact is answered', 'IMPACT_NOT_CONSIDERED', { impact: { novel: true } }],
    ['NWADCS IN-11: reviewed on a day that is still to come', 'REVIEW_DAY_WRONG', { reviewOn: '2026-01-05' }],
    ['NWADCS IN-14: the provider is told, or there is a reason', 'INFORMING_NOT_ANSWERED', { provided: { told: false } }],
    ['with words of its own vocabulary', 'NOTIFICATION_CODE_UNKNOWN', { necessity: 'because' }],
  ])('%s', async (_name, code, fields) => {
    const answer = await draft(example, fields);
    expect([answer.status, codesOf(answer)]).toEqual([422, expect.arrayContaining([code])]);
  });

  test('NWADCS IN-04, IN-05, IN-14: who confirmed it, its assessment and whether the provider knows stand in the issuer’s register, and nobody else sees a draft', async () => {
    const answer = await draft(example, { impact: { novel: true, assessment: 'DPIA-17' }, provided: { told: false, because: 'prejudices-investigation' } });
    expect(answer.status).toBe(201);
    const { notification } = answer.json as { notification: string };
    const [entry] = await recordedOf(example, ISSUER, notification);
    expect(entry).toMatchObject({ stated: 'drafted', officer: { contact: 'placements', role: 'lead-officer' }, impact: { novel: true, assessment: 'DPIA-17' }, provided: { told: false, because: 'prejudices-investigation' }, notFor: draftFields(example)['notFor'] });
    for (const agency of [CIRCULATOR, HOST, SCHOOL]) expect([agency, (await told(example, agency, notification)).status, await recordedOf(example, agency, notification)]).toEqual([agency, 404, []]);
  });
});

test('NWADCS IN-06, ML-05: it goes from its issuer to whoever circulates, is returned or circulated by nobody else, and only by a share that names it', async () => {
  const { notification, share } = await submitted(example);
  expect((await dutyAbout(example, CIRCULATOR, notification, 'circulate-notification')).kind).toBeDefined();
  for (const kind of ['circulated', 'returned']) expect([kind, codesOf(await stateOf(example, ISSUER, kind, notification, kind === 'returned' ? { reason: 'not-clear' } : { share: share.id }))]).toEqual([kind, ['NOT_YOURS_TO_STATE']]);
  expect((await stateOf(example, SCHOOL, 'circulated', notification, { share: share.id })).status).toBe(404);
  expect(codesOf(await stateOf(example, CIRCULATOR, 'circulated', notification, { share: share.id }))).toEqual(['SHARE_NOT_OF_IT']);
  const unnamed = await example.send();
  expect(codesOf(await stateOf(example, CIRCULATOR, 'circulated', notification, { share: unnamed.share.id }))).toEqual(['SHARE_NOT_OF_IT']);

  expect((await stateOf(example, CIRCULATOR, 'returned', notification, { reason: 'more-than-needed' })).json).toMatchObject({ state: 'returned' });
  expect((await dutiesAbout(example, CIRCULATOR, notification)).map(({ kind }) => kind)).toEqual([]);
  expect((await dutiesAbout(example, ISSUER, notification)).map(({ kind }) => kind)).toEqual(['amend-notification']);
  expect(codesOf(await stateOf(example, ISSUER, 'submitted', notification, { share: share.id }))).toEqual(['NOT_IN_THIS_STATE']);
  expect((await stateOf(example, ISSUER, 'drafted', notification, { ...draftFields(example), purpose: 'protect-children' })).json).toMatchObject({ state: 'drafted', purpose: 'protect-children' });
  const again = await example.send({ ...TO_CIRCULATOR, '/manifest/threads': { notification } });
  expect((await stateOf(example, ISSUER, 'submitted', notification, { share: again.share.id })).json).toMatchObject({ state: 'submitted' });
  expect(await dutiesAbout(example, ISSUER, notification)).toEqual([]);
});

test('NWADCS ML-05: an issuer addresses nobody on the list itself; what it asks of one agency, or answers, goes there', async () => {
  const toSchool = { ...TO_CIRCULATOR, '/lines/0/recipient': { agency: SCHOOL, contact: 'safeguarding' } };
  const { receipt } = await example.send(toSchool);
  expect(receipt.transfers.map(({ recipient }) => recipient.agency)).toEqual([CIRCULATOR]);
  expect(receipt.struckOff.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([['CIRCULATED_BY_ANOTHER']]);
  const alone = await at(ISSUER).submit(await example.compose({ ...toSchool, '/lines/1/recipient': { agency: SCHOOL, contact: 'safeguarding' }, '/lines/3/recipient': { agency: SCHOOL, contact: 'safeguarding' } }));
  expect([alone.status, codesOf(alone)]).toEqual([422, expect.arrayContaining(['CIRCULATED_BY_ANOTHER'])]);
  // A draft that is nobody's cannot be named.
  const unknown = await at(ISSUER).submit(await example.compose({ ...TO_CIRCULATOR, '/manifest/threads': { notification: uuid7() } }));
  expect(codesOf(unknown)).toEqual(['NOTIFICATION_UNKNOWN']);
});

describe('once it is circulated', () => {
  test('NWADCS PV-09, IN-08, IN-10: its line is taken note of when it is read; what a recipient then decides is its own record, seen by nobody else unless it tells', async () => {
    const { notification } = await circulated(example);
    expect((await told(example, SCHOOL, notification)).json).toMatchObject({ line: NOTIFICATION_LINE, parts: ['recipient'], recipients: [] });
    expect(NOTIFICATION_LINE).toMatch(/^For information only/);
    expect(codesOf(await stateOf(example, SCHOOL, 'acted', notification, { action: 'contact-provider' }))).toEqual(['NOT_TAKEN_NOTE']);
    expect(codesOf(await stateOf(example, SCHOOL, 'read', notification))).toEqual(['NOT_TAKEN_NOTE']);
    expect((await stateOf(example, SCHOOL, 'read', notification, { informationOnly: true })).status).toBe(200);
    for (const action of ['contact-issuer', 'contact-provider', 'organise-meeting', 'obtain-information', 'legal-advice', 'none']) expect([action, (await stateOf(example, SCHOOL, 'acted', notification, { action })).status]).toEqual([action, 200]);
    expect(codesOf(await stateOf(example, SCHOOL, 'acted', notification, { action: 'refuse-placements' }))).toEqual(['NOTIFICATION_CODE_UNKNOWN']);

    const kinds = async (agency: string): Promise<string[]> => ((await told(example, agency, notification)).json as { statements: { kind: string }[] }).statements.map(({ kind }) => kind);
    expect((await kinds(SCHOOL)).filter((kind) => kind === 'acted')).toHaveLength(6);
    for (const agency of [ISSUER, CIRCULATOR, POLICE, HOST]) expect([agency, await kinds(agency)]).toEqual([agency, expect.not.arrayContaining(['acted'])]);
    expect((await recordedOf(example, SCHOOL, notification)).filter(({ stated }) => stated === 'acted')).toHaveLength(6);
    for (const agency of [ISSUER, CIRCULATOR, 'marl-chief-constable', HOST]) expect((await recordedOf(example, agency, notification)).filter(({ stated }) => stated === 'acted')).toEqual([]);
    expect((await stateOf(example, SCHOOL, 'action-told', notification, { action: 'organise-meeting' })).status).toBe(200);
    for (const agency of [ISSUER, CIRCULATOR]) expect(await kinds(agency)).toContain('action-told');
    for (const agency of [POLICE, HOST]) expect(await kinds(agency)).not.toContain('action-told');
    // Who received it, and who read it, whoever circulated it knows; and nobody else.
    expect((await told(example, CIRCULATOR, notification)).json).toMatchObject({ recipients: [{ agency: POLICE }, { agency: SCHOOL, readAt: expect.any(String) }] });
    for (const agency of [ISSUER, POLICE, HOST]) expect((await told(example, agency, notification)).json).toMatchObject({ recipients: [] });
  });

  test('NWADCS IN-09: no list says which provider one is about or takes a filter; whoever thinks of a placement asks of one provider, sees date, state and that it is no bar, and that it asked is on record', async () => {
    const { notification } = await circulated(example, { provider: { register: 'establishment-urn', number: '654321', kind: 'education' } });
    const open = await at(SCHOOL).get('/v1/notifications?state=circulated&provider=654321&open=true');
    expect(open.body.toString()).not.toContain('654321');
    expect((open.json as { items: unknown[] }).items).toEqual(((await at(SCHOOL).get('/v1/notifications')).json as { items: unknown[] }).items);
    const looked = await at(SCHOOL).get('/v1/notifications/placement?register=establishment-urn&number=654321');
    expect(looked.json).toMatchObject({ bar: false, line: expect.stringMatching(/Not a bar to placement/), items: [{ notification, state: 'circulated', circulatedAt: expect.any(String), line: expect.stringMatching(/Not a bar to placement/) }] });
    for (const query of ['', '?register=establishment-urn', '?register=establishment-urn&number=%25', '?register=establishment-urn&number=654321&number=123456']) expect([query, (await at(SCHOOL).get(`/v1/notifications/placement${query}`)).status]).toEqual([query, 400]);
    // Who has no part in it finds nothing: it is told by whoever circulates, to those on the list.
    expect((await at('nwadcs').get('/v1/notifications/placement?register=establishment-urn&number=654321')).json).toMatchObject({ items: [{ notification }] });
    expect((await at(HOST).get('/v1/notifications/placement?register=establishment-urn&number=100000')).json).toMatchObject({ items: [], bar: false });
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where controller = $1 and kind = 'provider-looked-up'`, [SCHOOL]);
    expect(rows.map(({ octets }) => JSON.parse(octets.toString()) as object)).toEqual([expect.objectContaining({ provider: { register: 'establishment-urn', number: '654321' }, count: 1 })]);
  });

  test('NWADCS IN-07, PU-07: inside the agreement it is passed on with a reason, and whoever gets it so has a part in it; outside it never is, by whatever way and on whatever ground', async () => {
    const { notification, share } = await circulated(example);
    const inside = await example.send(passedOn(share.id, notification));
    expect(inside.receipt.transfers.map(({ recipient }) => recipient.agency)).toEqual([HOST]);
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where controller = $1 and kind = 'share-sent'`, [SCHOOL]);
    expect(rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).find((each) => each['share'] === inside.share.id)).toMatchObject({ previous: share.id, notification, decision: { reasons: ['protects-from-harm'] } });
    await eventually(async () => ((await told(example, HOST, notification)).json as { transfers: string[] }).transfers.length === 1);
    const { manifest: { lines: _digests, ...manifest }, lines } = opened(await example.compose(passedOn(share.id, notification)));
    const outside = lines.map((line) => ('part' in line ? { ...line, recipient: { agency: OUTSIDER, contact: 'front-door' } } : line));
    for (const more of [{}, { urgency: 'emergency', onward: { ground: 'person-at-risk', approver: 'safeguarding' } }]) {
      const planned = await at(SCHOOL).post('/v1/share-plans', { manifest: { ...manifest, ...more }, lines: outside });
      expect(JSON.stringify(planned.json)).toContain('OUTSIDE_PROTOCOL');
    }
    const spoken = await at(SCHOOL).post('/v1/disclosure-plans', { manifest, lines: outside.map(({ part: _part, digest: _digest, salt: _salt, ...line }) => line), route: { by: 'verbal', at: example.world.clock.now().toISOString() } });
    expect([spoken.status, JSON.stringify(spoken.json)]).toEqual([200, expect.stringContaining('OUTSIDE_PROTOCOL')]);
  });

  test('NWADCS IN-11: its issuer and whoever circulates are told a week before its review and when it is overdue; what came of it sets the next', async () => {
    const { notification } = await circulated(example);
    const due = daysFrom(example.world.clock.now(), 60);
    for (const [agency, kind] of [[CIRCULATOR, 'review-notification'], [ISSUER, 'confirm-notification']] as const) expect(await dutyAbout(example, agency, notification, kind)).toMatchObject({ overdue: false, dueAt: expect.stringContaining(due) });
    const { rows } = await example.world.db.owner.query<{ steps: string[]; tells: string[]; opened: Date }>(`select steps, tells, opened_at as opened from waybill.duty where notification = $1 and kind = 'review-notification'`, [notification]);
    const [week, day] = (rows[0]?.steps ?? []).map((ms) => new Date((rows[0]?.opened.getTime() ?? 0) + Number(ms)).toISOString().slice(0, 10));
    expect([week, day]).toEqual([daysFrom(example.world.clock.now(), 53), due]);
    await example.world.db.owner.query(`update waybill.duty set due_at = now() - interval '1 day' where notification = $1`, [notification]);
    expect(await dutyAbout(example, CIRCULATOR, notification, 'review-notification')).toMatchObject({ overdue: true });
    expect((await stateOf(example, CIRCULATOR, 'under-review', notification)).json).toMatchObject({ state: 'under-review' });
    expect(codesOf(await stateOf(example, CIRCULATOR, 'followed-up', notification, { reason: 'stands', reviewOn: '2026-01-05' }))).toEqual(['REVIEW_DAY_WRONG']);
    const next = daysFrom(example.world.clock.now(), 90);
    expect((await stateOf(example, CIRCULATOR, 'followed-up', notification, { reason: 'stands', reviewOn: next })).json).toMatchObject({ state: 'followed-up', reviewOn: next });
    for (const [agency, kind] of [[CIRCULATOR, 'review-notification'], [ISSUER, 'confirm-notification']] as const) expect(await dutyAbout(example, agency, notification, kind)).toMatchObject({ overdue: false, dueAt: expect.stringContaining(next) });
  });

  test('NWADCS IN-16: whoever received it opens a meeting from it, across authorities, and everybody in that sees from which; who has no part in it opens none', async () => {
    const { notification } = await circulated(example);
    const invited = { [`${ISSUER}/placements`]: 'must-know', [`${SCHOOL}/safeguarding`]: 'must-know' };
    const from = (agency: string, of: string) => callMeeting(example.world, at(agency), `${ISSUER}/placements`, invited, { kind: 'provider-concerns', notification: of });
    const called = await from(POLICE, notification);
    expect([called.status, codesOf(called)]).toEqual([201, []]);
    const { meeting } = called.json as { meeting: string };
    for (const agency of [POLICE, ISSUER, SCHOOL]) expect((await at(agency).get(`/v1/meetings/${meeting}`)).json).toMatchObject({ notification, administrator: POLICE });
    expect(codesOf(await from(POLICE, uuid7()))).toEqual(['NOTIFICATION_NOT_HAD']);
    const { notification: unsent } = (await draft(example)).json as { notification: string };
    expect(codesOf(await from(POLICE, unsent))).toEqual(['NOTIFICATION_NOT_HAD']);
  });

  test('NWADCS IN-12: a concern about how its issuer uses the protocol is between whoever circulates and that issuer, with facts and outcome', async () => {
    const { submission, submittedAs } = await circulated(example);
    await takenIn(at(CIRCULATOR), submittedAs, sha256(submittedAs.manifest));
    const put = await putMatter(example.world, at(CIRCULATOR), 'concern', submission, { fields: { reason: 'not-reviewed' }, words: 'the facts', to: [at(ISSUER)] });
    expect([put.status, codesOf(put)]).toEqual([201, []]);
    const { matter } = put.json as { matter: string };
    expect((await at(ISSUER).get('/v1/duties?limit=200')).json.items).toContainEqual(expect.objectContaining({ kind: 'answer-concern', matter }));
    expect((await answerMatter(example.world, at(ISSUER), matter, 'practice-changed')).json).toMatchObject({ answer: 'practice-changed' });
    for (const agency of [SCHOOL, POLICE, HOST]) expect([agency, (await at(agency).get(`/v1/matters/${matter}`)).status]).toEqual([agency, 404]);
    for (const agency of [CIRCULATOR, ISSUER]) expect((await at(agency).get(`/v1/matters/${matter}`)).json).toMatchObject({ kind: 'concern', answer: 'practice-changed' });
  });

  test('NWADCS CH-14, IN-15: its sealed copy is deposited in the provider’s folder of the host’s store, and confirmed with folder and hash', async () => {
    const { notification } = await circulated(example);
    expect(await dutyAbout(example, CIRCULATOR, notification, 'deposit-notification')).toBeDefined();
    const copy = { folder: 'SC-123456', digest: 'ab'.repeat(32) };
    expect(codesOf(await stateOf(example, SCHOOL, 'deposited', notification, copy))).toEqual(['NOT_YOURS_TO_STATE']);
    expect((await stateOf(example, CIRCULATOR, 'deposited', notification, copy)).json).toMatchObject({ state: 'circulated', deposit: copy });
    expect((await dutiesAbout(example, CIRCULATOR, notification)).map(({ kind }) => kind)).toEqual(['review-notification']);
    expect(await recordedOf(example, HOST, notification)).toContainEqual(expect.objectContaining({ stated: 'deposited', ...copy, by: CIRCULATOR }));
  });
});

test('NWADCS IN-13, RT-11: rescinded, it is told to everybody who received it, by whatever way, with the reason; it is open nowhere, passed on to nobody, and each copy’s time begins; the host’s schedule keeps it and then it is gone', async () => {
  const { notification, share, transfers } = await circulated(example);
  const schoolCopy = await takenIn(at(SCHOOL), share, sha256(share.manifest));
  expect(schoolCopy.transfer).toBe(transfers.get(SCHOOL));
  await stateKept(example.world, at(SCHOOL), schoolCopy.transfer, 'ruled', { months: 72, event: 'rescinded-or-closed' });
  const kept = async () => ((await at(SCHOOL).get(`/v1/retention/${schoolCopy.transfer}`)).json as { startedOn?: string; dueOn?: string });
  expect(await kept()).not.toHaveProperty('startedOn');
  await example.send(passedOn(share.id, notification));
  await eventually(async () => ((await told(example, HOST, notification)).json as { transfers: string[] }).transfers.length === 1);

  expect(codesOf(await stateOf(example, SCHOOL, 'rescinded', notification, { reason: 'not-founded' }))).toEqual(['NOT_YOURS_TO_STATE']);
  expect(codesOf(await stateOf(example, HOST, 'retained', notification, { schedule: 'CS-14', months: 75 }))).toEqual(['NOT_IN_THIS_STATE']);
  expect((await stateOf(example, ISSUER, 'rescinded', notification, { reason: 'not-founded' })).json).toMatchObject({ state: 'rescinded', because: 'not-founded' });
  for (const [agency, controller] of [[SCHOOL, SCHOOL], [POLICE, 'marl-chief-constable'], [HOST, HOST]] as const) {
    await dutyAbout(example, agency, notification, 'note-notification-ended');
    expect(await recordedOf(example, controller, notification, 'notification-ended')).toEqual([expect.objectContaining({ because: 'not-founded', circulator: CIRCULATOR })]);
    const shown = (await told(example, agency, notification)).json as object;
    expect(shown).toMatchObject({ state: 'rescinded', endedAt: expect.any(String), because: 'not-founded' });
    expect(shown).not.toHaveProperty('reviewOn');
  }
  expect((await dutiesAbout(example, CIRCULATOR, notification)).map(({ kind }) => kind)).not.toContain('review-notification');
  const today = daysFrom(example.world.clock.now(), 0);
  await eventually(async () => (await kept()).startedOn === today);
  expect((await kept()).dueOn?.slice(0, 4)).toBe(String(Number(today.slice(0, 4)) + 6));
  const after = await at(SCHOOL).submit(await example.compose(passedOn(share.id, notification)));
  expect(codesOf(after)).toEqual(expect.arrayContaining(['NOTIFICATION_OVER']));
  expect(codesOf(await stateOf(example, CIRCULATOR, 'circulated', notification, { share: share.id }))).toEqual(['NOT_IN_THIS_STATE']);

  expect(await dutyAbout(example, HOST, notification, 'retain-notification')).toBeDefined();
  expect(codesOf(await stateOf(example, CIRCULATOR, 'retained', notification, { schedule: 'CS-14', months: 75 }))).toEqual(['NOT_YOURS_TO_STATE']);
  expect((await stateOf(example, HOST, 'retained', notification, { schedule: 'CS-14', months: 0 })).json).toMatchObject({ state: 'retained', keepUntil: today });
  expect(codesOf(await stateOf(example, HOST, 'disposed', notification, { method: 'electronic-shredding', on: daysFrom(example.world.clock.now(), 2) }))).toEqual(['NOT_YET']);
  expect((await stateOf(example, HOST, 'disposed', notification, { method: 'electronic-shredding', on: today })).json).toMatchObject({ state: 'disposed' });
  expect(await recordedOf(example, HOST, notification)).toContainEqual(expect.objectContaining({ stated: 'disposed', method: 'electronic-shredding', on: today }));
  expect((await at(SCHOOL).get('/v1/notifications/placement?register=ofsted-social-care&number=SC123456')).body.toString()).not.toContain(notification);
});

test('NWADCS IN-13: closed is told the same way; a meeting can cite its id, which stands in every register that has it', async () => {
  const { notification } = await circulated(example);
  expect((await stateOf(example, CIRCULATOR, 'closed', notification, { reason: 'concern-resolved' })).json).toMatchObject({ state: 'closed' });
  await dutyAbout(example, SCHOOL, notification, 'note-notification-ended');
  expect(await stateIn(POLICE, notification)).toBe('closed');
  for (const controller of [ISSUER, CIRCULATOR, HOST]) expect((await recordedOf(example, controller, notification)).map(({ stated }) => stated)).toContain('closed');
  for (const controller of [SCHOOL, 'marl-chief-constable']) expect(await recordedOf(example, controller, notification, 'share-announced')).toHaveLength(1);
});

test('what the database shows of each statement is what the table says', async () => {
  const { rows } = await example.world.db.owner.query<{ qual: string }>(`select pg_get_expr(polqual, polrelid) as qual from pg_policy where polrelid = 'waybill.notification_statement'::regclass and polname = 'shown'`);
  for (const [kind, { shownTo = [] }] of Object.entries(NOTIFICATION_STATING)) expect([kind, (rows[0]?.qual ?? '').includes(`'${kind}'`)]).toEqual([kind, shownTo.length > 0]);
});
