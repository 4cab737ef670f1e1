import { connect } from 'node:tls';
import type { Answer } from '../world/partner';
import { openWorld } from '../world/partnership';
import { expectProblem, Scene } from '../journeys/referral';

/** Faults A10: a partner's system gone wrong, or in somebody else's hands, asks and asks. Nobody else may notice. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: ALLOWED }));
});
afterAll(() => scene.world.close());

const ALLOWED = { shares: 2, others: 4 };
/** What an allowance of one a second lets through at once. */
const BURST = 10;
/** The most that may pass in so many ms: the burst, what grew back meanwhile on our clock, and one for where a window begins. */
const mostIn = (perSecond: number, ms: number): number => perSecond * (BURST + ms / 1000) + 1;
const statuses = (answers: readonly Answer[]): Record<string, number> => Object.fromEntries([...Map.groupBy(answers, ({ status }) => String(status))].map(([status, all]) => [status, all.length]));

test('who asks a hundred times what it may is told to wait, and how long; the others are served, and so are its shares', async () => {
  const began = performance.now();
  const flood = Promise.all(Array.from({ length: 40 * BURST }, () => scene.school.get('/v1/mailbox')));
  const others = Promise.all(Array.from({ length: 2 * BURST }, () => scene.council.get('/v1/mailbox')));
  const { share } = await scene.send();
  const [answers, unharmed] = await Promise.all([flood, others]);
  const counted = statuses(answers);
  expect(counted['200']).toBeGreaterThanOrEqual(ALLOWED.others * BURST);
  expect(counted['200']).toBeLessThanOrEqual(mostIn(ALLOWED.others, performance.now() - began));
  expect(Object.keys(counted).sort()).toEqual(['200', '429']);
  const turned = answers.find(({ status }) => status === 429) as Answer;
  expectProblem(turned, 429, 'TOO_MANY_REQUESTS');
  expect(Number(turned.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(statuses(unharmed)).toEqual({ '200': 2 * BURST });
  expect(await scene.sql('select from waybill.share where id = $1', [share.id])).toHaveLength(1);
});

test('a flood of shares takes none of what is for looking into the mailbox, and leaves nothing of what was turned away', async () => {
  const shares = await Promise.all(Array.from({ length: 6 * BURST }, () => scene.compose()));
  const began = performance.now();
  const answers = await Promise.all(shares.map((share) => scene.school.submit(share)));
  const most = mostIn(ALLOWED.shares, performance.now() - began);
  const taken = answers.filter(({ status }) => status === 202).length;
  expect(taken).toBeGreaterThanOrEqual(ALLOWED.shares * BURST - 1);
  expect(taken).toBeLessThanOrEqual(most);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(answers.length - taken);
  expect(await scene.sql('select from waybill.share where id = any($1)', [shares.map(({ id }) => id)])).toHaveLength(taken);
  // Nothing was decided: neither the register nor the count of malformed uploads says anything of it.
  expect(await scene.entries('st-brigid-primary', { kind: 'share-refused' })).toEqual([]);
  expect(await scene.sql('select from waybill.malformed_upload')).toEqual([]);
  expect((await scene.council.get('/v1/mailbox')).status).toBe(200);
});

test('headers that trickle in are not waited for, and hold nobody else up', async () => {
  const { system } = scene.world;
  const { own } = scene.school;
  const slow = Array.from({ length: 50 }, () => connect({ host: 'localhost', port: system.port, cert: own.client.certificate, key: own.client.key, ca: system.keys.authority.certificate }));
  const ended = slow.map((socket) => new Promise<string>((resolve) => {
    let said = '';
    socket.on('data', (piece: Buffer) => (said += piece.toString()));
    socket.on('error', () => resolve(said));
    socket.on('close', () => resolve(said));
  }));
  for (const socket of slow) socket.write('GET /v1/mailbox HTTP/1.1\r\nhost: x\r\n');
  const trickle = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('x-slow: 1\r\n')), 500);
  expect(statuses(await Promise.all(Array.from({ length: 10 }, () => scene.council.get('/v1/mailbox'))))).toEqual({ '200': 10 });
  const said = await Promise.all(ended);
  clearInterval(trickle);
  expect(said.every((each) => each === '' || each.startsWith('HTTP/1.1 408'))).toBe(true);
  expect((await scene.council.get('/v1/mailbox')).status).toBe(200);
});
