// Works a proof out in the browser, from what stands on the page (RFC 6962, 2.1): the entry's own octets to its fingerprint, that and the others up to the root of the checkpoint.
const told = document.getElementById('proven');

const ofHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const ofBase64 = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
async function hashOf(...pieces) {
  const octets = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((at, piece) => (octets.set(piece, at), at + piece.length), 0);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
}

async function rootOf(leaf, index, size, proof) {
  let [place, last, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const other of proof) {
    if (last === 0n) return undefined;
    if (place % 2n === 1n || place === last) {
      hash = await hashOf(Uint8Array.of(1), other, hash);
      while (place % 2n === 0n && place !== 0n) [place, last] = [place / 2n, last / 2n];
    } else hash = await hashOf(Uint8Array.of(1), hash, other);
    [place, last] = [place / 2n, last / 2n];
  }
  return last === 0n ? hash : undefined;
}

async function prove() {
  const { octets, leaf, index, size, root, proof } = told.dataset;
  if (octets !== '' && hex(await hashOf(Uint8Array.of(0), ofBase64(octets))) !== leaf) return 'It does NOT hold: this is not the entry that was recorded.';
  const made = await rootOf(ofHex(leaf), index, size, proof === '' ? [] : proof.split(' ').map(ofHex));
  if (!made || hex(made) !== root) return 'It does NOT hold: the entry does not stand in the tree of this checkpoint.';
  return `Your browser has worked it out: it holds. The entry stands as number ${index} of ${size}${octets === '' ? ', and its octets are gone' : ', octet for octet'}.`;
}

if (told) told.textContent = await prove().catch(() => 'Your browser could not work it out: check the file below.');
