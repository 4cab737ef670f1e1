import type { Asks } from '#protocol/asks';
import type { Address, DecisionLine, Line, PartLine, SubjectLine } from '#protocol/line';
import type { SubjectGroup } from '#protocol/declarations';
import type { ManifestBase } from '#protocol/manifest';
import type { RouteCode } from '#protocol/disclosure';
import type { Agreement, Purpose } from '../agreement';
import type { ChannelChoice } from '../channel';
import type { BreachCase, NotificationCase, MeetingHeld, OffWire, Previous, RequestPut, Suspension } from '../decision';
import type { ParameterName } from '../parameters';
import type { Contact, Membership, Parties, Party } from '../parties';
import type { StatuteCode } from '../vocabulary/statutes';

export interface ShareFacts {
  /** With the rules of the originator's own security profile in it, where the agreement admits them (PD-20). */
  agreement: Agreement;
  parties: Parties;
  manifest: ManifestBase;
  lines: readonly Line[];
  at: string;
  sender: Party | undefined;
  membership: Membership | undefined;
  decisions: readonly DecisionLine[];
  /** Every part line, to whomever. */
  shared: readonly PartLine[];
  about: readonly SubjectLine[];
  /** The purpose as the agreement has it. */
  purpose: Purpose | undefined;
  /** Whom the share is about: as declared, else as the bands of its subject lines tell. */
  groups: ReadonlySet<SubjectGroup>;
  /** The agreement as it stands for what is passed on: with the rules of the party that shared it first. */
  carried: Agreement;
  /** What is passed on; only where the manifest names it and the gateway knows it. */
  previous: Previous | undefined;
  /** The information request that it answers; only where the manifest names one and it was put to the sender. */
  request: RequestPut | undefined;
  /** The breach case that it is about; only where the manifest names one in which the sender has a part. */
  breach: BreachCase | undefined;
  /** Suspensions of the agreement that stand. */
  suspensions: readonly Suspension[];
  /** The notification that it names; only where the sender has a part in it. */
  notification: NotificationCase | undefined;
  /** The meeting whose notes it is; only where the manifest names one in which the sender has a part. */
  meeting: MeetingHeld | undefined;
  /** How it is disclosed off the wire; undefined: it is sealed and goes over it. */
  route: OffWire | undefined;
}

/** One address to which at least one part is proposed. */
export interface RecipientFacts extends ShareFacts {
  recipient: Address;
  party: Party | undefined;
  theirMembership: Membership | undefined;
  contact: Contact | undefined;
  parts: readonly PartLine[];
  /** Other agreements to which sender and recipient are both parties: none of them may be stricter about the channel. */
  inCommon: readonly Agreement[];
  /** On what way it goes there, or why on none; absent where there is no such contact. */
  way?: ChannelChoice;
}

export interface LineFacts extends Omit<RecipientFacts, 'parts' | 'inCommon'> {
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

/** A share that is an information request: what it asks, a category at a time, so that it can be answered a category at a time. */
export interface AskingFacts extends ShareFacts {
  asks: Asks;
}

/**
 * A clause on a parameter; one on a parameter that lists several things, where one of those named is among them: a clause that asks for
 * something else is no ground; a law; or that it could not be opened or trusted safely.
 */
export type Ground = ParameterName | { readonly parameter: ParameterName; readonly asks: readonly string[] } | { readonly statute: StatuteCode } | { readonly technical: string };

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
  /** On what it stands, the strongest first: the agreement's clause on a parameter, a law, or that it could not be opened or trusted safely. Absent: on `term`. */
  grounds?: readonly Ground[];
  /** It is told and stops nothing, anywhere. */
  warns?: true;
  /** Asked only of what goes over the wire, or by one of these routes off it; absent: of whatever is disclosed. */
  by?: 'wire' | readonly (RouteCode | 'wire')[];
  /** Narrower than `term`. Asks what the agreement says, never which it is. */
  applies?(agreement: Agreement): boolean;
  met(facts: F): boolean;
  /** Closer than the code, where the rule is not met. */
  cause?(facts: F): string | undefined;
  /** The controller for whose written approval it waits. */
  awaits?(facts: F): string | undefined;
  /** The field that is wrong or missing: into the manifest, the recipient's lines, the line, or the party. */
  pointer: string | ((facts: F) => string | undefined);
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
export interface AskingCondition extends Rule<AskingFacts> {
  on: 'request';
}

export type AnyCondition = Condition | AdmissionCondition;
export type Condition = ShareCondition | RecipientCondition | LineCondition | AskingCondition;

/** Whether the agreement speaks of what the condition is about. Asks for its terms, never for its name. */
export const applies = (condition: AnyCondition, agreement: Agreement): boolean =>
  (condition.term === undefined || agreement.terms[condition.term] !== undefined) && (condition.applies?.(agreement) ?? true);
