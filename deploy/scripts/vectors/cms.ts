import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Addressee } from '#envelope/gate';
import { copyHead, type Part, readPartOctets } from '#envelope/parts';
import { readSmimeCertificate, type SmimeCertificate } from '#envelope/smime-certificates';
import { readSmimeIdentity } from '#envelope/smime-identity';
import { sealSmime } from '#envelope/smime-sealing';
import { sha256 } from '#protocol/digest';
import { accept, base64, CHARITY, COUNCIL, refuse, SHARE, type Vector } from './common';

type Once = (name: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>;

interface Holder {
  address: string;
  certificate: SmimeCertificate;
  /** PEM. */
  pem: string;
  key: string;
}

const DAYS = 3_650;
const WORDS = 'Robin Example, of nowhere, came without a coat on five days.\n';
const OAEP = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];

/** The same part as in `part.json`, in its other form. */
export async function cmsVector(once: Once): Promise<Vector> {
  const council = await holder(once, `${COUNCIL.agency}/${COUNCIL.contact}`, ['-newkey', 'rsa:3072']);
  const charity = await holder(once, `${CHARITY.agency}/${CHARITY.contact}`, ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
  const school = await holder(once, 'st-brigid-primary/safeguarding-lead', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']);
  const signer = readSmimeIdentity({ certificates: school.pem, key: school.key });
  const sealed = await once(`part-1 of ${SHARE} in CMS`, () => Promise.resolve(sealSmime({ octets: Buffer.from(WORDS), to: [council.certificate, charity.certificate], signer, manifest: SHARE, part: 'part-1' })));
  const byOpenssl = (name: string, ...options: string[]) => once(`part-1 in CMS: ${name}`, () => Promise.resolve(encrypted(council, options)));
  const read = await readPartOctets(sealed, { maxOctets: 100_000, maxAddressees: 10 });
  if (!read.ok) throw new Error(`the part does not pass the gate: ${read.problem.code}`);
  const { part, data } = read;
  const own = ({ certificate }: Holder): Addressee[] => part.addressees.filter(({ keyId = '' }) => certificate.names.includes(keyId));
  const copyOf = (of: Holder): Uint8Array => new Uint8Array(Buffer.concat([copyHead(part, own(of)), data]));
  const known = Object.fromEntries([council, charity].flatMap(({ address, certificate }) => certificate.names.map((name) => [name, address])));
  const named = (of: Holder) => Object.fromEntries(Object.entries(known).filter(([, address]) => address === of.address));
  const octets = (...pieces: Uint8Array[]): Record<string, unknown> => ({ octets: base64(Buffer.concat(pieces)) });
  const alone = await byOpenssl('openssl, to the council', '-aes-256-gcm', ...OAEP);
  return {
    says: 'A part in CMS: whom it is addressed to, by issuer and serial number (upper-case SHA-256 of IssuerAndSerialNumber) or key identifier; the digest of all from its EncryptedContentInfo on; the copy for each recipient.',
    see: 'docs/protocol.md, section 5.5',
    given: {
      octets: base64(sealed), digest: part.digest, known, proposed: [council.address, charity.address], manifest: SHARE, part: 'part-1', author: school.pem,
      certificates: { [council.address]: council.pem, [charity.address]: charity.pem }, secretKeys: { [council.address]: council.key, [charity.address]: charity.key },
    },
    cases: [
      accept('sealed to two', { digest: part.digest, size: part.size, offset: offsetOf(part), author: 'bound', text: sha256(WORDS), copies: Object.fromEntries([council, charity].map((each) => [each.address, sha256(copyOf(each))])) }),
      accept('as openssl writes it, to one: nothing inside says who wrote it', { author: 'not-bound', text: sha256(WORDS) }, { ...octets(alone), digest: await digestOf(alone), proposed: [council.address] }),
      refuse('DIGEST_MISMATCH', 'another than the line names', { ...octets(alone), proposed: [council.address] }),
      refuse('UNKNOWN_ADDRESSEE', 'to a certificate that nobody has', { known: named(council), proposed: [council.address] }),
      refuse('ADDRESSEE_NOT_PROPOSED', 'to somebody for whom there is no line', { proposed: [council.address] }),
      refuse('RECIPIENT_NOT_ADDRESSED', 'a line for somebody without a certificate', { proposed: [council.address, charity.address, 'eastgate-health/health-visitors'] }),
      refuse('BOUND_TO_ANOTHER', 'read as another part', { part: 'part-2' }),
      refuse('AUTHOR_MISMATCH', 'signed inside by somebody else', { author: charity.pem }),
      refuse('LEGACY_ENCRYPTION', 'with CBC', octets(await byOpenssl('CBC', '-aes-256-cbc', ...OAEP))),
      refuse('LEGACY_ENCRYPTION', 'with RSA PKCS #1 v1.5', octets(await byOpenssl('PKCS1', '-aes-256-gcm'))),
      refuse('PASSWORD_RECIPIENT', 'openable with a password too', octets(await byOpenssl('with a password', '-aes-256-cbc', ...OAEP, '-pwri_password', 'open sesame'))),
      refuse('NOT_DER', 'in BER', octets(await byOpenssl('BER', '-aes-256-gcm', ...OAEP, '-stream'))),
      refuse('TRAILING_DATA', 'something behind it', octets(sealed, Buffer.from('Robin'))),
      refuse('NOT_CMS', 'cut short', octets(sealed.subarray(0, -1))),
    ],
  };
}

const offsetOf = (part: Part): number => (part.form === 'cms' ? copyHead(part, part.addressees).length : 0);

async function digestOf(octets: Uint8Array): Promise<string> {
  const read = await readPartOctets(octets, { maxOctets: 100_000, maxAddressees: 10 });
  return read.ok ? read.part.digest : read.problem.code;
}

async function holder(once: Once, address: string, kind: readonly string[]): Promise<Holder> {
  let pair: { pem: string; key: string } | undefined;
  const made = () => (pair ??= inFolder((path) => {
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', String(DAYS), '-subj', `/O=TEST KEY, never use/CN=${address.replace('/', ' ')}`, '-addext', 'basicConstraints=critical,CA:FALSE', ...kind, '-keyout', path('key'), '-out', path('pem')], { stdio: 'pipe' });
    return { pem: readFileSync(path('pem'), 'utf8'), key: readFileSync(path('key'), 'utf8') };
  }));
  const text = async (what: 'pem' | 'key'): Promise<string> => Buffer.from(await once(`${address} in CMS: ${what}`, () => Promise.resolve(Buffer.from(made()[what])))).toString();
  const [key, pem] = [await text('key'), await text('pem')];
  const read = readSmimeCertificate(pem);
  if (!read.ok) throw new Error(`the certificate of ${address} is not one: ${read.problem.code}`);
  return { address, certificate: read.certificate, pem, key };
}

const encrypted = ({ pem }: Holder, options: readonly string[]): Uint8Array => inFolder((path) => {
  writeFileSync(path('in'), WORDS);
  writeFileSync(path('pem'), pem);
  const [cipher = '', ...more] = options;
  return new Uint8Array(execFileSync('openssl', ['cms', '-encrypt', '-binary', cipher, '-outform', 'DER', '-in', path('in'), '-recip', path('pem'), ...more]));
});

function inFolder<T>(work: (path: (name: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wv-'));
  try {
    return work((name) => join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
