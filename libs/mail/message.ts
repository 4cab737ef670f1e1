import { type MailAddress, writtenAddress } from './address';
import { isHost } from './sts';

/** Octets of a base64 line (RFC 2045, 6.8). */
const LINE_CHARACTERS = 76;
/** Neither base64 nor armor has a line that begins like it, and none can be made to: a message needs no search for one that does not occur. */
const BOUNDARY = { outer: '=_waybill_sealed', inner: '=_waybill_parts' } as const;

/** What stands outside of what is sealed, for every mail server on the way to read: who writes to whom, and what a recipient sorts its post by. */
export interface Outside {
  from: MailAddress;
  to: MailAddress;
  /** Id of the transfer, or of the case that it tells of, which is the reference in the subject. */
  transfer: string;
  /** What tells this message from others of the same reference. Absent: there is one. */
  message?: string;
  classification: string;
  /** Id of the agreement. */
  agreement: string;
  urgency: string;
  /** When the transfer was accepted: the same at each attempt. */
  at: Date;
  /** Host name of the gateway. */
  gateway: string;
}

/** A piece of what is sealed: provenance, manifest, a line, a part. */
export interface Piece {
  /** Like `part-1.pgp`. */
  name: string;
  type: 'application/json' | 'application/jose' | 'application/pgp-signature' | 'application/octet-stream' | 'application/zip' | 'application/pdf';
  octets: Uint8Array;
}

/** Classification, agreement, urgency, reference, and nothing else (MN-07): there is no place for a word that somebody wrote. */
export const subjectLine = ({ classification, agreement, urgency, transfer }: Outside): string => [classification, agreement, urgency, transfer].map(code).join(' ');

/** The same at each attempt, so that a recipient tells copies apart from messages. */
export const messageId = ({ transfer, message = transfer, gateway }: Outside): string => `<${code(message)}@${host(gateway)}>`;

/**
 * What is to be sealed to the recipient's key: the pieces, and the headers once more, so that who opens it sees whether they were changed on the way.
 *
 * @throws TypeError for a name that is not one of ours
 */
export function inside(outside: Outside, pieces: readonly Piece[]): Buffer {
  return lines([...headers(outside), `Content-Type: multipart/mixed; boundary="${BOUNDARY.inner}"; protected-headers="v1"`, '', ...multipart(BOUNDARY.inner, attachments(pieces))]);
}

/**
 * The same of words alone: what is asked of whoever reads it.
 *
 * @param words lines of our own, which no message can change: nothing that begins like a boundary is looked for
 */
export const insideWords = (outside: Outside, words: readonly string[]): Buffer => lines([...headers(outside), 'Content-Type: text/plain; charset=utf-8; protected-headers="v1"', 'Content-Transfer-Encoding: base64', '', ...base64(Buffer.from(words.map((line) => `${line}\r\n`).join('')))]);

/**
 * A mail whose pieces any program shows: for a domain that holds TLS, from the premises of whoever answers for what is in it. The gateway never makes one.
 *
 * @throws TypeError for a name that is not one of ours
 */
export function openMail(outside: Outside, pieces: readonly Piece[]): Buffer {
  return lines([...headers(outside), 'MIME-Version: 1.0', `Content-Type: multipart/mixed; boundary="${BOUNDARY.inner}"`, '', ...multipart(BOUNDARY.inner, attachments(pieces))]);
}

/**
 * Words that are the same in every such mail, and what is attached to them, each piece sealed in itself. For `ContainerMail`, which looks at the pieces.
 *
 * @throws TypeError for a name that is not one of ours
 */
export const wordsWith = (outside: Outside, words: readonly string[], pieces: readonly Piece[]): Buffer => lines([
  ...headers(outside), 'MIME-Version: 1.0', 'Auto-Submitted: auto-generated', `Content-Type: multipart/mixed; boundary="${BOUNDARY.inner}"`, '',
  ...multipart(BOUNDARY.inner, [['Content-Type: text/plain; charset=us-ascii', '', ...words, ''], ...attachments(pieces)]),
]);

/**
 * The mail (RFC 3156, 4): what `inside` made, sealed.
 *
 * @param armored one OpenPGP message in ASCII armor
 * @throws TypeError for what is not armored
 */
export function sealedMail(outside: Outside, armored: string): Buffer {
  const text = armored.replaceAll('\r\n', '\n').trimEnd();
  if (!/^-----BEGIN PGP MESSAGE-----\n[\n\x20-\x7e]*\n-----END PGP MESSAGE-----$/.test(text)) throw new TypeError('not one armored OpenPGP message');
  return lines([
    ...headers(outside), 'MIME-Version: 1.0', 'Auto-Submitted: auto-generated', `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="${BOUNDARY.outer}"`, '',
    ...multipart(BOUNDARY.outer, [['Content-Type: application/pgp-encrypted', '', 'Version: 1', ''], ['Content-Type: application/octet-stream; name="encrypted.asc"', 'Content-Disposition: inline; filename="encrypted.asc"', '', ...text.split('\n'), '']]),
  ]);
}

/**
 * The same sealed to an S/MIME certificate (RFC 8551, 3.3).
 *
 * @param sealed one AuthEnvelopedData, DER
 */
export const smimeMail = (outside: Outside, sealed: Uint8Array): Buffer => lines([
  ...headers(outside), 'MIME-Version: 1.0', 'Auto-Submitted: auto-generated', 'Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name="smime.p7m"',
  'Content-Disposition: attachment; filename="smime.p7m"', 'Content-Transfer-Encoding: base64', '', ...base64(sealed),
]);

const attachments = (pieces: readonly Piece[]): string[][] => pieces.map(({ name, type, octets }) => [
  `Content-Type: ${type}; name="${fileName(name)}"`, `Content-Disposition: attachment; filename="${fileName(name)}"`, 'Content-Transfer-Encoding: base64', '', ...base64(octets),
]);

const headers = (outside: Outside): string[] => [
  `From: <${writtenAddress(outside.from)}>`, `To: <${writtenAddress(outside.to)}>`, `Date: ${outside.at.toUTCString().replace('GMT', '+0000')}`, `Message-ID: ${messageId(outside)}`, `Subject: ${subjectLine(outside)}`,
];

export const multipart = (boundary: string, parts: readonly (readonly string[])[]): string[] => [...parts.flatMap((part) => [`--${boundary}`, ...part]), `--${boundary}--`];

export function base64(octets: Uint8Array): string[] {
  const text = Buffer.from(octets).toString('base64');
  return Array.from({ length: Math.ceil(text.length / LINE_CHARACTERS) }, (_, i) => text.slice(i * LINE_CHARACTERS, (i + 1) * LINE_CHARACTERS));
}

export const lines = (all: readonly string[]): Buffer => Buffer.from(all.map((line) => `${line}\r\n`).join(''), 'latin1');

/** M8: codes and ids are of these characters, and nothing else gets into a header. */
function code(text: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(text)) throw new TypeError('not a code that may stand in a header');
  return text;
}

function host(name: string): string {
  if (!isHost(name)) throw new TypeError('not a host name');
  return name;
}

function fileName(name: string): string {
  if (!/^[a-z0-9-]{1,64}\.[a-z0-9]{1,8}$/.test(name)) throw new TypeError('not a file name of ours');
  return name;
}
