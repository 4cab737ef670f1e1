import type { DisclosureRoute, RouteCode } from '#protocol/disclosure';
import type { Address, Line } from '#protocol/line';
import type { StandsOn } from '#protocol/answers';
import type { Classification, ManifestBase, Urgency } from '#protocol/manifest';
import type { NotificationState } from '#protocol/notification';
import type { Terms } from './agreement';
import type { ReasonCode } from './conditions';
import type { RecordedAs } from './recorded-as';

/** What the gateway knows of what a manifest names, and how it goes: each as far as its sender has a part in it. */
export interface Context {
  /** The share that `threads.previous` names: it is passed on, or used for something else. */
  previous?: Previous;
  /** The information request that `threads.request` names, where it was put to the sender. */
  request?: RequestPut;
  /** The breach case that `threads.breach` names. */
  breach?: BreachCase;
  /** Suspensions of the agreement that stand. */
  suspensions?: readonly Suspension[];
  /** The notification that `threads.notification` names. */
  notification?: NotificationCase;
  /** The meeting that `threads.meeting` names. */
  meeting?: MeetingHeld;
  /** How it is disclosed off the wire; absent: it is sealed, and goes over it. */
  route?: OffWire;
}

/** A share before the decision. */
export interface Proposal extends Context {
  /** A plan has no line digests yet. */
  manifest: ManifestBase;
  lines: readonly Line[];
  /** Instant of the decision, ISO 8601 UTC. */
  at: string;
  /** The agency of the client certificate, which the manifest cannot contradict. */
  sender: string;
}

const CONTEXT: Record<keyof Context, true> = { previous: true, request: true, breach: true, suspensions: true, notification: true, meeting: true, route: true };

/** That alone, of what holds more; what is absent stays so. */
export const contextIn = (of: { readonly [N in keyof Context]?: unknown }): Context =>
  Object.fromEntries((Object.keys(CONTEXT) as (keyof Context)[]).flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));

/** A meeting, as far as its papers and notes depend on it. */
export interface MeetingHeld {
  /** `YYYY-MM-DD`. */
  on: string;
  chair: Address;
  confidentialityStated: boolean;
  /** Whoever is there becomes joint controller of what comes of it. */
  joint: boolean;
  termsAttached: boolean;
  /** Whoever was invited, or comes in the place of somebody who was. */
  people: readonly { agency: string; contact: string; signed: boolean; items?: readonly string[] }[];
  /** Agencies of those who signed in. */
  partners: readonly string[];
}

/** Who has agreed to another use of what was shared in a meeting. */
export interface Reuse {
  /** Whose agreement it takes, besides the chair's consent. */
  partners: readonly string[];
  given: readonly { by: string; as: 'chair' | 'partner'; recipients: readonly string[]; purpose: string }[];
}

/** An information request as it was put to whoever answers it. */
export interface RequestPut {
  requester: string;
  type: string;
  purpose: string;
  urgency: Urgency;
  lane?: TransferLane;
  categories: readonly string[];
}

/** A suspension of the agreement: of all of it, or of what goes from or to whoever suspended it. */
export interface Suspension {
  by: string;
  scope: 'whole-agreement' | 'own-participation';
  /** When it ends by itself. */
  endsAt: string;
}

/** Who issued and who circulates a notification, and how it stands. */
export interface NotificationCase {
  issuer: string;
  circulator: string;
  state: NotificationState;
}

/** Who has a part in a breach case. */
export interface BreachCase {
  parties: readonly string[];
}

/** An information request of the front door goes before all but emergencies, where the agreement says so; what is about a breach goes before all. */
export type TransferLane = Urgency | 'priority' | 'breach';

/** A route off the wire as a decision asks about it. In the place of a number stands whose of the recipients the directory says it is. */
export interface OffWire extends Omit<DisclosureRoute, 'number' | 'mail'> {
  /** As `agency/contact`. */
  called?: readonly string[];
}

/** A share that the sender received, and now passes on or uses for something else. */
export interface Previous {
  /** Who shared it first, and under which entry of the party list. */
  originator: { controller: string; agency: string; entry?: string };
  /** Under which agreement. */
  agreement?: string;
  purpose: string;
  legalGateway?: string;
  /** Under which marking. */
  classification?: Classification;
  /** What was shared in a meeting. */
  meeting?: boolean;
  reuse?: Reuse;
  /** To whom the sender said, when it received it, that it would pass it on; absent: it was not asked. */
  intended?: readonly string[];
  approvals: readonly Approval[];
}

/** The written word of the originating controller: to these agencies, for this purpose. */
export interface Approval {
  /** The matter by which it was asked, and answered. */
  matter: string;
  by: string;
  recipients: readonly string[];
  purpose: string;
  /** Of the one share that may go by a way that the agreement does not admit (CH-11). */
  way?: { channel: string; share: string };
  from: string;
  until?: string;
}

/** On what a reason stands: `§4.3(9)`, `UK GDPR, Article 9`, or why it is technical or a default of ours. */
export interface Standing {
  on: StandsOn;
  says: string;
}

export type FallsOn = 'share' | 'recipient' | 'line' | 'party' | 'request';

/** Why something is refused, struck off, or let through with a warning. */
export interface Reason {
  code: ReasonCode;
  clauses: readonly string[];
  says: string;
  /** What to do next. */
  next: string;
  on: FallsOn;
  standing: Standing;
  recipient?: Address;
  /** Index in the proposal's lines. */
  line?: number;
  /** RFC 6901: into the line where `line` stands, into each of the recipient's lines where `recipient` does, else into the manifest. */
  pointer?: string;
  /** Closer than the code: `expired`, `spoc`, `not-open-to-sender`. */
  cause?: string;
  /** The controller for whose written approval it waits. */
  awaits?: string;
}

/** A recipient as a whole, with all of its lines, or one line. */
export interface StruckOff {
  on: 'recipient' | 'line';
  recipient: Address;
  lines: readonly number[];
  reasons: readonly Reason[];
}

/** How the recipient may handle what it gets: goes into the provenance. */
export interface HandlingRules {
  classification: Classification;
  doNotTellSubject: boolean;
  /** The consent that it rests on has limits, which whoever opens it acknowledges first (LB-11). */
  consentLimited: boolean;
  /** What came from a party with rules of its own: not passed on, not linked with anything else (MN-09, MN-10). */
  noCopies: boolean;
  noLinking: boolean;
  onward: Terms['onward.rule']['value'];
  retention: { basis: Terms['retention.basis']['value']; owner: Terms['retention.owner']['value'] };
  /** The controller that the recipient tells of a breach. */
  tellOfBreach: { id: string; name: string };
}

export interface PlannedTransfer {
  recipient: Address;
  /** Whose data they become: for the agreement's desk its controller, whatever agency staffs it. */
  controller: { id: string; name: string };
  lane: TransferLane;
  /** Whether this is the agreement's front door. */
  hub: boolean;
  route: 'mailbox' | 'mail' | RouteCode;
  /** `none`: it is disclosed off the wire. */
  protection: 'openpgp' | 'smime' | 'aes-zip' | 'none';
  /** A container goes to a domain that holds no TLS that counts: nothing but what is generated and the container travels there (CH-04). */
  weakHop?: true;
  /** The sender may seal with S/MIME as well: the agreement admits it, it withstands no less, and the recipient has it. */
  orSmime?: boolean;
  /** Another way than the strongest of both; `emergency`: the single point of contact is told afterwards (CH-12); `deviation`: one that the agreement does not admit, as its originator agreed (CH-11). */
  instead?: { why: 'asked' | 'emergency' | 'deviation'; reason?: string; approver?: string; matter?: string };
  /** Numbered place of the agreement's text that names the purpose: `3.5`. */
  clause: string;
  /** Indexes in the proposal's lines, ascending: parts and what goes along with them. */
  lines: readonly number[];
  handling: HandlingRules;
  /** No party of the agreement: the grounds on which it gets its parts all the same (PU-09). */
  outside?: readonly string[];
  /** It goes on while the agreement is suspended (SU-04): about a breach, to the front door in an emergency, or a life hangs on it and a power and a second person stand for it. */
  throughSuspension?: true;
  /** What the registers say of it besides that it was made. */
  recordedAs: RecordedAs;
  /** Whether a plan should tell this recipient which other organisations are told, unless the sender says otherwise. */
  alsoToldByDefault: boolean;
}

/** Who is to be told at once that its approval was not waited for, and on what ground. */
export interface Telling {
  controller: string;
  ground: string;
}

export type Decision =
  | { outcome: 'refused'; reasons: Reason[]; struckOff: StruckOff[]; warnings: Reason[] }
  | { outcome: 'permitted'; transfers: PlannedTransfer[]; struckOff: StruckOff[]; warnings: Reason[]; tells: Telling[] };
