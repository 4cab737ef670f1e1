import { Controller, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { works } from '#directory/staff-roles';
import { SENT_KEPT_DAYS, sentBy, sentShare, type SentShare, type SentTransfer } from '#inbox/sent';
import { Database } from '#platform/database';
import { purposeOf } from '#policy/agreement';
import { entryOf } from '#policy/vocabulary/entry';
import { REQUEST_TYPES } from '#policy/vocabulary/requests';
import { LANES } from '#queue/lanes';
import { CONSOLE_LIMITS } from './limits';
import { mayTake, Pages } from './pages';
import { On, ROUTES } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { LANE_STATUS, statusOf } from './statuses';
import { ConsoleAgreements, ConsoleClock } from './tokens';
import { plain, sentEventSays, WAYS } from './words';

/** What the agency itself has sent, and what became of it. Codes and times: what it said was sealed to others. */
@Controller()
export class SentController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock) {}

  @On('sent')
  async list(@SignedIn() session: Session, @Query('after') after: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { items, next } = await this.database.as(session.staff, (tx) => sentBy(tx, session.staff, { ...(typeof after === 'string' ? { after } : {}), limit: CONSOLE_LIMITS.sent.value, at: this.clock.now() }));
    this.pages.send(reply, 'sent', 'Sent', { items: items.map((item) => this.lineOf(item)), next: next ? `${ROUTES.sent.path}?${new URLSearchParams({ after: next })}` : false, first: after === undefined, days: SENT_KEPT_DAYS }, { session });
  }

  @On('sentShare')
  async share(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const told = await this.database.as(session.staff, (tx) => sentShare(tx, session.staff, id));
    const { receipt, stories, signer, manifestDigest } = told;
    const protection = new Map(receipt.transfers.map((transfer) => [transfer.transfer, transfer.protection]));
    this.pages.send(reply, 'sent-share', told.reference, {
      ...this.lineOf(told), agreementTitle: this.agreements.get(told.manifest?.agreement.id ?? '')?.terms['agreement.title'].value ?? told.manifest?.agreement.id ?? 'not stated', signer, manifestDigest, entry: receipt.register.entry, log: receipt.register.log,
      doNotTell: told.manifest?.handling.doNotTellSubject ?? true, mayReplace: works(session.staff.roles) && !told.manifest?.asks, mayReport: mayTake(ROUTES.breachReport.may, session.staff.roles),
      transfers: told.transfers.map((transfer) => ({
        ...shown(transfer), way: WAYS[transfer.route], protection: plain(protection.get(transfer.id) ?? 'openpgp'),
        story: (stories.get(transfer.id) ?? []).map((each) => ({ ...each, says: sentEventSays(each.what, each.signed?.agency), detail: each.detail ?? false, signed: each.signed ?? false })),
      })),
      struckOff: receipt.struckOff.map(({ recipient, parts, reasons }) => ({ to: `${recipient.agency}/${recipient.contact}`, parts, reasons: reasons.map(({ code, says, next }) => ({ code, says, next })) })),
    }, { session });
  }

  private lineOf({ id, reference, urgency, acceptedAt, manifest, transfers }: SentShare): object {
    const agreement = manifest && this.agreements.get(manifest.agreement.id);
    const lane = LANES.find((each) => each === urgency) ?? 'routine';
    return {
      id, reference, asks: manifest?.asks ? (entryOf(REQUEST_TYPES, manifest.asks.type)?.says ?? manifest.asks.type) : false, urgency: LANE_STATUS[lane], emergency: urgency === 'emergency', acceptedAt,
      from: manifest?.sender.contact ?? 'no team', role: plain(manifest?.sender.role ?? 'no role'), purposeSays: (agreement && purposeOf(agreement, manifest.purpose)?.says) ?? manifest?.purpose ?? 'not stated', recipients: transfers.map(shown),
    };
  }
}

const shown = ({ name, label, state, agency, contact }: SentTransfer) => ({ name, label, address: `${agency}/${contact}`, state: statusOf(state) });
