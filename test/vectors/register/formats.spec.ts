import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, type JWK } from 'jose';
import { verifyCheckpoint } from '#register/checkpoint';
import { readEntry } from '#register/entry';
import { INCLUSION_FORMAT, verifyInclusionFile } from '#register/evidence';
import { verifyExport } from '#register/export-verification';
import { leafHash, rootOf } from '#register/merkle';
import { signPromise, thumbprint, verifyPromise } from '#register/promise';
import { proveInclusion } from '#register/proofs';
import { bookOf, each, entryOf, exportOf, FORGER, noteOf, ORIGIN, textOf, VKEY } from '../../attacks/register/book';

// The formats as they stand: whoever writes a second implementation starts here, and a change that would break the registers that people
// have exported shows as a difference in this file. To write it anew: WAYBILL_WRITE_VECTORS=1 npm run test:unit -- test/vectors/register

const FILE = join(process.cwd(), 'test/vectors/register/formats.json');
const entries = [0, 1, 2, 3, 4].map((i) => entryOf(i));
const leaves = entries.map(({ leaf }) => leaf);
const read = (level: number, index: number): Buffer => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

/** Keys and salts are fixed and Ed25519 is deterministic, so that the same code makes the same octets. */
async function made() {
  const proof = await proveInclusion(3, 5, read);
  return {
    says: 'A register of five entries, with a checkpoint after the second and the fifth. All of it verifies.',
    vkey: VKEY,
    jwks: { keys: [await exportJWK(FORGER.publicKey)] },
    entry: entries[3]!.octets.toString(),
    leaf: leaves[3]!.toString('hex'),
    checkpoint: noteOf(leaves, 5),
    inclusion: { format: INCLUSION_FORMAT, index: 3, leaf: leaves[3]!.toString('hex'), octets: entries[3]!.octets.toString('base64'), proof: proof.map((hash) => hash.toString('hex')), checkpoint: noteOf(leaves, 5) },
    promise: signPromise({ iss: 'https://gateway.example', log: ORIGIN, leaf: leaves[3]!, at: new Date('2026-03-02T09:15:00.000Z') }, { privateKey: FORGER.privateKey, kid: await thumbprint(FORGER.publicKey) }),
    export: (await textOf(exportOf(await bookOf(entries, [2, 5])))).split('\n').slice(0, -1),
  };
}

if (process.env['WAYBILL_WRITE_VECTORS']) beforeAll(async () => writeFileSync(FILE, `${JSON.stringify(await made(), undefined, 1)}\n`));

const stored = (): Awaited<ReturnType<typeof made>> => JSON.parse(readFileSync(FILE, 'utf8')) as Awaited<ReturnType<typeof made>>;

test('what the code makes is what the vectors hold, octet for octet', async () => {
  expect(await made()).toEqual(stored());
});

test('everything in the vectors verifies', async () => {
  const { vkey, jwks, entry, leaf, checkpoint, inclusion, promise, export: lines } = stored();
  expect(leafHash(Buffer.from(entry)).toString('hex')).toBe(leaf);
  expect(readEntry(Buffer.from(entry))).toMatchObject({ kind: 'share-collected' });
  expect(verifyCheckpoint(checkpoint, vkey)).toMatchObject({ ok: true, checkpoint: { size: 5 } });
  expect(verifyInclusionFile(inclusion, vkey).ok).toBe(true);
  expect(await verifyPromise(promise, jwks.keys as JWK[])).toMatchObject({ ok: true, promise: { leaf } });
  expect(await verifyExport(each(lines.map((line) => `${line}\n`)), { vkeys: vkey, heldCheckpoint: checkpoint })).toMatchObject({ holds: true, size: 5, checkpoints: 2 });
});
