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
import { recipientKeys } from './vouching';

/** To which part of what the words are bound: no share has a part of that name. */
const WORDS = 'words';

/** Words sealed to our own key and nobody else's. @throws ClientRefusal KEY_NOT_VOUCHED where the co-ordinator vouches for no current key of our own contact */
export async function sealedWords({ agency, contact, connection, pins, signingKey, smime }: Partner, record: string, text: string, at: Date): Promise<{ octets: Uint8Array; named: WordsSealed }> {
  const { items } = await connection.json<{ items: CertificateTold[] }>({ path: `/v1/directory/agencies/${encodeURIComponent(agency)}/certificates` });
  const { keys } = await recipientKeys(items, new Set([`${agency}/${contact}`]), pins, at);
  const own = keys.get(`${agency}/${contact}`);
  if (!own) throw new ClientRefusal('KEY_NOT_VOUCHED', { recipients: [`${agency}/${contact}`], because: ['NO_KEY_OFFERED'] });
  const { octets: plain, digest: wordsDigest } = salted(text);
  const as = { octets: plain, manifest: record, part: WORDS, at };
  const octets = own.form === 'smime' ? sealSmime({ to: own.certificates, ...(smime?.signing ? { signer: smime.signing } : {}), ...as }) : await seal({ to: own.certificates, signer: signingKey, ...as });
  const read = await readPartOctets(octets, { maxOctets: LIMITS.words.value, maxAddressees: LIMITS.addressees.value });
  if (!read.ok) throw new ClientRefusal('PART_TOO_LARGE', { part: WORDS, most: LIMITS.words.value });
  return { octets, named: { wordsDigest, sealed: read.part.digest } };
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
