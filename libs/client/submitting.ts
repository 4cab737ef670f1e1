import type { Receipt } from '#protocol/answers';
import { UPLOAD_TYPE } from '#protocol/uploads';
import { GatewayProblem } from './codes';
import { form } from './form';
import { isFile, type OctetsFile, octetsOf, sizeOf } from './octets-file';
import type { Partner } from './partner';
import { verifyReceipt } from './receipt';
import type { SealedShare } from './sealing-share';
import { uploaded } from './uploading';

/** A part of this size is brought first, over as many connections as it takes; a smaller one is sent again sooner than it is asked how far it came. */
export const UPLOADED_FROM = 8 * 1024 * 1024;

export interface Submitting {
  /** Told as sealed octets are taken. */
  progress?: (sent: number, of: number) => void;
  /** Uploads of its parts that were begun before, by part. */
  uploads?: Readonly<Record<string, string>>;
  /** Told of all uploads each time that one is begun, to keep them: with them the same share goes on after a crash. */
  uploading?: (uploads: Readonly<Record<string, string>>) => void;
}

type AnySealed = SealedShare<Uint8Array | OctetsFile>;

/** Takes sealed and signed octets to the gateway, as often as that takes: the same manifest is one share. @throws GatewayProblem, ClientRefusal */
export async function submit(partner: Partner, sealed: AnySealed, options: Submitting = {}): Promise<Receipt> {
  const { connection, pins } = partner;
  const uploads: Record<string, string> = { ...options.uploads };
  // Accepted in a life before this one, whose end came before the answer: its uploads are used up, and not made again.
  const accepted = Object.keys(uploads).length > 0 && (await connection.json({ path: `/v1/shares/${sealed.id}` }).then(() => true, ifNotFound));
  const count = counter(sealed, options.progress);
  let answer: Receipt | undefined;
  for (let again = true; !answer; again = false) {
    if (!accepted) await bring(partner, sealed, uploads, { ...options, count });
    answer = await connection.json<Receipt>({ path: doorOf(sealed), method: 'POST', headers: { 'idempotency-key': sealed.id }, body: bodyOf(sealed, uploads, count), patience: true }).catch((error: unknown) => {
      if (!again || !(error instanceof GatewayProblem) || (error.code !== 'UPLOAD_NOT_FOUND' && error.code !== 'UPLOAD_INCOMPLETE')) throw error;
      return undefined;
    });
  }
  pins.rememberFrontDoors(answer.emergency);
  return verifyReceipt(answer, { share: sealed.id, manifestDigest: sealed.manifestDigest }, pins);
}

/** An information request has a door of its own. */
const doorOf = ({ manifest }: AnySealed): string => ((JSON.parse(Buffer.from(manifest).toString('utf8')) as { asks?: unknown }).asks === undefined ? '/v1/shares' : '/v1/requests');

const CONTAINER = Buffer.from('PK');

async function startOf(part: OctetsFile): Promise<Buffer> {
  for await (const piece of octetsOf(part)) return Buffer.from(piece.subarray(0, CONTAINER.length));
  return Buffer.alloc(0);
}

type Count = (part: string, taken: number) => void;

async function bring({ connection }: Partner, { parts }: AnySealed, uploads: Record<string, string>, { uploading, count }: Submitting & { count: Count }): Promise<void> {
  for (const [name, part] of parts) {
    // A container is looked at whole, or not at all.
    if (sizeOf(part) < UPLOADED_FROM || !isFile(part) || (await startOf(part)).equals(CONTAINER)) continue;
    const began = (upload: string): void => {
      uploads[name] = upload;
      uploading?.({ ...uploads });
    };
    uploads[name] = await uploaded(connection, part, { upload: uploads[name], began, progress: (taken) => count(name, taken) });
  }
}

/** Manifest, signature and lines first, so that what can't be accepted is refused before a gigabyte is sent. */
function bodyOf({ manifest, signature, lines, parts }: AnySealed, uploads: Readonly<Record<string, string>>, count: Count) {
  return form([
    { name: 'manifest', octets: manifest },
    { name: 'signature', octets: signature },
    { name: 'lines', octets: Buffer.from(JSON.stringify(lines), 'utf8') },
    ...[...parts].map(([name, part]) => (uploads[name] === undefined ? { name, octets: part } : { name, octets: Buffer.from(uploads[name], 'latin1'), type: UPLOAD_TYPE })),
  ], (field, sent) => {
    if (parts.has(field) && uploads[field] === undefined) count(field, sent);
  });
}

/** Sums what was taken of each part. */
function counter({ parts }: AnySealed, progress: Submitting['progress']): Count {
  const taken = new Map<string, number>();
  const of = [...parts.values()].reduce((sum, part) => sum + sizeOf(part), 0);
  return (part, octets) => {
    taken.set(part, octets);
    progress?.([...taken.values()].reduce((sum, each) => sum + each, 0), of);
  };
}

function ifNotFound(error: unknown): false {
  if (error instanceof GatewayProblem && error.code === 'NOT_FOUND') return false;
  throw error;
}
