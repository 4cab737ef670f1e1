import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { STAFF_ROLES } from '#directory/staff-roles';
import { DUTIES } from '#duties/kinds';
import { referenceOf } from '#inbox/item';
import { MOST_DUTIES, ownDuties } from '#inbox/own-duties';
import { Database } from '#platform/database';
import { mayTake, Pages } from './pages';
import { On, ROUTES } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { ConsoleClock } from './tokens';
import { timeLeft } from './words';

/** What is due of whoever is signed in, whatever its role. */
@Controller()
export class DutiesController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly clock: ConsoleClock) {}

  @On('duties')
  async list(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    const { staff } = session;
    const now = this.clock.now();
    const due = await this.database.as(staff, (tx) => ownDuties(tx, staff));
    const seesItems = mayTake(ROUTES.item.may, staff.roles);
    this.pages.send(reply, 'duties', 'Your duties', {
      duties: due.map((duty) => ({
        says: saysOf(duty.kind), reference: duty.transfer ? referenceOf('transfer', duty.transfer) : (duty.domain ?? ''), left: timeLeft(duty.dueAt, now, duty.dueAt.getTime() - duty.openedAt.getTime()), dueAt: duty.dueAt,
        href: duty.incoming && seesItems && duty.transfer ? `/items/transfer/${duty.transfer}` : false,
      })),
      more: due.length === MOST_DUTIES, roles: staff.roles.map((role) => STAFF_ROLES[role].says),
    }, { session });
  }
}

/** In the words of the table of duties; of a kind that another room has: its code. */
function saysOf(kind: string): string {
  const says = Object.hasOwn(DUTIES, kind) ? DUTIES[kind as keyof typeof DUTIES].says : kind;
  return `${says[0]?.toUpperCase()}${says.slice(1)}`;
}
