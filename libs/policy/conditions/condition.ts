import type { Address, DecisionLine, Line, PartLine } from '#protocol/line';
import type { ManifestBase } from '#protocol/manifest';
import type { Agreement } from '../agreement';
import type { ParameterName } from '../parameters';
import type { Contact, Membership, Parties, Party } from '../parties';

export interface ShareFacts {
  agreement: Agreement;
  parties: Parties;
  manifest: ManifestBase;
  lines: readonly Line[];
  at: string;
  sender: Party | undefined;
  membership: Membership | undefined;
  decisions: readonly DecisionLine[];
}

/** One address to which at least one part is proposed. */
export interface RecipientFacts extends ShareFacts {
  recipient: Address;
  party: Party | undefined;
  theirMembership: Membership | undefined;
  contact: Contact | undefined;
  parts: readonly PartLine[];
}

export interface LineFacts extends Omit<RecipientFacts, 'parts'> {
  /** The recipient as `agency/contact`. */
  to: string;
  line: Line;
}

/** A party at the door, before it shares anything. */
export interface AdmissionFacts {
  agreement: Agreement;
  party: Party;
  membership: Membership | undefined;
  at: string;
}

interface Rule<F> {
  code: string;
  /** Rows of the clause catalogue that it enforces. */
  clauses: readonly string[];
  /** What must be so, as one reads it aloud. */
  says: string;
  /** What whoever is refused does next. */
  next: string;
  /** The parameter it enforces: where an agreement does not speak of it, the rule does not apply. */
  term?: ParameterName;
  /** Narrower than `term`. Asks what the agreement says, never which it is. */
  applies?(agreement: Agreement): boolean;
  met(facts: F): boolean;
  /** Closer than the code, where the rule is not met. */
  cause?(facts: F): string | undefined;
  pointer?: string | ((facts: F) => string | undefined);
  /** In an emergency it does not stop what goes to a permitted front door: it becomes a warning. */
  nicety?: true;
}

export interface ShareCondition extends Rule<ShareFacts> {
  on: 'share';
}
/** `refuses: 'share'`: falls on one, and yet the whole share is refused and names it; in an emergency to a permitted front door the one is struck off. */
export interface RecipientCondition extends Rule<RecipientFacts> {
  on: 'recipient';
  refuses?: 'share';
}
export interface LineCondition extends Rule<LineFacts> {
  on: 'line';
  refuses?: 'share';
}
export interface AdmissionCondition extends Rule<AdmissionFacts> {
  on: 'party';
}

export type Condition = ShareCondition | RecipientCondition | LineCondition;
