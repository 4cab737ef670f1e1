import type { Directory } from '#directory/directory';
import { countSessions } from '#directory/tls-reports';
import { NotSealed } from '#envelope/sealing';
import { NotSealedSmime } from '#envelope/smime-sealing';
import type { MailAddress } from '#mail/address';
import { readAddress, writtenAddress } from '#mail/address';
import { ContainerMail } from '#mail/container-mail';
import type { Delivery as Delivered, MailEvidence, Mailer } from '#mail/delivery';
import { MAIL_FAULTS, type MailFault } from '#mail/faults';
import type { Outside, Piece } from '#mail/message';
import { nextAttempt } from '#mail/retries';
import { foundAt, type TlsSession } from '#mail/tls/sessions';
import type { HopDelivery, HopEvidence, WeakHop } from '#mail/weak-hop';
import { type Clock, MINUTE, SECOND } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Register } from '#register/register';
import { renewing, tlsEntry, UnderWay } from './attempts';
import { bounceAddress } from './bounces';
import { writeEvents } from './commit';
import { claimsIn } from './drawing';
import { hold, type HoldReason } from './holding';
import { containersOf, mailOf, mailPieces } from './mail-making';
import { from } from './moves';
import { recordForBoth } from './recording';
import { laneOf, PRECEDENCE, ShareRow, type TransferRow } from './rows';
import { toldUndeliverable } from './undeliverable';

/** Who we are to a mail system. */
export interface MailSender {
  /** Whom a mail is from, as its reader sees it. */
  from: MailAddress;
  /** Host name of the gateway, which message ids end in. */
  gateway: string;
  /** Key by which an answer that nobody could deliver is known to be about a mail of ours. */
  bounceKey: Buffer;
}

export interface MailRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  mailer: Pick<Mailer, 'deliver'>;
  /** For containers to a domain that holds no TLS, where their agreement lets them. */
  weakHop: Pick<WeakHop, 'deliver'>;
  sender: MailSender;
}

/** An attempt whose courier has not said for so long that it goes on died with it. */
export const MAIL_LEASE_MS = MINUTE;
/** How often it says so: three may be missed. */
export const RENEW_MS = 15 * SECOND;
/** Attempts of one courier under way at once: each may hold a mail of the largest size three times over. */
export const MAILS_AT_ONCE = 16;
/** Of these to one domain: a slow one leaves room for the others. */
const TO_ONE = 4;

/** After which a domain is looked at that a mail was refused for: a look and a mail that disagree do not chase one another. */
const LOOK_AGAIN_MS = MINUTE;

/** What is against the domain and not against the message: it waits until the domain is mended. */
const OF_DOMAIN: ReadonlySet<MailFault> = new Set(['no-mx', 'takes-no-mail', 'not-secure']);

/** Sealed parts that fit into the largest mail, base64 twice over. */
const LARGEST_PAYLOAD = 18 * 1024 * 1024;

interface Due {
  transfer: string;
  agency: string;
  domain: string;
  precedence: number;
  attempt: number;
  first_at: Date;
  hosts: string[];
}

interface Ready {
  transfer: TransferRow;
  address: MailAddress;
  outside: Outside;
  /** What is to be sealed to its keys; or containers, for one that has none. */
  holds: Piece[] | ContainerMail;
  /** It was decided that it may go over a hop that holds no TLS; `now`: its domain holds none that counts. */
  weak: 'now' | 'may' | 'never';
}

/**
 * What the courier does with transfers that go by mail: an attempt at a time, sealed anew for its way, to one address. At least once: a recipient knows
 * a copy by its `Message-ID`. A mail host's word that it took it is no acknowledgement.
 */
export class Mailings {
  private readonly attempts = new UnderWay();

  constructor(private readonly rooms: MailRooms) {}

  /** Takes up what is due and there is room for. Each of what it gives ends when its attempt is on record, and never throws but when the database is away. */
  async takeUp(): Promise<Promise<void>[]> {
    const due = await this.claim();
    return due.map((mailing) => this.attempts.during(mailing.domain, () => renewing(RENEW_MS, () => this.renew(mailing), () => this.attempt(mailing))));
  }

  /** Lends itself what is due, of each domain only as many as it may have under way. */
  private async claim(): Promise<Due[]> {
    const room = MAILS_AT_ONCE - this.attempts.total;
    if (room <= 0) return [];
    const at = this.rooms.clock.now();
    const [rows]: [Due[], number] = await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.mailing m set leased_until = $2, attempt = m.attempt + 1, first_at = coalesce(m.first_at, $1)
       from (select d.transfer, w.hosts
             from waybill.mail_domain w left join unnest($3::text[], $4::int[]) as busy (domain, under_way) on busy.domain = w.domain
             cross join lateral (
               select transfer, precedence, due_at from waybill.mailing
               where agency = w.agency and domain = w.domain and ended_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1) and (precedence <= $5 or w.rests_until is null or w.rests_until <= $1)
               order by precedence, due_at limit greatest($6 - coalesce(busy.under_way, 0), 0)) d
             order by d.precedence, d.due_at limit $7) due
       where m.transfer = due.transfer and m.ended_at is null and (m.leased_until is null or m.leased_until <= $1)
       returning m.transfer, m.agency, m.domain, m.precedence, m.attempt, m.first_at, due.hosts`,
      [at, new Date(at.getTime() + MAIL_LEASE_MS), this.attempts.places, this.attempts.counts, PRECEDENCE.emergency, TO_ONE, room],
    ));
    return rows.sort((a, b) => a.precedence - b.precedence);
  }

  private async renew({ transfer }: Due): Promise<void> {
    const until = new Date(this.rooms.clock.now().getTime() + MAIL_LEASE_MS);
    await this.rooms.database.transaction((tx) => tx.query('update waybill.mailing set leased_until = $2 where transfer = $1 and ended_at is null', [transfer, until]));
  }

  private async attempt(mailing: Due): Promise<void> {
    const ready = await this.ready(mailing);
    if (!ready) return;
    const made = await this.made(ready).catch((error: unknown) => {
      // Its key ran out since it was looked at.
      if (error instanceof NotSealed || error instanceof NotSealedSmime) return undefined;
      throw error;
    });
    if (made === undefined) return this.held(mailing, ready.transfer, 'key-expired');
    const sessions: TlsSession[] = [];
    const delivery = await this.handedOver(mailing, ready, made, sessions);
    await this.settled(mailing, ready, delivery);
    // Last of all: what is only counted keeps nothing from being recorded.
    if (sessions.length > 0) await this.rooms.database.transaction((tx) => countSessions(tx, mailing.domain, sessions, this.rooms.clock.now()));
  }

  private async settled(mailing: Due, ready: Ready, delivery: Delivered | HopDelivery): Promise<void> {
    if (delivery.outcome === 'sent') return this.sent(mailing, ready.transfer, delivery.evidence);
    const at = this.rooms.clock.now();
    if (ready.weak === 'never' && OF_DOMAIN.has(delivery.fault)) return this.held(mailing, ready.transfer, 'domain-lapsed', delivery.fault);
    // It waits until whoever looks at domains has found out how it is.
    if (ready.weak === 'may' && OF_DOMAIN.has(delivery.fault)) return this.again(mailing, delivery, new Date(at.getTime() + 2 * LOOK_AGAIN_MS));
    const next = delivery.outcome === 'temporary' ? nextAttempt(laneOf(mailing.precedence), { first: mailing.first_at, now: at }) : undefined;
    return next ? this.again(mailing, delivery, next) : this.failed(mailing, ready.transfer, delivery.fault);
  }

  /** To a host that proves itself; and over a weak hop nothing but what was decided to go over one, while the domain is as it was then. */
  private async handedOver(mailing: Due, { address, weak }: Ready, made: Buffer | ContainerMail, sessions: TlsSession[]): Promise<Delivered | HopDelivery> {
    const { sender, mailer, weakHop } = this.rooms;
    const [from, recorded] = [bounceAddress(sender, mailing.transfer), mailing.hosts];
    if (weak === 'now' && made instanceof ContainerMail) {
      const delivery = await weakHop.deliver(made, { from, recorded });
      if (delivery.outcome === 'sent') sessions.push(...foundAt(delivery.evidence));
      return delivery;
    }
    return mailer.deliver({ from, to: writtenAddress(address), octets: made instanceof ContainerMail ? ContainerMail.octetsOf(made) : made, recorded, counts: (more) => sessions.push(...more) });
  }

  /** All that is needed to send it, looked up now; or undefined, when it may not be sent any more, or not yet. */
  private async ready(mailing: Due): Promise<Ready | undefined> {
    const { database, directory, register, clock, sender } = this.rooms;
    return database.transaction(async (tx) => {
      const at = clock.now();
      const [transfer]: TransferRow[] = await tx.query('select * from waybill.transfer where id = $1 for update', [mailing.transfer]);
      // Recalled, or ended by time.
      if (transfer?.state !== 'sending') return this.end(tx, mailing, 'overtaken');
      const [contained, holdsNone] = [await inContainers(tx, transfer.id), await lapsed(tx, mailing)];
      const weak = !contained || !transfer.weak_hop ? 'never' : holdsNone ? 'now' : 'may';
      const reason = holdsNone && weak === 'never' ? 'domain-lapsed' : contained ? undefined : await keyFault(tx, directory, transfer.id, at);
      if (reason) return this.holdIn(tx, mailing, transfer, reason, at);
      const [contact]: { email: string | null }[] = await tx.query('select email from waybill.contact where agency = $1 and id = $2', [transfer.recipient, transfer.contact]);
      const read = readAddress(contact?.email ?? '');
      const fault = !read.ok ? 'bad-address' : Number(transfer.size) > LARGEST_PAYLOAD ? 'too-large' : undefined;
      if (!read.ok || fault) return fail(tx, register, mailing, transfer, fault ?? 'bad-address', at);
      const share = await tx.findOneByOrFail(ShareRow, { sender: transfer.sender, id: transfer.share });
      const outside: Outside = {
        from: sender.from, to: read.address, transfer: transfer.id, agreement: share.agreement, urgency: share.urgency, at: transfer.accepted_at, gateway: sender.gateway,
        // As it was decided, which is not always as its sender had it.
        classification: claimsIn(transfer.provenance).classification,
      };
      return { transfer, address: read.address, outside, holds: contained ? await containersOf(tx, transfer, outside) : await mailPieces(tx, transfer), weak };
    });
  }

  private async made({ transfer, outside, holds }: Ready): Promise<Buffer | ContainerMail> {
    if (holds instanceof ContainerMail) return holds;
    const { database, directory, clock } = this.rooms;
    const at = clock.now();
    const to = await database.transaction((tx) => directory.toSealTo(tx, { agency: transfer.recipient, contact: transfer.contact }, at));
    return mailOf(outside, holds, { to, share: transfer.share, at });
  }

  /** The host has it: from here it cannot be recalled, and both registers say how it was protected on its way. */
  private async sent(mailing: Due, transfer: TransferRow, evidence: MailEvidence | HopEvidence): Promise<void> {
    const { database, register, clock } = this.rooms;
    await database.transaction(async (tx) => {
      const at = clock.now();
      const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'sent' where id = $1 and state = any($2)`, [transfer.id, from('sent')]);
      await this.end(tx, mailing, moved === 0 ? 'overtaken' : 'sent');
      const fields = { share: transfer.share, transfer: transfer.id, route: 'mail', attempt: mailing.attempt, status: 'taken', ...hopOf(evidence) };
      await recordForBoth(tx, register, transfer, { kind: 'share-pushed', at, fields });
      await writeEvents(tx, [{ transfer: transfer.id, kind: 'sent', at, ...('proofs' in evidence ? {} : { detail: `hop-${heldBy(evidence)}` }) }]);
      await tx.query('update waybill.mail_domain set failures = 0, rests_until = null where agency = $1 and domain = $2 and failures > 0', [mailing.agency, mailing.domain]);
    });
  }

  /** Later, as its lane has it. Others to the same domain need not find out one by one; what presses may try it meanwhile. */
  private async again(mailing: Due, { fault, mayHaveArrived }: Exclude<Delivered | HopDelivery, { outcome: 'sent' }>, next: Date): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query('update waybill.mailing set due_at = $2, leased_until = null, last = $3 where transfer = $1', [mailing.transfer, next, fault]);
      await writeEvents(tx, [{ transfer: mailing.transfer, kind: mayHaveArrived ? 'may-have-arrived' : 'deferred', at, detail: fault }]);
      if (OF_DOMAIN.has(fault)) await this.lookAgain(tx, mailing, at);
      if (WHOLE_DOMAIN.has(fault)) await tx.query('update waybill.mail_domain set failures = failures + 1, rests_until = greatest(rests_until, $3) where agency = $1 and domain = $2', [mailing.agency, mailing.domain, next]);
    });
  }

  private async held(mailing: Due, transfer: TransferRow, reason: HoldReason, fault?: MailFault): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await this.holdIn(tx, mailing, transfer, reason, at);
      if (fault) await this.lookAgain(tx, mailing, at);
    });
  }

  /** Whoever looks at domains finds out what is wrong with it, and tells the co-ordinator. */
  private lookAgain(tx: Tx, { agency, domain }: Due, at: Date): Promise<unknown> {
    return tx.query('update waybill.mail_domain set check_at = least(check_at, $3) where agency = $1 and domain = $2', [agency, domain, new Date(at.getTime() + LOOK_AGAIN_MS)]);
  }

  private async holdIn(tx: Tx, mailing: Due, transfer: TransferRow, reason: HoldReason, at: Date): Promise<undefined> {
    await hold(tx, this.rooms.register, transfer, reason, at);
    return this.end(tx, mailing, 'held');
  }

  private async failed(mailing: Due, transfer: TransferRow, fault: MailFault): Promise<void> {
    await this.rooms.database.transaction((tx) => fail(tx, this.rooms.register, mailing, transfer, fault, this.rooms.clock.now()));
  }

  private end(tx: Tx, mailing: Due, ended: Ended): Promise<undefined> {
    return end(tx, mailing, ended, this.rooms.clock.now());
  }
}

type Ended = 'sent' | 'held' | 'undeliverable' | 'overtaken';

/** Faults that the next message to the same domain would meet as well. */
const WHOLE_DOMAIN: ReadonlySet<MailFault> = new Set((Object.keys(MAIL_FAULTS) as MailFault[]).filter((fault) => MAIL_FAULTS[fault].outcome === 'temporary' && fault !== 'refused-for-now'));

async function end(tx: Tx, { transfer }: Due, ended: Ended, at: Date, last?: string): Promise<undefined> {
  await tx.query('update waybill.mailing set ended_at = $2, ended = $3, last = coalesce($4, last), leased_until = null where transfer = $1', [transfer, at, ended, last ?? null]);
  return undefined;
}

/** Given up, once, whoever else ends it at the same instant. */
async function fail(tx: Tx, register: Register, mailing: Due, transfer: TransferRow, fault: MailFault, at: Date): Promise<undefined> {
  const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'undeliverable', ended_at = $2, end_reason = $3 where id = $1 and state = any($4)`, [transfer.id, at, fault, from('undeliverable')]);
  await end(tx, mailing, moved === 0 ? 'overtaken' : 'undeliverable', at, fault);
  if (moved > 0) await toldUndeliverable(tx, register, transfer, { reason: fault, at, attempts: mailing.attempt });
  return undefined;
}

/** Whoever finds the domain mended in this moment waits, and then lets go on what is held here: else it would wait for the next look. */
async function lapsed(tx: Tx, { agency, domain }: Due): Promise<boolean> {
  const [row]: { lapsed: boolean }[] = await tx.query('select lapsed_at is not null as lapsed from waybill.mail_domain where agency = $1 and domain = $2 for share', [agency, domain]);
  return row?.lapsed ?? true;
}

/** What leaves us is sealed to keys that stand today; what lies in a mailbox may be collected with one that has run out meanwhile. */
async function keyFault(tx: Tx, directory: Directory, transfer: string, at: Date): Promise<HoldReason | undefined> {
  const rows: { keys: string[] }[] = await tx.query('select keys from waybill.wrapped_key where transfer = $1', [transfer]);
  const ids = [...new Set(rows.flatMap(({ keys }) => keys))];
  const known = await directory.keys(tx, ids, at);
  const standings = ids.map((id) => known(id)?.standing);
  if (standings.includes('revoked')) return 'key-revoked';
  return rows.some(({ keys }) => !keys.some((id) => known(id)?.standing === 'current')) ? 'key-expired' : undefined;
}

/** Sealed to nobody's key: a copy of a container has no head. */
async function inContainers(tx: Tx, transfer: string): Promise<boolean> {
  const [row]: { contained: boolean | null }[] = await tx.query('select bool_and(octet_length(octets) = 0) as contained from waybill.wrapped_key where transfer = $1', [transfer]);
  return row?.contained ?? false;
}

const heldBy = ({ tls }: HopEvidence): 'clear' | 'unproven' => (tls ? 'unproven' : 'clear');

/** How the hop was protected, as the register writes it. */
const hopOf = (evidence: MailEvidence | HopEvidence) =>
  'proofs' in evidence ? { tls: tlsOf(evidence) } : { weakHop: heldBy(evidence), ...(evidence.tls ? { tls: { ...tlsEntry(evidence.tls), authentication: 'none' } } : {}) };

export const tlsOf = ({ proofs, dane, policyId, requireTls, ...seen }: MailEvidence) => ({ ...tlsEntry(seen), authentication: proofs.join('.'), ...(policyId ? { policy: policyId } : {}), dane, requireTls });

/** What waits for a domain that is secure again goes on: a message of its own brings it back to the courier. */
export async function releaseHeld(tx: Tx, agency: string, domain: string): Promise<void> {
  await tx.query(
    `with released as (
       update waybill.transfer t set state = 'queued', hold_reason = null from waybill.mailing m
       where m.transfer = t.id and m.agency = $1 and m.domain = $2 and t.state = 'held' and t.hold_reason = 'domain-lapsed' returning t.id, t.lane, t.precedence),
     told as (insert into waybill.event (transfer, at, kind) select id, clock_timestamp(), 'released' from released)
     insert into waybill.outbox (id, kind, transfer, lane, precedence) select gen_random_uuid(), 'transfer.due', id, lane, precedence from released`,
    [agency, domain],
  );
  await tx.query(`select pg_notify('waybill_outbox', '')`);
}
