import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#platform/database';
import { AGEING_COLUMNS, ageingTable } from '#protocol/ageing';
import { ageing } from '#requests/ageing';
import { Pages } from './pages';
import { On, ROUTES } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { LANE_STATUS } from './statuses';
import { ConsoleClock } from './tokens';
import { span } from './words';

/** How long what the organisation asked has been open: counts, for each whom it asked. */
@Controller()
export class AgeingController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly clock: ConsoleClock) {}

  @On('ageing')
  async show(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    const now = this.clock.now();
    const { items } = await this.database.as(session.staff, (tx) => ageing(tx, session.staff.agency, now));
    this.pages.send(reply, 'ageing', 'What we asked', { columns: AGEING_COLUMNS, at: now, items: items.map((line) => ({ ...line, lane: LANE_STATUS[line.lane], oldest: span(line.oldestHours * 3_600_000) })), table: ROUTES.ageingTable.path }, { session });
  }

  @On('ageingTable')
  async table(@SignedIn() { staff }: Session, @Res() reply: FastifyReply): Promise<void> {
    const report = await this.database.as(staff, (tx) => ageing(tx, staff.agency, this.clock.now()));
    void reply.header('content-disposition', 'attachment; filename="ageing.csv"').type('text/csv; charset=utf-8').send(ageingTable(report));
  }
}
