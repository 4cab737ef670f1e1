import { readSealedOctets } from '#envelope/gate';
import { open, seal } from '#envelope/sealing';
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
export async function sealedWords({ agency, contact, connection, pins, signingKey }: Partner, record: string, text: string, at: Date): Promise<{ octets: Uint8Array; named: WordsSealed }> {
  const { items } = await connection.json<{ items: CertificateTold[] }>({ path: `/v1/directory/agencies/${encodeURIComponent(agency)}/certificates` });
  const { keys } = await recipientKeys(items, new Set([`${agency}/${contact}`]), pins, at);
  const own = keys.get(`${agency}/${contact}`);
  if (!own) throw new ClientRefusal('KEY_NOT_VOUCHED', { recipients: [`${agency}/${contact}`], because: ['NO_KEY_OFFERED'] });
  const { octets: plain, digest: wordsDigest } = salted(text);
  const octets = await seal({ octets: plain, to: own.map(({ certificate }) => certificate), signer: signingKey, manifest: record, part: WORDS, at });
  const read = await readSealedOctets(octets, { maxOctets: LIMITS.words.value, maxAddressees: LIMITS.addressees.value });
  if (!read.ok) throw new ClientRefusal('PART_TOO_LARGE', { part: WORDS, most: LIMITS.words.value });
  return { octets, named: { wordsDigest, sealed: read.part.digest } };
}

/** Words opened with our own key and held to what was signed of them. @throws ClientRefusal, GatewayProblem */
export async function openedWords(partner: Partner, { path, id, signed }: { path: string; id: string; signed: WordsSealed | undefined }): Promise<string> {
  const octets = await partner.connection.octets({ path }, LIMITS.words.value);
  const opened = await open({ octets: new Uint8Array(octets), keys: partner.openingKeys, manifest: id, part: WORDS, at: nowOf(partner) });
  if (!opened.ok) throw new ClientRefusal('CANNOT_OPEN', { part: WORDS, because: opened.code });
  if (sha256(opened.octets) !== signed?.wordsDigest) throw new ClientRefusal('COPY_NOT_WHOLE', { part: WORDS, because: 'DIGEST_MISMATCH' });
  const text = Buffer.from(opened.octets).toString('utf8');
  return text.slice(text.indexOf('\n') + 1);
}
