import { MEMBERSHIP_FORMAT, type MembershipKind, MembershipStated, type Attested } from '#protocol/membership';
import type { MembershipList, OversightDigest, OwnMembership } from '#protocol/membership-answers';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

/** What we say of our own place in an agreement. */
export type MembershipDescription = { agreement: string } & ({ kind: 'joins'; entry: string } | { kind: 'withdraws' } | { kind: 'attests'; attested: Attested });

/** Our places in agreements: what is missing of an active party, and what we are to attest. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function memberships({ connection }: Pick<Partner, 'connection'>): Promise<OwnMembership[]> {
  const path = '/v1/memberships';
  const { items } = await connection.json<MembershipList>({ path });
  if (!Array.isArray(items)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return items;
}

/** Asks to join an agreement, leaves it, or attests something, signed. It holds from its receipt. @throws ClientRefusal, GatewayProblem */
export async function stateMembership(partner: Partner, described: MembershipDescription & { kind: MembershipKind }): Promise<OwnMembership> {
  const at = nowOf(partner);
  const statement = written(partner, MembershipStated, { format: MEMBERSHIP_FORMAT, id: uuid7(at), ...described }, { at, invalid: 'MEMBERSHIP_INVALID' });
  return partner.connection.json<OwnMembership>({ path: `/v1/memberships/${encodeURIComponent(described.agreement)}/statements`, method: 'POST', body: await signedForm(partner, statement) });
}

/** What we shared and received under an agreement since a day, in numbers. @throws GatewayProblem */
export const oversightDigest = ({ connection }: Pick<Partner, 'connection'>, agreement: string, from?: string): Promise<OversightDigest> =>
  connection.json<OversightDigest>({ path: `/v1/memberships/${encodeURIComponent(agreement)}/oversight${from === undefined ? '' : `?from=${encodeURIComponent(from)}`}` });
