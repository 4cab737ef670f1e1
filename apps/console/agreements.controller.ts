import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { agreementOf, agreementsOf, reportOf } from '#partnership/lifecycle';
import { Database } from '#platform/database';
import { Pages } from './pages';
import { On } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { ConsoleAgreements, ConsoleClock } from './tokens';

/** How the agreements stand to their reviews, and what each comes to: for whoever watches over them. Counts alone, and nothing of anybody (RV-07, AU-04). */
@Controller()
export class AgreementsController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock) {}

  @On('agreements')
  async list(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    const items = await this.database.as(session.staff, (tx) => agreementsOf(tx, session.staff, this.agreements, this.clock.now()));
    this.pages.send(reply, 'agreements', 'Agreements', { items: items.map((item) => ({ ...item, href: `/agreements/${item.agreement}`, dueOn: item.review.dueOn ?? false, overdue: item.review.state === 'overdue' })) }, { session });
  }

  @On('agreementReport')
  async report(@SignedIn() session: Session, @Param('agreement') id: string, @Res() reply: FastifyReply): Promise<void> {
    const report = await this.database.as(session.staff, async (tx) => reportOf(tx, await agreementOf(tx, session.staff, this.agreements, id, this.clock.now()), {}));
    const measures = [...new Set(report.figures.map(({ measure }) => measure))].map((measure) => report.figures.filter((figure) => figure.measure === measure));
    this.pages.send(reply, 'agreement-report', `Report on ${report.agreement} ${report.version}`, { report, dueOn: report.review.dueOn ?? false, because: report.review.because ?? false, measures: measures.map((figures) => ({ says: figures[0]?.says, figures: figures.map(({ code, count }) => ({ code, count: count ?? 'fewer than 5, or not shown' })) })) }, { session });
  }
}
