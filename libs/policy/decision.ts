import type { Address, Line } from '#protocol/line';
import type { Classification, ManifestBase, Urgency } from '#protocol/manifest';
import type { Terms } from './agreement';
import type { ReasonCode } from './conditions';

/** A share before the decision. */
export interface Proposal {
  /** A plan has no line digests yet. */
  manifest: ManifestBase;
  lines: readonly Line[];
  /** Instant of the decision, ISO 8601 UTC. */
  at: string;
  /** The agency of the client certificate, which the manifest cannot contradict. */
  sender: string;
}

export type FallsOn = 'share' | 'recipient' | 'line' | 'party';

/** Why something is refused, struck off, or let through with a warning. */
export interface Reason {
  code: ReasonCode;
  clauses: readonly string[];
  says: string;
  /** What to do next. */
  next: string;
  on: FallsOn;
  recipient?: Address;
  /** Index in the proposal's lines. */
  line?: number;
  /** RFC 6901, into the manifest, or into the line where `line` stands. */
  pointer?: string;
  /** Closer than the code: `expired`, `spoc`, `not-open-to-sender`. */
  cause?: string;
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
  onward: Terms['onward.rule']['value'];
  retention: { basis: Terms['retention.basis']['value']; owner: Terms['retention.owner']['value'] };
  /** The controller that the recipient tells of a breach. */
  tellOfBreach: { id: string; name: string };
}

export interface PlannedTransfer {
  recipient: Address;
  /** Whose data they become: for the agreement's desk its controller, whatever agency staffs it. */
  controller: { id: string; name: string };
  lane: Urgency;
  /** Whether this is the agreement's front door. */
  hub: boolean;
  route: 'mailbox';
  protection: 'openpgp';
  /** Numbered place of the agreement's text that names the purpose: `3.5`. */
  clause: string;
  /** Indexes in the proposal's lines, ascending: parts and what goes along with them. */
  lines: readonly number[];
  handling: HandlingRules;
  /** Whether a plan should tell this recipient which other organisations are told, unless the sender says otherwise. */
  alsoToldByDefault: boolean;
}

export type Decision =
  | { outcome: 'refused'; reasons: Reason[]; struckOff: StruckOff[]; warnings: Reason[] }
  | { outcome: 'permitted'; transfers: PlannedTransfer[]; struckOff: StruckOff[]; warnings: Reason[] };
