import { heard } from '#directory/tls-heard';
import { readAddress } from '#mail/address';
import { type Attached, type Fate, type Incoming, readIncoming } from '#mail/incoming';
import { readReport } from '#mail/tls/reading';
import type { Asker, Tx } from '#platform/database';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import { Statement } from '#protocol/statement';
import { bouncedTransfer, type Bouncing } from './bounces';
import { writeEvents } from './commit';
import { from } from './moves';
import type { TransferRow } from './rows';
import { type StatementRooms, Statements } from './statements';
import { toldUndeliverable } from './undeliverable';
import { soundAs } from './sound';

/** What came of a message: codes, for whoever looks at the log of the mail relay. */
export const TAKEN = {
  undeliverable: 'the transfer has ended, and its sender is told',
  noted: 'it stands in the transfer’s timeline; no report of a mail system acknowledges anything',
  stated: 'the recipient’s signed statement is taken',
  heard: 'a report on TLS with a mail domain is kept: waybill domain reports tells it',
  nothing: 'nothing here is done about such a message: automatic answers, reports on what has ended, and whatever else people write',
  forged: 'it is to an address that we never gave to anybody',
} as const;
export type Taken = keyof typeof TAKEN;

/** Name of the file of a statement, and of the detached signature over it. */
const STATEMENT_FILE = /^statement(-[0-9]{1,2})?\.json$/i;
const SIGNATURE_FILE = /^(.+\.json)\.(sig|asc|pgp)$/i;

/**
 * Takes what comes in by mail: reports that it could not be delivered, recipients' signed statements, and reports on TLS. Nothing is believed of its headers: a report
 * counts by the address to which it came, which only whoever we sent the mail to knows; a statement by its signature.
 */
export class IncomingMail {
  private readonly statements: Statements;

  constructor(private readonly rooms: StatementRooms & { bouncing: Bouncing }) {
    this.statements = new Statements(rooms);
  }

  /** @param recipient address of the envelope. @throws Refusal of a statement; what the database throws, for the relay to bring it again */
  async take(recipient: string, octets: Buffer): Promise<Taken> {
    const address = readAddress(recipient);
    const incoming = await readIncoming(octets);
    if (!address.ok || !incoming) return 'nothing';
    if (!/^b-/i.test(address.address.local)) return incoming.tlsReport ? this.hear(incoming.tlsReport) : this.state(incoming.attached);
    const transfer = bouncedTransfer(this.rooms.bouncing, address.address);
    return transfer === undefined ? 'forged' : this.report(transfer, incoming);
  }

  /** Nothing is signed that anybody here could hold it to: what it says has the courier look, and no more. */
  private async hear(octets: Buffer): Promise<Taken> {
    const read = readReport(octets);
    if (!read.ok) return 'nothing';
    const { database, clock, bouncing } = this.rooms;
    return (await database.transaction((tx) => heard(tx, read.report, { own: [bouncing.from.domain], at: clock.now() }))) ? 'heard' : 'nothing';
  }

  private report(transfer: string, { fates }: Incoming): Promise<Taken> {
    // We write to one recipient; a report that says two things of it is not believed in the worse one.
    const [fate] = fates;
    if (!fate || fates.some(({ action }) => action !== fate.action)) return Promise.resolve('nothing');
    const { database, clock, register } = this.rooms;
    return database.transaction(async (tx) => {
      const at = clock.now();
      if (!isFinal(fate)) return this.note(tx, transfer, fate, at);
      const [rows]: [TransferRow[], number] = await tx.query(
        `update waybill.transfer set state = 'undeliverable', ended_at = $2, end_reason = 'mail-came-back' where id = $1 and route = 'mail' and state = 'sent' and state = any($3) returning *`,
        [transfer, at, from('undeliverable')],
      );
      const [row] = rows;
      if (!row) return 'nothing';
      await writeEvents(tx, [{ transfer, kind: 'mail-came-back', at, detail: fate.status }]);
      await toldUndeliverable(tx, register, row, { reason: 'mail-came-back', at });
      return 'undeliverable';
    });
  }

  private async note(tx: Tx, transfer: string, fate: Fate, at: Date): Promise<Taken> {
    const rows: unknown[] = await tx.query(`select from waybill.transfer where id = $1 and route = 'mail' and state = 'sent'`, [transfer]);
    if (rows.length === 0) return 'nothing';
    await writeEvents(tx, [{ transfer, kind: `mail-${fate.action}`, at, detail: fate.status }]);
    return 'noted';
  }

  private async state(attached: readonly Attached[]): Promise<Taken> {
    const statement = attached.find(({ name }) => STATEMENT_FILE.test(name));
    const signature = statement && attached.find(({ name }) => SIGNATURE_FILE.exec(name)?.[1]?.toLowerCase() === statement.name.toLowerCase());
    if (!statement || !signature || Math.max(statement.octets.length, signature.octets.length) > LIMITS.json.value) return 'nothing';
    const { by, kind, transfer } = soundAs(Statement, readJson(statement.octets), 'STATEMENT_INVALID');
    const asker = await this.agency(by.agency);
    // A recall and a release are the sender's, who has a client: from a mail it would have to be told what came of them.
    if (!asker || !transfer || kind === 'recalled' || kind === 'released') return 'nothing';
    await this.statements.state(asker, transfer, kind, { statement: statement.octets, signature: signature.octets });
    return 'stated';
  }

  private async agency(agency: string): Promise<Asker | undefined> {
    const rows: Asker[] = await this.rooms.database.transaction((tx) => tx.query('select id as agency, controller from waybill.agency where id = $1 and until_at is null', [agency]));
    return rows[0];
  }
}

/** RFC 3463: what begins with 5 is not tried again by whoever reports it. */
const isFinal = ({ action, status }: Fate): boolean => action === 'failed' && status.startsWith('5.');
