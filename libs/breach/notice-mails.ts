import { countSessions } from '#directory/tls-reports';
import type { BoundCertificate } from '#directory/facts';
import { DUTIES, type DutyKind } from '#duties/kinds';
import { NotSealed, wrapped } from '#envelope/sealing';
import { NotSealedSmime, sealSmime } from '#envelope/smime-sealing';
import { renewing, UnderWay } from '#exchange/attempts';
import { MAIL_LEASE_MS, type MailRooms, RENEW_MS, tlsOf } from '#exchange/mailings';
import { PRECEDENCE } from '#exchange/rows';
import { readAddress, writtenAddress } from '#mail/address';
import type { MailEvidence } from '#mail/delivery';
import { insideWords, type Outside, sealedMail, smimeMail } from '#mail/message';
import { nextAttempt } from '#mail/retries';
import type { TlsSession } from '#mail/tls/sessions';
import type { Tx } from '#platform/database';
import type { Lane } from '#queue/lanes';

/** Attempts of one courier under way at once: each is a few kilobytes, and a host may take minutes. */
const AT_ONCE = 32;

interface Due {
  duty: string;
  step: number;
  kind: DutyKind;
  breach: string;
  agency: string;
  contact: string;
  lane: Lane;
  told_at: Date;
  first_at: Date;
}

interface Ready {
  outside: Outside;
  words: readonly string[];
  to: readonly BoundCertificate[];
  hosts: string[];
  controller: string;
}

type Ended = 'sent' | 'no-key' | 'undeliverable' | 'overtaken';

/**
 * Mails that tell of a breach, to contacts that collect nothing here: ids, codes and what is asked of them, sealed to their key like every mail. What follows from
 * duties alone, as rows, so that neither a broker nor whoever reports has a part in it; and each contact in turn is mailed, as its duty comes to it.
 */
export class NoticeMails {
  private readonly attempts = new UnderWay();

  constructor(private readonly rooms: Pick<MailRooms, 'database' | 'directory' | 'register' | 'clock' | 'mailer' | 'sender'>) {}

  /** Takes up what is due and there is room for, what presses most first. */
  async takeUp(): Promise<Promise<void>[]> {
    const at = this.rooms.clock.now();
    const room = AT_ONCE - this.attempts.total;
    if (room <= 0) return [];
    const due = await this.rooms.database.transaction(async (tx) => {
      await tx.query(
        `insert into waybill.notice_mail (duty, step, kind, breach, agency, contact, lane, told_at, due_at)
         select d.id, d.step, d.kind, d.breach, d.owner, d.contact, d.lane, d.opened_at, $1 from waybill.duty d join waybill.contact c on c.agency = d.owner and c.id = d.contact
         where d.breach is not null and d.closed_at is null and not c.collects and c.email is not null on conflict do nothing`, [at]);
      const [rows]: [Due[], number] = await tx.query(
        `update waybill.notice_mail n set leased_until = $2, attempt = n.attempt + 1, first_at = coalesce(n.first_at, $1)
         from (select duty, step from waybill.notice_mail where ended_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1) order by array_position($4, lane), due_at limit $3 for update skip locked) due
         where n.duty = due.duty and n.step = due.step returning n.*`,
        [at, new Date(at.getTime() + MAIL_LEASE_MS), room, IN_ORDER]);
      return rows;
    });
    return due.map((mail) => this.attempts.during(mail.agency, () => renewing(RENEW_MS, () => this.renew(mail), () => this.attempt(mail))));
  }

  private async attempt(mail: Due): Promise<void> {
    const { database, clock, mailer, sender } = this.rooms;
    const ready = await database.transaction((tx) => this.ready(tx, mail));
    if (!ready) return;
    const octets = await made(ready, mail.breach, clock.now()).catch((error: unknown) => {
      // Its key ran out since it was looked at.
      if (error instanceof NotSealed || error instanceof NotSealedSmime) return undefined;
      throw error;
    });
    if (!octets) return this.ended(mail, 'no-key');
    const sessions: TlsSession[] = [];
    const delivery = await mailer.deliver({ from: writtenAddress(sender.from), to: writtenAddress(ready.outside.to), octets, recorded: ready.hosts, counts: (more) => sessions.push(...more) });
    if (delivery.outcome === 'sent') await this.sent(mail, ready.controller, delivery.evidence);
    else await this.again(mail, delivery.fault, delivery.outcome === 'permanent');
    await database.transaction((tx) => countSessions(tx, ready.outside.to.domain, sessions, clock.now()));
  }

  /** All that is needed to send it, looked up now; or undefined, when nobody need be told any more, or it cannot go. */
  private async ready(tx: Tx, mail: Due): Promise<Ready | undefined> {
    const { clock, directory, sender } = this.rooms;
    const [row]: { closed_at: Date | null; agreement: string; exercise: boolean; harm: string; email: string | null; controller: string }[] = await tx.query(
      `select d.closed_at, b.agreement, b.exercise, b.harm, c.email, a.controller from waybill.duty d join waybill.breach b on b.id = d.breach join waybill.agency a on a.id = d.owner
       left join waybill.contact c on c.agency = d.owner and c.id = $2 where d.id = $1`, [mail.duty, mail.contact]);
    if (!row || row.closed_at) return this.endIn(tx, mail, 'overtaken');
    const read = readAddress(row.email ?? '');
    if (!read.ok) return this.endIn(tx, mail, 'undeliverable', 'bad-address');
    const [domain]: { hosts: string[]; lapsed_at: Date | null }[] = await tx.query('select hosts, lapsed_at from waybill.mail_domain where agency = $1 and domain = $2', [mail.agency, read.address.domain]);
    if (!domain || domain.lapsed_at) return this.againIn(tx, mail, 'domain-lapsed', false);
    const to = await directory.toSealTo(tx, { agency: mail.agency, contact: mail.contact }, clock.now());
    if (to.length === 0) return this.endIn(tx, mail, 'no-key');
    const outside: Outside = {
      from: sender.from, to: read.address, transfer: mail.breach, message: `${mail.duty}-${mail.step}`, classification: CLASSIFICATION, agreement: row.agreement, urgency: row.exercise ? 'exercise' : mail.lane, at: mail.told_at, gateway: sender.gateway,
    };
    return { outside, to, hosts: domain.hosts, controller: row.controller, words: wordsOf(mail, row) };
  }

  /** The host has it. That somebody read it is said by a statement alone. */
  private async sent(mail: Due, controller: string, evidence: MailEvidence): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      await this.endIn(tx, mail, 'sent');
      await this.rooms.register.record(tx, [{ kind: 'breach-mailed', controller, at: this.rooms.clock.now(), fields: { breach: mail.breach, duty: mail.duty, agency: mail.agency, contact: mail.contact, tls: tlsOf(evidence) } }]);
    });
  }

  private again(mail: Due, fault: string, forGood: boolean): Promise<undefined> {
    return this.rooms.database.transaction((tx) => this.againIn(tx, mail, fault, forGood));
  }

  /** Later, as its lane has it; and when that is over nobody waits for it: the duty has gone to the next contact, with the number to ring. */
  private async againIn(tx: Tx, mail: Due, fault: string, forGood: boolean): Promise<undefined> {
    const next = forGood ? undefined : nextAttempt(mail.lane, { first: mail.first_at, now: this.rooms.clock.now() });
    if (!next) return this.endIn(tx, mail, 'undeliverable', fault);
    await tx.query('update waybill.notice_mail set due_at = $3, leased_until = null, last = $4 where duty = $1 and step = $2', [mail.duty, mail.step, next, fault]);
    return undefined;
  }

  private ended(mail: Due, ended: Ended): Promise<undefined> {
    return this.rooms.database.transaction((tx) => this.endIn(tx, mail, ended));
  }

  private async endIn(tx: Tx, { duty, step }: Due, ended: Ended, last?: string): Promise<undefined> {
    await tx.query('update waybill.notice_mail set ended_at = $3, ended = $4, last = coalesce($5, last), leased_until = null where duty = $1 and step = $2', [duty, step, this.rooms.clock.now(), ended, last ?? null]);
    return undefined;
  }

  private async renew({ duty, step }: Due): Promise<void> {
    const until = new Date(this.rooms.clock.now().getTime() + MAIL_LEASE_MS);
    await this.rooms.database.transaction((tx) => tx.query('update waybill.notice_mail set leased_until = $3 where duty = $1 and step = $2 and ended_at is null', [duty, step, until]));
  }
}

/** What the whole of a case is handled as. */
const CLASSIFICATION = 'OFFICIAL-SENSITIVE';

/** Lanes, what presses most first. A case that somebody could come to harm by comes before one that is told of. */
const IN_ORDER = ['emergency', 'breach', ...Object.keys(PRECEDENCE).filter((lane) => lane !== 'emergency' && lane !== 'breach')];

/** Codes, ids and what the duty asks: nothing of what happened is known here. */
const wordsOf = ({ kind, breach }: Due, { agreement, exercise, harm }: { agreement: string; exercise: boolean; harm: string }): string[] => [
  ...(exercise ? ['EXERCISE: nothing happened. State that you read it, as you would if it had.', ''] : []),
  `Data breach ${breach}, under the agreement ${agreement}.`,
  '',
  `${DUTIES[kind].says}.`,
  '',
  ...(harm !== 'no' && !exercise ? ['If someone is in immediate danger ring 999. Do not wait for anybody to read this.', ''] : []),
  'Who is in the case, whom to ring and what is to be done by when:',
  `  waybill breach show ${breach}`,
  'or, on the pages for staff, Breaches. To read this mail is not to say so: state it there.',
];

/** Sealed in the form of the contact's own key. @throws NotSealed, NotSealedSmime */
async function made({ outside, words, to }: Ready, breach: string, at: Date): Promise<Buffer> {
  const octets = insideWords(outside, words);
  const openpgp = to.flatMap((each) => (each.form === 'openpgp' ? [each.certificate] : []));
  if (openpgp.length > 0) return sealedMail(outside, await wrapped({ octets, to: openpgp, at }));
  return smimeMail(outside, sealSmime({ octets, to: to.flatMap((each) => (each.form === 'smime' ? [each.certificate] : [])), manifest: breach, part: 'mail', at }));
}
