import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { CONSISTENCY_FORMAT, INCLUSION_FORMAT, type InclusionFile, verifyInclusionFile } from '#register/evidence';
import { verifyExport } from '#register/export-verification';
import { rootOf } from '#register/merkle';
import { signPromise, thumbprint } from '#register/promise';
import { proveConsistency, proveInclusion } from '#register/proofs';
import { backDated, SIGNED_AT, TAMPERINGS } from '../attacks/register/tampering';
import { bookOf, each, entryOf, exportOf, FORGER, LOG_KEY, noteOf, ORIGIN, textOf, VKEY } from '../attacks/register/book';

// The verifier shares no code with us: what it and our own say alike, two implementations found.

interface Answer {
  code: number;
  report: { verdict: string; says: string; first?: { code: string; from: number; to: number; entry?: string; looksLike?: string; exactly?: number }; warnings?: { code: string }[]; checkpoints?: number; overdue?: boolean; kept?: boolean | null };
}

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'verifier-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | object): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
}

function run(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile('python3', ['-I', join(process.cwd(), 'deploy/verifier/waybill-verify.py'), ...args], { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr });
    });
  });
}

async function verify(...args: string[]): Promise<Answer> {
  const { code, text } = await run(...args, '--json');
  return { code, report: JSON.parse(text) as Answer['report'] };
}

const entries = Array.from({ length: 20 }, (_, i) => entryOf(i));
const leaves = entries.map(({ leaf }) => leaf);
const read = (level: number, index: number): Buffer => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

test('the verifier agrees with the published vectors', async () => {
  expect(await verify('selftest', 'test/vectors/register/rfc6962.json')).toMatchObject({ code: 0, report: { verdict: 'holds' } });
});

test.each(TAMPERINGS)('A13: the verifier says of a register $name: $first', async ({ book, first, range, held }) => {
  const text = await textOf(exportOf(await book()));
  const args = ['export', file('export.ndjson', text), '--vkey', VKEY, ...(held ? ['--held', file('held', held)] : [])];
  const { code, report } = await verify(...args);
  const own = await verifyExport(each([text]), { vkeys: VKEY, heldCheckpoint: held });
  expect([code, report.first?.code]).toEqual([first ? 1 : 0, first]);
  expect(range && [report.first?.from, report.first?.to]).toEqual(range);
  expect(report.first?.entry).toEqual(own.first?.entry);
});

test.each<[string, string, number | undefined]>([
  ['row deleted and the rest moved up', 'deleted', undefined], ['entry put in', 'inserted', 7], ['neighbours swapped', 'swapped', undefined],
  ['distant entries swapped', 'swapped', 3], ['octets and leaf hash altered', 'altered', undefined],
])('A13: where the stored nodes were left alone, the verifier tells what was done: %s', async (name, looksLike, exactly) => {
  const { book } = TAMPERINGS.find((tampering) => tampering.name === name)!;
  const { report } = await verify('export', file('export.ndjson', await textOf(exportOf(await book()))), '--vkey', VKEY);
  expect(report.first).toMatchObject({ looksLike, ...(exactly === undefined ? {} : { exactly }) });
});

test('what it says can be read aloud', async () => {
  const path = file('export.ndjson', await textOf(exportOf(await backDated())));
  const { code, text } = await run('export', path, '--vkey', VKEY);
  expect(code).toBe(0);
  expect(text).toContain(`The register holds: 23 entries, as ${SIGNED_AT.length} checkpoints signed them.`);
  expect(text).toContain('No checkpoint held outside was given (--held)');
  expect(text).toMatch(/Warning\. Entry 7 \(.*\): the entry bears an earlier time/);
});

test('a register can be piped in', async () => {
  const text = await textOf(exportOf(await bookOf(entries, [20])));
  const script = `cat ${file('export.ndjson', text)} | python3 -I deploy/verifier/waybill-verify.py export - --vkey ${VKEY} --json`;
  const stdout = await new Promise<string>((resolve, reject) => execFile('sh', ['-c', script], (error, out) => (error ? reject(error) : resolve(out))));
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds', size: 20 });
});

describe('an inclusion proof', () => {
  const index = 13;
  const proofFile = async (change: Partial<InclusionFile> = {}): Promise<InclusionFile> => ({
    format: INCLUSION_FORMAT, index, leaf: leaves[index]!.toString('hex'), octets: entries[index]!.octets.toString('base64'),
    proof: (await proveInclusion(index, 20, read)).map((hash) => hash.toString('hex')), checkpoint: noteOf(leaves, 20), ...change,
  });

  test.each<[number, string, Partial<InclusionFile>]>([
    [0, 'is right', {}],
    [0, 'shows the leaf alone', { octets: undefined }],
    [1, 'is about another index', { index: 12 }],
    [1, 'is about another leaf', { leaf: leaves[12]!.toString('hex'), octets: undefined }],
    [1, 'comes with another entry', { octets: entries[12]!.octets.toString('base64') }],
    [1, 'leads to another log', { checkpoint: noteOf(leaves.toReversed(), 20) }],
    [1, 'is signed by somebody else', { checkpoint: noteOf(leaves, 20, FORGER) }],
    [1, 'has hashes missing', { proof: [] }],
    [1, 'is no proof', { format: 'other' as never }],
  ])('exit %i when it %s', async (code, _, change) => {
    const proof = await proofFile(change);
    expect((await verify('inclusion', file('proof.json', proof), '--vkey', VKEY)).code).toBe(code);
    expect(verifyInclusionFile(JSON.parse(JSON.stringify(proof)), VKEY).ok).toBe(code === 0);
  });

  test('keeps a promise, and only the promise of its own entry', async () => {
    const jwks = file('jwks.json', { keys: [await exportJWK(FORGER.publicKey)] });
    const promise = async (leaf: Buffer): Promise<string> => file('promise.jws', signPromise(
      { iss: 'https://gateway.example', log: ORIGIN, leaf, at: new Date('2026-03-02T09:15:00.000Z') }, { privateKey: FORGER.privateKey, kid: await thumbprint(FORGER.publicKey) }));
    const proof = file('proof.json', await proofFile({ octets: undefined }));
    const now = ['--now', '2026-03-02T10:00:00.000Z'];
    expect(await verify('promise', await promise(leaves[index]!), '--jwks', jwks, ...now)).toMatchObject({ code: 0, report: { overdue: false, kept: null } });
    expect(await verify('promise', await promise(leaves[index]!), '--jwks', jwks, '--now', '2026-03-04T10:00:00.000Z')).toMatchObject({ code: 0, report: { overdue: true } });
    expect(await verify('promise', await promise(leaves[index]!), '--jwks', jwks, '--proof', proof, '--vkey', VKEY)).toMatchObject({ code: 0, report: { kept: true } });
    expect((await verify('promise', await promise(leaves[2]!), '--jwks', jwks, '--proof', proof, '--vkey', VKEY)).code).toBe(1);
    const stranger = file('stranger.json', { keys: [{ ...(await exportJWK(LOG_KEY.publicKey)), kid: await thumbprint(FORGER.publicKey) }] });
    expect((await verify('promise', await promise(leaves[2]!), '--jwks', stranger, ...now)).code).toBe(1);
  });
});

test('a consistency proof: exit 0 when one checkpoint follows from the other, 1 when the log was forked', async () => {
  const proof = (await proveConsistency({ from: 7, to: 20 }, read)).map((hash) => hash.toString('hex'));
  const check = (change: object) => verify('consistency', file('c.json', { format: CONSISTENCY_FORMAT, from: noteOf(leaves, 7), to: noteOf(leaves, 20), proof, ...change }), '--vkey', VKEY);
  expect((await check({})).code).toBe(0);
  expect((await check({ from: noteOf(leaves, 8) })).code).toBe(1);
  const forked = await check({ from: noteOf(leaves, 20), to: noteOf(leaves.toReversed(), 20), proof: [] });
  expect(forked).toMatchObject({ code: 1, report: { says: expect.stringContaining('forked') as string } });
});

test.each<[string, string[]]>([
  ['openssl is missing', ['--openssl', '/nonexistent/openssl', '--vkey', VKEY]],
  ['openssl is something else', ['--openssl', 'false', '--vkey', VKEY]],
  ['no key is pinned', []],
  ['the key is mistyped', ['--vkey', VKEY.replace('AY', 'AZ').replace(/\+[0-9a-f]{8}\+/, '+00000000+')]],
  ['the held checkpoint can\'t be read', ['--vkey', VKEY, '--held', '/nonexistent/note']],
])('exit 2, which says nothing against the gateway, when %s', async (_, args) => {
  const path = file('export.ndjson', await textOf(exportOf(await bookOf(entries, [20]))));
  expect(await verify('export', path, ...args)).toMatchObject({ code: 2, report: { verdict: 'cannot tell' } });
});

test('exit 2 when there is no such file', async () => {
  expect((await verify('export', '/nonexistent/export', '--vkey', VKEY)).code).toBe(2);
});
