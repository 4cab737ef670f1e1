import { type Agreement, term } from './agreement';
import type { ShareFacts } from './conditions/condition';
import type { Contact } from './parties';

/** Whose a copy is, as its recipient's register and its sender's tag it. Rights requests and complaints follow the tag. */
export const CONTROLLERSHIPS = {
  own: 'the recipient alone is its controller',
  partnership: 'it belongs to the partnership, whose controller answers for it',
  joint: 'the parties are joint controllers of it',
} as const;
export type Controllership = keyof typeof CONTROLLERSHIPS;

/** Why every operation on a copy is logged as section 62 of the Data Protection Act 2018 asks. */
export const LOGGED_BECAUSE = {
  'law-enforcement': 'it is processed for a law enforcement purpose',
  origin: 'whoever it comes from asks for it: the Act does not, and the log says so',
} as const;
export type LoggedBecause = keyof typeof LOGGED_BECAUSE;

/** What the registers of both sides are to say of a transfer besides that it was made. */
export interface RecordedAs {
  controllership: Controllership;
  /** Complete only when both have recorded it: what is recorded by one side alone is reported daily (RC-02). */
  bothSides: boolean;
  /** Its operations are logged; `justified`: consultation and disclosure with a justification. */
  logs?: { because: LoggedBecause; justified: boolean };
}

/** Pure. `contact`: whoever it goes to; a desk that the agreement gives a controller of its own is the partnership's. */
export function recordedAs({ agreement, purpose }: Pick<ShareFacts, 'agreement' | 'purpose'>, contact: Contact | undefined): RecordedAs {
  const logs = loggedBecause(agreement, purpose?.nature);
  return {
    controllership: controllershipOf(agreement, purpose?.code, contact?.desk),
    bothSides: term(agreement, 'record.bothSides') === 'both',
    ...(logs && { logs: { because: logs, justified: term(agreement, 'record.law62')?.justification ?? true } }),
  };
}

/** Joint is what an agreement says is joint, and nothing else: the co-ordinating and watching that its text names (WOR §5). */
function controllershipOf(agreement: Agreement, purpose: string | undefined, desk: string | undefined): Controllership {
  if (purpose !== undefined && term(agreement, 'controller.joint')?.includes(purpose)) return 'joint';
  const partnership = desk !== undefined && desk === term(agreement, 'controller.hub')?.desk;
  return partnership && term(agreement, 'controller.onReceipt') === 'own-and-partnership' ? 'partnership' : 'own';
}

/** The Act asks it of law enforcement under every agreement; a party may ask it of all that comes from it. */
function loggedBecause(agreement: Agreement, nature: string | undefined): LoggedBecause | undefined {
  if (nature === 'law-enforcement') return 'law-enforcement';
  return term(agreement, 'record.law62')?.covers === 'everything' ? 'origin' : undefined;
}
