import { BREACH_REPORT_FORMAT, BREACH_STATEMENT_FORMAT, BreachReported, BreachStated, type BreachStatementKind } from '#protocol/breach';
import type { BreachItem, BreachTold } from '#protocol/breach-answers';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

/** A report as somebody describes it: what follows from who reports it, and when, is filled in. */
export type BreachDescription = Omit<BreachReported, 'format' | 'id' | 'by' | 'gateway' | 'at'>;
export type BreachSaid = Partial<Omit<BreachStated, 'format' | 'id' | 'kind' | 'breach' | 'by' | 'gateway' | 'at' | 'role'>> & Pick<BreachStated, 'role'>;

/** Reports a breach, signed. Everybody who must be told at once has been told when this returns. @throws ClientRefusal, GatewayProblem */
export async function reportBreach(partner: Partner, described: BreachDescription): Promise<BreachTold> {
  const at = nowOf(partner);
  const report = written(partner, BreachReported, { format: BREACH_REPORT_FORMAT, id: uuid7(at), ...described }, { at, invalid: 'BREACH_INVALID' });
  return partner.connection.json({ path: '/v1/breaches', method: 'POST', body: await signedForm(partner, report) });
}

/** States something about a case, signed. @throws ClientRefusal, GatewayProblem */
export async function stateOfBreach(partner: Partner, breach: string, kind: BreachStatementKind, said: BreachSaid): Promise<{ state: string }> {
  const at = nowOf(partner);
  const statement = written(partner, BreachStated, { format: BREACH_STATEMENT_FORMAT, id: uuid7(at), kind, breach, ...said }, { at, invalid: 'BREACH_INVALID' });
  return partner.connection.json({ path: `/v1/breaches/${encodeURIComponent(breach)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}

/** Our cases, the newest first. */
export const listBreaches = (partner: Pick<Partner, 'connection'>, { open = false }: { open?: boolean } = {}): AsyncGenerator<BreachItem> => itemsOf(partner, '/v1/breaches', open ? { open: 'true' } : {});

/** One case. Looking at it is no reading. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function readBreach({ connection }: Pick<Partner, 'connection'>, id: string): Promise<BreachTold> {
  const path = `/v1/breaches/${encodeURIComponent(id)}`;
  const told = await connection.json<BreachTold>({ path });
  if (told.breach !== id || !Array.isArray(told.statements) || !Array.isArray(told.notices)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return told;
}
