import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchAddressees } from '#envelope/addressees';
import { copyHead, type Part, readPartOctets } from '#envelope/parts';
import { readSmimeCertificate } from '#envelope/smime-certificates';
import { openSmime } from '#envelope/smime-opening';
import { sealSmime } from '#envelope/smime-sealing';
import { signSmime, verifySmime } from '#envelope/smime-signatures';
import { type Kind, KINDS, Openssl, type Person } from './openssl';

/** `openssl cms` shares no code with us: it writes what we read and reads what we write. */

const program = new Openssl();
const LIMITS = { maxOctets: 50_000_000, maxAddressees: 20 };
const BOUND = { manifest: 'manifest-a', part: 'part-1' };

let serial = 0;
const file = (octets: Uint8Array | string): string => program.file(octets);
const openssl = (...args: string[]): Buffer => program.run(...args);
const encrypted: Openssl['encrypted'] = (...args) => program.encrypted(...args);
const decrypted: Openssl['decrypted'] = (...args) => program.decrypted(...args);

let people: Record<Kind, Person>;
beforeAll(() => {
  people = { rsa: program.person('rsa', 'rsa'), 'P-256': program.person('p256', 'P-256'), 'P-384': program.person('p384', 'P-384'), 'P-521': program.person('p521', 'P-521') };
});
afterAll(() => program.end());

async function passed(octets: Uint8Array, cbc = false): Promise<{ part: Part; data: Buffer }> {
  const read = await readPartOctets(octets, { ...LIMITS, cbc });
  if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.detail}`);
  return { part: read.part, data: Buffer.from(read.data) };
}
const verdict = (octets: Uint8Array): Promise<string> => passed(octets).then(() => 'passes', (error: Error) => error.message.split(':')[0] ?? '');

const SIZES: [string, Buffer][] = [['nothing', Buffer.alloc(0)], ['1 KB', randomBytes(1_000)], ['3 MB', randomBytes(3_000_000)]];

describe.each(KINDS)('to a certificate with %s', (kind) => {
  test.each(SIZES)('what openssl seals, %s, passes and opens with us; what we seal opens with openssl, which finds our signature good', async (_what, octets) => {
    const { [kind]: reader, 'P-256': other } = people;
    const theirs = encrypted(octets, [reader]);
    expect((await passed(theirs)).part).toMatchObject({ form: 'cms', kind: 'auth-enveloped' });
    const opened = openSmime({ octets: theirs, identities: [reader.identity], ...BOUND, at: new Date() });
    expect(opened.ok && [opened.author, Buffer.from(opened.octets).equals(octets)]).toEqual(['not-bound', true]);
    const ours = sealSmime({ octets, to: [reader.certificate], signer: other.identity, ...BOUND });
    expect(await verdict(ours)).toBe('passes');
    const inside = decrypted(ours, reader);
    expect(openssl('cms', '-verify', '-inform', 'DER', '-binary', '-in', file(inside), '-CAfile', other.path).equals(octets)).toBe(true);
  });
});

test('a part to three is cut: each copy passes, opens with its own key only, with openssl and with us, and its digest is the part’s', async () => {
  const octets = randomBytes(20_000);
  const three = [people.rsa, people['P-256'], people['P-384']];
  const { part, data } = await passed(encrypted(octets, three));
  const known = (name: string) => three.flatMap(({ certificate }) => (certificate.names.includes(name) ? [{ recipient: certificate.emails[0] ?? '', standing: 'current' as const, key: certificate.key }] : []))[0];
  const matched = matchAddressees(part, known, three.map(({ certificate }) => certificate.emails[0] ?? ''));
  if (!matched.ok) throw new Error(JSON.stringify(matched.problems));
  for (const own of three) {
    const copy = Buffer.concat([copyHead(part, matched.copies.get(own.certificate.emails[0] ?? '') ?? []), data]);
    const { part: cut } = await passed(copy);
    expect([cut.digest, cut.size, cut.addressees.length]).toEqual([part.digest, part.size, 1]);
    expect(decrypted(copy, own).equals(octets)).toBe(true);
    for (const each of three) expect(openSmime({ octets: copy, identities: [each.identity], ...BOUND, at: new Date() }).ok).toBe(each === own);
    for (const each of three) if (each !== own) expect(copy.includes(Buffer.from(each.certificate.names[1] ?? '', 'hex'))).toBe(false);
  }
});

test('the recipe: what openssl asn1parse shows behind the recipients, to the end of the file, has the part’s digest', async () => {
  for (const octets of [randomBytes(1_000), randomBytes(20_000_000)]) {
    const sealed = encrypted(octets, [people.rsa, people['P-256']]);
    const path = file(sealed);
    const recipe = `offset="$(openssl asn1parse -inform DER -in ${path} | sed -n 's/^ *\\([0-9]*\\):d=3 .*cons: SEQUENCE.*/\\1/p' | head -n 1)"; tail -c +$((offset + 1)) ${path} | sha256sum`;
    const digest = execFileSync('sh', ['-c', recipe]).toString().slice(0, 64);
    expect(digest).toBe((await passed(sealed)).part.digest);
  }
});

test('by key identifier, too; AES-128-GCM, too; a name and an identifier of one certificate are one key', async () => {
  for (const kind of ['rsa', 'P-256'] as const) {
    const octets = encrypted(Buffer.from('x'), [people[kind]], '-aes-128-gcm', ['-keyid']);
    const { part, data } = await passed(octets);
    expect(part.addressees.map(({ keyId }) => keyId)).toEqual([people[kind].certificate.names[1]]);
    expect(decrypted(Buffer.concat([copyHead(part, part.addressees), data]), people[kind]).toString()).toBe('x');
    const both = { addressees: [...part.addressees, ...(await passed(encrypted(Buffer.from('x'), [people[kind]]))).part.addressees] };
    const known = () => ({ recipient: 'one', standing: 'current' as const, key: people[kind].certificate.key });
    expect(matchAddressees(both, known, ['one'])).toMatchObject({ ok: false, problems: [{ code: 'SEVERAL_MESSAGES' }] });
  }
});

test('EnvelopedData with AES-CBC is opened where its digest was signed, and nowhere else', async () => {
  for (const kind of ['rsa', 'P-384'] as const) {
    const octets = encrypted(Buffer.from('a word'), [people[kind]], '-aes-256-cbc');
    expect(await verdict(octets)).toBe('LEGACY_ENCRYPTION');
    const { part, data } = await passed(octets, true);
    const copy = Buffer.concat([copyHead(part, part.addressees), data]);
    expect(decrypted(copy, people[kind]).toString()).toBe('a word');
    const opening = { octets: copy, identities: [people[kind].identity], ...BOUND, at: new Date() };
    expect(openSmime(opening)).toMatchObject({ ok: false, code: 'NOT_SEALED', problem: { code: 'LEGACY_ENCRYPTION' } });
    expect(openSmime({ ...opening, signedDigest: 'ab'.repeat(32) })).toMatchObject({ ok: false, code: 'NOT_SEALED', problem: { code: 'DIGEST_MISMATCH' } });
    const opened = openSmime({ ...opening, signedDigest: createHash('sha256').update(data).digest('hex') });
    expect(opened.ok && Buffer.from(opened.octets).toString()).toBe('a word');
  }
});

test('what openssl signs and then encrypts opens with us: its author is found, and is not bound', () => {
  const signed = openssl('cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file('a word'), '-signer', people.rsa.path, '-inkey', people.rsa.key);
  const octets = encrypted(signed, [people['P-256']]);
  const opening = { octets, identities: [people['P-256'].identity], ...BOUND, at: new Date() };
  expect(openSmime({ ...opening, author: [{ certificate: people.rsa.certificate }] })).toMatchObject({ ok: true, author: 'not-bound', signedBy: people.rsa.certificate.fingerprint });
  expect(openSmime({ ...opening, author: [{ certificate: people['P-521'].certificate }] })).toMatchObject({ ok: false, code: 'AUTHOR_MISMATCH' });
});

describe('signatures', () => {
  const OCTETS = Buffer.from('{"id":"0195f3a0"}\r\n');
  const sign = (who: Person, ...more: string[]): Buffer => openssl('cms', '-sign', '-binary', '-outform', 'DER', '-in', file(OCTETS), '-signer', who.path, '-inkey', who.key, ...more);

  test.each<[string, (typeof KINDS)[number], string[]]>([
    ['RSA PKCS #1', 'rsa', []],
    ['RSA-PSS', 'rsa', ['-keyopt', 'rsa_padding_mode:pss']],
    ['RSA PKCS #1 over SHA-512', 'rsa', ['-md', 'sha512']],
    ['ECDSA on P-256', 'P-256', []],
    ['ECDSA on P-384 over SHA-384', 'P-384', ['-md', 'sha384']],
    ['ECDSA on P-521 by key identifier', 'P-521', ['-keyid']],
  ])('openssl’s with %s, detached and attached, are verified by us, and over other octets are not', (_how, kind, more) => {
    const pins = [{ certificate: people[kind].certificate }];
    const detached = sign(people[kind], ...more);
    expect(verifySmime({ signature: detached, octets: OCTETS, pins, at: new Date() })).toMatchObject({ ok: true, signer: { fingerprint: people[kind].certificate.fingerprint } });
    expect(verifySmime({ signature: detached, octets: Buffer.from('{}'), pins, at: new Date() })).toMatchObject({ ok: false, problem: { code: 'SIGNATURE_OTHER_BYTES' } });
    const attached = verifySmime({ signature: sign(people[kind], '-nodetach', ...more), pins, at: new Date() });
    expect(attached.ok && Buffer.from(attached.octets).equals(OCTETS)).toBe(true);
  });

  test.each<[string, string[], string]>([
    ['over SHA-1', ['-md', 'sha1'], 'SIGNATURE_MISSING'],
    ['without signed attributes', ['-noattr'], 'SIGNATURE_MISSING'],
    ['in the form with indefinite lengths', ['-stream'], 'SIGNATURE_MISSING'],
  ])('openssl’s %s is refused', (_how, more, code) => {
    const signature = sign(people.rsa, '-nodetach', ...more);
    expect(verifySmime({ signature, pins: [{ certificate: people.rsa.certificate }], at: new Date() })).toMatchObject({ ok: false, problem: { code } });
  });

  test.each(KINDS)('ours with %s are verified by openssl, detached and attached', (kind) => {
    const { identity, path } = people[kind];
    const verify = (...args: string[]): Buffer => openssl('cms', '-verify', '-binary', '-inform', 'DER', '-CAfile', path, ...args);
    expect(verify('-in', file(signSmime({ octets: OCTETS, identity }))).equals(OCTETS)).toBe(true);
    const detached = file(signSmime({ octets: OCTETS, identity, detached: true }));
    expect(verify('-in', detached, '-content', file(OCTETS)).equals(OCTETS)).toBe(true);
    expect(() => verify('-in', detached, '-content', file('{}'))).toThrow();
  });

  test('a chain: authority, one below it, and who signs, judged by openssl and by us alike', () => {
    const [root, middle, leaf] = ['root', 'middle', 'leaf'].map((name) => ({ key: join(program.folder, `${name}-c.key`), path: join(program.folder, `${name}-c.pem`), request: join(program.folder, `${name}-c.csr`) })) as [Record<'key' | 'path' | 'request', string>, Record<'key' | 'path' | 'request', string>, Record<'key' | 'path' | 'request', string>];
    openssl('req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', '/CN=root', '-days', '30', '-keyout', root.key, '-out', root.path, '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
    const below = (who: typeof leaf, by: typeof leaf, extensions: string): void => {
      openssl('req', '-new', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', `/CN=${who.path.includes('middle') ? 'middle' : 'leaf'}`, '-keyout', who.key, '-out', who.request);
      openssl('x509', '-req', '-in', who.request, '-CA', by.path, '-CAkey', by.key, '-set_serial', String((serial += 1)), '-days', '30', '-out', who.path, '-extfile', file(extensions));
    };
    below(middle, root, 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n');
    below(leaf, middle, 'basicConstraints=CA:FALSE\nsubjectAltName=email:Leaf@example.org\nextendedKeyUsage=emailProtection\nkeyUsage=digitalSignature\n');
    const signature = openssl('cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file(OCTETS), '-signer', leaf.path, '-inkey', leaf.key, '-certfile', middle.path);
    openssl('cms', '-verify', '-binary', '-inform', 'DER', '-CAfile', root.path, '-in', file(signature));
    const read = readSmimeCertificate(readFileSync(root.path));
    if (!read.ok) throw new Error('unread');
    expect(verifySmime({ signature, pins: [{ certificate: read.certificate, emails: ['leaf@example.org'] }], at: new Date() })).toMatchObject({ ok: true, anchor: { fingerprint: read.certificate.fingerprint } });
    for (const emails of [[], ['other@example.org']]) expect(verifySmime({ signature, pins: [{ certificate: read.certificate, emails }], at: new Date() })).toMatchObject({ ok: false, problem: { code: 'SIGNATURE_WRONG_KEY' } });
  });
});

describe('what openssl writes that we do not admit', () => {
  test.each<[string, () => Buffer]>([
    ['PASSWORD_RECIPIENT', () => encrypted(Buffer.from('x'), [people['P-256']], '-aes-256-cbc', ['-pwri_password', 'open sesame'])],
    ['AGREED_KEY_RECIPIENT', () => encrypted(Buffer.from('x'), [people['P-256']], '-aes-256-gcm', ['-secretkey', '00'.repeat(32), '-secretkeyid', '01'])],
    ['AGREED_KEY_RECIPIENT', () => openssl('cms', '-EncryptedData_encrypt', '-secretkey', '00'.repeat(16), '-aes128', '-outform', 'DER', '-in', file('x'))],
    ['LEGACY_ENCRYPTION', () => encrypted(Buffer.from('x'), [{ ...people.rsa, options: [] }])],
    ['LEGACY_ENCRYPTION', () => encrypted(Buffer.from('x'), [{ ...people.rsa, options: ['-keyopt', 'rsa_padding_mode:oaep'] }])],
    ['LEGACY_ENCRYPTION', () => encrypted(Buffer.from('x'), [{ ...people['P-256'], options: [] }])],
    ['LEGACY_ENCRYPTION', () => encrypted(Buffer.from('x'), [people.rsa], '-des3')],
    ['NOT_DER', () => encrypted(Buffer.from('x'), [people.rsa], '-aes-256-gcm', ['-stream'])],
    ['SIGNED_OUTSIDE', () => openssl('cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file('x'), '-signer', people.rsa.path, '-inkey', people.rsa.key)],
    ['PLAINTEXT', () => openssl('cms', '-data_create', '-outform', 'DER', '-in', file('x'))],
    ['PLAINTEXT', () => openssl('cms', '-digest_create', '-outform', 'DER', '-in', file('x'))],
    ['TRAILING_DATA', () => Buffer.concat([encrypted(Buffer.from('x'), [people.rsa]), Buffer.from('words')])],
  ])('%s', async (code, made) => {
    expect(await verdict(made())).toBe(code);
  });
});
