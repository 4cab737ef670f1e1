import { signDetached } from '#envelope/signatures';
import { makeArchive } from '#envelope/archive';
import type { RequestTold } from '#protocol/request-answers';
import type { TransferOpenedUp } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { readEntry } from '#register/entry';
import { textAsPdf } from '#register/pack/pdf';
import { provOf } from '#register/pack/prov';
import { type Packed, type PackAbout, summaryHtml, summaryLines } from '#register/pack/summary';
import { readBreach } from './breaches';
import { ClientRefusal, GatewayProblem } from './codes';
import { readMatter } from './matters';
import type { Partner } from './partner';
import { followCheckpoint, proveEntry, readEntries, type Reading, type RegisterEntry } from './register';

export const PACK_FORMAT = 'waybill-evidence/1';

/** What a pack can be about, and which entries of one's own register are. */
export const SUBJECTS = {
  share: { says: 'one share', entries: (partner: Partner, id: string, reading: Reading) => aboutEach(partner, [id], reading) },
  request: { says: 'one information request, with what answered it', entries: async function* (partner: Partner, id: string, reading: Reading) { yield* aboutEach(partner, await idsOfRequest(partner, id), reading); } },
  breach: { says: 'one data breach, with the shares that it is about and those that were sent in its case', entries: entriesOfCase },
  audit: { says: 'all that an agency shared with you and now audits, by the id of the audit it put to you', entries: entriesAudited },
} as const satisfies Record<string, { says: string; entries(partner: Partner, id: string, reading: Reading): AsyncGenerator<Packed> }>;
export type PackSubject = keyof typeof SUBJECTS;

export interface PackAsked {
  subject: PackSubject;
  id: string;
  reading: Reading;
  /** The verifier that goes along, and the packer's certificate, armored. */
  verifier: Uint8Array;
  packer: string;
  /** What a witness holds of the log, by file name: its cosigned checkpoint, a time stamp. */
  witnessed?: ReadonlyMap<string, Uint8Array>;
  at: Date;
}

/**
 * Everything that one's own register has about one thing, as a zip that is read and checked without Waybill: entries octet for octet, a proof of each
 * against a signed checkpoint, provenance, keys, PROV-JSON, a summary as HTML and PDF, and a verifier. Signed by whoever packs it. Every entry and every
 * proof is verified with pinned keys before it goes in. @throws ClientRefusal REGISTER_NOT_TRUSTED, NOTHING_RECORDED, GatewayProblem
 */
export async function packEvidence(partner: Partner, { subject, id, reading, verifier, packer, witnessed, at }: PackAsked): Promise<{ archive: Uint8Array; entries: number; size: number }> {
  const found = new Map<number, Packed>();
  for await (const each of SUBJECTS[subject].entries(partner, id, reading)) found.set(each.index, each);
  const entries = [...found.values()].sort((one, other) => one.index - other.index);
  const [first] = entries;
  if (!first) throw new ClientRefusal('NOTHING_RECORDED', { about: id });
  const { checkpoint, note } = await followCheckpoint(partner);
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array): void => void files.set(name, typeof content === 'string' ? Buffer.from(content) : content);
  const about: PackAbout = {
    subjects: [`${subject} ${id}`], controller: first.entry.controller, origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('hex'), packedBy: `${partner.agency}/${partner.contact}`, reason: reading.reason, at: at.toISOString(),
  };
  const lines = summaryLines(about, entries);
  put('README.txt', README);
  put('summary.html', summaryHtml(lines));
  put('summary.pdf', textAsPdf(lines));
  put('prov.json', JSON.stringify(provOf(entries.map(({ entry }) => entry)), undefined, 1));
  put('checkpoint.note', note);
  for (const { index, leaf, octets, entry } of entries) {
    put(`entries/${index}-${entry.kind}.json`, octets);
    put(`proofs/${index}-${entry.kind}.json`, JSON.stringify(await proveEntry(partner, { entry: entry.id, leaf })));
  }
  for (const [transfer, jws] of await provenancesOf(partner, entries)) put(`provenance/${transfer}.jws`, jws);
  put('keys/log.vkey', `${partner.pins.logKeys.join('\n')}\n`);
  put('keys/gateway.jwks.json', JSON.stringify({ keys: partner.pins.toFile().gatewayKeys }));
  put('keys/packer.asc', packer);
  for (const [name, octets] of witnessed ?? []) put(`witness/${name}`, octets);
  put('verify.mjs', verifier);
  const manifest = JSON.stringify({ format: PACK_FORMAT, ...about, files: Object.fromEntries([...files].map(([name, octets]) => [name, sha256(octets)])) }, undefined, 1);
  put('manifest.json', manifest);
  put('manifest.json.asc', await signDetached({ octets: Buffer.from(manifest), key: partner.signingKey }));
  return { archive: await makeArchive(files, at), entries: entries.length, size: checkpoint.size };
}

/** The provenance of what came to us; of what we sent, each recipient has its own. */
async function provenancesOf({ connection, agency }: Partner, entries: readonly Packed[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { entry } of entries) {
    const transfer = entry['transfer'];
    if (entry.kind !== 'share-announced' || entry['agency'] !== agency || typeof transfer !== 'string') continue;
    const told = await connection.json<TransferOpenedUp>({ path: `/v1/mailbox/${encodeURIComponent(transfer)}` }).catch(unlessGone);
    if (told) found.set(transfer, told.provenance);
  }
  return found;
}

async function* packed(entries: AsyncIterable<RegisterEntry>): AsyncGenerator<Packed> {
  for await (const { index, leaf, octets } of entries) {
    const entry = octets && readEntry(octets);
    if (entry && octets && entry.kind !== 'register-read') yield { index, leaf, octets, entry };
  }
}

async function* aboutEach(partner: Partner, abouts: readonly string[], reading: Reading): AsyncGenerator<Packed> {
  for (const about of abouts) yield* packed(readEntries(partner, { reading, looked: { about } }));
}

/**
 * What was recorded of a case, of the shares that it is about, and of what was shared in it. What is shared in a case names it where it was first recorded:
 * once through the register is enough.
 */
async function* entriesOfCase(partner: Partner, id: string, reading: Reading): AsyncGenerator<Packed> {
  const shares = new Set<unknown>((await readBreach(partner, id)).shares);
  for await (const each of packed(readEntries(partner, { reading }))) {
    const { breach, share } = each.entry;
    if (breach === id && share !== undefined) shares.add(share);
    if (breach === id || shares.has(share)) yield each;
  }
}

/** Of whatever the agency that audits us shared with us under that agreement, and of nobody else's (AU-03). What came of a share stands after its announcement: once through the register is enough. */
async function* entriesAudited(partner: Partner, id: string, reading: Reading): AsyncGenerator<Packed> {
  const { kind, from, to, agreement } = await readMatter(partner, id);
  if (kind !== 'audit' || to !== partner.agency) throw new ClientRefusal('NOT_AN_AUDIT', { matter: id });
  const shares = new Set<unknown>();
  for await (const each of packed(readEntries(partner, { reading }))) {
    const { entry } = each;
    if (entry.kind === 'share-announced' && entry['agency'] === partner.agency && entry['from'] === from.agency && (entry['agreement'] as { id: string }).id === agreement.id) shares.add(entry['share']);
    if (shares.has(entry['share'])) yield each;
  }
}

/** The request's own share, and those that answered it. */
async function idsOfRequest({ connection }: Partner, id: string): Promise<string[]> {
  const { share, categories } = await connection.json<RequestTold>({ path: `/v1/requests/${encodeURIComponent(id)}` });
  return [...new Set([share, id, ...categories.flatMap(({ by }) => by ?? [])])];
}

function unlessGone(error: unknown): undefined {
  if (error instanceof GatewayProblem) return undefined;
  throw error;
}

const README = `Evidence from a register of Waybill.

summary.html, summary.pdf   what it says, for people
entries/                    each entry, octet for octet as it was recorded and hashed
proofs/                     that it stands in the register: RFC 6962 proof and signed checkpoint (C2SP)
checkpoint.note             the register as it was when this was packed
provenance/                 the gateway's signed header of what was received (compact JWS)
keys/                       the log's key, the gateway's public keys, the certificate of whoever packed it
witness/                    where a witness follows the register: its cosigned checkpoint, and a time stamp (RFC 3161)
prov.json                   the same as W3C PROV-JSON
manifest.json, .asc         SHA-256 of every file, signed by whoever packed it
verify.mjs                  checks all of it: node verify.mjs --vkey KEY, with the log's key as you have it from the controller

It holds entries of one controller's register alone. Of other parties it says the organisation, and the team by its directory id.
`;
