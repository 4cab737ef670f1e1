import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import type { RequestStatementTold, RequestTold } from '#protocol/request-answers';
import { REQUEST_STATEMENT_FORMAT, RequestStated, type RequestStatementKind } from '#protocol/request-statement';
import { readRequest } from './asking';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { nowOf, type Partner } from './partner';
import { octetsIn, type SignatureCheck, signatureCheck } from './signed-by';
import { signedForm, written } from './writing';

/** What is said of an information request, besides who says it and when. */
export type RequestSaid = Pick<RequestStated, 'role'> & Partial<Pick<RequestStated, 'outcome' | 'reason' | 'level' | 'signals' | 'on' | 'necessaryForSafety' | 'stage' | 'telephone'>>;

/**
 * States something about an information request, signed: that it was scrutinised, how pressing it is found, that a refusal was talked over, a review, an
 * escalation, a view, a dispute or its end. @throws ClientRefusal STATEMENT_INVALID, GatewayProblem with every reason
 */
export async function stateOfRequest(partner: Partner, request: string, kind: RequestStatementKind, said: RequestSaid): Promise<{ state: string; statement: Buffer }> {
  const at = nowOf(partner);
  const statement = written(partner, RequestStated, { format: REQUEST_STATEMENT_FORMAT, id: uuid7(at), kind, request, ...said }, { at, invalid: 'STATEMENT_INVALID' });
  const { state } = await partner.connection.json<{ state: string }>({ path: `/v1/requests/${encodeURIComponent(request)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
  return { state, statement };
}

/** A statement whose author is who it is said to be, and what it says. */
export type RequestStatementVerified = RequestStatementTold & { said: RequestStated };

/**
 * One thread, with every statement in it held to the agency that is said to have made it: a gateway that makes one up, or gives one request's for another's, is
 * found out. @throws ClientRefusal STATEMENT_NOT_TRUSTED, ANSWER_INVALID, GatewayProblem
 */
export async function verifiedRequest(partner: Partner, id: string): Promise<RequestTold & { statements: RequestStatementVerified[] }> {
  const told = await readRequest(partner, id);
  const isSigned = signatureCheck(partner);
  const statements: RequestStatementVerified[] = [];
  for (const statement of told.statements) statements.push({ ...statement, said: await verified(partner, id, statement, isSigned) });
  return { ...told, statements };
}

async function verified({ pins }: Partner, request: string, statement: RequestStatementTold, isSigned: SignatureCheck): Promise<RequestStated> {
  const refuse = (because: string) => new ClientRefusal('STATEMENT_NOT_TRUSTED', { request, because });
  const reading = shaped(RequestStated, readJson(octetsIn(statement)));
  if (!reading.ok) throw refuse('STATEMENT_MALFORMED');
  const said = reading.value;
  if (said.kind !== statement.kind || said.request !== request || said.by.agency !== statement.agency || said.gateway !== pins.gateway) throw refuse('ABOUT_SOMETHING_ELSE');
  if (!(await isSigned(said.by.agency, statement))) throw refuse('SIGNATURE_WRONG');
  return said;
}
