import type { EmergencyTold, ReasonTold, StruckOffTold } from '#protocol/answers';
import type { Reason, StruckOff } from '#policy/decision';
import type { Party } from '#policy/parties';
import { isPartLine } from '#protocol/line';
import type { Urgency } from '#protocol/manifest';
import type { Head } from './head';

export const toldOf = ({ code, clauses, says, next, pointer, standing, cause, awaits }: Reason): ReasonTold => ({
  code, clauses, says, next, standsOn: standing.on, ground: standing.says, ...(pointer ? { pointer } : {}), ...(cause ? { cause } : {}), ...(awaits ? { awaits } : {}),
});

export function struckOffTold(struck: StruckOff, head: Head): StruckOffTold {
  const sent = struck.lines.flatMap((index) => head.lines[index] ?? []);
  return {
    on: struck.on,
    recipient: struck.recipient,
    lines: sent.map(({ digest }) => digest),
    parts: sent.flatMap(({ line }) => (isPartLine(line) ? line.part : [])),
    reasons: struck.reasons.map(toldOf),
  };
}

export interface FrontDoor {
  agency: string;
  contact: string;
  telephone: string;
}

/** The front doors of an agreement, with the number to ring. */
export const frontDoorsOf = (members: readonly Party[], desk: string | undefined): FrontDoor[] =>
  members.flatMap((party) => party.contacts.filter((contact) => desk !== undefined && contact.desk === desk && contact.telephone).map((contact) => ({ agency: party.agency, contact: contact.contact, telephone: contact.telephone ?? '' })));

/** Guarantee 6: wherever urgency is emergency, ring 999 and the front door, and do not wait for this to be read. */
export function emergencyTold(urgency: Urgency, frontDoors: FrontDoor[]): { emergency?: EmergencyTold } {
  if (urgency !== 'emergency') return {};
  return { emergency: { says: 'If someone is in immediate danger ring 999. Then ring the front door. Do not wait for this to be read.', ring: '999', frontDoors } };
}
