import { signDetached } from '#envelope/signatures';
import { sha256 } from '#protocol/digest';
import { NOT_SHARED_FORMAT, NotShared } from '#protocol/not-shared';
import type { DecisionsTold, NotSharedItem, NotSharedReceipt } from '#protocol/own-answers';
import { verifyInclusionFile } from '#register/evidence';
import { ClientRefusal } from './codes';
import type { ShareDescription } from './description';
import { drafted, requireNobodyNamed } from './drafting';
import { form, type FormField } from './form';
import { uuid7 } from './ids';
import { openedWords, sealedWords } from './own-words';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { verifyNotSharedReceipt } from './receipt';
import type { SubjectKnown } from './subject';
import { written } from './writing';

/** A decision not to share, as whoever decided thinks of it. Codes are those of the vocabulary. */
export interface NotSharedDescription {
  agreement: { id: string; version: string };
  purpose?: string;
  /** Agencies that asked, or with whom it would have been shared. */
  parties: readonly string[];
  subject: { reference: string; /** Compared with and never sent. */ known: SubjectKnown };
  categories?: readonly string[];
  decision: { by: string; role: string; /** Instant; now, if not said. */ at?: string; reasons: readonly string[]; method?: string; safetyConsidered?: boolean; /** Sealed to the agency itself. */ words?: string };
  request?: string;
  share?: string;
  /** `YYYY-MM-DD` */
  discussedOn?: string;
  /** The share as it would have been: the gateway decides it and keeps what that came to. */
  proposal?: ShareDescription;
}

export interface NotSharedRecorded {
  receipt: NotSharedReceipt;
  /** What was signed, to keep as one's own evidence. */
  statement: Buffer;
  signature: Uint8Array;
}

/**
 * Records a decision not to share, signed: nobody is named in clear, the words are sealed to our own key and nobody else's, and the receipt
 * is the gateway's own word that it stands in our register. Sent again after a broken connection, it is still one decision.
 * @throws ClientRefusal, GatewayProblem
 */
export async function decideNotToShare(partner: Partner, described: NotSharedDescription, { knownCodes }: { knownCodes?: ReadonlySet<string> } = {}): Promise<NotSharedRecorded> {
  const at = nowOf(partner);
  const { connection, pins } = partner;
  const { decision, subject } = described;
  const proposal = described.proposal && proposalOf(described.proposal, connection.gateway, at, knownCodes);
  const id = uuid7(at);
  const words = decision.words === undefined ? undefined : await sealedWords(partner, id, decision.words, at);
  const statement = written(partner, NotShared, {
    format: NOT_SHARED_FORMAT, id, agreement: described.agreement, purpose: described.purpose, parties: described.parties,
    reference: subject.reference, categories: described.categories, decider: decision.by, role: decision.role, decidedAt: decision.at ?? at.toISOString(), reasons: decision.reasons, method: decision.method,
    safetyConsidered: decision.safetyConsidered, request: described.request, share: described.share, discussedOn: described.discussedOn, words: words?.named, proposal: proposal && sha256(proposal),
  }, { at, invalid: 'DECISION_INVALID' });
  requireNobodyNamed({ subject: { known: subject.known } }, { manifest: JSON.parse(statement.toString()) as NotShared, lines: [] }, knownCodes);
  const signature = await signDetached({ octets: new Uint8Array(statement), key: partner.signingKey });
  const fields: FormField[] = [
    { name: 'decision', octets: statement }, { name: 'signature', octets: signature },
    ...(words ? [{ name: 'words', octets: words.octets }] : []), ...(proposal ? [{ name: 'proposal', octets: proposal }] : []),
  ];
  const receipt = await connection.json<NotSharedReceipt>({ path: '/v1/decisions', method: 'POST', headers: { 'idempotency-key': id }, body: form(fields), patience: true });
  return { receipt: await verifyNotSharedReceipt(receipt, { decision: id, digest: sha256(statement) }, pins), statement, signature };
}

function proposalOf(share: ShareDescription, gateway: string, at: Date, known: ReadonlySet<string> | undefined): Buffer {
  const draft = drafted(share, gateway, at);
  requireNobodyNamed(share, draft, known);
  return Buffer.from(JSON.stringify({ manifest: draft.manifest, lines: draft.lines }), 'utf8');
}

/** Our own decisions not to share, the oldest first. */
export const listNotShared = (partner: Pick<Partner, 'connection'>): AsyncGenerator<NotSharedItem> => itemsOf(partner, '/v1/decisions');

/** The words of a decision not to share, opened with our own key and held to what was signed of them. @throws ClientRefusal, GatewayProblem */
export function openWords(partner: Partner, told: DecisionsTold): Promise<string> {
  const stated = told.notShared && (JSON.parse(Buffer.from(told.notShared.statement, 'base64').toString()) as NotShared);
  return openedWords(partner, { path: `/v1/decisions/${encodeURIComponent(told.id)}/words`, id: told.id, signed: stated?.words });
}

/** One decision as it was kept, and the digest by which our register, and not whoever keeps it, says what it was. */
export interface DecisionRecorded {
  entry: string;
  at: string;
  record: Buffer;
  digest: string;
}

export interface DecisionsRead {
  told: DecisionsTold;
  recorded: readonly DecisionRecorded[];
  documents: ReadonlyMap<string, Buffer>;
}

/** What was decided under an id, each decision held to its own entry in our register. @throws ClientRefusal REGISTER_NOT_TRUSTED, GatewayProblem */
export async function readDecisions({ connection, pins }: Pick<Partner, 'connection' | 'pins'>, id: string): Promise<DecisionsRead> {
  const path = `/v1/decisions/${encodeURIComponent(id)}`;
  const told = await connection.json<DecisionsTold>({ path });
  if (told.id !== id || !Array.isArray(told.decisions) || !Array.isArray(told.documents)) throw new ClientRefusal('ANSWER_INVALID', { path });
  const recorded: DecisionRecorded[] = [];
  for (const { entry, record } of told.decisions) {
    const file = await connection.json<unknown>({ path: `/v1/register/entries/${encodeURIComponent(entry)}/proof` });
    const verdict = verifyInclusionFile(file, [...pins.logKeys]);
    if (!verdict.ok) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: verdict.fault });
    const said = verdict.octets === undefined ? {} : (JSON.parse(verdict.octets.toString()) as { id?: string; at?: string; share?: string; decisionId?: string; decidedOn?: string });
    if (said.id !== entry || (said.decisionId ?? said.share) !== id || said.decidedOn === undefined) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'ANOTHER_ENTRY' });
    recorded.push({ entry, at: said.at ?? '', record: Buffer.from(record, 'base64'), digest: said.decidedOn });
  }
  return { told, recorded, documents: new Map(told.documents.map(({ digest, octets }) => [digest, Buffer.from(octets, 'base64')])) };
}
