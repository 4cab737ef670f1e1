import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { isKept, keepStated, namedIn, readStated, type Signature, signatureOf, type StatementSent, type StatingRooms } from '#exchange/signed-statement';
import { day } from '#platform/clock';
import type { Asker, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { type Agreement, servedAgreement } from '#policy/agreement';
import { circulatorEntries, hostEntries } from '#policy/notification-parts';
import { NOTIFICATION_LINE, NOTIFICATION_STATING, type NotificationPart, notifyingUnmet, type ShareNamed, stateAfter } from '#policy/notifications';
import { membershipOf, type Party } from '#policy/parties';
import { NotificationStated, type NotificationState } from '#protocol/notification';
import type { NotificationPage, NotificationTold, PlacementTold } from '#protocol/notification-answers';
import { readManifest } from '#protocol/read';
import type { EntryFields } from '#register/entry-kinds';
import { offTheList } from './lists';
import { dutiesFollow, moveNotification } from './notification-moves';
import { foundNotification, NOTIFICATION_COLUMNS, notificationItem, type NotificationRow, notificationTold, partsIn } from './notification-rows';

/** What a statement is made on. */
interface Standing {
  agreement: Agreement;
  circulator: Member | undefined;
  host: Member | undefined;
  party: Party | undefined;
  parts: readonly NotificationPart[];
}

interface Member {
  agency: string;
  controller: string;
}

/** Of a provider its number in a public register, and how the notification stands: what there is to read nobody here can open. */
export class Notifications {
  constructor(private readonly rooms: StatingRooms) {}

  /** Puts the first draft of one on record. The very same again changes nothing. @throws Refusal as `state` */
  draft(asker: Asker, sent: StatementSent): Promise<NotificationTold> {
    return this.stated(asker, sent, {}, ({ kind, id, notification }) => (kind === 'drafted' && notification === id ? [] : [{ code: 'NOTIFICATION_INVALID', pointer: '/notification', says: 'must be a draft whose id the notification takes' }]));
  }

  /**
   * States something of one: moves it, or says what was done about it. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, NOTIFICATION_INVALID, STATEMENT_DIFFERS, a gate code of the signature, and every code of `NOTIFYING`
   */
  state(asker: Asker, id: string, sent: StatementSent): Promise<NotificationTold> {
    return this.stated(asker, sent, { notification: id });
  }

  /** One page of those in which the asker has a part, the oldest first. Of which provider each is, no list says (IN-09). */
  list(asker: Asker, page: { after?: string; limit: number }): Promise<NotificationPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const rows: NotificationRow[] = await tx.query(`select ${NOTIFICATION_COLUMNS} from waybill.notification n where ($2::uuid is null or n.id > $2) order by n.id limit $3`, [asker.agency, page.after ?? null, page.limit + 1]);
      return pageOf(rows, page.limit, (row) => notificationItem(row, asker.agency), ({ id }) => id);
    });
  }

  /** @throws Refusal NOT_FOUND for whoever has no part in it */
  told(asker: Asker, id: string): Promise<NotificationTold> {
    return this.rooms.database.as(asker, async (tx) => notificationTold(tx, asker, await foundNotification(tx, asker, id)));
  }

  /** What the asker knows of one provider when it thinks of a placement; that it looked stands in its register (IN-09). */
  placement(asker: Asker, { register, number }: { register: string; number: string }): Promise<PlacementTold> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const rows: NotificationRow[] = await tx.query(
        `select ${NOTIFICATION_COLUMNS} from waybill.notification n where n.provider_register = $2 and n.provider_number = $3 and n.circulated_at is not null and n.state <> 'disposed' order by n.id`, [asker.agency, register, number]);
      await this.rooms.register.record(tx, [{ kind: 'provider-looked-up', controller: asker.controller, at, fields: { provider: { register, number }, count: rows.length } }]);
      return { provider: { register, number }, items: rows.map((row) => notificationItem(row, asker.agency)), bar: false, line: NOTIFICATION_LINE };
    });
  }

  private stated(asker: Asker, sent: StatementSent, about: Partial<NotificationStated>, faults: (stated: NotificationStated) => RefusalReason[] = () => []): Promise<NotificationTold> {
    const { database, directory, clock, gateway } = this.rooms;
    const at = clock.now();
    return afterCollision(() => database.as(asker, async (tx) => {
      const row = about.notification === undefined ? undefined : await foundNotification(tx, asker, about.notification);
      const stated = readStated(NotificationStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'NOTIFICATION_INVALID', about, faults });
      const { notification: id } = stated;
      const signed = await signatureOf(tx, directory, asker, sent, at);
      if (!(await isKept(tx, 'notification_statement', stated.id, sent))) {
        const { agreement, circulator, host, party, parts } = await this.standing(tx, asker, stated, row, at);
        requireMet(notifyingUnmet({
          agreement, stated, parts, party, circulator: circulator?.agency, share: await shareNamed(tx, asker, stated), offList: stated.share === undefined ? [] : await offTheList(tx, asker, agreement.id, stated.share, day(at)), read: row?.has_read ?? false, keptUntil: row?.keep_until ?? undefined, at: at.toISOString(),
          ...(row && { state: row.state }),
        }));
        const state = row ? stateAfter(stated.kind, row.state) : 'drafted';
        await moveNotification(tx, asker, { stated, agreement, state, circulator: circulator as Member, host, first: row?.circulated_at === null, endedAt: row?.ended_at ?? undefined, at });
        await keepStated(tx, 'notification_statement', id, asker, stated, signed, at);
        const now = await foundNotification(tx, asker, id);
        await dutiesFollow(tx, now, stated, { first: row?.circulated_at === null, at });
        await this.record(tx, asker, now, { stated, signed, state, at });
      }
      return notificationTold(tx, asker, await foundNotification(tx, asker, id));
    }), 'STATEMENT_DIFFERS');
  }

  private async standing(tx: Tx, asker: Asker, stated: NotificationStated, row: NotificationRow | undefined, at: Date): Promise<Standing> {
    const cited = row?.agreement ?? stated.agreement?.id ?? '';
    if (row && stated.agreement && stated.agreement.id !== cited) throw new Refusal({ code: 'NOTIFICATION_INVALID', pointer: '/agreement/id', says: 'must be the agreement of the first draft' });
    const agreement = row ? servedAgreement(this.rooms.agreements, cited) : this.rooms.agreements.get(cited);
    if (!agreement) throw new Refusal({ code: 'NOTIFICATION_INVALID', pointer: '/agreement', says: 'must be an agreement in force here' });
    const party = (await this.rooms.directory.parties(tx, [asker.agency], agreement, at)).party(asker.agency);
    const isMember = membershipOf(party, agreement, at.toISOString())?.status === 'active';
    return {
      agreement, party, circulator: await memberUnder(tx, agreement, circulatorEntries(agreement)), host: await memberUnder(tx, agreement, hostEntries(agreement)),
      parts: row ? partsIn(row, asker.agency) : isMember ? ['issuer'] : [],
    };
  }

  /** In the register of whoever stated it, and of those to whom it is shown and who are named in it. */
  private async record(tx: Tx, asker: Asker, row: NotificationRow, { stated, signed, state, at }: { stated: NotificationStated; signed: Signature; state: NotificationState; at: Date }): Promise<void> {
    const { kind, by, role, provider, purpose, necessity, notFor, officer, impact, provided, share, reviewOn, reason, action, schedule, months, method, on, folder, digest } = stated;
    const fields: EntryFields<'notification-stated'> = {
      notification: row.id, ...namedIn(signed), by: asker.agency, contact: by.contact, role, stated: kind, state, agreement: row.agreement, provider, purpose, necessity, notFor, officer, impact, provided, share, reviewOn, reason, action,
      schedule, months, keepUntil: row.keep_until ?? undefined, method, on, folder, digest,
    };
    const shownTo = kind === 'drafted' ? [] : (NOTIFICATION_STATING[kind].shownTo ?? []);
    const others = [...(shownTo.includes('issuer') ? [row.issuer_controller] : []), ...(shownTo.includes('circulator') ? [row.circulator_controller] : []), ...(shownTo.includes('host') && row.circulated_at && row.host_controller ? [row.host_controller] : [])];
    await this.rooms.register.record(tx, [...new Set([asker.controller, ...others])].map((controller) => ({ kind: 'notification-stated' as const, controller, at, fields })));
  }
}

/** The active member of the agreement under one of these entries. */
async function memberUnder(tx: Tx, { id }: Agreement, entries: readonly string[]): Promise<Member | undefined> {
  const [member]: Member[] = await tx.query(
    `select a.id as agency, a.controller from waybill.membership m join waybill.agency a on a.id = m.agency where m.agreement = $1 and m.entry = any($2) and m.status = 'active' order by m.from_day, a.id limit 1`, [id, entries]);
  return member;
}

/** What the asker's own share says of itself, where the statement names one. */
async function shareNamed(tx: Tx, { agency }: Asker, { share, notification }: NotificationStated): Promise<ShareNamed | undefined> {
  if (share === undefined) return undefined;
  const [row]: { manifest: Buffer; recipients: string[] }[] = await tx.query(
    'select s.manifest, array(select distinct t.recipient from waybill.transfer t where t.sender = s.sender and t.share = s.id) as recipients from waybill.share s where s.sender = $1 and s.id = $2', [agency, share]);
  const reading = row && readManifest(row.manifest);
  return reading?.ok ? { cites: reading.value.threads?.notification === notification, recipients: row?.recipients ?? [] } : undefined;
}
