import type { RefusalReason } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';

/** What whoever signs says of it, wherever they say it: which agency it is from, for which gateway, and when it was made. */
export interface Signed {
  agency: string;
  gateway: string;
  /** ISO 8601, UTC. */
  created: string;
}

/** Where each stands in what was signed (RFC 6901). */
export type SignedPlaces = Readonly<Record<keyof Signed, string>>;

/** Held to who sends it, and to whom. */
export const fromAndFor = (signed: Signed, at: SignedPlaces, expected: { agency: string; gateway: string }): RefusalReason[] => [
  ...(signed.agency === expected.agency ? [] : [{ code: 'WRONG_SENDER', pointer: at.agency }]),
  ...(signed.gateway === expected.gateway ? [] : [{ code: 'WRONG_GATEWAY', pointer: at.gateway, facts: { gateway: expected.gateway } }]),
];

/** Held to the clock: not made ahead of it, nor so long ago that it could be an old one sent again. Of what is no instant both are told. */
export function madeLately({ created }: Signed, at: SignedPlaces, now: Date): RefusalReason[] {
  const age = now.getTime() - Date.parse(created);
  const facts = { serverTime: now.toISOString() };
  return [
    ...(age >= -LIMITS.createdAhead.value * 1_000 ? [] : [{ code: 'CREATED_AHEAD', pointer: at.created, facts }]),
    ...(age <= LIMITS.createdOld.value * 1_000 ? [] : [{ code: 'CREATED_TOO_OLD', pointer: at.created, facts }]),
  ];
}
