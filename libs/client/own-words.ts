import { isDer, readPartOctets } from '#envelope/parts';
import { open, seal } from '#envelope/sealing';
import { openSmime } from '#envelope/smime-opening';
import { sealSmime } from '#envelope/smime-sealing';
import type { CertificateTold } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { LIMITS } from '#protocol/limits';
import type { WordsSealed } from '#protocol/not-shared';
import { ClientRefusal } from './codes';
import { salted } from './drafting';
import { nowOf, type Partner } from './partner';
import { certificatesOf } from './signed-by';
import { recipientKeys, type SealToKeys } from './vouching';

/** To which part of what the words are bound: no share has a part of that name. */
const WORDS = 'words';

/** Words sealed to our own key and nobody else's. @throws ClientRefusal KEY_NOT_VOUCHED where the co-ordinator vouches for no current key of our own contact */
export const sealedWords = (partner: Partner, record: string, text: string, at: Date): Promise<{ octets: Uint8Array; named: WordsSealed }> =>
  sealedWordsTo(partner, record, text, at, [`${partner.agency}/${partner.contact}`]);

/**
 * Words sealed to these contacts, `agency/contact`, and to nobody else; to all of them with OpenPGP, or all with S/MIME, where one has no OpenPGP key.
 * @throws ClientRefusal KEY_NOT_VOUCHED where the co-ordinator vouches for no current key of one of them
 */
export async function sealedWordsTo(partner: Partner, record: string, text: string, at: Date, readers: readonly string[]): Promise<{ octets: Uint8Array; named: WordsSealed }> {
  const keys = await keysOf(partner, readers, at);
  const { octets: plain, digest: wordsDigest } = salted(text);
  const octets = await sealedAlike(partner, keys, { octets: new Uint8Array(plain), manifest: record, part: WORDS, at });
  const read = await readPartOctets(octets, { maxOctets: LIMITS.words.value, maxAddressees: LIMITS.addressees.value });
  if (!read.ok) throw new ClientRefusal('PART_TOO_LARGE', { part: WORDS, most: LIMITS.words.value });
  return { octets, named: { wordsDigest, sealed: read.part.digest } };
}

/** A file sealed to these contacts in the same way, bound to what it belongs to. @throws ClientRefusal KEY_NOT_VOUCHED */
export const sealedFileTo = async (partner: Partner, of: { record: string; part: string }, octets: Uint8Array, at: Date, readers: readonly string[]): Promise<Uint8Array> =>
  sealedAlike(partner, await keysOf(partner, readers, at), { octets, manifest: of.record, part: of.part, at });

async function keysOf({ connection, pins }: Partner, readers: readonly string[], at: Date): Promise<SealToKeys[]> {
  const agencies = [...new Set(readers.map((each) => each.split('/')[0] ?? ''))];
  const offered: CertificateTold[] = [];
  for (const agency of agencies) offered.push(...(await certificatesOf({ connection }, agency)));
  const { keys } = await recipientKeys(offered, new Set(readers), pins, at);
  const without = readers.filter((each) => !keys.has(each));
  if (without.length > 0) throw new ClientRefusal('KEY_NOT_VOUCHED', { recipients: without, because: without.map(() => 'NO_KEY_OFFERED') });
  return readers.flatMap((each) => keys.get(each) ?? []);
}

/** One message is of one form. */
function sealedAlike({ signingKey, smime }: Partner, keys: readonly SealToKeys[], as: { octets: Uint8Array; manifest: string; part: string; at: Date }): Promise<Uint8Array> | Uint8Array {
  const openpgp = keys.flatMap((each) => (each.form === 'openpgp' ? each.certificates : []));
  const cms = keys.flatMap((each) => (each.form === 'smime' ? each.certificates : []));
  if (cms.length === 0) return seal({ to: openpgp, signer: signingKey, ...as });
  if (openpgp.length > 0) throw new ClientRefusal('KEY_NOT_VOUCHED', { recipients: [], because: ['NOT_ALL_OF_ONE_FORM'] });
  return sealSmime({ to: cms, ...(smime?.signing ? { signer: smime.signing } : {}), ...as });
}

/** Words opened with our own key and held to what was signed of them. @throws ClientRefusal, GatewayProblem */
export async function openedWords(partner: Partner, { path, id, signed }: { path: string; id: string; signed: WordsSealed | undefined }): Promise<string> {
  const octets = await partner.connection.octets({ path }, LIMITS.words.value);
  const as = { octets: new Uint8Array(octets), manifest: id, part: WORDS, at: nowOf(partner) };
  const opened = isDer(octets) ? openSmime({ identities: partner.smime?.opening ?? [], ...as }) : await open({ keys: partner.openingKeys, ...as });
  if (!opened.ok) throw new ClientRefusal('CANNOT_OPEN', { part: WORDS, because: opened.code });
  if (sha256(opened.octets) !== signed?.wordsDigest) throw new ClientRefusal('COPY_NOT_WHOLE', { part: WORDS, because: 'DIGEST_MISMATCH' });
  const text = Buffer.from(opened.octets).toString('utf8');
  return text.slice(text.indexOf('\n') + 1);
}
