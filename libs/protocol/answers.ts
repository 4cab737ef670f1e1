import type { Address } from './line';
import type { Urgency } from './manifest';
import type { StatementKind } from './statement';

// What the gateway answers. Shapes only: instants are ISO 8601 UTC, digests lower-case hexadecimal SHA-256, sizes octets.

export interface ReasonTold {
  code: string;
  clauses: readonly string[];
  says: string;
  next: string;
  pointer?: string;
}

export interface LineDecided {
  /** Index in the lines that were sent. */
  line: number;
  recipient: Address;
  part?: string;
  about?: string;
  permitted: boolean;
  reasons: ReasonTold[];
}

/** A certificate with the co-ordinator's word for it. Octets in base64. */
export interface CertificateTold {
  fingerprint: string;
  use: 'seal' | 'sign';
  agency: string;
  contact: string;
  certificate: string;
  statement: string;
  statementSignature: string;
  from: string;
  until: string;
  revokedAt?: string;
}

export interface EmergencyTold {
  says: string;
  ring: '999';
  frontDoors: { agency: string; contact: string; telephone: string }[];
}

export interface PlanAnswer {
  outcome: 'permitted' | 'refused';
  lines: LineDecided[];
  reasons: ReasonTold[];
  warnings: ReasonTold[];
  certificates: CertificateTold[];
  emergency?: EmergencyTold;
}

export interface TransferReceipted {
  transfer: string;
  recipient: Address;
  controller: { id: string; name: string };
  lane: string;
  route: 'mailbox';
  protection: 'openpgp';
  lines: string[];
  provenance: string;
}

export interface StruckOffTold {
  on: 'recipient' | 'line';
  recipient: Address;
  /** Digests of the lines that do not go. */
  lines: string[];
  parts: string[];
  reasons: ReasonTold[];
}

export interface Receipt {
  format: 'waybill-receipt/1';
  share: string;
  manifestDigest: string;
  acceptedAt: string;
  transfers: TransferReceipted[];
  struckOff: StruckOffTold[];
  warnings: ReasonTold[];
  register: { log: string; entry: string; leaf: string; promise: string };
  emergency?: EmergencyTold;
}

export interface StatementTold {
  kind: StatementKind;
  agency: string;
  at: string;
  /** The statement's exact octets and its signature, base64. */
  statement: string;
  signature: string;
}

export interface EventTold {
  at: string;
  kind: string;
  detail?: string;
}

export interface TransferTold {
  transfer: string;
  recipient: Address;
  state: string;
  lane: string;
  acceptedAt: string;
  availableAt?: string;
  collectedAt?: string;
  endedAt?: string;
  endReason?: string;
  /** Milliseconds from acceptance to the mailbox, and to collection: how promptly it got there (RQ-01, DS-06). */
  reachedMailboxAfterMs?: number;
  collectedAfterMs?: number;
  /** Shown when the recipient has not collected in time: ring, do not wait. */
  ring?: { telephone: string; because: string };
  events: EventTold[];
  statements: StatementTold[];
}

export interface ShareTold {
  share: string;
  manifestDigest: string;
  urgency: Urgency;
  acceptedAt: string;
  /** Whether any of its transfers has not ended. */
  open: boolean;
  transfers: TransferTold[];
  emergency?: EmergencyTold;
}

export interface MailboxItem {
  transfer: string;
  share: string;
  sender: Address | { agency: string };
  contact: string;
  lane: string;
  urgency: Urgency;
  purpose?: string;
  classification?: string;
  doNotTellSubject: boolean;
  state: string;
  acceptedAt: string;
  size: number;
  links: { self: string };
}

export interface MailboxPage {
  items: MailboxItem[];
  /** Ask again with `?after=` this; absent on the last page. */
  next?: string;
}

export interface TransferOpenedUp extends MailboxItem {
  agreement: { id: string; version: string };
  manifestDigest: string;
  provenance: string;
  promise: string;
  parts: { name: string; digest: string; size: number; href: string }[];
  /** The sender's signing certificates with the co-ordinator's statements, to verify the manifest with. */
  signers: CertificateTold[];
  payloadUntil: string;
  statements: StatementTold[];
}

export interface EntryPage {
  items: {
    /** Place in the log. */
    index: number;
    id: string;
    /** `disposed` when the entry was removed at the end of its time. */
    kind: string;
    at: string;
    leaf: string;
    /** Base64: the octets that were hashed. `null` when they were disposed of. */
    octets: string | null;
  }[];
  next?: string;
}
