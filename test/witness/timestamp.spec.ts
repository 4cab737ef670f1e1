import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTimestamp, timestampRequest } from '#envelope/timestamps';
import { signCheckpoint } from '#register/checkpoint';
import { rootOf, leafHash } from '#register/merkle';
import { Witness } from '#client/witness';
import { LOG_KEY, ORIGIN, VKEY } from '../attacks/register/book';
import { atDesk } from '../world/desk';

// RFC 3161: a daily checkpoint, stamped by an authority that is openssl's own, and verified with openssl.

let folder: string;
let server: Server;
let url: string;
/** What the authority does with what it would answer. */
let bent: (answer: Buffer) => Buffer = (answer) => answer;
const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tsa-'));
  writeFileSync(join(folder, 'tsa.cnf'), [
    '[req]', 'distinguished_name=dn', '[dn]', '[ca]', 'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign', '[stamping]', 'extendedKeyUsage=critical,timeStamping', 'keyUsage=critical,digitalSignature',
    '[tsa]', 'default_tsa=t', '[t]', `serial=${join(folder, 'serial')}`, 'crypto_device=builtin', `signer_cert=${join(folder, 'tsa.pem')}`, `certs=${join(folder, 'ca.pem')}`, `signer_key=${join(folder, 'tsa.key')}`,
    'signer_digest=sha256', 'default_policy=1.2.3.4.1', 'digests=sha256', 'accuracy=secs:1', 'ess_cert_id_chain=no', 'ess_cert_id_alg=sha256', 'ordering=no', 'tsa_name=no', '',
  ].join('\n'));
  writeFileSync(join(folder, 'serial'), '01\n');
  for (const name of ['ca', 'other']) openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '30', '-subj', `/CN=${name}`, '-config', 'tsa.cnf', '-extensions', 'ca');
  openssl('req', '-newkey', 'rsa:3072', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=stamping', '-config', 'tsa.cnf');
  openssl('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '7', '-days', '30', '-out', 'tsa.pem', '-extfile', 'tsa.cnf', '-extensions', 'stamping');
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(bent(stamped(Buffer.concat(pieces)))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  bent = (answer) => answer;
});

function stamped(query: Buffer): Buffer {
  writeFileSync(join(folder, 'q.tsq'), query);
  openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q.tsq', '-out', 'r.tsr');
  return readFileSync(join(folder, 'r.tsr'));
}

let made = 0;
let latest: Witness;
async function witnessing(): Promise<Witness> {
  const witness = Witness.make(join(folder, `witness-${(made += 1)}`), 'witness.example');
  latest = witness;
  const leaves = [1, 2, 3].map((i) => leafHash(Buffer.from([i])));
  await witness.take(signCheckpoint({ origin: ORIGIN, size: 3, root: rootOf(leaves) }, LOG_KEY), () => Promise.resolve({ proof: [] }), { vkeys: [VKEY], at: new Date() });
  return witness;
}
const stamp = (witness: Witness, ca = 'ca.pem') => atDesk(['witness', 'timestamp', witness.folder, '--authority', url, '--ca', ca, '--json'], { cwd: folder, now: () => new Date() });

test('openssl reads what is asked, and what it answers is read', () => {
  const octets = Buffer.from('a checkpoint');
  const nonce = Buffer.from('00ff01', 'hex');
  const answer = stamped(Buffer.from(timestampRequest({ octets, nonce })));
  expect(openssl('ts', '-query', '-in', 'q.tsq', '-text').toString()).toMatch(/Nonce: 0xFF01/);
  const read = readTimestamp(answer, { octets, nonce });
  expect(read).toMatchObject({ ok: true });
  expect(Math.abs(Date.now() - (read.ok ? read.at.getTime() : 0))).toBeLessThan(600_000);
});

test('a checkpoint is stamped once, beside its note, and anybody with openssl sees that it holds', async () => {
  const witness = await witnessing();
  expect((await stamp(witness)).exit).toBe(0);
  const log = witness.logOf(ORIGIN);
  expect(openssl('ts', '-verify', '-data', join(log, '3.note'), '-in', join(log, '3.note.tsr'), '-CAfile', 'ca.pem').toString()).toContain('OK');
  expect((await stamp(witness)).json).toMatchObject({ stamped: [] });
});

test.each<[string, string, (answer: Buffer) => Buffer]>([
  ['that is no time stamp', 'NOT_A_TIMESTAMP', () => Buffer.from('hello')],
  ['that was refused', 'NOT_GRANTED', () => Buffer.from('30053003020102', 'hex')],
  ['over other octets', 'OTHER_OCTETS', () => stamped(Buffer.from(timestampRequest({ octets: Buffer.from('other'), nonce: Buffer.alloc(8, 1) })))],
  ['to another question', 'OTHER_QUESTION', () => stamped(Buffer.from(timestampRequest({ octets: readFileSync(join(latest.logOf(ORIGIN), '3.note')), nonce: Buffer.alloc(8, 1) })))],
  ['whose signature was changed', 'SIGNATURE_WRONG', (answer) => Buffer.from(answer.map((octet, i) => (i === answer.length - 1 ? octet ^ 1 : octet)))],
])('an answer %s is not kept (%s)', async (_what, because, bend) => {
  const witness = await witnessing();
  bent = bend;
  const ended = await stamp(witness);
  expect([ended.exit, ended.out + ended.err]).toEqual([3, expect.stringContaining(because)]);
});

test('nor is one by an authority that nobody chose to trust', async () => {
  const ended = await stamp(await witnessing(), 'other.pem');
  expect([ended.exit, ended.out + ended.err]).toEqual([3, expect.stringContaining('SIGNATURE_WRONG')]);
});
