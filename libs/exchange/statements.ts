import { In } from 'typeorm';
import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { type Agreement, servedAgreement } from '#policy/agreement';
import { isHub } from '#policy/conditions/hub';
import { contactOf } from '#policy/parties';
import { receivingUnmet, SCRUTINY_GROUNDS } from '#policy/receiving';
import { releasingUnmet } from '#policy/releasing';
import type { Receipt, StatementTold } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import { readManifest } from '#protocol/read';
import { RECALL_REASONS, type Release, RETURN_REASONS, Statement, type StatementKind } from '#protocol/statement';
import { ifFits } from '#register/entry-formats';
import type { Register } from '#register/register';
import { afterCollision } from './collision';
import { writeEvents } from './commit';
import { requireMet } from './entries';
import { after } from '#duties/calendar';
import { closeDuties, openDuty } from '#duties/duties';
import { keepCopy } from './keeping';
import { from, isEnd, type TransferState } from './moves';
import { ofRecipient, ofSender } from './owing';
import { loggedOf, operationFields } from './operations';
import { recordForBoth } from './recording';
import { endRequest } from './requests';
import { ShareRow, StatementRow, TransferRow } from './rows';
import { namedIn, type Signature, signatureOf, type StatementSent } from './signed-statement';
import { soundAs } from './sound';

export interface StatementRooms {
  agreements: ReadonlyMap<string, Agreement>;
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  /** Told of what comes back, in the transaction in which it does: it may have gone where it should not have. */
  returned?: (tx: Tx, transfer: TransferRow, reason: string, at: Date) => Promise<void>;
}

interface Signed extends Signature {
  statement: Statement;
}

/** What parties state about transfers, signed: kept octet for octet, passed to the other side, recorded in both registers. */
export class Statements {
  constructor(private readonly rooms: StatementRooms) {}

  /**
   * Takes a recipient's statement about a transfer. The same again changes nothing.
   * @throws Refusal NOT_FOUND, STATEMENT_INVALID, STATEMENT_DIFFERS, WRONG_STATE, or a gate code of the signature
   */
  state(asker: Asker, id: string, kind: Exclude<StatementKind, 'recalled' | 'released'>, sent: StatementSent): Promise<{ state: string }> {
    const at = this.rooms.clock.now();
    return this.alone(asker, async (tx) => {
      const transfer = await tx.findOneBy(TransferRow, { id, recipient: asker.agency });
      if (!transfer || transfer.state === 'queued' || transfer.state === 'recalled') throw new Refusal({ code: 'NOT_FOUND' });
      const signed = await this.read(tx, asker, sent, at);
      const stands = await this.standing(tx, id, kind, signed.digest);
      // Read again: another of the same may have moved it since.
      if (stands) return { state: (await tx.findOneByOrFail(TransferRow, { id })).state };
      const share = await tx.findOneByOrFail(ShareRow, { sender: transfer.sender, id: transfer.share });
      requireAbout(signed.statement, { kind, share: transfer.share, transfer: id, agency: asker.agency, manifestDigest: share.manifest_digest });
      const frontDoor = kind !== 'opened' && (await this.requireReceivable(tx, share.agreement, transfer, signed.statement, at));
      await keep(tx, id, kind, asker, signed, at);
      if (kind === 'opened') await this.opened(tx, transfer, signed, at);
      else await this.end(tx, transfer, kind, signed, at);
      if (kind === 'acknowledged') await keepCopy(tx, servedAgreement(this.rooms.agreements, share.agreement), transfer, purposeOf(share), at);
      if (kind === 'acknowledged' && frontDoor && isReferral(share)) await openDuty(tx, { ...ofRecipient('tell-referrer', transfer, at), dueAt: after(at, { workingDays: 1 }) });
      return { state: kind === 'opened' ? transfer.state : kind };
    });
  }

  /**
   * Takes back what has not been collected. Transfers whose first octet was served stay with their recipients.
   * @throws Refusal NOT_FOUND, STATEMENT_INVALID, ALREADY_COLLECTED
   */
  recall(asker: Asker, share: string, sent: StatementSent): Promise<{ recalled: string[]; tooLate: string[] }> {
    const at = this.rooms.clock.now();
    return this.alone(asker, async (tx) => {
      const row = await tx.findOneBy(ShareRow, { sender: asker.agency, id: share });
      if (!row) throw new Refusal({ code: 'NOT_FOUND' });
      const signed = await this.read(tx, asker, sent, at);
      requireAbout(signed.statement, { kind: 'recalled', share, agency: asker.agency, manifestDigest: row.manifest_digest });
      const transfers = await tx.findBy(TransferRow, { sender: asker.agency, share });
      const recalled: string[] = [];
      for (const transfer of transfers) {
        if (await this.standing(tx, transfer.id, 'recalled', signed.digest)) recalled.push(transfer.id);
        else if (await this.move(tx, transfer, 'recalled', signed.statement.reason ?? '', at)) {
          await keep(tx, transfer.id, 'recalled', asker, signed, at);
          await tx.query('delete from waybill.outbox where transfer = $1', [transfer.id]);
          await this.record(tx, transfer, 'recalled', signed, at);
          recalled.push(transfer.id);
        }
      }
      if (recalled.length === 0) throw new Refusal({ code: 'ALREADY_COLLECTED' });
      return { recalled, tooLate: transfers.map((transfer) => transfer.id).filter((id) => !recalled.includes(id)) };
    });
  }

  /**
   * Records that the sender told the passphrase of a container to a recipient who had asked for it, by another way than the container (CH-05).
   * The same again changes nothing. @throws Refusal NOT_FOUND, STATEMENT_INVALID, STATEMENT_DIFFERS, NO_PASSPHRASE, and every code of `RELEASING`
   */
  release(asker: Asker, share: string, sent: StatementSent): Promise<{ state: string }> {
    const at = this.rooms.clock.now();
    return this.alone(asker, async (tx) => {
      const row = await tx.findOneBy(ShareRow, { sender: asker.agency, id: share });
      if (!row) throw new Refusal({ code: 'NOT_FOUND' });
      const signed = await this.read(tx, asker, sent, at);
      const { transfer: id = '', release } = signed.statement;
      const receipt = JSON.parse(row.receipt) as Receipt;
      const receipted = receipt.transfers.find((each) => each.transfer === id);
      const transfer = receipted && (await tx.findOneBy(TransferRow, { id, sender: asker.agency, share }));
      if (!transfer) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/transfer', says: 'must be a transfer of this share' });
      if (await this.standing(tx, id, 'released', signed.digest)) return { state: transfer.state };
      requireAbout(signed.statement, { kind: 'released', share, transfer: id, agency: asker.agency, manifestDigest: row.manifest_digest });
      if (!release) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/release', says: 'must say who asked, how that was verified, and how it was told' });
      if (receipted.protection !== 'aes-zip') throw new Refusal({ code: 'NO_PASSPHRASE' });
      await this.requireReleasable(tx, row.agreement, transfer.recipient, release, at);
      await keep(tx, id, 'released', asker, signed, at);
      const { askedBy, identity, route, at: toldAt } = release;
      const fields = { share, transfer: id, ...namedIn(signed), askedBy: { contact: askedBy.contact, role: askedBy.role }, identity: { how: identity.how, at: identity.at }, route, toldAt };
      await recordForBoth(tx, this.rooms.register, transfer, { kind: 'passphrase-released', at, fields });
      await writeEvents(tx, [{ transfer: id, kind: 'passphrase-released', at, detail: route }]);
      // Whoever rang for the passphrase has it: nobody need be rung because nothing was heard. Acknowledged it is not.
      await closeDuties(tx, { transfer: id }, { because: 'released', at }, ['acknowledge']);
      return { state: transfer.state };
    });
  }

  /** Whether it is the front door's. @throws Refusal with every code of `RECEIVING` that is unmet */
  private async requireReceivable(tx: Tx, agreementId: string, { recipient: agency, contact, lane, collected_at }: TransferRow, stated: Statement, at: Date): Promise<boolean> {
    const agreement = servedAgreement(this.rooms.agreements, agreementId);
    const recipient = (await this.rooms.directory.parties(tx, [agency], agreement, at)).party(agency);
    requireMet(receivingUnmet({ agreement, stated, recipient, transfer: { contact, lane, collected: collected_at !== null }, at: at.toISOString() }));
    return isHub(agreement, contactOf(recipient, contact, at.toISOString()));
  }

  private async requireReleasable(tx: Tx, agreementId: string, agency: string, stated: Release, at: Date): Promise<void> {
    const agreement = servedAgreement(this.rooms.agreements, agreementId);
    const recipient = (await this.rooms.directory.parties(tx, [agency], agreement, at)).party(agency);
    requireMet(releasingUnmet({ agreement, stated, recipient, at: at.toISOString() }));
  }

  /** A statement that comes twice at the same instant finds the first when it is tried again. */
  private alone<T>(asker: Asker, work: (tx: Tx) => Promise<T>): Promise<T> {
    return afterCollision(() => this.rooms.database.as(asker, work));
  }

  private async read(tx: Tx, asker: Asker, sent: StatementSent, at: Date): Promise<Signed> {
    const statement = soundAs(Statement, readJson(sent.statement), 'STATEMENT_INVALID');
    const signed = await signatureOf(tx, this.rooms.directory, asker, sent, at);
    if (Date.parse(statement.at) - at.getTime() > LIMITS.createdAhead.value * 1_000) throw new Refusal({ code: 'CREATED_AHEAD', pointer: '/at', facts: { serverTime: at.toISOString() } });
    return { statement, ...signed };
  }

  /** Whether this very statement stands already. @throws Refusal STATEMENT_DIFFERS when another of its kind does */
  private async standing(tx: Tx, transfer: string, kind: StatementKind, digest: string): Promise<boolean> {
    const row = await tx.findOneBy(StatementRow, { transfer, kind });
    if (!row) return false;
    if (sha256(row.octets) !== digest) throw new Refusal({ code: 'STATEMENT_DIFFERS' });
    return true;
  }

  private async opened(tx: Tx, transfer: TransferRow, { statement, ...signature }: Signed, at: Date): Promise<void> {
    if (transfer.state !== 'collected' && transfer.state !== 'sent' && transfer.state !== 'acknowledged') throw new Refusal({ code: 'WRONG_STATE', facts: { state: transfer.state } });
    await tx.query('update waybill.transfer set opened_at = $2 where id = $1', [transfer.id, new Date(statement.at)]);
    const role = ifFits('role', statement.role);
    const fields = { share: transfer.share, transfer: transfer.id, ...namedIn(signature), by: transfer.recipient, contact: statement.by.contact, role, reason: statement.justification };
    const logged = loggedOf(transfer);
    if (logged) {
      const done = { operation: 'consultation' as const, at: new Date(statement.at), by: statement.by.contact, role, justification: statement.justification === undefined ? undefined : [statement.justification] };
      await this.rooms.register.record(tx, [{ kind: 'operation-logged', controller: transfer.recipient_controller, at, fields: operationFields(logged, done) }]);
    }
    await recordForBoth(tx, this.rooms.register, transfer, { kind: 'share-opened', at, fields });
    await writeEvents(tx, [{ transfer: transfer.id, kind: 'opened', at }]);
  }

  private async end(tx: Tx, transfer: TransferRow, kind: 'acknowledged' | 'returned', signed: Signed, at: Date): Promise<void> {
    if (!(await this.move(tx, transfer, kind, signed.statement.reason ?? kind, at))) throw new Refusal({ code: 'WRONG_STATE', facts: { state: transfer.state, wanted: kind } });
    await this.record(tx, transfer, kind, signed, at);
    if (kind === 'returned') await this.rooms.returned?.(tx, transfer, signed.statement.reason ?? '', at);
    if (signed.statement.reason === 'cannot-open') await openDuty(tx, ofSender('cannot-open', transfer, at));
    // The sender keeps what it has, is told at once, and does something about it.
    else if (SHARED_OTHERWISE_AFTER.includes(signed.statement.reason ?? '')) await openDuty(tx, ofSender('share-otherwise', transfer, at));
  }

  /** Ends a transfer once, whoever else tries at the same instant; its payload is then the relay's to remove. */
  private async move(tx: Tx, transfer: TransferRow, to: TransferState, reason: string, at: Date): Promise<boolean> {
    const [, moved]: [unknown, number] = await tx.query('update waybill.transfer set state = $2, ended_at = $3, end_reason = $4 where id = $1 and state = any($5)', [transfer.id, to, at, reason, from(to)]);
    if (moved === 0) return false;
    await closeDuties(tx, { transfer: transfer.id }, { because: to, at });
    await endRequest(tx, transfer.id, to, at);
    await writeEvents(tx, [{ transfer: transfer.id, kind: to, at, ...(reason && reason !== to ? { detail: reason } : {}) }]);
    return isEnd(to);
  }

  /** Both sides record: only with the recipient's own entry is a transfer complete (RC-02). */
  private async record(tx: Tx, transfer: TransferRow, kind: 'acknowledged' | 'returned' | 'recalled', { statement, ...signature }: Signed, at: Date): Promise<void> {
    const common = { share: transfer.share, transfer: transfer.id, ...namedIn(signature) };
    const { sender_controller: sender, recipient_controller: recipient } = transfer;
    // What it was asked is its sender's to see, too: whom, the statement itself says.
    const passOn = statement.passOnTo && { passOn: statement.passOnTo.length > 0 };
    const { register } = this.rooms;
    const logged = loggedOf(transfer);
    const collected = logged ? [{ kind: 'operation-logged' as const, controller: recipient, at, fields: operationFields(logged, { operation: 'collection', at: new Date(statement.at), by: statement.by.contact }) }] : [];
    const copy = { copyController: recipient, controllership: transfer.controllership };
    const recorded: Record<typeof kind, () => Promise<unknown>> = {
      acknowledged: () => register.record(tx, [
        { kind: 'share-received', controller: recipient, at, fields: { ...common, from: transfer.sender, ...copy, receivedAt: statement.at, ...passOn } },
        { kind: 'share-acknowledged', controller: sender, at, fields: { ...common, by: transfer.recipient, ...copy, ...passOn } },
        ...collected,
      ]),
      returned: async () => recordForBoth(tx, register, transfer, { kind: 'share-returned', at, fields: { ...common, by: transfer.recipient, reasons: [{ code: statement.reason ?? 'returned' }], ...(await returnedAs(tx, transfer, statement)) } }),
      recalled: () => recordForBoth(tx, register, transfer, { kind: 'share-recalled', at, fields: { ...common, reason: statement.reason ?? 'recalled' } }),
    };
    await recorded[kind]();
  }
}

/** Neither a question nor an answer: somebody tells the front door of a child, and hears back what came of it. */
function isReferral({ manifest }: ShareRow): boolean {
  const reading = readManifest(manifest);
  return reading.ok && reading.value.asks === undefined && reading.value.threads === undefined;
}

function purposeOf({ manifest }: ShareRow): string {
  const reading = readManifest(manifest);
  return reading.ok ? (reading.value.purpose ?? '') : '';
}

/** Who looked at what is given back, and whether it had been opened: as its recipient stated that. */
async function returnedAs(tx: Tx, { id }: TransferRow, { by, role, approvedBy, copiesRemoved, missing }: Statement) {
  const row = await tx.findOneBy(StatementRow, { transfer: id, kind: 'opened' });
  const opened = row && (JSON.parse(row.octets.toString()) as Statement);
  return { ...(role !== undefined && { contact: by.contact, role }), approvedBy, copiesRemoved, missing, ...(opened && { opened: { at: opened.at, by: opened.by.contact } }) };
}

/** After which return a sender has to share it otherwise, or record that it does not. */
const SHARED_OTHERWISE_AFTER: readonly string[] = [...SCRUTINY_GROUNDS, 'insufficient'];

interface About {
  kind: StatementKind;
  share: string;
  transfer?: string;
  agency: string;
  manifestDigest: string;
}

/** A statement about something else, kept as one about this, would prove what nobody said. */
function requireAbout(statement: Statement, about: About): void {
  const reasons: RefusalReason[] = [];
  const expect = (holds: boolean, pointer: string, says: string) => {
    if (!holds) reasons.push({ code: 'STATEMENT_INVALID', pointer, says });
  };
  expect(statement.kind === about.kind, '/kind', `must be ${about.kind}`);
  expect(statement.share === about.share, '/share', 'must be the share of this transfer');
  expect(statement.transfer === about.transfer, '/transfer', about.transfer ? 'must be this transfer' : 'must be absent: a recall is of the whole share');
  expect(statement.by.agency === about.agency, '/by/agency', 'must be your agency');
  expect(statement.manifestDigest === about.manifestDigest, '/manifestDigest', 'must be the SHA-256 of the manifest');
  const reason = statement.reason ?? '';
  if (about.kind === 'returned') expect(Object.hasOwn(RETURN_REASONS, reason), '/reason', `must be one of ${Object.keys(RETURN_REASONS).join(', ')}`);
  if (about.kind === 'recalled') expect(Object.hasOwn(RECALL_REASONS, reason), '/reason', `must be one of ${Object.keys(RECALL_REASONS).join(', ')}`);
  expect(statement.passOnTo === undefined || about.kind === 'acknowledged', '/passOnTo', 'stands in an acknowledgement only');
  expect(statement.release === undefined || about.kind === 'released', '/release', 'stands in a release only');
  if (reasons.length > 0) throw new Refusal(reasons);
}

const keep = (tx: Tx, transfer: string, kind: StatementKind, asker: Asker, signed: Signature, at: Date): Promise<unknown> =>
  tx.query('insert into waybill.statement (transfer, kind, agency, octets, signature, signer, signer_certificate, at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
    transfer, kind, asker.agency, signed.octets, signed.signature, signed.fingerprint, signed.certificate, at,
  ]);

/** Statements about these transfers, as both sides may read them. */
export async function statementsOf(tx: Tx, transfers: readonly string[]): Promise<(StatementTold & { transfer: string })[]> {
  const rows = await tx.find(StatementRow, { where: { transfer: In([...transfers]) }, order: { at: 'ASC' } });
  return rows.map((row) => ({ transfer: row.transfer, kind: row.kind, agency: row.agency, at: row.at.toISOString(), statement: row.octets.toString('base64'), signature: row.signature.toString('base64') }));
}
