import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { STAFF_ROLES } from '#directory/staff-roles';
import { DUTIES } from '#duties/kinds';
import { referenceOf } from '#inbox/item';
import { MOST_DUTIES, type OwnDuty, ownDuties } from '#inbox/own-duties';
import { Database } from '#platform/database';
import { CONCERNS } from '#requests/refusals';
import { breachReference } from './breaches-shown';
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
    const [seesItems, seesRefusals, seesDisputes, seesBreaches] = (['item', 'refusal', 'disputes', 'breach'] as const).map((route) => mayTake(ROUTES[route].may, staff.roles));
    this.pages.send(reply, 'duties', 'Your duties', {
      duties: due.map((duty) => ({
        says: saysOf(duty.kind), reference: referenceOfDuty(duty), left: timeLeft(duty.dueAt, now, duty.dueAt.getTime() - duty.openedAt.getTime()), dueAt: duty.dueAt,
        href: duty.item && seesItems ? `/items/${duty.item.kind}/${duty.item.id}` : duty.request && seesRefusals && isConcern(duty.kind) ? `/refusals/${duty.request}` : duty.kind === 'watch-dispute' && seesDisputes ? ROUTES.disputes.path : duty.breach && seesBreaches ? `/breaches/${duty.breach}` : false,
      })),
      more: due.length === MOST_DUTIES, roles: staff.roles.map((role) => STAFF_ROLES[role].says),
    }, { session });
  }
}

function referenceOfDuty({ item, transfer, request, domain, breach, mailbox, agreement, what }: OwnDuty): string {
  if (breach) return breachReference(breach);
  if (item) return referenceOf(item.kind, item.id);
  return transfer ? referenceOf('transfer', transfer) : request ? referenceOf('request', request) : (domain ?? (mailbox ? `the mailbox ${mailbox}` : agreement ? `the agreement ${agreement}${what ? `: ${what}` : ''}` : ''));
}

/** In the words of the table of duties; of a kind that another room has: its code. */
function saysOf(kind: string): string {
  const says = Object.hasOwn(DUTIES, kind) ? DUTIES[kind as keyof typeof DUTIES].says : kind;
  return `${says[0]?.toUpperCase()}${says.slice(1)}`;
}

const isConcern = (kind: string): boolean => (CONCERNS as readonly string[]).includes(kind);
