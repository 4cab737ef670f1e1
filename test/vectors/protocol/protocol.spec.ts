import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchAddressees } from '#envelope/addressees';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { cutHead } from '#envelope/cutting';
import { readSealedOctets } from '#envelope/gate';
import { type KeyStatement, verifyStatement } from '#envelope/key-statement';
import { copyHead, readPartOctets } from '#envelope/parts';
import { verifyProvenance } from '#envelope/provenance';
import { acceptCopy } from '#envelope/recipient-checks';
import { open, PART_NOTATION, partBinding, readPrivateKey } from '#envelope/sealing';
import { verifyDetached } from '#envelope/signatures';
import { pinnedKeys, type PublishedKey } from '#envelope/signing-keys';
import { readSmimeCertificate } from '#envelope/smime-certificates';
import { readSmimeIdentity } from '#envelope/smime-identity';
import { openSmime } from '#envelope/smime-opening';
import { readHead } from '#exchange/head';
import { sha256 } from '#protocol/digest';
import { readJson, readJsonText } from '#protocol/json';
import { readLine, shaped } from '#protocol/read';
import { Statement } from '#protocol/statement';
import { verifyCheckpoint } from '#register/checkpoint';
import { readEntry } from '#register/entry';
import { verifyInclusionFile } from '#register/evidence';
import { leafHash } from '#register/merkle';
import { verifyPromise } from '#register/promise';
import { FOLDER, MADE_ONCE, type MadeOnce, protocolVectors } from '../../../deploy/scripts/protocol-vectors';
import type { Vector } from '../../../deploy/scripts/vectors/common';

// What docs/protocol.md promises to a second implementer, held to the code; and to gpg, openssl and sha256sum, which are no code of ours.

type Verdict = { got: Record<string, unknown> } | { code: string };
type Given = Record<string, never> & Record<string, unknown>;

const binary = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text), 'base64'));
/** Base64 of octets, or armor as it stands. */
const octetsOf = (text: unknown): Uint8Array => (/^[A-Za-z0-9+/=]*$/.test(String(text)) ? binary(text) : new Uint8Array(Buffer.from(String(text))));
const bytes = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text)));
const dated = (instant: unknown): Date => new Date(String(instant));

async function certificateOf(armored: unknown): Promise<Certificate> {
  const read = await readCertificate(String(armored));
  if (!read.ok) throw new Error(read.problem.code);
  return read.certificate;
}

async function signatureVerdict(octets: unknown, { signature, certificate, at }: Given): Promise<Verdict> {
  const verified = await verifyDetached({ octets: bytes(octets), signature: octetsOf(signature), certificates: [await certificateOf(certificate)], at: dated(at) });
  return verified.ok ? { got: { fingerprint: verified.fingerprint, manifestDigest: sha256(String(octets)) } } : { code: verified.problem.code };
}

async function partVerdict({ octets, digest, known, proposed }: Given): Promise<Verdict> {
  const sealed = octetsOf(octets);
  const gated = await readSealedOctets(sealed, { maxOctets: 1_000_000, maxAddressees: 10 });
  if (!gated.ok) return { code: gated.problem.code };
  const directory = known as unknown as Record<string, string>;
  const match = matchAddressees(gated.part, (id) => (directory[id] === undefined ? undefined : { recipient: directory[id], standing: 'current' }), proposed as unknown as string[]);
  if (!match.ok) return { code: match.problems[0]?.code ?? '' };
  if (gated.part.digest !== digest) return { code: 'DIGEST_MISMATCH' };
  const copies = Object.fromEntries([...match.copies].map(([recipient, addressees]) => [recipient, sha256(Buffer.concat([cutHead(addressees), gated.data]))]));
  return { got: { digest: gated.part.digest, size: gated.part.size, offset: cutHead(gated.part.addressees).length, copies } };
}

async function cmsVerdict({ octets, digest, known, proposed, manifest, part, author, secretKeys, certificates }: Given): Promise<Verdict> {
  const gated = await readPartOctets(binary(octets), { maxOctets: 100_000, maxAddressees: 10 });
  if (!gated.ok) return { code: gated.problem.code };
  const [directory, keys, pems] = [known, secretKeys, certificates] as unknown as [Record<string, string>, Record<string, string>, Record<string, string>];
  const match = matchAddressees(gated.part, (id) => (directory[id] === undefined ? undefined : { recipient: directory[id], standing: 'current' }), proposed as unknown as string[]);
  if (!match.ok) return { code: match.problems[0]?.code ?? '' };
  if (gated.part.digest !== digest) return { code: 'DIGEST_MISMATCH' };
  const copies = new Map([...match.copies].map(([recipient, addressees]) => [recipient, Buffer.concat([copyHead(gated.part, addressees), gated.data])]));
  const pin = readSmimeCertificate(String(author));
  const opened = [...copies].map(([recipient, copy]) => openSmime({
    octets: copy, identities: [readSmimeIdentity({ certificates: pems[recipient] ?? '', key: keys[recipient] ?? '' })], author: pin.ok ? [{ certificate: pin.certificate }] : [], manifest: String(manifest), part: String(part), at: new Date(),
  }));
  const [first] = opened;
  if (!first?.ok) return { code: first?.code ?? '' };
  expect(opened.every((each) => each.ok && Buffer.from(each.octets).equals(first.octets))).toBe(true);
  return { got: { digest: gated.part.digest, size: gated.part.size, offset: copyHead(gated.part, gated.part.addressees).length, author: first.author, text: sha256(first.octets), copies: Object.fromEntries([...copies].map(([recipient, copy]) => [recipient, sha256(copy)])) } };
}

async function copyVerdict({ manifest, signature, certificate, author, lines, own, at, part, octets, secretKey }: Given): Promise<Verdict> {
  const sender = await certificateOf(certificate);
  const accepted = await acceptCopy({ manifestOctets: bytes(manifest), signature: octetsOf(signature), senderCertificate: sender, lines: lines as unknown as string[], own: String(own), at: dated(at) });
  if (!accepted.ok) return { code: accepted.problems[0]?.code ?? '' };
  const id = String(accepted.manifest['id']);
  const opened = await open({ octets: binary(octets), keys: [await readPrivateKey(binary(secretKey))], author: author ? await certificateOf(author) : sender, manifest: id, part: String(part), at: dated(at) });
  if (!opened.ok) return { code: opened.code };
  const gated = await readSealedOctets(binary(octets), { maxOctets: 1_000_000, maxAddressees: 10 });
  return { got: { author: opened.author, text: sha256(opened.octets), digest: gated.ok && gated.part.digest, notation: `${PART_NOTATION}=${partBinding(id, String(part))}` } };
}

/** How the code judges each kind of vector. */
const JUDGES: Record<string, (given: Given) => Verdict | Promise<Verdict>> = {
  'json.json': ({ text }) => {
    const read = readJsonText(String(text));
    return read.ok ? { got: {} } : { code: read.problem };
  },
  'line.json': ({ text }) => (readLine(String(text)).ok ? { got: { digest: sha256(String(text)) } } : { code: 'LINES_INVALID' }),
  'manifest.json': ({ manifest, lines, sender, gateway, now }) => {
    const head = readHead({ manifest: Buffer.from(String(manifest)), lines: Buffer.from(JSON.stringify(lines)) }, { sender: String(sender), gateway: String(gateway), now: dated(now) });
    return head.ok ? { got: { manifestDigest: head.head.manifestDigest, lineDigests: head.head.lines.map(({ digest }) => digest) } } : { code: head.reasons[0]?.code ?? '' };
  },
  'share.json': (given) => signatureVerdict(given['manifest'], given),
  'part.json': partVerdict,
  'part-cms.json': cmsVerdict,
  'copy.json': copyVerdict,
  'key-statement.json': async ({ statement, signature, certificate, expected, at }) => {
    const verdict = await verifyStatement({ octets: bytes(statement), signature: binary(signature), coordinator: await certificateOf(certificate), at: dated(at), expected: expected as unknown as KeyStatement });
    return verdict.ok ? { got: { digest: sha256(String(statement)) } } : { code: verdict.code };
  },
  'statement.json': async (given) => {
    const read = shaped(Statement, readJson(bytes(given['statement'])));
    if (!read.ok) return { code: 'STATEMENT_INVALID' };
    const verdict = await signatureVerdict(given['statement'], given);
    return 'code' in verdict ? verdict : { got: { digest: sha256(String(given['statement'])), kind: read.value.kind } };
  },
  'provenance.json': async ({ jws, jwks, contentsOctets }) => {
    const verdict = await verifyProvenance(String(jws), await pinnedKeys(jwks as unknown as { keys: PublishedKey[] }));
    if (!verdict.ok) return { code: verdict.code };
    expect(sha256(String(contentsOctets))).toBe(verdict.claims.contents);
    return { got: { kid: verdict.kid, contents: verdict.claims.contents, manifestDigest: verdict.claims.manifestDigest, leaf: verdict.claims.entry.leaf } };
  },
  'promise.json': async ({ jws, jwks }) => {
    const verdict = await verifyPromise(String(jws), (jwks as unknown as { keys: PublishedKey[] }).keys.map((key) => ({ ...key })));
    return verdict.ok ? { got: { ...verdict.promise } } : { code: verdict.fault };
  },
  'entry.json': ({ octets }) => (readEntry(bytes(octets)) ? { got: { leaf: leafHash(bytes(octets)).toString('hex') } } : { code: 'UNREADABLE' }),
  'checkpoint.json': ({ note, vkeys }) => {
    const verdict = verifyCheckpoint(String(note), vkeys as unknown as string[]);
    return verdict.ok ? { got: { ...verdict.checkpoint, root: verdict.checkpoint.root.toString('hex') } } : { code: verdict.fault };
  },
  'inclusion.json': ({ file, vkeys }) => {
    const verdict = verifyInclusionFile(file, vkeys as unknown as string[]);
    return verdict.ok ? { got: { leaf: verdict.leaf.toString('hex') } } : { code: verdict.fault };
  },
};

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== MADE_ONCE);
const stored = (name: string): Vector => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Vector;
const given = (name: string): Given => stored(name).given as Given;

test('every file of vectors is judged, and every judge has one', () => {
  expect([...names].sort()).toEqual(Object.keys(JUDGES).sort());
});

test.each(names.flatMap((name) => stored(name).cases.map((each) => [name, `${each.verdict}: ${each.name}`, each] as const)))('%s, %s', async (name, _says, each) => {
  const verdict = await (JUDGES[name] as (given: Given) => Promise<Verdict>)({ ...given(name), ...each.given } as Given);
  if (each.verdict === 'refuse') expect(verdict).toEqual({ code: each.code });
  else expect(verdict).toMatchObject({ got: each.expect });
});

test('what the code makes is what the vectors hold', async () => {
  const { files, madeOnce } = await protocolVectors(JSON.parse(readFileSync(join(FOLDER, MADE_ONCE), 'utf8')) as MadeOnce);
  expect(Object.keys(files).sort()).toEqual([...names].sort());
  for (const name of names) expect(files[name]).toEqual(stored(name));
  expect(madeOnce).toEqual(JSON.parse(readFileSync(join(FOLDER, MADE_ONCE), 'utf8')));
});

test('every digest that docs/protocol.md quotes stands in a vector, and every section that a vector names stands there', () => {
  const text = readFileSync(join('docs', 'protocol.md'), 'utf8');
  const all = names.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('');
  const quoted = text.match(/\b[0-9a-f]{64}\b/g) ?? [];
  expect(quoted.length).toBeGreaterThan(3);
  expect(quoted.filter((digest) => !all.includes(digest))).toEqual([]);
  const sections = names.flatMap((name) => stored(name).see.match(/[0-9]+(\.[0-9]+)?/g) ?? []);
  expect(sections.filter((section) => !new RegExp(`^#{2,3} ${section.replace('.', '\\.')}\\.? `, 'm').test(text))).toEqual([]);
});

describe('witnessed by programs that are not ours', () => {
  const root = mkdtempSync(join(tmpdir(), 'wv-'));
  const home = join(root, 'g');
  const file = (name: string, octets: Uint8Array | string): string => {
    const path = join(root, name);
    writeFileSync(path, octets);
    return path;
  };
  /** gpg on the day of the vectors, so that they hold for ever. */
  const gpg = (args: string[]): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--no-tty', '--faked-system-time', '20260302T093100!', '--trust-model', 'always', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], { stdio: ['ignore', 'pipe', 'pipe'] }) as Buffer;

  beforeAll(() => {
    mkdirSync(home, { mode: 0o700 });
    for (const name of ['share.json', 'copy.json', 'key-statement.json', 'statement.json']) gpg(['--import', file('certificate.asc', String(given(name)['certificate']))]);
  });
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    // An agent that was told to end may still write there.
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  test.each([['share.json', 'manifest'], ['key-statement.json', 'statement'], ['statement.json', 'statement']])('gpg --verify: %s', (name, text) => {
    const signed = given(name);
    const [signature, octets] = [file('signature', octetsOf(signed['signature'])), file('octets', String(signed[text]))];
    gpg(['--verify', signature, octets]);
    writeFileSync(octets, `${String(signed[text])} `);
    expect(() => gpg(['--verify', signature, octets])).toThrow();
  });

  test('gpg and sha256sum: the digest of the part by the recipe, and the copy opens', () => {
    const part = stored('part.json');
    for (const each of part.cases.filter(({ verdict, given: change }) => verdict === 'accept' && !String(change?.['octets'] ?? '').startsWith('-----'))) {
      const sealed = file('part-1.pgp', binary(each.given?.['octets'] ?? part.given['octets']));
      const listed = spawnSync('gpg', ['--homedir', home, '--batch', '--list-packets', sealed], { encoding: 'latin1' }).stdout;
      const offset = Number(/off=(\d+) ctb=\w+ tag=18 /.exec(listed)?.[1]);
      expect(offset).toBe(each.expect?.['offset']);
      expect(execFileSync('sh', ['-c', `tail -c +${offset + 1} "${sealed}" | sha256sum`]).toString().slice(0, 64)).toBe(each.expect?.['digest']);
    }
    const { octets, secretKey, part: name } = given('copy.json');
    expect(name).toBe('part-1');
    gpg(['--import', file('secret.pgp', binary(secretKey))]);
    const opened = gpg(['--decrypt', file('copy.pgp', binary(octets))]);
    expect(sha256(opened)).toBe(stored('copy.json').cases[0]?.expect?.['text']);
  });

  test('openssl and sha256sum: the digest of the part in CMS by the recipe, and it opens for both', () => {
    const { octets, digest, certificates, secretKeys } = given('part-cms.json');
    const sealed = file('part-1.cms', binary(octets));
    const recipe = `offset="$(openssl asn1parse -inform DER -in ${sealed} | sed -n 's/^ *\\([0-9]*\\):d=3 .*cons: SEQUENCE.*/\\1/p' | head -n 1)"; tail -c +$((offset + 1)) ${sealed} | sha256sum`;
    expect(execFileSync('sh', ['-c', recipe]).toString().slice(0, 64)).toBe(digest);
    for (const [recipient, key] of Object.entries(secretKeys as unknown as Record<string, string>)) {
      const own = file('own.pem', (certificates as unknown as Record<string, string>)[recipient] ?? '');
      const opened = execFileSync('openssl', ['cms', '-decrypt', '-inform', 'DER', '-binary', '-in', sealed, '-recip', own, '-inkey', file('own.key', key)]);
      const signed = execFileSync('openssl', ['cms', '-verify', '-noverify', '-inform', 'DER', '-binary', '-in', file('signed', opened)], { stdio: ['ignore', 'pipe', 'pipe'] });
      expect(sha256(signed)).toBe(stored('part-cms.json').cases[0]?.expect?.['text']);
    }
  });

  test('sha256sum: manifest, lines and leaf', () => {
    const sum = (octets: Uint8Array | string): string => execFileSync('sha256sum', [file('summed', octets)]).toString().slice(0, 64);
    const [whole] = stored('manifest.json').cases;
    expect(sum(String(given('manifest.json')['manifest']))).toBe(whole?.expect?.['manifestDigest']);
    expect((given('manifest.json')['lines'] as unknown as string[]).map(sum)).toEqual(whole?.expect?.['lineDigests']);
    expect(sum(Buffer.concat([Buffer.of(0), bytes(given('entry.json')['octets'])]))).toBe(stored('entry.json').cases[0]?.expect?.['leaf']);
  });

  test('openssl: Ed25519 over the provenance, the promise and the checkpoint', () => {
    const verify = (publicKey: Uint8Array, signed: Uint8Array | string, signature: Uint8Array): void => {
      const key = file('key.der', Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]));
      execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-keyform', 'DER', '-rawin', '-in', file('signed', signed), '-sigfile', file('sig', signature)], { stdio: 'pipe' });
    };
    for (const name of ['provenance.json', 'promise.json']) {
      const { jws, jwks } = given(name);
      const [header, payload, signature] = String(jws).split('.') as [string, string, string];
      const x = Buffer.from((jwks as unknown as { keys: { x: string }[] }).keys[0]?.x ?? '', 'base64url');
      verify(x, `${header}.${payload}`, Buffer.from(signature, 'base64url'));
      expect(() => verify(x, `${header}.${payload}x`, Buffer.from(signature, 'base64url'))).toThrow();
    }
    const { note, vkeys } = given('checkpoint.json');
    const cut = String(note).indexOf('\n\n');
    const signature = Buffer.from(String(note).slice(cut).trim().split(' ').at(-1) ?? '', 'base64').subarray(4);
    verify(Buffer.from((vkeys as unknown as string[])[0]?.split('+').slice(2).join('+') ?? '', 'base64').subarray(1), String(note).slice(0, cut + 1), signature);
  });
});
