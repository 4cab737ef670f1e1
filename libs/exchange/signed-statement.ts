import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import type { Address } from '#protocol/line';
import type { WordsSealed } from '#protocol/not-shared';
import type { Register } from '#register/register';
import { verifySender } from './admission';
import { accompanied } from './own-words';
import { fromAndFor, madeLately, type SignedPlaces } from './signed-for-us';
import { soundAs } from './sound';

/** What every room needs that takes signed statements of parties, keeps and records them. */
export interface StatingRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  agreements: ReadonlyMap<string, Agreement>;
  /** Our origin. */
  gateway: string;
}

/** A statement as it was sent: its exact octets and the detached signature over them. */
export interface StatementSent {
  statement: Buffer;
  signature: Buffer;
}

/** The same with words, where there are some. */
export interface StatementWithWords extends StatementSent {
  words?: Buffer;
}

/** What every statement says of itself. */
interface Stating {
  by: Address;
  gateway: string;
  at: string;
  words?: WordsSealed;
}

const PLACES: SignedPlaces = { agency: '/by/agency', gateway: '/gateway', created: '/at' };

interface Expected<T> {
  agency: string;
  gateway: string;
  now: Date;
  /** Code for what is no statement, or about something else. */
  invalid: string;
  /** What it is about, as the address names it. */
  about?: Partial<T>;
  /** What else is wrong with it. */
  faults?(stated: T): RefusalReason[];
}

/** Reads a statement and holds it to who sent it, when, what it is about and what came with it. @throws Refusal with all that is wrong */
export function readStated<T extends Stating>(shape: new () => T, sent: StatementWithWords, expected: Expected<T>): T {
  const stated = soundAs(shape, readJson(sent.statement), expected.invalid);
  const signed = { agency: stated.by.agency, gateway: stated.gateway, created: stated.at };
  const otherwise = Object.entries(expected.about ?? {}).filter(([field, value]) => stated[field as keyof T] !== value);
  const reasons: RefusalReason[] = [
    ...fromAndFor(signed, PLACES, expected), ...madeLately(signed, PLACES, expected.now), ...accompanied('words', stated.words !== undefined, sent.words !== undefined),
    ...otherwise.map(([field]) => ({ code: expected.invalid, pointer: `/${field}`, says: 'must be of what the address names' })), ...(expected.faults?.(stated) ?? []),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);
  return stated;
}

/** Who signed it, as it is kept. */
export interface Signature {
  digest: string;
  octets: Buffer;
  signature: Buffer;
  fingerprint: string;
  certificate: Buffer;
}

/** @throws Refusal with a gate code of the signature */
export async function signatureOf(tx: Tx, directory: Directory, { agency }: Asker, { statement, signature }: StatementSent, at: Date): Promise<Signature> {
  const signer = await verifySender(await directory.signers(tx, agency, at), statement, signature, at);
  return { digest: sha256(statement), octets: statement, signature, fingerprint: signer.fingerprint, certificate: Buffer.from(signer.certificate) };
}

/** As an entry names it. */
export const namedIn = ({ digest, fingerprint }: Pick<Signature, 'digest' | 'fingerprint'>): { statement: string; signer: string } => ({ statement: digest, signer: fingerprint.toLowerCase() });

/** Tables in which statements are kept, and what each of theirs is about. */
const ABOUT = { request_statement: 'request', breach_statement: 'breach', rights_statement: 'rights_request', retention_statement: 'transfer', custody_statement: 'mailbox', membership_statement: 'agreement', notification_statement: 'notification', agreement_statement: 'agreement', meeting_statement: 'meeting' } as const;
type StatementTable = keyof typeof ABOUT;

/** Whether this very statement is kept already. @throws Refusal with `differs` where something else was stated under its id */
export async function isKept(tx: Tx, table: StatementTable, id: string, { statement }: StatementSent, differs = 'STATEMENT_DIFFERS'): Promise<boolean> {
  const [row]: { octets: Buffer }[] = await tx.query(`select octets from waybill.${table} where id = $1`, [id]);
  if (row && sha256(row.octets) !== sha256(statement)) throw new Refusal({ code: differs });
  return row !== undefined;
}

/** Keeps a statement octet for octet, with who signed it. */
export async function keepStated(tx: Tx, table: StatementTable, about: string, { agency }: Asker, { id, kind }: { id: string; kind: string }, signed: Signature, at: Date): Promise<void> {
  await tx.query(`insert into waybill.${table} (id, ${ABOUT[table]}, kind, agency, octets, signature, signer, signer_certificate, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
    id, about, kind, agency, signed.octets, signed.signature, signed.fingerprint, signed.certificate, at]);
}

/** One that is kept, as the edge hands it out. */
export const keptTold = ({ at, octets, signature }: { at: Date; octets: Buffer; signature: Buffer }): { at: string; statement: string; signature: string } => ({ at: at.toISOString(), statement: octets.toString('base64'), signature: signature.toString('base64') });
