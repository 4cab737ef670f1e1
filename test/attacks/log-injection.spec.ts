import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { MINUTE } from '#platform/clock';
import { ROUTES } from '#protocol/routes';
import { fieldsOf } from '../world/partner';
import { openWorld } from '../world/partnership';
import { Scene } from '../journeys/referral';

/** What somebody would like to find in an operator's log, or on the operator's terminal. */
const CANARY = 'Thistlewood';
const WORDS = [
  `${CANARY}\r\n{"level":"error","msg":"register.broken"}`, `${CANARY}\n\n`, `\u001b[2J\u001b[1;31m${CANARY}`, `\u001b]0;${CANARY}\u0007`, `\u009b31m${CANARY}`, `${CANARY}\u0000`, `${CANARY}\u2028\u2029\u0085`, `\u202e${CANARY}`,
  `","msg":"share.accepted","x":"${CANARY}`, `${CANARY}%0d%0aerror`, '${jndi:ldap://' + CANARY + '}', `%s%n%d${CANARY}`, `<script>${CANARY}</script>`,
];
/** Names of events and of fields, in lower case or camel case; nothing else stands before a colon. */
const EVENT = /^[a-z]+(?:\.[a-z-]+)+$/;

let scene: Scene;
let before: number;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: { shares: 1_000, others: 1_000 } }));
  before = lines().length;
});
afterAll(() => scene.world.close());

const lines = (): string[] => readFileSync(scene.world.system.logFile, 'utf8').split('\n').slice(0, -1);

/** As octets on the wire: Node would not write most of this. */
async function raw(octets: Buffer): Promise<void> {
  const { own } = scene.school;
  const socket = connect({ host: 'localhost', port: scene.world.system.port, cert: own.client.certificate, key: own.client.key, ca: scene.world.system.keys.authority.certificate });
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.on('data', () => socket.destroy());
    socket.on('secureConnect', () => socket.write(octets));
    setTimeout(() => socket.destroy(), 1_500).unref();
  });
}

const wire = (text: string): Buffer => Buffer.from(text, 'utf8');
const HEADERS = ['host', 'user-agent', 'cookie', 'x-request-id', 'x-forwarded-for', 'forwarded', 'traceparent', 'accept', 'content-type', 'idempotency-key', 'authorization', 'client-cert', 'expect', 'range', 'if-match', 'upgrade', 'provenance', 'referer'];

test('A8: in every header, in the request line, in paths, queries, forms, file names and fields', async () => {
  for (const [i, word] of WORDS.entries()) {
    const encoded = encodeURIComponent(word);
    await Promise.all([
      ...HEADERS.filter((_, at) => (at + i) % 4 === 0).map((name) => raw(wire(`GET /v1/mailbox HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${name}: ${word}\r\n\r\n`))),
      raw(wire(`GET /v1/mailbox HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${word}: x\r\n\r\n`)),
      raw(wire(`${word} /v1/mailbox HTTP/1.1\r\nhost: x\r\n\r\n`)),
      raw(wire(`GET /${word} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)),
      raw(wire(`GET /v1/mailbox HTTP/${word}\r\nhost: x\r\n\r\n`)),
    ]);
    for (const { path, method } of ROUTES.filter((_, at) => (at + i) % 4 === 0)) await scene.school.ask(method, path.replaceAll(/\{\w+\}/g, encoded) + (method === 'GET' ? `?after=${encoded}&contact=${encoded}&${encoded}=1` : ''));
    const share = await scene.compose();
    const [manifest, ...rest] = fieldsOf(share);
    await scene.school.form('POST', '/v1/shares', [{ name: word.replaceAll(/["\r\n]/g, ''), octets: manifest?.octets ?? wire('') }, ...rest]);
    await scene.school.form('POST', '/v1/shares', [{ name: 'manifest', octets: wire(JSON.stringify({ [word]: word })) }, ...rest]);
    await scene.school.submit({ ...share, signature: wire(word) });
    await scene.school.submit({ ...share, lines: [word] });
    await scene.school.submit({ ...share, parts: new Map([['part-1', wire(word)]]) });
    await scene.school.ask('POST', '/v1/shares', wire(`--b\r\nContent-Disposition: form-data; name="manifest"; filename="${word}"\r\nContent-Type: ${word}\r\nX-${word}: ${word}\r\n\r\n${word}\r\n--b--${word}`), { 'content-type': 'multipart/form-data; boundary=b' });
    await scene.school.post('/v1/share-plans', { [word]: word });
    scene.world.clock.advance(MINUTE);
  }
  expect(lines().length - before).toBeGreaterThan(WORDS.length * 10);
});

test('A8: no word of it is in the log; every line is one event, of JSON, with names that we chose and values without a control character', () => {
  const all = lines();
  expect(all.filter((line) => /Thistlewood|jndi|script|register\.broken/i.test(line))).toEqual([]);
  for (const line of all) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]|\\u00|\\[nrtbf]/);
    const said = JSON.parse(line) as Record<string, unknown>;
    expect(said['msg']).toMatch(EVENT);
    expect(Object.keys(said).filter((name) => !/^[a-zA-Z]{2,12}$/.test(name))).toEqual([]);
  }
});

test('A8: the search would find it, in clear and escaped', () => {
  for (const word of WORDS) expect([word, JSON.stringify({ msg: word })].every((text) => /Thistlewood/i.test(text))).toBe(true);
});
