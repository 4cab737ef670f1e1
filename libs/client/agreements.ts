import { AGREEMENT_STATEMENT_FORMAT, AgreementStated } from '#protocol/agreement';
import type { AgreementItem, AgreementList, AgreementReport, AgreementTold } from '#protocol/agreement-answers';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

type Connected = Pick<Partner, 'connection'>;
const pathOf = (agreement: string): string => `/v1/agreements/${encodeURIComponent(agreement)}`;

/** Agreements of which we are a party, and how each stands to its review. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function listAgreements({ connection }: Connected): Promise<AgreementItem[]> {
  const path = '/v1/agreements';
  const { items } = await connection.json<AgreementList>({ path });
  if (!Array.isArray(items)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return items;
}

/** One of them, with its versions and all that was stated of it. @throws GatewayProblem */
export const readAgreement = ({ connection }: Connected, agreement: string): Promise<AgreementTold> => connection.json<AgreementTold>({ path: pathOf(agreement) });

/** What it comes to in counts between two months (`YYYY-MM`); absent: since its last review. @throws GatewayProblem */
export function reportOnAgreement({ connection }: Connected, agreement: string, months: { from?: string; until?: string } = {}): Promise<AgreementReport> {
  const query = new URLSearchParams(Object.entries(months).filter(([, month]) => month !== undefined) as [string, string][]).toString();
  return connection.json<AgreementReport>({ path: `${pathOf(agreement)}/report${query === '' ? '' : `?${query}`}` });
}

/** What we state of an agreement. Codes are those of docs/codes.md. */
export type AgreementSaid = Pick<AgreementStated, 'kind' | 'agreement' | 'role'> & Partial<Pick<AgreementStated, 'on' | 'outcome' | 'version' | 'digest'>>;

/** States it, signed: every other party can read it. @throws ClientRefusal AGREEMENT_STATEMENT_INVALID, GatewayProblem with every reason */
export async function stateOfAgreement(partner: Partner, said: AgreementSaid): Promise<AgreementTold> {
  const at = nowOf(partner);
  const statement = written(partner, AgreementStated, { format: AGREEMENT_STATEMENT_FORMAT, id: uuid7(at), ...said }, { at, invalid: 'AGREEMENT_STATEMENT_INVALID' });
  return partner.connection.json<AgreementTold>({ path: `${pathOf(said.agreement)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}
