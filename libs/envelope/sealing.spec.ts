import { createMessage, encrypt, enums, generateKey } from 'openpgp';
import { parsedKey } from './certificates';
import { generateKeyPair, NotSealed, open, PART_NOTATION, readPrivateKey, seal } from './sealing';
import { unwrapKey } from './private-keys';
import { armorOctets } from './cutting';
import { AT, packet, type Party, party, sealFor, throughGate } from '../../test/attacks/envelope/forge';

const BOUND = { manifest: 'manifest-a', part: 'part-1', at: AT };
const WORDS = 'what the child said';

describe('sealing and opening', () => {
  let sender: Party;
  let recipient: Party;
  let stranger: Party;
  beforeAll(async () => {
    [sender, recipient, stranger] = [await party('Wirral Council'), await party('Merseyside Police'), await party('Stranger')];
  });

  const outcome = async (octets: Uint8Array, changed: Partial<Parameters<typeof open>[0]> = {}): Promise<string> => {
    const opened = await open({ octets, keys: [recipient.key], author: sender.certificate, ...BOUND, ...changed });
    return opened.ok ? `${opened.author}: ${Buffer.from(opened.octets).toString()}` : opened.code;
  };
  /** As any other program might seal: whatever the library makes of it. */
  const otherwise = async (options: object = {}, text = WORDS): Promise<Uint8Array> =>
    (await encrypt({ message: await createMessage({ binary: Buffer.from(text), date: AT }), encryptionKeys: parsedKey(recipient.certificate), date: AT, format: 'binary', ...options })) as unknown as Uint8Array;

  test('what is sealed passes the gate as version 1 and opens as the sender’s own', async () => {
    const sealed = await sealFor([recipient, sender], sender, WORDS);
    expect((await throughGate(sealed)).answer).toMatchObject({ ok: true, part: { seipdVersion: 1, addressees: [{ keyId: recipient.keyId }, { keyId: sender.keyId }] } });
    expect(await outcome(sealed)).toBe(`bound: ${WORDS}`);
    expect(await outcome(sealed, { keys: [stranger.key, sender.key] })).toBe(`bound: ${WORDS}`);
    expect(Buffer.from(sealed).includes(WORDS)).toBe(false);
  });

  test('it says who signed', async () => {
    expect(await open({ octets: await sealFor([recipient], sender), keys: [recipient.key], author: sender.certificate, ...BOUND })).toMatchObject({ signedBy: sender.certificate.sign[0]?.fingerprint });
  });

  test.each<[string, string, () => Promise<string>]>([
    ['CANNOT_OPEN', 'with another’s key', async () => outcome(await sealFor([recipient], sender), { keys: [stranger.key] })],
    ['CANNOT_OPEN', 'with no key', async () => outcome(await sealFor([recipient], sender), { keys: [] })],
    ['BOUND_TO_ANOTHER', 'of another manifest', async () => outcome(await sealFor([recipient], sender), { manifest: 'manifest-b' })],
    ['BOUND_TO_ANOTHER', 'of another name', async () => outcome(await sealFor([recipient], sender), { part: 'part-2' })],
    ['BOUND_TO_ANOTHER', 'of another manifest, though nobody’s certificate is at hand', async () => outcome(await sealFor([recipient], sender), { manifest: 'manifest-b', author: undefined })],
    ['AUTHOR_MISMATCH', 'signed by a stranger in the sender’s name', async () => outcome(await sealFor([recipient], stranger))],
    ['AUTHOR_MISMATCH', 'signed after now', async () => outcome(await sealFor([recipient], sender), { at: new Date(AT.getTime() - 3_600_000) })],
    ['AUTHOR_MISMATCH', 'signed by the sender and a stranger', async () => outcome(await otherwise({ signingKeys: [unwrapKey(sender.key), unwrapKey(stranger.key)] }))],
    ['NOT_SEALED', 'that is no message', async () => outcome(packet(11, Buffer.from('b')))],
    ['TOO_LARGE', 'that is larger than we take', async () => outcome(await sealFor([recipient], sender), { maxOctets: 100 })],
  ])('refuses with %s a part %s', async (code, _, act) => {
    expect(await act()).toBe(code);
  });

  test('a part signed without a binding, as gpg does it, opens and is marked', async () => {
    expect(await outcome(await otherwise({ signingKeys: unwrapKey(sender.key) }))).toBe(`not-bound: ${WORDS}`);
  });

  test('a part that nobody signed opens and is marked', async () => {
    expect(await outcome(await otherwise())).toBe(`not-bound: ${WORDS}`);
  });

  test('one binding that fits does not cover for one that doesn’t', async () => {
    const notations = ['manifest-a/part-1', 'manifest-b/part-1'].map((value) => ({ name: PART_NOTATION, value: Buffer.from(value), humanReadable: true, critical: false }));
    expect(await outcome(await otherwise({ signingKeys: unwrapKey(sender.key), signatureNotations: notations }))).toBe('BOUND_TO_ANOTHER');
  });

  test('a part sealed by a key that has since expired is still its author’s', async () => {
    const brief = await party('x', { expiresAfter: 86_400 * 366 });
    const later = { at: new Date('2027-01-01T00:00:00Z'), author: brief.certificate };
    expect(await outcome(await sealFor([recipient], brief, WORDS), later)).toBe(`bound: ${WORDS}`);
  });

  test('inside, a bomb is stopped at the limit', async () => {
    const bomb = await otherwise({ config: { preferredCompressionAlgorithm: enums.compression.zlib } }, '0'.repeat(20_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await outcome(bomb, { maxOctets: 1_000_000 })).toBe('TOO_LARGE');
  });

  test('a changed octet of the ciphertext is never opened into anything', async () => {
    const sealed = Uint8Array.from(await sealFor([recipient], sender));
    for (let at = sealed.length - 1; at > sealed.length - 200; at -= 7) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await outcome(changed)).toBe('CANNOT_OPEN');
    }
  });

  test('an expired certificate is not sealed to, and it is said which', async () => {
    const brief = await party('x', { expiresAfter: 3600 });
    const sealing = seal({ octets: Buffer.from(WORDS), to: [recipient.certificate, brief.certificate], signer: sender.key, manifest: 'm', part: 'part-1', at: AT });
    await expect(sealing).rejects.toMatchObject({ problems: [{ code: 'KEY_NOT_VERIFIED', cause: 'expired', keyId: brief.certificate.fingerprint }] });
    await expect(seal({ octets: Buffer.from(WORDS), to: [], signer: sender.key, manifest: 'm', part: 'part-1', at: AT })).rejects.toBeInstanceOf(NotSealed);
  });
});

test('a secret key is read binary or armored, and locked only with its passphrase', async () => {
  const pair = await generateKeyPair({ name: 'x', algorithm: 'curve25519-legacy', passphrase: 'correct horse' });
  const armored = armorOctets(pair.privateKey, { label: 'PUBLIC KEY BLOCK' }).replaceAll('PUBLIC', 'PRIVATE');
  await expect(readPrivateKey(pair.privateKey)).rejects.toThrow('locked');
  await expect(readPrivateKey(pair.privateKey, 'wrong')).rejects.toThrow();
  expect((await readPrivateKey(armored, 'correct horse')).fingerprint).toMatch(/^[0-9A-F]{40}$/);
  expect(JSON.stringify(await readPrivateKey(pair.privateKey, 'correct horse'))).toMatch(/^\{"fingerprint":"[0-9A-F]{40}"\}$/);
});

test('a secret key that asks for a terabyte of memory to be unlocked is refused at once', async () => {
  const config = { aeadProtect: true, s2kType: enums.s2k.argon2 as const, s2kArgon2Params: { passes: 1, parallelism: 1, memoryExponent: 10 } };
  const { privateKey } = await generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'x' }], passphrase: 'p', format: 'binary', config });
  expect((await readPrivateKey(privateKey, 'p')).fingerprint).toMatch(/^[0-9A-F]{40}$/);
  const asking = Buffer.from(privateKey);
  // RFC 9580, 3.7.1.4: type 4, sixteen octets of salt, passes, lanes, and the memory in 2^n KiB.
  for (let at = 0; at < asking.length - 20; at += 1) if (asking[at] === 4 && asking[at + 17] === 1 && asking[at + 18] === 1 && asking[at + 19] === 10) asking[at + 19] = 30;
  const before = process.resourceUsage().maxRSS;
  await expect(readPrivateKey(asking, 'p')).rejects.toThrow();
  // Kilobytes. It asked for a terabyte.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(256 * 1024);
});
