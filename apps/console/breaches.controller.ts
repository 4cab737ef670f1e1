import { Controller, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Breaches } from '#breach/breaches';
import { breachFigures, comingUp } from '#breach/figures';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GRAMMAR } from '#protocol/grammar';
import { csvLine } from '#register/reports/csv';
import { breachReference, caseShown, chartsOf, comingShown, wholeCaseShown } from './breaches-shown';
import { CONSOLE_LIMITS } from './limits';
import { Pages } from './pages';
import { On } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { ConsoleClock, ConsoleReader } from './tokens';

/** Data breaches in which the organisation has a part, for its data protection officer: what is due by when, who was told, and figures. */
@Controller()
export class BreachesController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly breaches: Breaches, private readonly clock: ConsoleClock, private readonly reader: ConsoleReader) {}

  @On('breaches')
  async list(@SignedIn() session: Session, @Query() { after, all }: { after?: string; all?: string }, @Res() reply: FastifyReply): Promise<void> {
    if (after !== undefined && !GRAMMAR.uuid.test(after)) throw new Refusal({ code: 'QUERY_INVALID' });
    const now = this.clock.now();
    const { staff } = session;
    const open = all === undefined;
    const { items, next } = await this.breaches.list(staff, { open, limit: CONSOLE_LIMITS.page.value, ...(after !== undefined && { after }) });
    const coming = await this.database.as(staff, (tx) => comingUp(tx, staff.agency));
    this.pages.send(reply, 'breaches', 'Data breaches', {
      open, coming: coming.map((each) => comingShown(each, now)), next: next ? `/breaches?${new URLSearchParams({ after: next, ...(open ? {} : { all: '1' }) })}` : false,
      items: items.map((item) => ({ ...caseShown(item, now), href: `/breaches/${item.breach}` })),
    }, { session });
  }

  /** @throws Refusal NOT_FOUND for whoever has no part in it */
  @On('breach')
  async show(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    if (!GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
    const told = await this.breaches.told(session.staff, id);
    this.pages.send(reply, 'breach', `Data breach ${breachReference(id)}`, { ...wholeCaseShown(told, session.staff.agency, this.clock.now()), readable: this.reader.value !== undefined }, { session });
  }

  @On('breachFigures')
  async figures(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    this.pages.send(reply, 'breach-figures', 'Breaches in figures', { charts: await this.charts(session), at: this.clock.now() }, { session });
  }

  @On('breachTable')
  async table(@SignedIn() session: Session, @Param('figure') figure: string, @Res() reply: FastifyReply): Promise<void> {
    const found = (await this.charts(session)).find(({ code }) => code === figure);
    if (!found) throw new Refusal({ code: 'NOT_FOUND' });
    void reply.header('content-disposition', `attachment; filename="breaches-${found.code}.csv"`).type('text/csv; charset=utf-8').send([found.columns, ...found.rows.map(({ says, figures }) => [says, ...figures])].map(csvLine).join(''));
  }

  private async charts({ staff }: Session) {
    return chartsOf(await this.database.as(staff, (tx) => breachFigures(tx, staff.agency, this.clock.now())));
  }
}
