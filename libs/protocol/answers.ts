import { Equals, IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited, URGENCIES, type Urgency } from './manifest';
import { Base64, CompactJws, Count, Each, Fingerprint, OrNull, TextEach } from './shapes';
import { STATEMENT_KINDS, type StatementKind } from './statement';

// What the gateway answers. Instants are ISO 8601 UTC, digests lower-case hexadecimal SHA-256, sizes octets. A reader passes over
// fields that it does not know: more may be told in time.

export const STANDS_ON = ['clause', 'statute', 'technical', 'default'] as const;
export type StandsOn = (typeof STANDS_ON)[number];

/** Why something was refused, struck off, or let through with a warning. */
export class ReasonTold {
  @IsString() code: string;
  /** Rows of the clause catalogue. */
  @TextEach() clauses: readonly string[];
  @IsString() says: string;
  /** What to do about it. */
  @IsString() next: string;
  /** What it stands on: a place in the agreement, a law, that it could not be opened or trusted safely, or a default of the gateway. */
  @IsOptional() @IsIn(STANDS_ON) standsOn?: StandsOn;
  /** That place as the agreement numbers it, that law, or why: `§4.3(9)`. */
  @IsOptional() @IsString() ground?: string;
  /** Closer than the code: `expired`, `not-open-to-sender`. */
  @IsOptional() @IsString() cause?: string;
  /** The controller for whose written approval it waits. */
  @IsOptional() @Is('agency') awaits?: string;
  /** RFC 6901, into the manifest or the line. */
  @IsOptional() @IsString() pointer?: string;
}

export class LineDecided {
  /** Index in the lines that were sent. */
  @Count() line: number;
  @Nested(() => Address) recipient: Address;
  @IsOptional() @Is('part') part?: string;
  @IsOptional() @IsString() about?: string;
  @IsBoolean() permitted: boolean;
  @Each(() => ReasonTold) reasons: ReasonTold[];
}

/** A certificate with the co-ordinator's word for it. Octets in base64. */
export class CertificateTold {
  /** Of an S/MIME certificate its SHA-256. */
  @Fingerprint() fingerprint: string;
  /** `smime`: an X.509 certificate, DER. Absent: an OpenPGP one. */
  @IsOptional() @IsIn(['smime']) form?: 'smime';
  @IsIn(['seal', 'sign']) use: 'seal' | 'sign';
  @Is('agency') agency: string;
  @Is('contact') contact: string;
  @Base64() certificate: string;
  /** The co-ordinator's key statement, octet for octet: what it says of the certificate counts, not what stands beside it. */
  @Base64() statement: string;
  /** Detached OpenPGP signature over the statement, by the co-ordinator's key, which is pinned at enrolment. */
  @Base64() statementSignature: string;
  @Is('instant') from: string;
  @Is('instant') until: string;
  @IsOptional() @Is('instant') revokedAt?: string;
}

export class FrontDoorTold {
  @Is('agency') agency: string;
  @Is('contact') contact: string;
  @IsString() telephone: string;
}

/** Stands wherever urgency is emergency: ring, and do not wait for this to be read. */
export class EmergencyTold {
  @IsString() says: string;
  @Equals('999') ring: '999';
  @Each(() => FrontDoorTold) frontDoors: FrontDoorTold[];
}

/** What would be decided of a share as of now. It leaves no trace and promises nothing: the share is decided anew. */
export class PlanAnswer {
  @IsIn(['permitted', 'refused']) outcome: 'permitted' | 'refused';
  @Each(() => LineDecided) lines: LineDecided[];
  /** Why the whole share would be refused. */
  @Each(() => ReasonTold) reasons: ReasonTold[];
  @Each(() => ReasonTold) warnings: ReasonTold[];
  /** Certificates of the recipients to seal to. */
  @Each(() => CertificateTold) certificates: CertificateTold[];
  /** Recipients who should learn which of the others named here are told too, unless the sender says otherwise: so that nobody assumes that another knows. */
  @Each(() => Address) alsoToldByDefault: Address[];
  @IsOptional() @Nested(() => EmergencyTold) emergency?: EmergencyTold;
}

export class ControllerTold {
  @Is('agency') id: string;
  @IsString() name: string;
}

export class TransferReceipted {
  @Is('uuid') transfer: string;
  @Nested(() => Address) recipient: Address;
  /** Whose the data become once the recipient acknowledges. */
  @Nested(() => ControllerTold) controller: ControllerTold;
  @Is('code') lane: string;
  /** Laid into its mailbox here, or by mail to a domain that proves which hosts are its own. */
  @IsIn(['mailbox', 'mail']) route: 'mailbox' | 'mail';
  @IsIn(['openpgp', 'smime', 'aes-zip']) protection: 'openpgp' | 'smime' | 'aes-zip';
  /** It goes to a mail domain that holds no TLS that counts: nothing but what is generated and the container travels there. */
  @IsOptional() @Equals(true) weakHop?: true;
  /** Digests of the lines that this recipient gets. */
  @Is('digest', { each: true }) lines: string[];
  /** SHA-256 of the provenance that the recipient gets. */
  @Is('digest') provenance: string;
}

export class StruckOffTold {
  @IsIn(['recipient', 'line']) on: 'recipient' | 'line';
  @Nested(() => Address) recipient: Address;
  /** Digests of the lines that do not go. */
  @Is('digest', { each: true }) lines: string[];
  @Is('part', { each: true }) parts: string[];
  @Each(() => ReasonTold) reasons: ReasonTold[];
}

/** Where the sender's own entry will stand: the promise is kept by an inclusion proof, or is evidence against us. */
export class RegisterReceipted {
  /** Origin of the log. */
  @IsString() log: string;
  @Is('uuid') entry: string;
  @Is('digest') leaf: string;
  @CompactJws() promise: string;
}

/** The sender's proof that a share was accepted: when it is answered, all of it is committed. The same share again gets the same receipt. */
export class Receipt {
  @Equals('waybill-receipt/1') format: 'waybill-receipt/1';
  @Is('uuid7') share: string;
  @Is('digest') manifestDigest: string;
  @Is('instant') acceptedAt: string;
  @Each(() => TransferReceipted) transfers: TransferReceipted[];
  @Each(() => StruckOffTold) struckOff: StruckOffTold[];
  @Each(() => ReasonTold) warnings: ReasonTold[];
  @Nested(() => RegisterReceipted) register: RegisterReceipted;
  @IsOptional() @Nested(() => EmergencyTold) emergency?: EmergencyTold;
}

export class StatementTold {
  @IsIn(STATEMENT_KINDS) kind: StatementKind;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  /** The statement's exact octets. */
  @Base64() statement: string;
  /** Its detached OpenPGP signature. */
  @Base64() signature: string;
}

export class EventTold {
  @Is('instant') at: string;
  @Is('code') kind: string;
  @IsOptional() @Is('code') detail?: string;
}

/** The recipient has not collected in time: ring, do not wait. */
export class RingTold {
  @IsString() telephone: string;
  @Is('code') because: string;
}

export class TransferTold {
  @Is('uuid') transfer: string;
  @Nested(() => Address) recipient: Address;
  /** One of docs/states.md. */
  @Is('code') state: string;
  @Is('code') lane: string;
  @Is('instant') acceptedAt: string;
  @IsOptional() @Is('instant') availableAt?: string;
  @IsOptional() @Is('instant') collectedAt?: string;
  @IsOptional() @Is('instant') endedAt?: string;
  @IsOptional() @Is('code') endReason?: string;
  /** Milliseconds from acceptance to the mailbox: how promptly it got there (RQ-01, DS-06). */
  @IsOptional() @IsInt() reachedMailboxAfterMs?: number;
  /** Milliseconds from acceptance to collection. */
  @IsOptional() @IsInt() collectedAfterMs?: number;
  @IsOptional() @Nested(() => RingTold) ring?: RingTold;
  @Each(() => EventTold) events: EventTold[];
  @Each(() => StatementTold) statements: StatementTold[];
}

export class ShareTold {
  @Is('uuid7') share: string;
  @Is('digest') manifestDigest: string;
  @IsIn(URGENCIES) urgency: Urgency;
  @Is('instant') acceptedAt: string;
  /** Whether any of its transfers has not ended. */
  @IsBoolean() open: boolean;
  @Each(() => TransferTold) transfers: TransferTold[];
  @IsOptional() @Nested(() => EmergencyTold) emergency?: EmergencyTold;
}

export class SenderTold {
  @Is('agency') agency: string;
  @IsOptional() @Is('contact') contact?: string;
}

export class SelfLink {
  @IsString() self: string;
}

export class MailboxItem {
  @Is('uuid') transfer: string;
  @Is('uuid7') share: string;
  @Nested(() => SenderTold) sender: SenderTold;
  @Is('contact') contact: string;
  @Is('code') lane: string;
  @IsIn(URGENCIES) urgency: Urgency;
  @IsOptional() @Is('code') purpose?: string;
  @IsOptional() @IsString() classification?: string;
  /** Shown first: telling the person could put somebody at risk. */
  @IsBoolean() doNotTellSubject: boolean;
  /** One of docs/states.md. */
  @Is('code') state: string;
  @Is('instant') acceptedAt: string;
  @Count() size: number;
  @Nested(() => SelfLink) links: SelfLink;
}

/** The most pressing first. */
export class MailboxPage {
  @Each(() => MailboxItem) items: MailboxItem[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}

export class PartTold {
  @Is('part') name: string;
  /** SHA-256 of the encrypted-data packet as the sender framed it. */
  @Is('digest') digest: string;
  @Count() size: number;
  @IsString() href: string;
}

export class TransferOpenedUp extends MailboxItem {
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('digest') manifestDigest: string;
  @CompactJws() provenance: string;
  @CompactJws() promise: string;
  @Each(() => PartTold) parts: PartTold[];
  /** The sender's signing certificates with the co-ordinator's statements, to verify the manifest with. */
  @Each(() => CertificateTold) signers: CertificateTold[];
  /** When the sealed payload is removed, collected or not. */
  @Is('instant') payloadUntil: string;
  @Each(() => StatementTold) statements: StatementTold[];
}

export class EntryTold {
  /** Place in the log. */
  @Count() index: number;
  @Is('uuid') id: string;
  /** `disposed` when the entry was removed at the end of its time. */
  @Is('code') kind: string;
  /** Empty when the entry was removed. */
  @IsString() at: string;
  @Is('digest') leaf: string;
  /** Base64: the octets that were hashed. `null` when they were disposed of. */
  @OrNull() @Base64() octets: string | null;
}

/** In the order of the log. */
export class EntryPage {
  @Each(() => EntryTold) items: EntryTold[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}
