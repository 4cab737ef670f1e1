import type { TLSSocket } from 'node:tls';
import type { ChannelModel, ConfirmChannel, Message as Returned } from 'amqplib';
import { evidenceOf, type TlsEvidence } from '#platform/egress';
import { dial } from './broker';
import { confirm, waitingIn } from './confirming';
import { DEAD_LETTER_MS, type Holder, MOST_WAITING, placeOf } from './partner-topology';
import { type BrokerAddress, requireProtected } from './settings';
import { lifeOf } from './wire';

/** What is laid on a contact's queue. */
export interface Laid {
  /** By which its consumer knows it again. */
  id: string;
  type: string;
  contentType: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  at: Date;
  /** Nothing of it may lie anywhere after this. */
  until: Date;
}

/** `confirmed`: it stands on the queue. `unroutable`: the queue went away in that moment. `refused`: the broker would not take it, or did not say in time. */
export type LayingOutcome = 'confirmed' | 'unroutable' | 'refused';

/** Nothing was laid, nor made. `NOT_ADMITTED`: the broker's operator has not entered this queue, or not for us. `FULL`: its consumer does not come. */
export class QueueNotReached extends Error {
  constructor(readonly code: 'NOT_REACHED' | 'NOT_ADMITTED' | 'FULL') {
    super(code);
    this.name = 'QueueNotReached';
  }
}

/** How often each came of laying something on a partner's queue, since this process began. */
export type PartnerQueueOutcomes = Record<LayingOutcome | 'not-reached' | 'not-admitted' | 'full', number>;

const CODES = { NOT_REACHED: 'not-reached', NOT_ADMITTED: 'not-admitted', FULL: 'full' } as const satisfies Record<QueueNotReached['code'], keyof PartnerQueueOutcomes>;

interface Line {
  connection: ChannelModel;
  channel: ConfirmChannel;
  tls: TlsEvidence;
  returned: Set<string>;
  underWay: number;
  idle?: NodeJS.Timeout;
}

/** Nothing was laid for so long: the connection is closed. */
const IDLE_MS = 60_000;
/** There is no such virtual host, or it is not for us: amqplib keeps the broker's code (530) to itself. */
const NOT_ADMITTED = /^Expected ConnectionOpenOk/;

/** Lays messages on partners' own queues, each in a virtual host of its own: a connection for each, for as long as there is something to lay. */
export class PartnerQueues {
  readonly outcomes: PartnerQueueOutcomes = { confirmed: 0, unroutable: 0, refused: 0, 'not-reached': 0, 'not-admitted': 0, full: 0 };
  private readonly lines = new Map<string, Promise<Line>>();

  /** @throws Error when the broker would be reached in clear */
  constructor(private readonly broker: BrokerAddress) {
    requireProtected(broker);
  }

  /**
   * @param make made once the broker has proved who it is and has the queue: what must not be made for nobody is made then
   * @throws QueueNotReached, and what `make` throws: nothing was laid then
   */
  async lay(holder: Holder, make: () => Promise<Laid>): Promise<{ outcome: LayingOutcome; tls: TlsEvidence }> {
    try {
      const laid = await this.layOn(placeOf(holder), make);
      this.outcomes[laid.outcome]++;
      return laid;
    } catch (error) {
      if (error instanceof QueueNotReached) this.outcomes[CODES[error.code]]++;
      throw error;
    }
  }

  private async layOn(place: string, make: () => Promise<Laid>): Promise<{ outcome: LayingOutcome; tls: TlsEvidence }> {
    const line = await this.lineTo(place);
    line.underWay++;
    clearTimeout(line.idle);
    try {
      const waiting = await reached(waitingIn(line.connection, place));
      if (waiting === undefined) throw new QueueNotReached('NOT_ADMITTED');
      if (waiting >= MOST_WAITING) throw new QueueNotReached('FULL');
      const { id, type, contentType, headers, body, at, until } = await make();
      line.returned.delete(id);
      // Of what dies on the queue nothing may be left among its dead letters either.
      const expiration = lifeOf(new Date(until.getTime() - DEAD_LETTER_MS), at);
      const confirmed = await confirm(line.channel, { exchange: '', key: place }, { body, options: { messageId: id, type, contentType, persistent: true, mandatory: true, expiration, headers } });
      return { outcome: line.returned.delete(id) ? 'unroutable' : confirmed ? 'confirmed' : 'refused', tls: line.tls };
    } finally {
      line.underWay--;
      if (line.underWay === 0) line.idle = setTimeout(() => this.hangUp(place, line), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.lines.values()].map((line) => line.then(({ connection }) => connection.close(), () => undefined).catch(() => undefined)));
  }

  private lineTo(place: string): Promise<Line> {
    const known = this.lines.get(place);
    if (known) return known;
    const line = reached(this.open(place));
    this.lines.set(place, line);
    line.catch(() => this.lines.delete(place));
    return line;
  }

  private hangUp(place: string, { connection }: Line): void {
    this.lines.delete(place);
    void connection.close().catch(() => undefined);
  }

  private async open(place: string): Promise<Line> {
    const connection = await dial({ ...this.broker, url: `${this.broker.url.replace(/\/$/, '')}/${encodeURIComponent(place)}` });
    const gone = (): unknown => this.lines.delete(place);
    connection.on('error', () => undefined);
    connection.on('close', gone);
    const channel = await connection.createConfirmChannel();
    const returned = new Set<string>();
    channel.on('error', () => undefined);
    // Refused there and then: another line is made for the next.
    channel.on('close', () => {
      gone();
      void connection.close().catch(() => undefined);
    });
    channel.on('return', (message: Returned) => returned.add(String(message.properties.messageId)));
    return { connection, channel, tls: evidenceOf(socketOf(connection)), returned, underWay: 0 };
  }
}

async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new QueueNotReached(error instanceof Error && NOT_ADMITTED.test(error.message) ? 'NOT_ADMITTED' : 'NOT_REACHED');
  }
}

/** amqplib does not say over what it speaks; that it was TLS is what a register is to hold. */
const socketOf = (connection: ChannelModel): TLSSocket => (connection as unknown as { connection: { stream: TLSSocket } }).connection.stream;
