import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { contentClaims, signProvenance } from '#envelope/provenance';
import { publicKeySet, type SigningKey } from '#envelope/signing-keys';
import { sha256 } from '#protocol/digest';
import { originOf, signCheckpoint } from '#register/checkpoint';
import { makeEntry, type SealedEntry } from '#register/entry';
import { INCLUSION_FORMAT } from '#register/evidence';
import { rootOf } from '#register/merkle';
import { signPromise } from '#register/promise';
import { proveInclusion } from '#register/proofs';
import { vkeyOf } from '#register/vkey';
import { accept, AT, type Case, CHARITY, COUNCIL, ed25519, ENTRY, GATEWAY, type Holder, HOST, MADE, refuse, salt, SCHOOL, SHARE, TRANSFER, type Vector } from './common';

interface Recorded {
  manifestDigest: string;
  digest: string;
  size: number;
  lines: string[];
  school: Holder;
  council: Holder;
}

/** Provenance, promise, entry, checkpoint and inclusion of the transfer to the council. */
export async function registerVectors({ manifestDigest, digest, size, lines, school, council }: Recorded): Promise<Record<string, Vector>> {
  const [gateway, relay, stranger] = [await ed25519(3), await ed25519(4), await ed25519(5)];
  const log = originOf(HOST, COUNCIL.agency);
  const agreement = { id: 'example', version: '1', digest: sha256('example agreement') };
  const entry = makeEntry('share-announced', { id: ENTRY, controller: COUNCIL.agency, at: AT, salt: Buffer.from(salt('entry'), 'hex') }, {
    share: SHARE, agreement, clause: '3.5', purpose: 'front-door-referral', basis: '6(1)(e)', urgency: 'routine', doNotTell: true, manifestDigest, manifestSigner: school.certificate.fingerprint.toLowerCase(),
    transfer: TRANSFER, ...COUNCIL, copyController: COUNCIL.agency, route: 'mailbox', protection: 'openpgp', keys: [(council.certificate.seal[0]?.keyId ?? '').toLowerCase()], categories: ['contacts-with-service'],
    lines: lines.map(sha256).sort(), parts: [{ name: 'part-1', digest, size }], from: SCHOOL.agency, originator: SCHOOL.agency,
  });
  const leaf = entry.leaf.toString('hex');
  const contents = contentClaims({ parts: [{ name: 'part-1', digest }], lines: lines.map(sha256) });
  const jws = signProvenance({
    share: SHARE, transfer: TRANSFER, agreement, clause: '3.5', purpose: 'front-door-referral', basis: '6(1)(e)', originator: { agency: SCHOOL.agency, controller: SCHOOL.agency, role: 'designated-safeguarding-lead' },
    created: AT.toISOString(), classification: 'OFFICIAL-SENSITIVE', handling: { classification: 'OFFICIAL-SENSITIVE', doNotTellSubject: true, onward: 'same-purpose-only' },
    recipient: { ...COUNCIL, controller: COUNCIL.agency }, manifestDigest, ...contents, entry: { log, leaf },
  }, gateway);
  const promise = signPromise({ iss: GATEWAY, log, leaf: entry.leaf, at: AT }, gateway);
  const jwks = await publicKeySet([{ publicKey: gateway.publicKey, from: MADE }]);
  const strangers = await publicKeySet([{ publicKey: stranger.publicKey, from: MADE }]);
  return {
    'provenance.json': {
      says: 'The provenance of one transfer, the public keys that were pinned, and the octets over which `contents` is taken.',
      see: 'docs/protocol.md, section 10',
      given: { jws, jwks, contentsOctets: JSON.stringify({ lines: contents.lines, parts: contents.parts?.map((each) => ({ digest: each.digest, name: each.name })) }) },
      cases: [
        accept('by the gateway', { kid: gateway.kid, contents: contents.contents, manifestDigest, leaf }),
        refuse('UNKNOWN_KEY', 'by a key that was not pinned', { jwks: strangers }),
        ...jwsRefusals(jws, { none: 'HEADER_NOT_ALLOWED', type: 'HEADER_NOT_ALLOWED', place: 'HEADER_NOT_ALLOWED', changed: 'SIGNATURE_WRONG', respelt: 'MALFORMED' }),
      ],
    },
    'promise.json': {
      says: 'The gateway’s word that a leaf will stand in a log.',
      see: 'docs/protocol.md, section 11.4',
      given: { jws: promise, jwks },
      cases: [
        accept('by the gateway', { leaf, log, integrateBy: AT.getTime() / 1_000 + 86_400 }),
        refuse('UNKNOWN_KEY', 'by a key that was not pinned', { jwks: strangers }),
        ...jwsRefusals(promise, { none: 'WRONG_ALGORITHM', type: 'WRONG_TYPE', place: 'KEY_IN_HEADER', changed: 'SIGNATURE_WRONG', respelt: 'NOT_A_JWS' }),
      ],
    },
    ...(await logVectors({ entry, log, relay, stranger: stranger.publicKey })),
  };
}

/** The same attempts on either kind of token; each verifier has its own word for what it sees. */
function jwsRefusals(jws: string, codes: Record<'none' | 'type' | 'place' | 'changed' | 'respelt', string>): Case[] {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
  const headed = (change: Record<string, unknown>): Record<string, unknown> => ({ jws: [Buffer.from(JSON.stringify({ ...read, ...change })).toString('base64url'), payload, signature].join('.') });
  const changed = Buffer.from(Buffer.from(payload, 'base64url').toString().replace(COUNCIL.agency, CHARITY.agency)).toString('base64url');
  return [
    refuse(codes.none, 'without an algorithm', headed({ alg: 'none' })),
    refuse(codes.type, 'of another type', headed({ typ: 'JWT' })),
    refuse(codes.place, 'that says where to fetch its key', headed({ jku: 'https://elsewhere.example/keys' })),
    refuse(codes.changed, 'with another recipient written in', { jws: [header, changed, signature].join('.') }),
    refuse(codes.respelt, 'spelt otherwise', { jws: `${jws}=` }),
  ];
}

async function logVectors({ entry, log, relay, stranger }: { entry: SealedEntry; log: string; relay: SigningKey; stranger: KeyObject }): Promise<Record<string, Vector>> {
  const text = entry.octets.toString();
  const others = [1, 2, 3, 4].map((i) => createHash('sha256').update(`leaf ${i}`).digest());
  const leaves = [...others.slice(0, 2), entry.leaf, ...others.slice(2)];
  const note = signCheckpoint({ origin: log, size: leaves.length, root: rootOf(leaves) }, relay);
  const vkey = vkeyOf(log, relay.publicKey);
  const proof = await proveInclusion(2, leaves.length, (level, index) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
  const file = { format: INCLUSION_FORMAT, index: 2, leaf: entry.leaf.toString('hex'), octets: entry.octets.toString('base64'), proof: proof.map((hash) => hash.toString('hex')), checkpoint: note };
  return {
    'entry.json': {
      says: 'An entry of a register and its leaf hash: SHA-256 over an octet 00 and the entry’s octets.',
      see: 'docs/protocol.md, section 11.1',
      given: { octets: text },
      cases: [
        accept('as it was recorded', { leaf: entry.leaf.toString('hex') }),
        refuse('UNREADABLE', 'with a space in it', { octets: text.replace('{', '{ ') }),
        refuse('UNREADABLE', 'with a field that its kind does not have', { octets: text.replace('"v":1', '"v":1,"words":"x"') }),
        refuse('UNREADABLE', 'with a name where a code must stand', { octets: text.replace('front-door-referral', 'Robin Example') }),
        refuse('UNREADABLE', 'of a kind that there is not', { octets: text.replace('share-announced', 'share-imagined') }),
      ],
    },
    'checkpoint.json': {
      says: 'A log of five leaves at its newest checkpoint, and the key that was pinned.',
      see: 'docs/protocol.md, section 11.3',
      given: { note, vkeys: [vkey], publicKey: createPublicKey(relay.privateKey).export({ type: 'spki', format: 'pem' }).toString() },
      cases: [
        accept('by the relay', { size: 5, root: rootOf(leaves).toString('hex'), origin: log }),
        refuse('SIGNATURE_WRONG', 'of six leaves', { note: note.replace('\n5\n', '\n6\n') }),
        refuse('WRONG_LOG', 'of another controller', { vkeys: [vkeyOf(originOf(HOST, CHARITY.agency), relay.publicKey)] }),
        refuse('NOT_SIGNED_BY_PINNED_KEY', 'by another key', { vkeys: [vkeyOf(log, stranger)] }),
        refuse('NOT_A_CHECKPOINT', 'without its last newline', { note: note.slice(0, -1) }),
        refuse('BAD_VKEY', 'with a key that is none', { vkeys: ['key'] }),
      ],
    },
    'inclusion.json': {
      says: 'The entry with the proof that it stands in the log at place 2 of 5.',
      see: 'docs/protocol.md, section 11.3',
      given: { file, vkeys: [vkey] },
      cases: [
        accept('at its place', { leaf: entry.leaf.toString('hex') }),
        refuse('NOT_PROVEN', 'at another place', { file: { ...file, index: 3 } }),
        refuse('NOT_PROVEN', 'with a hash of the proof taken out', { file: { ...file, proof: file.proof.slice(1) } }),
        refuse('OCTETS_DIFFER', 'with another entry’s octets', { file: { ...file, octets: Buffer.from('{}').toString('base64') } }),
        refuse('NOT_A_PROOF', 'of another format', { file: { ...file, format: 'x' } }),
      ],
    },
  };
}
