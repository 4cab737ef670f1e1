import fc from 'fast-check';
import { createMessage, enums, sign } from 'openpgp';
import { signDetached, verifyDetached } from './signatures';
import { unwrapKey } from './private-keys';
import { armorOctets } from './cutting';
import { AT, FUZZ_RUNS, packet, type Party, party } from '../../test/attacks/envelope/forge';

const OCTETS = Buffer.from('{"id":"018f"}');

describe('a detached signature', () => {
  let sender: Party;
  let other: Party;
  let signature: Uint8Array;
  beforeAll(async () => {
    [sender, other] = [await party('Wirral Council'), await party('Somebody')];
    signature = await signDetached({ octets: OCTETS, key: sender.key, at: AT });
  });

  const verify = async (changed: Partial<Parameters<typeof verifyDetached>[0]> = {}): Promise<string> => {
    const answer = await verifyDetached({ octets: OCTETS, signature, certificates: [other.certificate, sender.certificate], at: AT, ...changed });
    return answer.ok ? answer.keyFingerprint : [answer.problem.code, answer.problem.cause].filter(Boolean).join(' ');
  };
  const withLibrary = async (options: object): Promise<Uint8Array> =>
    (await sign({ message: await createMessage({ binary: OCTETS }), signingKeys: unwrapKey(sender.key), detached: true, format: 'binary', date: AT, ...options })) as unknown as Uint8Array;

  test('holds, binary or armored, and says whose it is', async () => {
    const fingerprint = sender.certificate.sign[0]?.fingerprint;
    expect(await verify()).toBe(fingerprint);
    expect(await verify({ signature: armorOctets(signature, { label: 'SIGNATURE' }) })).toBe(fingerprint);
    expect(await verify({ signature: Buffer.from(armorOctets(signature, { label: 'SIGNATURE' })) })).toBe(fingerprint);
  });

  test.each<[string, string, () => Parameters<typeof verify>[0]]>([
    ['SIGNATURE_MISSING', 'nothing', () => ({ signature: new Uint8Array(0) })],
    ['SIGNATURE_MISSING', 'text', () => ({ signature: 'signed, J. Smith' })],
    ['SIGNATURE_MISSING', 'a message where a signature should be', () => ({ signature: armorOctets(signature, { label: 'MESSAGE' }) })],
    ['SIGNATURE_MISSING', 'two signatures', () => ({ signature: Buffer.concat([signature, signature]) })],
    ['SIGNATURE_MISSING', 'a signature and padding', () => ({ signature: Buffer.concat([signature, packet(21, Buffer.alloc(4))]) })],
    ['SIGNATURE_MISSING', 'half a signature', () => ({ signature: signature.subarray(0, 40) })],
    ['SIGNATURE_MISSING', 'too large to be one', () => ({ signature: packet(2, Buffer.alloc(100_000)) })],
    ['SIGNATURE_WRONG_KEY', 'another’s certificate', () => ({ certificates: [other.certificate] })],
    ['SIGNATURE_WRONG_KEY', 'no certificate', () => ({ certificates: [] })],
    ['SIGNATURE_OTHER_BYTES', 'other octets', () => ({ octets: Buffer.from('{"id":"018e"}') })],
    ['SIGNATURE_OTHER_BYTES', 'a newline more', () => ({ octets: Buffer.concat([OCTETS, Buffer.from('\n')]) })],
    ['KEY_NOT_VERIFIED unverified', 'made 301 s from now', () => ({ at: new Date(AT.getTime() - 301_000) })],
  ])('refuses with %s: %s', async (expected, _, changed) => {
    expect(await verify(changed())).toBe(expected);
  });

  test('a clock that runs 300 s ahead is borne with', async () => {
    expect(await verify({ at: new Date(AT.getTime() - 300_000) })).toMatch(/^[0-9A-F]{40}$/);
  });

  test('the key must be current on the day of receipt, not on the day of signing', async () => {
    const brief = await party('x', { expiresAfter: 86_400 * 366 });
    const made = await signDetached({ octets: OCTETS, key: brief.key, at: AT });
    expect(await verify({ signature: made, certificates: [brief.certificate] })).toMatch(/^[0-9A-F]{40}$/);
    expect(await verify({ signature: made, certificates: [brief.certificate], at: new Date('2026-03-04T00:00:00Z') })).toBe('KEY_NOT_VERIFIED expired');
  });

  test('a text signature is not one over these octets', async () => {
    const text = await sign({ message: await createMessage({ text: OCTETS.toString() }), signingKeys: unwrapKey(sender.key), detached: true, format: 'binary', date: AT });
    expect(await verify({ signature: text as unknown as Uint8Array })).toBe('SIGNATURE_MISSING');
  });

  test('an unknown critical notation could change what was meant, so it is refused', async () => {
    const notation = { name: 'only-if@x.example', value: Buffer.from('agreed'), humanReadable: true, critical: true };
    expect(await verify({ signature: await withLibrary({ signatureNotations: [notation] }) })).toBe('SIGNATURE_OTHER_BYTES');
  });

  test('SHA-1 is too weak', async () => {
    const rsa = await party('x', { algorithm: 'rsa3072' });
    const config = { preferredHashAlgorithm: enums.hash.sha1, rejectHashAlgorithms: new Set<enums.hash>() };
    const weak = Uint8Array.from(await withLibrary({ signingKeys: unwrapKey(rsa.key), config }));
    const strong = await signDetached({ octets: OCTETS, key: rsa.key, at: AT });
    expect(await verify({ signature: strong, certificates: [rsa.certificate] })).toMatch(/^[0-9A-F]{40}$/);
    // The library may not sign with it at all; then the packet is made to say so.
    weak[weak.indexOf(4, 2) + 3] = 2;
    expect(await verify({ signature: weak, certificates: [rsa.certificate] })).toBe('SIGNATURE_MISSING');
  });

  test('no octet of the signature or of what is signed can be changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(1000), fc.integer({ min: 1, max: 255 }), async (inSignature, place, flip) => {
        const changed = Uint8Array.from(inSignature ? signature : OCTETS);
        const at = place % changed.length;
        changed[at] = (changed[at] ?? 0) ^ flip;
        const answer = await verify(inSignature ? { signature: changed } : { octets: changed });
        // The unhashed area of a signature is not signed; a change there is harmless, and says nothing false.
        if (answer === sender.certificate.sign[0]?.fingerprint) expect(inSignature).toBe(true);
        else expect(answer).toMatch(/^(SIGNATURE|KEY)_/);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
