import { Not } from 'typeorm';
import type { Asker, Tx } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Receipt } from '#protocol/answers';
import type { Head } from './head';
import { ShareRow } from './rows';

// The same again. All of it in the asker's own transaction: it sees what the asker sent, and nothing else.

/** What is known of a submission from the start. */
export interface Known {
  manifestDigest: string;
  head?: Head;
  idempotencyKey?: string;
}

/** A refusal that was given before, under the same Idempotency-Key: given again, recorded once. */
export class Repeated extends Refusal {}

/** What the same request was answered before, however late it is repeated. An Idempotency-Key that comes with the repetition is used up by it. */
export async function earlier(tx: Tx, asker: Asker, known: Known): Promise<Receipt | undefined> {
  const answer = await answered<Receipt>(tx, asker, known);
  if (answer) return answer;
  const row = await tx.findOne(ShareRow, { select: { receipt: true, sender: true, id: true }, where: { sender: asker.agency, manifest_digest: known.manifestDigest } });
  if (!row) return undefined;
  const receipt = JSON.parse(row.receipt) as Receipt;
  if (known.idempotencyKey) await rememberIfFirst(tx, asker, known.idempotencyKey, known.manifestDigest, 202, receipt);
  return receipt;
}

/** @throws Refusal MANIFEST_ID_REUSED when another manifest of this sender has the id */
export async function requireFresh(tx: Tx, asker: Asker, head: Head): Promise<void> {
  if (await tx.existsBy(ShareRow, { sender: asker.agency, id: head.manifest.id, manifest_digest: Not(head.manifestDigest) })) throw new Refusal({ code: 'MANIFEST_ID_REUSED', pointer: '/id' });
}

/** A sealed part that another agency sent is not this one's to send: passing on is a share of its own, sealed anew. @throws Refusal */
export async function requireOwn(tx: Tx, asker: Asker, digests: readonly string[]): Promise<void> {
  const others: { digest: string }[] = await tx.query('select digest from waybill.sealed_digest where digest = any($1) and sender <> $2', [digests, asker.agency]);
  if (others.length > 0) throw new Refusal(others.map(({ digest }) => ({ code: 'ALREADY_SHARED_BY_ANOTHER', facts: { digest } })));
}

/** Whether no answer stood under the key. */
export const rememberIfFirst = async (tx: Tx, asker: Asker, key: string, manifestDigest: string, status: number, body: unknown): Promise<boolean> =>
  ((await tx.query('insert into waybill.idempotency (agency, key, manifest_digest, status, body) values ($1, $2, $3, $4, $5) on conflict do nothing returning key', [
    asker.agency, key, manifestDigest, status, JSON.stringify(body),
  ])) as unknown[]).length > 0;

/** What was answered under this Idempotency-Key: the same request gets the same answer, a refusal too. */
export async function answered<T>(tx: Tx, asker: Asker, { idempotencyKey, manifestDigest }: Known): Promise<T | undefined> {
  if (!idempotencyKey) return undefined;
  const [row]: { manifest_digest: string; status: number; body: string }[] = await tx.query('select manifest_digest, status, body from waybill.idempotency where agency = $1 and key = $2', [asker.agency, idempotencyKey]);
  if (!row) return undefined;
  if (row.manifest_digest !== manifestDigest) throw new Repeated({ code: 'IDEMPOTENCY_KEY_REUSED' });
  if (row.status < 300) return JSON.parse(row.body) as T;
  throw new Repeated(JSON.parse(row.body) as RefusalReason[]);
}
