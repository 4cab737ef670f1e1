import { day } from '#platform/clock';
import type { DutyTold } from '#protocol/duties';
import { Example } from '../world/example';
import { aboutMembership } from '../world/memberships';
import type { Answer } from '../world/partner';
import { eventually } from '../world/partnership';

// A party leaves: from the receipt of its own word on.

const [CHILDREN_FIRST, POLICE] = ['worcestershire-children-first', 'west-mercia-police'];

let example: Example;
beforeAll(async () => {
  example = await Example.open('worcestershire');
});
afterAll(() => example.close());

const say = async (agency: string, kind: string, more: Record<string, unknown> = {}): Promise<Answer> => {
  const who = example.world.partner(agency);
  return who.form('POST', '/v1/memberships/worcestershire/statements', await aboutMembership(example.world, who, 'worcestershire', kind, more));
};
const sql = async <T extends object>(text: string, values: unknown[]) => (await example.world.db.owner.query<T>(text, values)).rows;
const stateOf = async (transfer: string) => (await sql<{ state: string; end_reason: string | null }>('select state, end_reason from waybill.transfer where id = $1', [transfer]))[0];
const codesOf = ({ json }: Answer): string[] => ((json.reasons ?? []) as { code: string }[]).map(({ code }) => code);
const duties = async (agency: string): Promise<DutyTold[]> => (await example.world.partner(agency).get('/v1/duties?limit=500')).json.items as DutyTold[];

test('WOR AS-08: a sender is told, and not kept, where a recipient has not attested that what it keeps lies encrypted; its word, dated and due again, ends that', async () => {
  const warned = async () => ((await example.send()).receipt as unknown as { warnings: { code: string; cause?: string }[] }).warnings.filter(({ code }) => code === 'AT_REST_NOT_ATTESTED').map(({ cause }) => cause).sort();
  expect(await warned()).toEqual([POLICE, CHILDREN_FIRST].sort());
  const [holder] = await sql<{ id: string }>(`select id from waybill.contact where agency = $1 and 'day-to-day-post' = any(posts)`, [POLICE]);
  expect(await say(POLICE, 'attests', { by: { agency: POLICE, contact: holder?.id }, attested: { what: 'at-rest', on: day(example.world.clock.now()), covers: ['devices', 'servers', 'backups'] } })).toMatchObject({ status: 200 });
  expect(await warned()).toEqual([CHILDREN_FIRST]);
});

test('WOR PD-12: whoever withdraws is out on receipt: what it has not collected goes back to its senders, new shares to it and from it are refused, the co-ordinator is told at once, and records and what it received stay', async () => {
  const { receipt: first } = await example.send();
  const at = (receipt: typeof first, agency: string) => receipt.transfers.find(({ recipient }) => recipient.agency === agency)?.transfer ?? '';
  const police = example.world.partner(POLICE);
  await eventually(async () => (await stateOf(at(first, POLICE)))?.state === 'available');
  expect((await police.get(`/v1/mailbox/${at(first, POLICE)}/envelope`)).status).toBe(200);
  const { receipt: second } = await example.send();
  await eventually(async () => (await stateOf(at(second, POLICE)))?.state === 'available');
  await police.get('/v1/register/entries');
  const entries = async () => (await sql('select from waybill.entry where controller = $1', [await controllerOf(POLICE)])).length;
  const before = await entries();

  expect(await say(POLICE, 'withdraws')).toMatchObject({ status: 200, json: { status: 'withdrawn' } });
  expect(codesOf(await say(POLICE, 'withdraws'))).toEqual(['NOT_A_PARTY']);

  // At once: from this answer on nothing more is taken.
  expect(codesOf(await example.sender.submit(await example.compose()))).toEqual(expect.arrayContaining(['NO_COMMON_AGREEMENT', 'PARTY_WITHDRAWN']));
  await eventually(async () => (await stateOf(at(second, POLICE)))?.state === 'undeliverable');
  expect(await stateOf(at(second, POLICE))).toMatchObject({ end_reason: 'party-withdrawn' });
  expect((await stateOf(at(second, CHILDREN_FIRST)))?.state).toBe('available');
  expect((await stateOf(at(first, POLICE)))?.state).toBe('collected');
  expect((await duties(example.sender.agency)).filter(({ kind, transfer }) => kind === 'share-otherwise' && transfer === at(second, POLICE))).toHaveLength(1);
  // The duties on what it received go on.
  expect((await duties(POLICE)).filter(({ kind, transfer }) => kind === 'acknowledge' && transfer === at(first, POLICE))).toHaveLength(1);

  const told = await sql<{ owner_role: string; lane: string }>(`select d.owner_role from waybill.duty d join waybill.membership m on m.id = d.membership where d.kind = 'hear-of-withdrawal' and m.agency = $1 and d.closed_at is null`, [POLICE]);
  expect(told).toMatchObject([{ owner_role: 'coordinator' }]);
  expect(await entries()).toBeGreaterThanOrEqual(before + 2);
  expect((await police.get('/v1/register/entries')).status).toBe(200);
  expect((await police.get(`/v1/mailbox/${at(first, POLICE)}`)).status).toBe(200);
});

test('WOR PD-12: one that withdrew asks anew, and is no party until it is accepted', async () => {
  const [row] = await sql<{ entry: string }>(`select entry from waybill.membership where agency = $1 and agreement = 'worcestershire'`, [POLICE]);
  expect(await say(POLICE, 'joins', { entry: row?.entry })).toMatchObject({ status: 200, json: { status: 'incomplete' } });
  expect(codesOf(await example.sender.submit(await example.compose()))).toContain('NO_COMMON_AGREEMENT');
});

const controllerOf = async (agency: string): Promise<string> => (await sql<{ controller: string }>('select controller from waybill.agency where id = $1', [agency]))[0]?.controller ?? '';
