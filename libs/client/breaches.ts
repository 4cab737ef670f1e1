import { BREACH_REPORT_FORMAT, BREACH_STATEMENT_FORMAT, BreachReported, BreachStated, type BreachStatementKind } from '#protocol/breach';
import type { BreachItem, BreachStatementTold, BreachTold } from '#protocol/breach-answers';
import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { octetsIn, signatureCheck } from './signed-by';
import { signedForm, written } from './writing';

/** A report as somebody describes it: what follows from who reports it, and when, is filled in. */
export type BreachDescription = Omit<BreachReported, 'format' | 'id' | 'by' | 'gateway' | 'at'> & { /** Drawn before, so that the same report sent again is the same case. */ id?: string };
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

/** A statement of a case whose author is who it is said to be, and what it says: its report, or what was stated since. */
export type BreachStatementVerified = BreachStatementTold & { said: BreachReported | BreachStated };

/**
 * One case, with its report and every statement held to the agency that is said to have made it: a gateway that makes one up, or gives one case's for another's, is
 * found out. @throws ClientRefusal STATEMENT_NOT_TRUSTED, ANSWER_INVALID, GatewayProblem
 */
export async function verifiedBreach(partner: Partner, id: string): Promise<Omit<BreachTold, 'statements'> & { statements: BreachStatementVerified[] }> {
  const told = await readBreach(partner, id);
  const isSigned = signatureCheck(partner);
  const statements: BreachStatementVerified[] = [];
  for (const statement of told.statements) {
    const refuse = (because: string) => new ClientRefusal('STATEMENT_NOT_TRUSTED', { breach: id, because });
    const reading: { ok: true; value: BreachReported | BreachStated } | { ok: false } = statement.kind === 'report' ? shaped(BreachReported, readJson(octetsIn(statement))) : shaped(BreachStated, readJson(octetsIn(statement)));
    if (!reading.ok) throw refuse('STATEMENT_MALFORMED');
    const said = reading.value;
    const [kind, about] = 'breach' in said ? [said.kind, said.breach] : ['report', said.id];
    if (kind !== statement.kind || about !== id || said.by.agency !== statement.agency || said.gateway !== partner.pins.gateway) throw refuse('ABOUT_SOMETHING_ELSE');
    if (!(await isSigned(said.by.agency, statement))) throw refuse('SIGNATURE_WRONG');
    statements.push({ ...statement, said });
  }
  return { ...told, statements };
}
