import { createHash, randomBytes } from 'node:crypto';
import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import { armorOctets, cutHead } from '#envelope/cutting';
import { type Addressee, readSealed } from '#envelope/gate';
import { makeStatement } from '#envelope/key-statement';
import { generateKeyPair, open, readPrivateKey, seal } from '#envelope/sealing';
import { signDetached, verifyDetached } from '#envelope/signatures';
import { packet } from '../attacks/envelope/forge';
import { Programs } from './programs';

/** Sequoia's sq shares no code with openpgp.js, gpg or us: a second witness, and stricter than gpg. */

const BOUND = { manifest: 'manifest-a', part: 'part-1' };
const programs = new Programs();
type Sq = ReturnType<Programs['sqKey']>;
let council: Sq;
let police: Sq;
const ours: Record<'certificate' | 'key', string> & { pair?: Awaited<ReturnType<typeof generateKeyPair>> } = { certificate: '', key: '' };

async function certificateOf(octets: Uint8Array): Promise<Certificate> {
  const read = await readCertificate(octets);
  if (!read.ok) throw new Error(read.problem.code);
  return read.certificate;
}

const pair = () => {
  if (!ours.pair) throw new Error('no pair yet');
  return ours.pair;
};

beforeAll(async () => {
  [council, police] = [programs.sqKey('council'), programs.sqKey('police', 'rsa3k')];
  ours.pair = await generateKeyPair({ name: 'Our client', algorithm: 'curve25519-legacy' });
  ours.certificate = programs.file(ours.pair.certificate);
  ours.key = programs.file(ours.pair.privateKey);
});
afterAll(() => programs.end());

async function passed(octets: Uint8Array): Promise<{ digest: string; addressees: Addressee[]; out: Buffer }> {
  const out: Uint8Array[] = [];
  const source = (async function* () { yield octets; })();
  const answer = await readSealed(source, { maxOctets: 50_000_000, maxAddressees: 10, sink: (chunk) => void out.push(chunk) });
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`);
  return { ...answer.part, out: Buffer.concat(out) };
}

const decrypted = (path: string, key: string, signer?: string): Buffer => programs.sq(['decrypt', '--recipient-key', key, ...(signer ? ['--signer-cert', signer, '--signatures', '1'] : []), path]);

test.each(['cv25519', 'rsa3k'] as const)('sq’s certificate with %s is read: keys to seal to and to sign with, current', async (suite) => {
  const certificate = await certificateOf(programs.sqKey(`kind-${suite}`, suite).octets);
  for (const keys of [certificate.seal, certificate.sign]) {
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(standing(certificate, key, new Date())).toBe('current');
  }
});

const SIZES: [string, Buffer][] = [['1 KB', randomBytes(1_000)], ['3 MB, which sq writes in partial lengths', randomBytes(3_000_000)]];

describe.each([['binary', ['--binary']], ['armored', []]])('what sq seals, %s', (_form, form) => {
  test.each(SIZES)('%s and signs, passes; each copy opens with its own key only, with sq and with us', async (_what, octets) => {
    const sealed = programs.sq(['encrypt', ...form, '--signer-key', council.key, '--recipient-cert', police.certificate, '--recipient-cert', ours.certificate, programs.file(octets)]);
    const { addressees, out, digest } = await passed(sealed);
    expect(addressees.length).toBeGreaterThanOrEqual(2);
    const own = async (certificate: Uint8Array): Promise<Buffer> => {
      const ids = (await certificateOf(certificate)).seal.map(({ keyId }) => keyId);
      return Buffer.concat([cutHead(addressees.filter(({ keyId }) => ids.includes(keyId ?? ''))), out]);
    };
    const [theirs, mine] = [await own(police.octets), await own(pair().certificate)];
    expect(decrypted(programs.file(theirs), police.key, council.certificate).equals(octets)).toBe(true);
    expect(() => decrypted(programs.file(mine), police.key)).toThrow();
    const opened = await open({ octets: mine, keys: [await readPrivateKey(pair().privateKey)], author: await certificateOf(council.octets), ...BOUND, at: new Date() });
    expect(opened.ok && [opened.author, Buffer.from(opened.octets).equals(octets)]).toEqual(['not-bound', true]);
    for (const copy of [theirs, mine]) expect((await passed(copy)).digest).toBe(digest);
  });
});

test('sq sees in what it sealed whom we see, and one packet of data', async () => {
  const sealed = programs.sq(['encrypt', '--binary', '--recipient-cert', council.certificate, '--recipient-cert', police.certificate, programs.file('x')]);
  const dump = programs.sq(['packet', 'dump', programs.file(sealed)]).toString();
  expect([...dump.matchAll(/^ {4}Recipient: (\w+)$/gm)].map(([, id]) => id)).toEqual((await passed(sealed)).addressees.map(({ keyId }) => keyId));
  expect(dump.match(/^Sym\. Encrypted and Integrity Protected Data Packet/gm)).toHaveLength(1);
});

test('what sq sealed and somebody else than the sender signed is refused', async () => {
  const sealed = programs.sq(['encrypt', '--binary', '--signer-key', police.key, '--recipient-cert', ours.certificate, programs.file('x')]);
  const opened = await open({ octets: sealed, keys: [await readPrivateKey(pair().privateKey)], author: await certificateOf(council.octets), ...BOUND, at: new Date() });
  expect(opened).toMatchObject({ ok: false, code: 'AUTHOR_MISMATCH' });
});

test.each(SIZES)('what we seal opens with sq, which finds our signature good: %s', async (_what, octets) => {
  const sealed = await seal({ octets, to: [await certificateOf(police.octets), await certificateOf(council.octets)], signer: await readPrivateKey(pair().privateKey), ...BOUND });
  expect(decrypted(programs.file(sealed), police.key, ours.certificate).equals(octets)).toBe(true);
  expect(decrypted(programs.file(armorOctets(sealed)), council.key, ours.certificate).equals(octets)).toBe(true);
});

test('our secret key is read by sq, and sq’s by us', async () => {
  const sealed = programs.sq(['encrypt', '--binary', '--recipient-cert', ours.certificate, programs.file('to a key of ours')]);
  expect(decrypted(programs.file(sealed), ours.key).toString()).toBe('to a key of ours');
  const theirs = programs.sq(['encrypt', '--binary', '--recipient-cert', police.certificate, programs.file('to a key of sq’s')]);
  const opened = await open({ octets: theirs, keys: [await readPrivateKey(programs.sq(['armor', police.key]))], ...BOUND, at: new Date() });
  expect(opened.ok && Buffer.from(opened.octets).toString()).toBe('to a key of sq’s');
});

describe('detached signatures', () => {
  const OCTETS = Buffer.from('{"id":"0195f3a0"}');

  test('sq’s are verified by us, and over other octets are not', async () => {
    for (const signer of [council, police]) {
      for (const form of [['--binary'], []]) {
        const signature = programs.sq(['sign', ...form, '--detached', '--signer-key', signer.key, programs.file(OCTETS)]);
        const certificates = [await certificateOf(signer.octets)];
        expect(await verifyDetached({ octets: OCTETS, signature, certificates, at: new Date() })).toMatchObject({ ok: true });
        expect(await verifyDetached({ octets: Buffer.from('{}'), signature, certificates, at: new Date() })).toMatchObject({ ok: false, problem: { code: 'SIGNATURE_OTHER_BYTES' } });
      }
    }
  });

  test('ours, and a key statement, are verified by sq as they stand', async () => {
    const key = await readPrivateKey(pair().privateKey);
    const verify = (octets: Uint8Array, signature: Uint8Array): Buffer => programs.sq(['verify', '--signer-cert', ours.certificate, '--detached', programs.file(signature), programs.file(octets)]);
    verify(OCTETS, await signDetached({ octets: OCTETS, key }));
    const statement = await makeStatement({ agency: 'a', contact: 'b', fingerprint: 'A'.repeat(40), use: 'seal', from: '2026-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' }, key);
    verify(statement.octets, statement.signature);
    expect(() => verify(Buffer.concat([statement.octets, Buffer.from(' ')]), statement.signature)).toThrow();
  });
});

describe('odd messages that programs make, or that sq says are what they seem', () => {
  const verdict = async (octets: Uint8Array): Promise<string> => passed(octets).then(() => 'passes', (error: Error) => error.message.split(':')[0] ?? '');
  const seen = (octets: Uint8Array): string[] => [...programs.sq(['packet', 'dump', programs.file(octets)]).toString().matchAll(/^([A-Z][A-Za-z.\- ]+) Packet/gm)].map(([, name]) => name ?? '');
  let sealed: Buffer;
  beforeAll(() => {
    programs.gpgKey('reader');
    sealed = programs.sq(['encrypt', '--binary', '--recipient-cert', council.certificate, programs.file('x')]);
  });

  test('C6: gpg -c beside -r: sq sees the password, and so do we', async () => {
    const both = programs.gpg(['--symmetric', '--encrypt', '--passphrase', 'open sesame', '-r', 'reader@example.org', '-o', '-', programs.file('x')]);
    expect(seen(both)).toEqual(expect.arrayContaining(['Public-Key Encrypted Session Key', 'Symmetric-Key Encrypted Session Key']));
    expect(await verdict(both)).toBe('PASSWORD_RECIPIENT');
  });

  test('C4: gpg -R: sq sees that nobody is named, and so do we', async () => {
    const hidden = programs.gpg(['--encrypt', '-R', 'reader@example.org', '-o', '-', programs.file('x')]);
    expect(programs.sq(['packet', 'dump', programs.file(hidden)]).toString()).toMatch(/Recipient: 0000000000000000/);
    expect(await verdict(hidden)).toBe('HIDDEN_RECIPIENT');
  });

  test('packet 20, as gpg 2.4 writes it: sq knows it, and it is refused by its own name', async () => {
    const { addressees } = await passed(sealed);
    const librePgp = Buffer.concat([cutHead(addressees), packet(20, Buffer.concat([Buffer.from([1, 9, 2, 16]), randomBytes(15 + 60)]))]);
    expect(seen(librePgp)).toEqual(['Public-Key Encrypted Session Key', 'AEAD Encrypted Data']);
    expect(await verdict(librePgp)).toBe('LIBREPGP_AEAD');
  });

  test('sq packet split and join: in whatever pieces they were, put together they pass again', async () => {
    const { addressees, out } = await passed(sealed);
    expect(await verdict(programs.sq(['packet', 'join', '--binary', programs.file(cutHead(addressees)), programs.file(out)]))).toBe('passes');
    expect(await verdict(programs.sq(['packet', 'join', '--label', 'message', programs.file(cutHead(addressees)), programs.file(out)]))).toBe('passes');
    expect(await verdict(programs.sq(['packet', 'join', '--binary', programs.file(out), programs.file(cutHead(addressees))]))).toBe('HIDDEN_RECIPIENT');
  });

  test('our armor is read by sq, and sq’s by us', async () => {
    expect(programs.sq(['dearmor', programs.file(armorOctets(sealed))]).equals(sealed)).toBe(true);
    expect((await passed(programs.sq(['armor', '--label', 'message', programs.file(sealed)]))).digest).toBe(createHash('sha256').update((await passed(sealed)).out).digest('hex'));
  });
});
