import { term } from '#policy/agreement';
import type { StaffRoleCode } from '#directory/staff-roles';
import type { Person } from '../../apps/standalone/staff';
import { ask, type Page, type Signed, signedIn } from '../world/console';
import { Example } from '../world/example';
import { eventually } from '../world/partnership';

// Who may look at what came in, under each agreement: its own example is sent, and staff of a recipient look at it in the console.

let example: Example;
let item: string;
let where: { agency: string; contact: string };

async function open(agreement: string, agency: string, contact: string): Promise<void> {
  where = { agency, contact };
  const person = (staff: string, roles: StaffRoleCode[], more: Partial<Person> = {}): Person => ({ agency, staff, name: `Somebody ${staff}`, roles, contacts: [contact], ...more });
  const people = [person('aa-01', ['front-door-worker']), person('aa-02', ['front-door-worker'], { without: 'check' }), person('aa-03', ['front-door-worker'], { without: 'training' }), person('aa-04', ['practitioner'], { contacts: [] }), person('aa-05', ['single-point-of-contact'])];
  example = await Example.open(agreement, { console: { people } });
  const { receipt } = await example.send();
  item = receipt.transfers.find(({ recipient }) => recipient.agency === agency && recipient.contact === contact)?.transfer ?? '';
  await eventually(async () => (await example.world.db.owner.query(`select from waybill.transfer where id = $1 and state = 'available'`, [item])).rowCount === 1);
}
const sql = (text: string, values: unknown[] = []) => example.world.db.owner.query(text, values);
/** Signed in, with the yearly statement confirmed unless told otherwise. */
async function worker(staff: string, { statement = true, secondFactor = false } = {}): Promise<Signed> {
  await sql('delete from waybill.staff_statement where staff = $1', [staff]);
  const as = await signedIn(example.world, where.agency, staff, { secondFactor });
  if (statement) await ask(example.world, 'POST', '/statement', { as });
  return as;
}
const look = (as: Signed): Promise<Page> => ask(example.world, 'GET', `/items/transfer/${item}`, { as });
const send = (as: Signed, deed: string, form: Record<string, string>): Promise<Page> => ask(example.world, 'POST', `/items/transfer/${item}/${deed}`, { as, form });
const looks = async (): Promise<Record<string, unknown>[]> => (await sql(`select octets from waybill.entry where kind = 'item-viewed' order by id`)).rows.map(({ octets }: { octets: Buffer }) => JSON.parse(octets.toString()) as Record<string, unknown>);
const barred = (code: string) => [403, expect.stringContaining(code)];
const told = ({ status, body }: Page) => [status, body];

describe('Wirral', () => {
  beforeAll(() => open('wirral', 'wirral-council', 'front-door'));
  afterAll(() => example.close());

  test('WIR AS-02: a worker without a recorded check valid today cannot look, and is told whom to ask and who is there', async () => {
    expect(told(await look(await worker('aa-02')))).toEqual(barred('STAFF_CHECK_MISSING'));
    await sql(`update waybill.staff set checked_on = '2020-01-01', checked_until = '2023-01-01' where id = 'aa-02'`);
    expect(told(await look(await worker('aa-02')))).toEqual(barred('STAFF_CHECK_MISSING'));
    await sql(`update waybill.staff set checked_until = '2099-01-01' where id = 'aa-02'`);
    expect((await look(await worker('aa-02'))).body).toContain('Why do you look at this?');
    expect(await looks()).toEqual([]);
  });

  test('WIR AS-03: the reason for access is asked at the first look, from the three groups that may', async () => {
    const as = await worker('aa-01');
    const { body } = await look(as);
    expect([...body.matchAll(/name="reason" value="([^"]+)"/g)].map(([, code]) => code)).toEqual(['works-with-person', 'monitors-quality', 'statutory-function']);
    expect((await send(as, 'claim', { version: '0' })).status).toBe(403);
    for (const reason of ['', 'curious', 'need-to-know']) expect((await send(as, 'reason', { reason })).status).toBe(400);
    expect(await looks()).toEqual([]);
    expect((await send(as, 'reason', { reason: 'statutory-function' })).status).toBe(303);
    expect((await look(as)).status).toBe(200);
    expect(await looks()).toEqual([expect.objectContaining({ controller: 'wirral-council', transfer: item, by: 'aa-01', role: 'front-door-worker', reason: 'statutory-function' })]);
  });

  test('WIR AS-15: a worker at the front door whose guidance on confidentiality and consent is not on file cannot look', async () => {
    expect(told(await look(await worker('aa-03')))).toEqual(barred('GUIDANCE_MISSING'));
    await sql(`insert into waybill.staff_training (agency, staff, kind, on_day) values ($1, 'aa-03', 'front-door-guidance', '2025-01-01')`, [where.agency]);
    expect((await look(await worker('aa-03'))).body).toContain('Why do you look at this?');
  });

  test('WIR AS-20: a short statement of responsibilities is confirmed yearly before anything is looked at', async () => {
    const as = await worker('aa-01', { statement: false });
    expect(told(await look(as))).toEqual(barred('STATEMENT_MISSING'));
    expect((await ask(example.world, 'GET', '/statement', { as })).body).toContain('I say truthfully why');
    await ask(example.world, 'POST', '/statement', { as });
    expect((await look(as)).status).toBe(200);
    await sql(`update waybill.staff_statement set at = at - interval '366 days'`);
    expect(told(await look(as))).toEqual(barred('STATEMENT_MISSING'));
  });
});

describe('Worcestershire', () => {
  beforeAll(() => open('worcestershire', 'worcestershire-children-first', 'family-front-door'));
  afterAll(() => example.close());

  test('WOR AS-15: a user without training on file may look, and takes nothing on that it would have to answer', async () => {
    const as = await worker('aa-03');
    await send(as, 'reason', { reason: 'need-to-know' });
    expect(told(await look(as))).toEqual([200, expect.stringMatching(/TRAINING_MISSING/)]);
    expect((await send(as, 'claim', { version: '0' })).status).toBe(403);
    for (const kind of ['information-sharing', 'data-protection']) await sql(`insert into waybill.staff_training (agency, staff, kind, on_day) values ($1, 'aa-03', $2, '2025-01-01')`, [where.agency, kind]);
    expect((await send(as, 'claim', { version: '0' })).status).toBe(303);
  });
});

describe('Leicester, Leicestershire and Rutland', () => {
  beforeAll(() => open('llr', 'leicester-city-council', 'safeguarding-team'));
  afterAll(() => example.close());

  test('LLR AS-02: whether staff are checked is asked and told, and keeps nobody out', async () => {
    const as = await worker('aa-02');
    await send(as, 'reason', { reason: 'need-to-know' });
    expect(told(await look(as))).toEqual([200, expect.stringContaining('no check of yours is on file')]);
  });

  test('LLR AS-16: a session that nobody uses ends, and its pages are kept by no browser', async () => {
    const as = await worker('aa-01');
    const page = await ask(example.world, 'GET', '/inbox', { as });
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    example.world.clock.advance(15 * 60_000 + 1_000);
    expect((await ask(example.world, 'GET', '/inbox', { as })).status).toBe(303);
  });

  test('LLR AS-17: each look warns that it may be an offence, and is on record', async () => {
    const as = await worker('aa-01');
    const before = (await looks()).length;
    expect((await look(as)).body).toMatch(/may be an offence \(Data Protection Act 2018, section 170/);
    await send(as, 'reason', { reason: 'need-to-know' });
    for (let n = 1; n <= 3; n++) {
      expect((await look(as)).body).toMatch(/may be an offence/);
      expect((await looks()).length).toBe(before + n);
    }
  });

  test('LLR AS-17 BR-21: more looks within an hour than work explains keep nobody of looking, are on record by number, and are a duty of the data protection officer, once, which may raise it as a breach', async () => {
    const as = await worker('aa-01');
    const duties = async () => (await sql(`select owner_role as role, closed_at is null as open from waybill.duty where kind = 'look-into-access'`)).rows as unknown[];
    const unusual = async () => (await sql(`select octets from waybill.entry where kind = 'access-unusual'`)).rows.map(({ octets }: { octets: Buffer }) => JSON.parse(octets.toString()) as Record<string, unknown>);
    await sql(`delete from waybill.item_reason where staff = 'aa-01'`);
    const looked = (count: number) => sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) select $1, 'transfer', gen_random_uuid(), 'aa-01', 'need-to-know', $2 from generate_series(1, $3)`, [where.agency, example.world.clock.now(), count]);
    await looked(18);
    await send(as, 'reason', { reason: 'need-to-know' });
    expect([await duties(), await unusual()]).toEqual([[], []]);
    await sql(`delete from waybill.item_reason where item = $1`, [item]);
    await looked(1);
    expect((await send(as, 'reason', { reason: 'need-to-know' })).status).toBe(303);
    expect((await look(as)).status).toBe(200);
    expect(await duties()).toEqual([{ role: 'data-protection-officer', open: true }]);
    expect(await unusual()).toEqual([expect.objectContaining({ by: 'aa-01', role: 'front-door-worker', looks: 20, taken: 0, transfer: item })]);
    await sql(`delete from waybill.item_reason where item = $1`, [item]);
    await send(as, 'reason', { reason: 'need-to-know' });
    expect([(await duties()).length, (await unusual()).length]).toEqual([1, 1]);
    const { items } = (await example.world.partner(where.agency).get('/v1/duties?role=data-protection-officer')).json as { items: { duty: string; kind: string; closings: { because: string }[] }[] };
    const [duty] = items.filter(({ kind }) => kind === 'look-into-access');
    expect(duty?.closings.map(({ because }) => because)).toEqual(['was-work', 'raised-as-breach']);
  });

  test('LLR AS-19: inside the receiving organisation only those see it for whose team it came, and each role what is its own', async () => {
    expect((await look(await worker('aa-04'))).status).toBe(404);
    expect((await look(await worker('aa-05'))).status).toBe(403);
    expect((await ask(example.world, 'GET', '/duties', { as: await worker('aa-05') })).body).not.toContain(item);
  });

  test('LLR AS-06: what comes from a party that asks for it is looked at with a second factor only', async () => {
    const profile = term(example.world.agreement, 'party.specificSecurityNeeds')?.profiles?.find(({ terms }) => 'access.mfa' in terms);
    await sql(`update waybill.membership set entry = $2 where agency = $1`, [example.sender.agency, profile?.entry]);
    expect(example.world.clock.now().toISOString() > `${profile?.from}`).toBe(true);
    expect(told(await look(await worker('aa-01')))).toEqual(barred('SECOND_FACTOR_MISSING'));
    const as = await worker('aa-01', { secondFactor: true });
    await send(as, 'reason', { reason: 'named-persons' });
    expect((await look(as)).status).toBe(200);
    expect((await looks()).at(-1)).toMatchObject({ by: 'aa-01', secondFactor: true });
  });

  test('LLR AS-20: the statement is asked for again a year later', async () => {
    const as = await worker('aa-01', { secondFactor: true });
    expect((await look(as)).status).toBe(200);
    await sql(`update waybill.staff_statement set at = at - interval '366 days'`);
    expect(told(await look(as))).toEqual(barred('STATEMENT_MISSING'));
  });
});
