import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isWorking } from '#duties/calendar';
import { referenceOf } from '#inbox/item';
import { Database } from '#platform/database';
import { disputes } from '#requests/disputes';
import { Pages } from './pages';
import { On } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { LANE_STATUS } from './statuses';
import { ConsoleClock } from './tokens';
import { span, timeLeft } from './words';

/** Which points of contact disagree: for whoever co-ordinates the agreement. Who, since when and whom to ring, and nothing of anybody (RQ-12). */
@Controller()
export class DisputesController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly clock: ConsoleClock) {}

  @On('disputes')
  async list(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    const now = this.clock.now();
    const all = await this.database.as(session.staff, (tx) => disputes(tx, session.staff.agency, { at: now, atWork: isWorking(now) }));
    this.pages.send(reply, 'disputes', 'Disputes', {
      items: all.map(({ request, lane, since, dueAt, between }) => ({
        reference: referenceOf('request', request), lane: LANE_STATUS[lane], since, open: span(now.getTime() - since.getTime()), left: timeLeft(dueAt, now, dueAt.getTime() - since.getTime()),
        between: between.map(({ name, delegates }) => ({ name, delegates: delegates.map((each) => ({ ...each, telephone: each.telephone ?? false })) })),
      })),
    }, { session });
  }
}
