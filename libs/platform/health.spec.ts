import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { databaseConditions, Readiness } from './health';
import { Metrics } from './metrics';
import { openOperatorListener } from './operator-listener';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('a process is ready between its start and its leaving, while all that it needs is there', async () => {
  const readiness = new Readiness();
  let broker = true;
  readiness.require({ name: 'broker', met: () => broker });
  expect(await readiness.look()).toEqual({ ready: false, conditions: { serving: false, broker: true } });
  readiness.serve();
  expect((await readiness.look()).ready).toBe(true);
  broker = false;
  expect(await readiness.look()).toEqual({ ready: false, conditions: { serving: true, broker: false } });
  broker = true;
  readiness.leave();
  expect((await readiness.look()).ready).toBe(false);
});

test('what throws, and what takes longer than two seconds, is not met', async () => {
  const readiness = new Readiness();
  readiness.serve();
  readiness.require({ name: 'throws', met: () => Promise.reject(new Error('away')) }, { name: 'hangs', met: () => new Promise<boolean>(() => undefined) });
  expect(await readiness.look()).toEqual({ ready: false, conditions: { serving: true, throws: false, hangs: false } });
});

test.each(['gateway', 'courier', 'relay', 'console'] as const)('R22: the %s sees whether the database has what this release needs; a newer one has', async (role) => {
  const [database, migrations] = databaseConditions(await db.as(role));
  expect([await database?.met(), await migrations?.met()]).toEqual([true, true]);
  const { rows } = await db.owner.query<{ level: string }>(`select obj_description('waybill'::regnamespace, 'pg_namespace') as level`);
  await db.owner.query(`comment on schema waybill is '0001_roles.sql'`);
  expect(await migrations?.met()).toBe(false);
  await db.owner.query(`comment on schema waybill is '9999_later.sql'`);
  expect(await migrations?.met()).toBe(true);
  await db.owner.query(`comment on schema waybill is '${rows[0]?.level}'`);
});

test('health and metrics are asked over HTTP, and nothing else is answered', async () => {
  const readiness = new Readiness();
  const listener = await openOperatorListener({ host: '127.0.0.1', port: 0 }, { readiness, metrics: new Metrics({ up: { type: 'gauge', says: 'Up' } }) });
  const get = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
    return [answer.status, await answer.text()] as const;
  };
  expect(await get('/health/live')).toEqual([200, '{"status":"live"}']);
  expect(await get('/health/ready')).toEqual([503, '{"status":"not-ready","conditions":{"serving":false}}']);
  readiness.serve();
  expect((await get('/health/ready?x=y'))[0]).toBe(200);
  expect(await get('/metrics')).toEqual([200, expect.stringContaining('# TYPE up gauge')]);
  for (const [path, method] of [['/', 'GET'], ['/metrics', 'POST'], ['/__proto__', 'GET'], ['/v1/shares', 'GET']] as const) expect((await get(path, method))[0]).toBe(404);
  await listener.stop();
});
