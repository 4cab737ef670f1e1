import type { GivenBecause, TakenBecause } from '#policy/custody';
import { CUSTODY_FORMAT, CustodyStated } from '#protocol/custody';
import type { CustodyList, CustodyTold } from '#protocol/custody-answers';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

/** Whose the key is: a member of staff by id, or nobody's, where it is the recovery key. */
export type Holding = { contact: string; staff?: string } & ({ kind: 'given'; keys: string[]; because: GivenBecause } | { kind: 'taken'; because: TakenBecause });

/** Who can open our teams' mailboxes, and what one lacks. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function custody({ connection }: Pick<Partner, 'connection'>): Promise<CustodyTold[]> {
  const path = '/v1/custody';
  const { items } = await connection.json<CustodyList>({ path });
  if (!Array.isArray(items)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return items;
}

/** States that somebody was given a team's key, or has it no more, signed. Nothing of the key goes along but its fingerprint. @throws ClientRefusal, GatewayProblem */
export async function stateCustody(partner: Partner, holding: Holding): Promise<CustodyTold> {
  const at = nowOf(partner);
  const statement = written(partner, CustodyStated, { format: CUSTODY_FORMAT, id: uuid7(at), ...holding }, { at, invalid: 'CUSTODY_INVALID' });
  return partner.connection.json<CustodyTold>({ path: `/v1/custody/${encodeURIComponent(holding.contact)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}
