import { Client } from 'pg';
import { openTestDatabase, type TestDatabase } from '../world/database';

/** Somebody has the password of a process, and would have another agency out of an agreement, or in it: at a gateway without a word of that agency. */
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  for (const id of ['merebrook-council', 'st-brigid-primary']) {
    await db.owner.query(`insert into waybill.controller_name (id, name) values ($1, $1)`, [id]);
    await db.owner.query(`insert into waybill.agency (id, name, controller, types, country, mail_domains, from_at) values ($1, $1, $1, '{school}', 'GB', '{}', now())`, [id]);
    await db.owner.query(`insert into waybill.membership (agency, agreement, entry, status, from_day) values ($1, 'one', 'schools', 'active', '2026-01-01')`, [id]);
  }
});
afterAll(() => db.close());

const NO_RIGHT = '42501';
async function as(role: 'gateway' | 'relay', agency: string, sql: string): Promise<string> {
  const { host, port, database } = db.address;
  const client = new Client({ host, port, database, user: `waybill_${role}` });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('waybill.agency', $1, true)`, [agency]);
    const { rowCount } = await client.query(sql);
    return `${rowCount} changed`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.query('rollback');
    await client.end();
  }
}
const ANOTHERS = `agency = 'merebrook-council' and agreement = 'one'`;
const OWN = `agency = 'st-brigid-primary' and agreement = 'one'`;

test.each<[string, 'gateway' | 'relay', string]>([
  ['ends another’s membership', 'gateway', `update waybill.membership set status = 'withdrawn' where ${ANOTHERS}`],
  ['ends everybody’s', 'gateway', `update waybill.membership set status = 'withdrawn'`],
  ['asks for another’s membership', 'gateway', `insert into waybill.membership (agency, agreement, entry, status, from_day) values ('merebrook-council', 'two', 'schools', 'incomplete', '2026-01-01')`],
  ['makes itself a party', 'gateway', `insert into waybill.membership (agency, agreement, entry, status, from_day) values ('st-brigid-primary', 'two', 'schools', 'active', '2026-01-01')`],
  ['activates itself', 'gateway', `update waybill.membership set status = 'active' where ${OWN}`],
  ['comes in under another entry', 'gateway', `update waybill.membership set status = 'withdrawn', entry = 'hub' where ${OWN}`],
  ['takes a party back to the queue', 'gateway', `update waybill.membership set status = 'incomplete' where ${OWN}`],
  ['says that somebody signed', 'gateway', `update waybill.membership set signed_role = 'signatory' where ${OWN}`],
  ['attests for another', 'gateway', `insert into waybill.attestation (agency, agreement, what, on_day, due_day, contact, at) values ('merebrook-council', 'one', 'at-rest', '2026-01-01', '2027-01-01', 'x', now())`],
  ['attests for the partnership', 'gateway', `insert into waybill.partnership_attestation (agreement, what, on_day, due_day, at) values ('one', 'penetration-test', '2026-01-01', '2027-01-01', now())`],
  ['names a successor', 'gateway', `insert into waybill.succession (agency, successor, on_day) values ('merebrook-council', 'st-brigid-primary', '2026-01-01')`],
  ['reads what the directory said before', 'gateway', 'select from waybill.directory_past'],
  ['ends a membership from the relay', 'relay', `update waybill.membership set status = 'withdrawn' where ${ANOTHERS}`],
  ['attests from the relay', 'relay', `insert into waybill.attestation (agency, agreement, what, on_day, due_day, contact, at) values ('merebrook-council', 'one', 'at-rest', '2026-01-01', '2027-01-01', 'x', now())`],
])('whoever %s is refused by the database', async (_what, role, sql) => {
  expect(await as(role, 'st-brigid-primary', sql)).toBe(NO_RIGHT);
});

test.each<[string, 'gateway' | 'relay', string]>([
  ['an agency ends its own', 'gateway', `update waybill.membership set status = 'withdrawn' where ${OWN}`],
  ['an agency asks for its own', 'gateway', `insert into waybill.membership (agency, agreement, entry, status, from_day) values ('st-brigid-primary', 'two', 'schools', 'incomplete', '2026-01-01')`],
  ['an agency attests for itself', 'gateway', `insert into waybill.attestation (agency, agreement, what, on_day, due_day, contact, at) values ('st-brigid-primary', 'one', 'at-rest', '2026-01-01', '2027-01-01', 'x', now())`],
  ['the relay puts one on hold', 'relay', `update waybill.membership set status = 'held' where ${ANOTHERS}`],
])('%s', async (_what, role, sql) => {
  expect(await as(role, 'st-brigid-primary', sql)).toBe('1 changed');
});
