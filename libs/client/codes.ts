import type { EmergencyTold, ReasonTold } from '#protocol/answers';

/**
 * What a code of ours is about, and so what a program does next.
 * `usage`: mend what was given. `clear`: a person would be named in clear. `refused`: the agreement does not permit it.
 * `trust`: somebody or something is not what it says. `unreachable`: ask again later.
 */
export type Kind = 'usage' | 'clear' | 'refused' | 'trust' | 'unreachable';

/** Everything that this side refuses by itself; what the gateway refuses is a `GatewayProblem` with the gateway's own code. */
export const CLIENT_CODES = {
  SHARE_INVALID: { kind: 'usage', says: 'The description of the share is not one.', next: 'Correct the places named.' },
  DISCLOSURE_INVALID: { kind: 'usage', says: 'The description of the disclosure is not one.', next: 'Correct the places named.' },
  BREACH_INVALID: { kind: 'usage', says: 'The description of the breach is not one.', next: 'Correct the places named. If someone is in danger ring 999 and the front door: do not wait for this.' },
  DECISION_INVALID: { kind: 'usage', says: 'The description of the decision not to share is not one.', next: 'Correct the places named.' },
  MATTER_INVALID: { kind: 'usage', says: 'The description of the matter, or of its answer, is not one.', next: 'Correct the places named.' },
  RIGHTS_INVALID: { kind: 'usage', says: 'The description of the rights request, or of what came of it, is not one.', next: 'Correct the places named.' },
  MEMBERSHIP_INVALID: { kind: 'usage', says: 'What is stated of our own place in an agreement is not sound.', next: 'Correct the places named.' },
  NOTIFICATION_INVALID: { kind: 'usage', says: 'The description of what is stated of a notification is not one.', next: 'Correct the places named.' },
  STORE_REFUSED: { kind: 'unreachable', says: 'The store did not take the copy, or does not hold what was sent.', next: 'Look at `because`: the address, who may write there, whether a file of that name lies there already; then do it again. Nothing was confirmed to the gateway.' },
  AGREEMENT_STATEMENT_INVALID: { kind: 'usage', says: 'What is stated of an agreement is not sound.', next: 'Correct the places named.' },
  MEETING_INVALID: { kind: 'usage', says: 'What is stated of a meeting is not sound.', next: 'Correct the places named.' },
  CUSTODY_INVALID: { kind: 'usage', says: 'What is stated of who holds a key is not sound.', next: 'Correct the places named.' },
  RETENTION_INVALID: { kind: 'usage', says: 'The description of what is stated of a copy is not one.', next: 'Correct the places named.' },
  PART_TOO_LARGE: { kind: 'usage', says: 'A part is larger than a share takes, or than is opened without a disk.', next: 'Split it; or open it to a folder.' },
  NO_QPDF: { kind: 'usage', says: 'A part is to be sealed as a PDF, and the program that does so is not here.', next: 'Install qpdf, 11 or later (Debian and Ubuntu: apt install qpdf; macOS: brew install qpdf; Windows: winget install qpdf); or leave sealAs out, and it goes in a zip.' },
  PDF_NOT_SEALED: { kind: 'usage', says: 'A part could not be sealed as a PDF: it is none, it has a passphrase already, or it would show a name of its own.', next: 'See that it opens without a passphrase; or leave sealAs out, and it goes in a zip.' },
  IDENTIFIER_IN_CLEAR: { kind: 'clear', says: 'A field that is not sealed holds a name, a date of birth, an NHS number or a postcode of the person.', next: 'Use initials and a case reference; who the person is belongs inside the sealed parts.' },
  CASE_NAMES_PERSON: { kind: 'clear', says: 'Advice is asked for without saying who the person is, and the text holds a name, a date of birth, an NHS number or a postcode of the person.', next: 'Write the case so that nobody would be recognised; or say with `advice.identityNeeded` why it cannot be asked like that.' },
  NOT_WITNESSED: { kind: 'trust', says: 'The checkpoint does not follow from what this witness has cosigned of the log. It was not cosigned; both are kept.', next: 'Keep the evidence, tell your data protection officer, and ask the operator which of the two is the log.' },
  NOT_TIMESTAMPED: { kind: 'trust', says: 'No time stamp that holds came back.', next: 'Look at `because`: try again later, install openssl, or give the certificate of the authority that really answers there.' },
  NOTHING_RECORDED: { kind: 'refused', says: 'Your register has nothing about this, or not yet.', next: 'Check the id; an entry shows a second after it was recorded. What stands in another controller’s register is not there for you.' },
  NOT_AN_AUDIT: { kind: 'usage', says: 'This is no audit that was put to you.', next: 'Take the id from `waybill matter list --open`: its kind says `audit`.' },
  NOTHING_TO_LOOK_FOR: { kind: 'usage', says: 'The reference is empty.', next: 'Give your reference of the person.' },
  ACCESS_NOT_STATED: { kind: 'usage', says: 'Every operation on this is logged by law or by agreement: who opens it, in which role, and why. Nothing was collected.', next: 'Say in which role you open it and why (`--role`, `--reason`).' },
  CONSENT_LIMITED: { kind: 'usage', says: 'The person agreed within limits that bind whoever opens this. Nothing was collected.', next: 'Read the limits; if you keep to them, say so when you open it (`--limits-acknowledged`). Otherwise return it.' },
  NOT_PERMITTED: { kind: 'refused', says: 'The agreement does not permit this share.', next: 'Mend what each reason names.' },
  KEY_NOT_VOUCHED: { kind: 'trust', says: 'The co-ordinator does not vouch for a key that the gateway offers.', next: 'Do not send. Ask the co-ordinator, by a number that you know, whose key this is.' },
  TLS_NOT_TRUSTED: { kind: 'trust', says: 'What answers is not the gateway whose authority you pinned.', next: 'Do not go on. Ask the operator, by a number that you know, whether the gateway has a new authority.' },
  ANSWER_INVALID: { kind: 'trust', says: 'The gateway answered with something that is not an answer.', next: 'Do not rely on it; ask the operator.' },
  RECEIPT_NOT_TRUSTED: { kind: 'trust', says: 'The receipt is not one by the gateway for this share. The share may have gone all the same.', next: 'Keep the receipt as evidence, look at the status of the share, and tell your data protection officer.' },
  PROVENANCE_NOT_TRUSTED: { kind: 'trust', says: 'The provenance is not by a key of the gateway that you pinned.', next: 'Do not open it. Return it, or ask the operator whether the gateway has a new key.' },
  PROVENANCE_MISMATCH: { kind: 'trust', says: 'The provenance is about another transfer, another recipient or other octets.', next: 'Do not open it. Return it and tell your data protection officer.' },
  SENDER_NOT_PROVEN: { kind: 'trust', says: 'The manifest is not signed by a key that the co-ordinator vouches for as the sender’s.', next: 'Do not open it. Ring the sender by a number that you know.' },
  COPY_NOT_WHOLE: { kind: 'trust', says: 'What came is not what the sender signed for you.', next: 'Do not use it. Return it as `digest-mismatch` and tell your data protection officer.' },
  CANNOT_OPEN: { kind: 'trust', says: 'A part does not open with your keys.', next: 'Return it as `cannot-open`; the sender is asked to seal it again.' },
  AUTHOR_MISMATCH: { kind: 'trust', says: 'A part was signed by somebody else than the sender, or for another share.', next: 'Do not use it. Return it as `author-mismatch`.' },
  STATEMENT_INVALID: { kind: 'usage', says: 'The statement is not one.', next: 'Correct the places named.' },
  STATEMENT_NOT_TRUSTED: { kind: 'trust', says: 'A statement is not signed by the party that it is said to be from, or is about something else.', next: 'Do not rely on it; ask the recipient, and keep what you got as evidence.' },
  REGISTER_NOT_TRUSTED: { kind: 'trust', says: 'The register is not the one that was signed.', next: 'Keep what you got as evidence and tell your data protection officer.' },
  PINS_INVALID: { kind: 'usage', says: 'The pins are not pins.', next: 'Take them from your enrolment again.' },
  READER_KEY_INVALID: { kind: 'usage', says: 'The file is not a key to read with, or the passphrase is another.', next: 'Type the six words as they were shown; ask whoever keeps your team’s key for the file.' },
  UNREACHABLE: { kind: 'unreachable', says: 'The gateway does not answer.', next: 'Try again; the same share again is never a second one.' },
} as const satisfies Record<string, { kind: Kind; says: string; next: string }>;

export type ClientCode = keyof typeof CLIENT_CODES;

/** A place, a digest, an id or a code of somebody else's table. Never a name, an address or content. */
export type Facts = Record<string, string | number | readonly string[]>;

/** Refused on this side. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
  readonly kind: Kind;
  readonly says: string;
  readonly next: string;

  constructor(
    readonly code: ClientCode,
    readonly facts: Facts = {},
    /** What the gateway's plan said, where that is the reason. */
    readonly told: { reasons?: readonly ReasonTold[]; emergency?: EmergencyTold } = {},
  ) {
    const { kind, says, next } = CLIENT_CODES[code];
    super(`${code}: ${says}`);
    this.kind = kind;
    this.says = says;
    this.next = next;
  }
}

/** One reason of the gateway's, with whatever facts it gave. */
export type ProblemReason = { code: string; says: string; next: string; pointer?: string } & Record<string, unknown>;

/** Refused by the gateway: its problem (RFC 9457) as it stands. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem';

  constructor(
    readonly code: string,
    readonly status: number,
    readonly says: string,
    readonly next: string,
    readonly reasons: readonly ProblemReason[],
    /** Names this refusal in the gateway's log. */
    readonly instance?: string,
    /** Seconds after which to ask again, where the gateway says so. */
    readonly retryAfter?: number,
  ) {
    super(`${code}: ${says}`);
  }
}
