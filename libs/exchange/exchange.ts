import { Not } from 'typeorm';
import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { type Agreement, term } from '#policy/agreement';
import { decide } from '#policy/decide';
import type { Decision } from '#policy/decision';
import type { Receipt } from '#protocol/answers';
import type { Line } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import type { ManifestBase } from '#protocol/manifest';
import type { Register } from '#register/register';
import { admit, verifySender } from './admission';
import { type FrontDoor, frontDoorsOf } from './answer';
import { afterCollision } from './collision';
import { keyOf, writeShare } from './commit';
import { draw, type Seal } from './drawing';
import { refusalOf, refused } from './entries';
import { type Head, readHead, sha256 } from './head';
import { ShareRow } from './rows';
import type { SpooledPart } from './spool';

/** What a sender sends before the parts. */
export interface Opening {
  manifest: Buffer;
  signature: Buffer;
  lines: Buffer;
  idempotencyKey?: string;
}

/** A share whose manifest, signature and lines hold, and which would be permitted as of now. Its parts may follow. */
export interface Begun {
  head: Head;
  signature: Buffer;
  signer: { fingerprint: string; certificate: Uint8Array };
  idempotencyKey?: string;
}

export interface Rooms extends Seal {
  database: Database;
  directory: Directory;
  register: Register;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
}

/** What is known of a submission when it is refused. */
interface Known {
  manifestDigest: string;
  head?: Head;
  idempotencyKey?: string;
}

/** A refusal that was given before, under the same Idempotency-Key: given again, recorded once. */
class Repeated extends Refusal {}

/** Where shares come in: everything between the wire and the one transaction that makes a share accepted. */
export class Exchange {
  constructor(private readonly rooms: Rooms) {}

  /**
   * Judges what comes before the parts, so that what cannot be accepted is refused before a gigabyte is sent. The same manifest
   * again is answered with its receipt.
   * @throws Refusal with every reason, recorded in the sender's register and nobody else's
   */
  async begin(asker: Asker, opening: Opening): Promise<{ receipt: Receipt } | { begun: Begun }> {
    const { clock, database, directory, gateway } = this.rooms;
    const now = clock.now();
    const known: Known = { manifestDigest: sha256(opening.manifest), ...(opening.idempotencyKey ? { idempotencyKey: opening.idempotencyKey } : {}) };
    return this.recordingRefusals(asker, known, async () => {
      const earlier = await database.as(asker, (tx) => this.earlier(tx, asker, known));
      if (earlier) return { receipt: earlier };
      const reading = readHead(opening, { sender: asker.agency, gateway, now });
      if (!reading.ok) throw new Refusal(reading.reasons);
      const head = (known.head = reading.head);
      return database.as(asker, async (tx) => {
        await this.requireFresh(tx, asker, head);
        const signer = await verifySender(await directory.signers(tx, asker.agency, now), head.manifestOctets, opening.signature, now);
        const { decision } = await this.decide(tx, head.manifest, lines(head), now);
        if (decision.outcome === 'refused') throw new Refusal(decision.reasons.map(refusalOf));
        return { begun: { head, signature: opening.signature, signer, ...(known.idempotencyKey ? { idempotencyKey: known.idempotencyKey } : {}) } };
      });
    });
  }

  /**
   * Accepts a share whose parts went through the gate: decided again on the facts of this moment, cut, recorded and queued in one
   * transaction. When this returns, all of it is committed; when it throws, none of it is.
   * @throws Refusal with every reason, recorded in the sender's register and nobody else's
   */
  accept(asker: Asker, begun: Begun, parts: Map<string, SpooledPart>): Promise<Receipt> {
    return this.recordingRefusals(asker, knownOf(begun), () => afterCollision(() => this.rooms.database.as(asker, (tx) => this.commit(tx, asker, begun, parts))));
  }

  /** Records why something that had begun was refused, such as a part that the gate did not pass. @throws Refusal always */
  async refuse(asker: Asker, begun: Begun, reasons: readonly RefusalReason[]): Promise<never> {
    return this.recordingRefusals<never>(asker, knownOf(begun), () => Promise.reject(new Refusal(reasons)));
  }

  /** Records why an upload was refused of which not even a manifest could be read. @throws Refusal always */
  async refuseUpload(asker: Asker, reasons: readonly RefusalReason[]): Promise<never> {
    return this.recordingRefusals<never>(asker, { manifestDigest: sha256('') }, () => Promise.reject(new Refusal(reasons)));
  }

  /** What would be decided of a proposal. Leaves no trace. @throws Refusal when the sender is not the asker or the agreement not one of ours */
  async plan(asker: Asker, proposal: { manifest: ManifestBase; lines: readonly Line[] }): Promise<{ decision: Decision; frontDoors: FrontDoor[] }> {
    if (proposal.manifest.sender.agency !== asker.agency) throw new Refusal({ code: 'WRONG_SENDER', pointer: '/manifest/sender/agency' });
    return this.rooms.database.as(asker, (tx) => this.decide(tx, proposal.manifest, proposal.lines, this.rooms.clock.now()));
  }

  private async commit(tx: Tx, asker: Asker, begun: Begun, parts: Map<string, SpooledPart>): Promise<Receipt> {
    const { clock, directory, register } = this.rooms;
    const at = clock.now();
    const { head, signer } = begun;
    const earlier = await this.earlier(tx, asker, knownOf(begun));
    if (earlier) return earlier;
    await this.requireFresh(tx, asker, head);
    const { decision, frontDoors } = await this.decide(tx, head.manifest, lines(head), at);
    if (decision.outcome === 'refused') throw new Refusal(decision.reasons.map(refusalOf));
    const addressees = [...parts.values()].flatMap((part) => part.addressees.map(keyOf));
    const admitted = admit(head, parts, decision, await directory.keys(tx, addressees, at));
    if (!admitted.ok) throw new Refusal(admitted.reasons);
    await claimDigests(tx, asker, [...parts.values()].map((part) => part.digest));
    const { receipt, entries, transfers } = await draw(this.rooms, {
      sender: asker, head, signature: begun.signature, signer: signer.fingerprint, parts, admitted, agreement: this.agreement(head.manifest.agreement.id), frontDoors, at,
    });
    await writeShare(tx, { sender: asker, head, signature: begun.signature, signer: signer.fingerprint, signerCertificate: signer.certificate, acceptedAt: at, receipt, transfers, parts });
    await register.store(tx, entries);
    if (begun.idempotencyKey) await remember(tx, asker, begun.idempotencyKey, head.manifestDigest, 202, receipt);
    return receipt;
  }

  private async decide(tx: Tx, manifest: ManifestBase, proposed: readonly Line[], at: Date): Promise<{ decision: Decision; frontDoors: FrontDoor[] }> {
    const agreement = this.agreement(manifest.agreement.id);
    const agencies = [...new Set([manifest.sender.agency, ...proposed.map((line) => line.recipient.agency)])];
    const parties = await this.rooms.directory.parties(tx, agencies, agreement, at);
    const decision = decide(agreement, parties, { manifest, lines: proposed, at: at.toISOString(), sender: manifest.sender.agency });
    return { decision, frontDoors: manifest.urgency === 'emergency' ? frontDoorsOf(parties.members(), term(agreement, 'request.hub')?.desk) : [] };
  }

  private agreement(id: string): Agreement {
    const found = this.rooms.agreements.get(id);
    if (found) return found;
    throw new Refusal({ code: 'NO_COMMON_AGREEMENT', says: 'The agreement cited is not in force at this gateway.', next: 'Cite an agreement to which sender and recipients are parties.', pointer: '/agreement/id' });
  }

  /** What the same request was answered before, however late it is repeated. An Idempotency-Key that comes with the repetition is used up by it. */
  private async earlier(tx: Tx, asker: Asker, known: Known): Promise<Receipt | undefined> {
    const answered = await this.answered(tx, asker, known);
    if (answered) return answered;
    const row = await tx.findOne(ShareRow, { select: { receipt: true, sender: true, id: true }, where: { sender: asker.agency, manifest_digest: known.manifestDigest } });
    if (!row) return undefined;
    const receipt = JSON.parse(row.receipt) as Receipt;
    if (known.idempotencyKey) await rememberIfFirst(tx, asker, known.idempotencyKey, known.manifestDigest, 202, receipt);
    return receipt;
  }

  /** @throws Refusal MANIFEST_ID_REUSED when another manifest of this sender has the id */
  private async requireFresh(tx: Tx, asker: Asker, head: Head): Promise<void> {
    if (await tx.existsBy(ShareRow, { sender: asker.agency, id: head.manifest.id, manifest_digest: Not(head.manifestDigest) })) throw new Refusal({ code: 'MANIFEST_ID_REUSED', pointer: '/id' });
  }

  /** What was answered under this Idempotency-Key: the same request gets the same answer, a refusal too. */
  private async answered(tx: Tx, asker: Asker, { idempotencyKey, manifestDigest }: Known): Promise<Receipt | undefined> {
    if (!idempotencyKey) return undefined;
    const [row]: { manifest_digest: string; status: number; body: string }[] = await tx.query('select manifest_digest, status, body from waybill.idempotency where agency = $1 and key = $2', [asker.agency, idempotencyKey]);
    if (!row) return undefined;
    if (row.manifest_digest !== manifestDigest) throw new Repeated({ code: 'IDEMPOTENCY_KEY_REUSED' });
    if (row.status === 202) return JSON.parse(row.body) as Receipt;
    throw new Repeated(JSON.parse(row.body) as RefusalReason[]);
  }

  /**
   * Does `work`, and when it refuses, records the refusal before passing it on: nothing of the payload is kept, and no proposed
   * recipient's register hears of it. If it cannot be recorded, nothing was decided, and that error is thrown instead.
   */
  private async recordingRefusals<T>(asker: Asker, known: Known, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof Repeated) throw error;
      const at = this.rooms.clock.now();
      const { head, manifestDigest, idempotencyKey } = known;
      const fields = refused(head?.manifest.id ?? uuid7(at.getTime()), manifestDigest, error.reasons, head?.manifest, head ? lines(head) : []);
      await this.rooms.database.as(asker, async (tx) => {
        // Whoever floods us with what is no share fills a counter, not its register.
        if (!head && (await countUpload(tx, asker, at)) > LIMITS.malformedPerMinute.value) return;
        // A form that broke off is no answer to a share: it may come again, whole.
        const lasts = idempotencyKey !== undefined && error.code !== 'MULTIPART_INVALID';
        // The same request was refused a moment ago: it stands in the register once.
        if (lasts && !(await rememberIfFirst(tx, asker, idempotencyKey, manifestDigest, 422, error.reasons))) return;
        await this.rooms.register.record(tx, [{ kind: 'share-refused', controller: asker.controller, at, fields }]);
      });
      throw error;
    }
  }
}

const lines = (head: Head): Line[] => head.lines.map(({ line }) => line);

const knownOf = ({ head, idempotencyKey }: Begun): Known => ({ manifestDigest: head.manifestDigest, head, ...(idempotencyKey ? { idempotencyKey } : {}) });

const REMEMBER = 'insert into waybill.idempotency (agency, key, manifest_digest, status, body) values ($1, $2, $3, $4, $5)';

/** An acceptance must be the first answer under its key. */
const remember = (tx: Tx, asker: Asker, key: string, manifestDigest: string, status: number, body: unknown): Promise<unknown> =>
  tx.query(REMEMBER, [asker.agency, key, manifestDigest, status, JSON.stringify(body)]);

/** Whether no answer stood under the key. */
const rememberIfFirst = async (tx: Tx, asker: Asker, key: string, manifestDigest: string, status: number, body: unknown): Promise<boolean> =>
  ((await tx.query(`${REMEMBER} on conflict do nothing returning key`, [asker.agency, key, manifestDigest, status, JSON.stringify(body)])) as unknown[]).length > 0;

/** How many uploads of this agency in this minute were no share at all, this one counted. */
async function countUpload(tx: Tx, asker: Asker, at: Date): Promise<number> {
  const rows: { uploads: number }[] = await tx.query(
    `insert into waybill.malformed_upload (agency, minute, uploads) values ($1, date_trunc('minute', $2::timestamptz), 1)
     on conflict (agency, minute) do update set uploads = malformed_upload.uploads + 1 returning uploads`,
    [asker.agency, at],
  );
  return rows[0]?.uploads ?? 1;
}

/** A sealed part that another agency sent is not this one's to send: passing on is a share of its own, sealed anew. */
async function claimDigests(tx: Tx, asker: Asker, digests: readonly string[]): Promise<void> {
  const seen: { digest: string; sender: string }[] = await tx.query('select digest, sender from waybill.sealed_digest where digest = any($1)', [digests]);
  const others = seen.filter((row) => row.sender !== asker.agency);
  if (others.length > 0) throw new Refusal(others.map((row) => ({ code: 'ALREADY_SHARED_BY_ANOTHER', facts: { digest: row.digest } })));
  const fresh = digests.filter((digest) => !seen.some((row) => row.digest === digest));
  if (fresh.length > 0) await tx.query('insert into waybill.sealed_digest (digest, sender) select unnest($1::text[]), $2', [fresh, asker.agency]);
}
