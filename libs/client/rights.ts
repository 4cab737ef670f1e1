import type { RightsListed, RightsReceipt, RightsStands, RightsTold } from '#protocol/rights-answers';
import { RIGHTS_REQUEST_FORMAT, RIGHTS_STATEMENT_FORMAT, RightsRequested, RightsStated } from '#protocol/rights-request';
import { sha256 } from '#protocol/digest';
import { ClientRefusal } from './codes';
import { requireNobodyNamed } from './drafting';
import { uuid7 } from './ids';
import { openedWords, sealedWords } from './own-words';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { verifyRightsReceipt } from './receipt';
import type { SubjectKnown } from './subject';
import { signedForm, written } from './writing';

type Own = 'format' | 'id' | 'by' | 'gateway' | 'at' | 'words';

/** A rights request as whoever got it thinks of it. */
export type RightsDescription = Omit<RightsRequested, Own | 'reference'> & { subject: { reference: string; /** Compared with and never sent. */ known: SubjectKnown }; /** Sealed to ourselves. */ words?: string };
export type RightsStatementDescription = Omit<RightsStated, Own | 'rightsRequest'>;

/** Records that somebody uses a right, signed: nobody is named in clear, and the receipt is the gateway's own word that it stands in our register. @throws ClientRefusal, GatewayProblem */
export async function recordRights(partner: Partner, { subject, words, ...described }: RightsDescription): Promise<RightsReceipt> {
  const at = nowOf(partner);
  const id = uuid7(at);
  const sealed = words === undefined ? undefined : await sealedWords(partner, id, words, at);
  const statement = written(partner, RightsRequested, { format: RIGHTS_REQUEST_FORMAT, id, ...described, reference: subject.reference, words: sealed?.named }, { at, invalid: 'RIGHTS_INVALID' });
  requireNobodyNamed({ subject: { known: subject.known } }, { manifest: { reference: subject.reference }, lines: [] });
  const body = await signedForm(partner, statement, sealed?.octets);
  const receipt = await partner.connection.json<RightsReceipt>({ path: '/v1/rights-requests', method: 'POST', headers: { 'idempotency-key': id }, body, patience: true });
  return verifyRightsReceipt(receipt, { rightsRequest: id, digest: sha256(statement) }, partner.pins);
}

/** States that a rights request of ours takes longer, or what came of it. @throws ClientRefusal, GatewayProblem */
export async function stateRights(partner: Partner, rightsRequest: string, described: RightsStatementDescription): Promise<RightsStands> {
  const at = nowOf(partner);
  const statement = written(partner, RightsStated, { format: RIGHTS_STATEMENT_FORMAT, id: uuid7(at), rightsRequest, ...described }, { at, invalid: 'RIGHTS_INVALID' });
  return partner.connection.json<RightsStands>({ path: `/v1/rights-requests/${encodeURIComponent(rightsRequest)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}

/** Our own rights requests, the oldest first. */
export const listRights = (partner: Pick<Partner, 'connection'>, { open = false }: { open?: boolean } = {}): AsyncGenerator<RightsListed> => itemsOf(partner, '/v1/rights-requests', open ? { open: 'true' } : {});

/** One of our own with all that was signed of it. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function readRights({ connection }: Pick<Partner, 'connection'>, id: string): Promise<RightsTold> {
  const path = `/v1/rights-requests/${encodeURIComponent(id)}`;
  const told = await connection.json<RightsTold>({ path });
  if (told.rightsRequest !== id || !Array.isArray(told.statements)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return told;
}

/** Its words, opened with our own key. @throws ClientRefusal, GatewayProblem */
export function openRightsWords(partner: Partner, told: RightsTold): Promise<string> {
  const { id, words } = JSON.parse(Buffer.from(told.statement, 'base64').toString()) as RightsRequested;
  return openedWords(partner, { path: `/v1/rights-requests/${encodeURIComponent(told.rightsRequest)}/words`, id, signed: words });
}
