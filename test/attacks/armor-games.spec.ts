import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { armorOctets } from '#envelope/cutting';
import { MINUTE } from '#platform/clock';
import { sealedDigest } from '../world/partner';
import { openWorld } from '../world/partnership';
import { part } from '../journeys/bent';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';

// A mail program, a word processor or a spy puts words where a reader of armor does not look. Whatever becomes of the part, they stay where they were.

const CANARY = 'Thistlewood, 14 Elm Road';
const ONE = { parts: [{ ...REFERRAL.parts[0], category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }] };

let scene: Scene;
/** Every octet that the gateway sent anybody meanwhile. */
const outbound: Buffer[] = [];
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());
beforeEach(() => scene.world.clock.advance(MINUTE));

const text = (octets: Uint8Array): string => Buffer.from(armorOctets(octets)).toString();
const withHeader = (header: string) => (octets: Uint8Array): string => text(octets).replace('\n\n', `\n${header}\n\n`);

const TAKEN: readonly [string, (octets: Uint8Array) => string][] = [
  ['as a comment', withHeader(`Comment: ${CANARY}`)],
  ['as the version, the hash and what nobody knows', withHeader(`Version: ${CANARY}\nHash: ${CANARY}\nX-Note: ${CANARY}`)],
  ['as a header of 8 KB', withHeader(`Comment: ${CANARY.repeat(300)}`)],
  ['as the name of a header', withHeader('Thistlewood: 14 Elm Road')],
];
const REFUSED: readonly [string, (octets: Uint8Array) => string | Buffer][] = [
  ['before it', (octets) => `${CANARY}\n${text(octets)}`],
  ['behind it', (octets) => `${text(octets)}${CANARY}\n`],
  ['between two', (octets) => `${text(octets)}${CANARY}\n${text(octets)}`],
  ['in a second block', (octets) => `${text(octets)}-----BEGIN PGP MESSAGE-----\n\n${Buffer.from(CANARY).toString('base64')}\n-----END PGP MESSAGE-----\n`],
  ['clear-signed around it', (octets) => `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${CANARY}\n${text(octets)}`],
  ['on the BEGIN line', (octets) => text(octets).replace('MESSAGE-----\n', `MESSAGE----- ${CANARY}\n`)],
  ['on the END line', (octets) => `${text(octets).trimEnd()} ${CANARY}\n`],
  ['as a line among the headers', withHeader(CANARY)],
  ['as a folded header', withHeader(`Comment: x\n ${CANARY}`)],
  ['in the base64, with what is not base64', (octets) => text(octets).replace(/(?<=\n\n.{8})/, `\n${CANARY}\n`)],
  ['behind the padding', (octets) => text(octets).replace(/\n-----END/, `\n==${CANARY}\n-----END`)],
  ['with a vertical tab', (octets) => `\v${CANARY}${text(octets)}`],
  ['behind a nought octet', (octets) => Buffer.concat([Buffer.from(text(octets)), Buffer.from(`\0${CANARY}`)])],
  ['dash-escaped', (octets) => `- ${CANARY}\n${text(octets).replace('-----BEGIN', '- -----BEGIN')}`],
];

test.each(TAKEN)('C2: words in the armor, %s: the part is taken, and the words are cut off', async (_where, bend) => {
  const share = await scene.compose(ONE);
  const sealed = share.parts.get('part-1') as Uint8Array;
  const answer = await scene.school.submit(await part('part-1', Buffer.from(bend(sealed)))(share));
  expect(answer.status).toBe(202);
  const transfer = await scene.transfer(scene.council, share.id);
  for (const path of ['', '/manifest', '/lines', '/parts/part-1', '/envelope']) outbound.push((await scene.council.get(`/v1/mailbox/${transfer.transfer}${path}`)).body);
  outbound.push(answer.body);
  expect(await sealedDigest((await scene.council.get(`/v1/mailbox/${transfer.transfer}/parts/part-1`)).body)).toBe(await sealedDigest(sealed));
  expect(await scene.opened(scene.council, transfer, 'part-1')).toBe('x');
});

test.each(REFUSED)('C2: words around the armor, %s: the part is refused', async (_where, bend) => {
  const share = await scene.compose(ONE);
  const answer = await scene.school.submit(await part('part-1', Buffer.from(bend(share.parts.get('part-1') as Uint8Array)))(share));
  outbound.push(answer.body, Buffer.from(JSON.stringify(answer.headers)));
  expect([answer.status, answer.json.code]).toEqual([422, expect.stringMatching(/^(TEXT_AROUND_ARMOR|SEVERAL_MESSAGES|SIGNED_OUTSIDE|NOT_OPENPGP)$/)]);
});

test('C2: the words are in no octet that went out, in no row, no log and no file', async () => {
  const needles = ['Thistlewood', Buffer.from('Thistlewood').toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, 20)];
  const found = (octets: Buffer): boolean => needles.some((needle) => octets.includes(needle));
  expect(found(Buffer.from(CANARY))).toBe(true);
  expect(outbound.filter(found)).toEqual([]);
  const tables = await scene.sql<{ name: string }>(`select schemaname || '.' || tablename as name from pg_tables where schemaname in ('waybill', 'public')`);
  for (const { name } of tables) for (const { row } of await scene.sql<{ row: string }>(`select t::text as row from ${name} t`)) expect([name, found(Buffer.from(row))]).toEqual([name, false]);
  const files = readdirSync(scene.world.folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  expect(files).toContain(scene.world.system.logFile);
  expect(files.filter((file) => found(readFileSync(file)))).toEqual([]);
});
