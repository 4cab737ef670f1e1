import { RETENTION_FORMAT, RetentionStated } from '#protocol/retention';
import type { RetentionItem, RetentionTold } from '#protocol/retention-answers';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

/** What we state of a copy that we keep. */
export type RetentionDescription = Omit<RetentionStated, 'format' | 'id' | 'transfer' | 'by' | 'gateway' | 'at'>;

/** The copies that we keep: first those whose time has not begun, then by the day on which it is over. */
export const listKept = (partner: Pick<Partner, 'connection'>): AsyncGenerator<RetentionItem> => itemsOf(partner, '/v1/retention');

/** How long one copy is kept, and all that we stated of it. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function readKept({ connection }: Pick<Partner, 'connection'>, transfer: string): Promise<RetentionTold> {
  const path = `/v1/retention/${encodeURIComponent(transfer)}`;
  const told = await connection.json<RetentionTold>({ path });
  if (told.transfer !== transfer || !Array.isArray(told.statements)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return told;
}

/** States its rule, what started its time, that keeping it is justified, a hold, or that it is gone, signed. @throws ClientRefusal, GatewayProblem */
export async function stateKept(partner: Partner, transfer: string, described: RetentionDescription): Promise<RetentionItem> {
  const at = nowOf(partner);
  const statement = written(partner, RetentionStated, { format: RETENTION_FORMAT, id: uuid7(at), transfer, ...described }, { at, invalid: 'RETENTION_INVALID' });
  return partner.connection.json<RetentionItem>({ path: `/v1/retention/${encodeURIComponent(transfer)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}
