import { Equals, IsArray, IsBoolean, IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { CertificateTold, ControllerTold } from './answers';
import { Is, Nested } from './grammar';
import { Base64, Count, Each, TextEach } from './shapes';

// What the gateway answers about itself, the directory and the register.

/** A public key under which provenance and promises are signed; `nbf` and `exp`, in seconds, are when it signed. Retired keys stay. */
export class KeyPublished {
  @Equals('OKP') kty: 'OKP';
  @Equals('Ed25519') crv: 'Ed25519';
  @Matches(/^[A-Za-z0-9_-]{43}$/) x: string;
  /** Thumbprint of the key (RFC 7638). */
  @Matches(/^[A-Za-z0-9_-]{43}$/) kid: string;
  @Equals('EdDSA') alg: 'EdDSA';
  @Equals('sig') use: 'sig';
  @Count() nbf: number;
  @IsOptional() @Count() exp?: number;
}

/** RFC 7517. */
export class KeySet {
  @Each(() => KeyPublished) keys: readonly KeyPublished[];
}

export class HealthTold {
  @IsIn(['live', 'ready']) status: 'live' | 'ready';
}

/** What a client must know before anything else: whether it speaks to the gateway that it means, in a language that both know. */
export class GatewayTold {
  @Equals('waybill-gateway/1') format: 'waybill-gateway/1';
  /** The gateway's own origin. */
  @Is('origin') gateway: string;
  /** Of its software. */
  @Is('version') version: string;
  /** Formats of manifests and statements that it reads. */
  @TextEach() formats: readonly string[];
  /** Its clock. */
  @Is('instant') serverTime: string;
}

/** A client certificate's binding to the agency. */
export class ClientBindingTold {
  /** SHA-256 of the public key (SubjectPublicKeyInfo). */
  @Is('digest') fingerprint: string;
  @Is('instant') from: string;
  /** The first instant at which it no longer holds. */
  @Is('instant') until: string;
  @IsOptional() @Is('instant') revokedAt?: string;
}

/** As whom the gateway knows the caller. */
export class EnrolmentTold {
  @Is('agency') agency: string;
  @Nested(() => ControllerTold) controller: ControllerTold;
  /** All that were ever bound, the newest first. */
  @Each(() => ClientBindingTold) clients: ClientBindingTold[];
  /** Verifier keys of the controller's own register (C2SP). To be pinned when their thumbprints were read out by somebody else than the gateway. */
  @TextEach() logKeys: string[];
}

export class ContactTold {
  @Is('contact') contact: string;
  @IsIn(['team', 'person', 'mailbox']) kind: string;
  @IsString() label: string;
  @Is('code', { each: true }) posts: string[];
  @IsOptional() @Is('code') desk?: string;
  @IsOptional() @IsString() telephone?: string;
  /** Mail address of the post. */
  @IsOptional() @IsString() email?: string;
}

/** A mail domain of an agency: a sender that mails there itself holds it to the same. */
export class MailDomainTold {
  @IsString() domain: string;
  /** Patterns of hosts that the co-ordinator recorded for it. */
  @TextEach() hosts: string[];
  /** As it was last found by the gateway; a sender looks for itself. */
  @IsBoolean() secure: boolean;
}

export class MembershipTold {
  @Is('agreement') agreement: string;
  /** Entry of the agreement's list under which it is a party. */
  @IsString() entry: string;
  @IsIn(['incomplete', 'active', 'consulted', 'held', 'withdrawn', 'suspended']) status: string;
  /** Whether it signed, or a representative for its sector, and whether it accepted that itself; absent: no signature is on file. */
  @IsOptional() @IsIn(['signed', 'represented', 'accepted']) binding?: string;
}

/** What an organisation was called before. */
export class FormerName {
  @IsString() name: string;
  @Is('instant') from: string;
  /** The first instant at which it was called otherwise. */
  @Is('instant') until: string;
}

/** Which organisation stands on the other side of a succession, and the first day on which the successor answers. */
export class SuccessionTold {
  @Is('agency') agency: string;
  @Is('day') on: string;
}

export class AgencyTold {
  @Is('agency') agency: string;
  @IsString() name: string;
  /** Data controller whose register holds what this agency sends and receives. */
  @Nested(() => ControllerTold) controller: ControllerTold;
  @TextEach() types: string[];
  @Each(() => ContactTold) contacts: ContactTold[];
  @Each(() => MembershipTold) memberships: MembershipTold[];
  @Each(() => MailDomainTold) mailDomains: MailDomainTold[];
  /** The latest first. A record of then is read with the name of then. */
  @Each(() => FormerName) formerly: FormerName[];
  /** Who took its place. */
  @IsOptional() @Nested(() => SuccessionTold) succeededBy?: SuccessionTold;
  @Each(() => SuccessionTold) succeeds: SuccessionTold[];
}

export class AgencyPage {
  @Each(() => AgencyTold) items: AgencyTold[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}

/** The newest first; those past or revoked are there too, shown as such, for old shares. */
export class CertificateList {
  @Each(() => CertificateTold) items: CertificateTold[];
}

/** One entry of a log with all that is needed to see that it stands there. Shows no other entry. */
export class InclusionTold {
  @Equals('waybill-register-inclusion/1') format: 'waybill-register-inclusion/1';
  @Count() index: number;
  @Is('digest') leaf: string;
  /** The entry's octets, Base64. */
  @IsOptional() @Base64() octets?: string;
  /** Hexadecimal, lowest first (RFC 6962, 2.1.1). */
  @IsArray() @Is('digest', { each: true }) proof: string[];
  /** C2SP signed note: which log, its size and its root. */
  @IsString() checkpoint: string;
}

/** Two checkpoints of one log, with the proof that the later follows from the earlier. */
export class ConsistencyTold {
  @Equals('waybill-register-consistency/1') format: 'waybill-register-consistency/1';
  @IsString() from: string;
  @IsString() to: string;
  /** Hexadecimal (RFC 6962, 2.1.2). */
  @IsArray() @Is('digest', { each: true }) proof: string[];
}

/** State of the transfer after the statement. */
export class StateTold {
  @Is('code') state: string;
}

export class RecallTold {
  /** Transfers that were taken back. */
  @Is('uuid', { each: true }) recalled: string[];
  /** Transfers of which the first octet was served before. */
  @Is('uuid', { each: true }) tooLate: string[];
}
