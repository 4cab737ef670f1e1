// Checks an evidence pack of Waybill without Waybill: unpack it, then `node verify.mjs` in its folder. Plain Node, no packages, nothing of the system that made it.
//
//   node verify.mjs [folder] [--vkey KEY]     KEY: the log's key as you have it from the controller. Without it the key in the pack is used, and the
//                                             answer says so: then the pack agrees with itself, and no more.
// Ends with 0 where all of it holds, 1 where something does not, 2 where it cannot tell.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();
const leafHash = (octets) => sha256(Buffer.from([0]), octets);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

/** RFC 9162, 2.1.3.2: the root that an inclusion proof leads to. */
function rootOf(leaf, index, size, proof) {
  let [fn, sn, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (fn > sn) return undefined;
  for (const sibling of proof) {
    if (sn === 0n) return undefined;
    if (fn % 2n === 1n || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  return sn === 0n ? hash : undefined;
}

/** C2SP signed-note with a tree head; undefined where the key did not sign it. */
function checkpointBy(vkey, note) {
  const [, name, hex, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey.trim()) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (key.length !== 33 || key[0] !== 1) throw new Error('the key is none');
  const hash = sha256(`${name}\n`, key).subarray(0, 4);
  if (hash.toString('hex') !== hex) throw new Error('the key does not bear its own name');
  const cut = note.lastIndexOf('\n\n');
  const text = note.slice(0, cut + 1);
  const [origin, size, root] = text.split('\n');
  if (origin !== name) return undefined;
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') }, format: 'jwk' });
  for (const line of note.slice(cut + 2).split('\n')) {
    const [, signer, signature] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const octets = Buffer.from(signature ?? '', 'base64');
    if (signer !== name || !octets.subarray(0, 4).equals(hash)) continue;
    return verify(null, Buffer.from(text), publicKey, octets.subarray(4)) ? { origin, size: Number(size), root: Buffer.from(root, 'base64') } : undefined;
  }
  return undefined;
}

function filesIn(folder, under = '') {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? filesIn(folder, `${under}${each.name}/`) : [`${under}${each.name}`]));
}

function check(folder, pinned) {
  const faults = [];
  const read = (name) => readFileSync(join(folder, name));
  const manifest = JSON.parse(read('manifest.json').toString());
  const outside = ['manifest.json', 'manifest.json.asc'];
  for (const [name, digest] of Object.entries(manifest.files)) {
    let octets;
    try {
      octets = read(name);
    } catch {
      faults.push(`${name} is missing`);
      continue;
    }
    if (sha256(octets).toString('hex') !== digest) faults.push(`${name} is not the one that was packed`);
  }
  for (const name of filesIn(folder)) if (!outside.includes(name) && !Object.hasOwn(manifest.files, name)) faults.push(`${name} was not packed`);
  const vkeys = pinned.length > 0 ? pinned : read('keys/log.vkey').toString().trim().split('\n');
  const controllers = new Set();
  let proven = 0;
  for (const name of filesIn(folder).filter((each) => each.startsWith('proofs/'))) {
    const file = JSON.parse(read(name).toString());
    const octets = read(`entries/${name.slice('proofs/'.length)}`);
    const entry = JSON.parse(octets.toString());
    controllers.add(entry.controller);
    if (leafHash(octets).toString('hex') !== file.leaf) faults.push(`${name}: the entry is not the one that was recorded`);
    const checkpoint = vkeys.map((vkey) => checkpointBy(vkey, file.checkpoint)).find(Boolean);
    if (!checkpoint) {
      faults.push(`${name}: its checkpoint is not signed by the log’s key`);
      continue;
    }
    const root = rootOf(Buffer.from(file.leaf, 'hex'), file.index, checkpoint.size, file.proof.map((hash) => Buffer.from(hash, 'hex')));
    if (!root?.equals(checkpoint.root)) faults.push(`${name}: the entry does not stand in the log`);
    else if (!checkpoint.origin.endsWith(`/register/${entry.controller}`)) faults.push(`${name}: it is an entry of another register`);
    else proven += 1;
  }
  if (controllers.size > 1) faults.push('entries of more than one register');
  if (proven === 0) faults.push('no entry is proven');
  return { faults, proven, controller: [...controllers][0], pinned: pinned.length > 0 };
}

try {
  const given = process.argv.slice(2);
  const pinned = given.flatMap((each, i) => (each === '--vkey' ? [given[i + 1] ?? ''] : []));
  const folder = given.find((each, i) => !each.startsWith('--') && given[i - 1] !== '--vkey') ?? '.';
  const { faults, proven, controller, pinned: trusted } = check(folder, pinned);
  if (faults.length > 0) {
    console.log(['It does NOT hold:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    process.exitCode = 1;
  } else {
    console.log(`It holds: ${proven} entries stand, as they are here, in the register of ${controller}.`);
    if (!trusted) console.log('The log’s key is the one in the pack: ask the controller for it and give it with --vkey.');
    console.log('Who packed it: gpg --import keys/packer.asc && gpg --verify manifest.json.asc manifest.json');
  }
} catch (error) {
  console.log(`Cannot tell: ${error.message}`);
  process.exitCode = 2;
}
