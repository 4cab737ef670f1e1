import { Controller, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { StaffRoll } from '#directory/staff';
import { sightOf, works } from '#directory/staff-roles';
import { Inbox, type Filter } from '#inbox/inbox';
import { isItemKind, readCursor, type Item } from '#inbox/item';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { isLane, LANES } from '#queue/lanes';
import { CONSOLE_LIMITS } from './limits';
import { Pages } from './pages';
import { On, ROUTES } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { LANE_STATUS, statusOf, TRIAGE_STATUS } from './statuses';
import { ConsoleClock } from './tokens';
import { timeLeft, typeSays } from './words';

type Asked = Record<string, string | undefined>;

/** The list: what waits, who has it, how long is left. */
@Controller()
export class InboxController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly inbox: Inbox, private readonly roll: StaffRoll, private readonly clock: ConsoleClock) {}

  @On('inbox')
  async list(@SignedIn() session: Session, @Query() asked: Asked, @Res() reply: FastifyReply): Promise<void> {
    this.pages.send(reply, 'inbox', 'Inbox', await this.shown(session, asked), { session });
  }

  @On('inboxList')
  async listAlone(@SignedIn() session: Session, @Query() asked: Asked, @Res() reply: FastifyReply): Promise<void> {
    this.pages.send(reply, 'inbox-list', 'Inbox', await this.shown(session, asked), { session });
  }

  private async shown({ staff }: Session, asked: Asked): Promise<object> {
    const filter = filterOf(asked);
    const now = this.clock.now();
    const after = asked['after'] ? readCursor(asked['after']) : undefined;
    return this.database.as(staff, async (tx) => {
      const page = await this.inbox.page(tx, staff, filter, { ...(after ? { after } : {}), limit: CONSOLE_LIMITS.page.value });
      const counts = await this.inbox.counts(tx, staff);
      const teams: { id: string; label: string }[] = await tx.query('select id, label from waybill.contact where agency = $1 and ($2::text[] is null or id = any($2)) order by label', [staff.agency, sightOf(staff.roles) === 'agency' ? null : staff.contacts]);
      const onDuty = await this.roll.onDuty(tx, teams.map(({ id }) => id), now);
      const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value && name !== 'after' ? [[name, value] as [string, string]] : [])));
      const next = page.next && `${ROUTES.inbox.path}?${new URLSearchParams([...query, ['after', page.next]])}`;
      return {
        items: page.items.map((item) => lineOf(item, now, staff.id)), next: next ?? false, first: !asked['after'],
        counts: LANES.map((lane) => ({ ...LANE_STATUS[lane], ...counts[lane], lane })).filter(({ open, lane }) => open > 0 || lane !== 'breach'),
        emergencies: counts.emergency.open, filter, lanes: LANES.map((lane) => ({ lane, ...LANE_STATUS[lane] })), teams, worksHere: works(staff.roles),
        onDuty: teams.map((team) => ({ ...team, who: onDuty.filter(({ contact }) => contact === team.id) })), refreshHref: `${ROUTES.inboxList.path}?${new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : [])))}`,
      };
    });
  }
}

/** @throws Refusal QUERY_INVALID */
function filterOf(asked: Asked): Filter {
  // A name that comes twice comes as a list.
  if (Object.values(asked).some((value) => typeof value !== 'string')) throw new Refusal({ code: 'QUERY_INVALID' });
  const { owner = 'anybody', lane, kind, team } = asked;
  if ((owner !== 'anybody' && owner !== 'mine' && owner !== 'nobody') || (lane && !isLane(lane)) || (kind && !isItemKind(kind))) throw new Refusal({ code: 'QUERY_INVALID' });
  return { owned: owner, ...(lane && isLane(lane) ? { lane } : {}), ...(kind && isItemKind(kind) ? { kind } : {}), ...(team ? { contact: team } : {}) };
}

const lineOf = (item: Item, now: Date, self: string): object => ({
  ...item, href: `/items/${item.kind}/${item.id}`, lane: LANE_STATUS[item.lane], emergency: item.urgency === 'emergency', state: statusOf(item.state), left: timeLeft(item.dueAt, now, item.dueAt.getTime() - item.arrivedAt.getTime()), typeSays: typeSays(item), level: item.triage ? TRIAGE_STATUS[item.triage.level] : false,
  owner: item.owner ? { ...item.owner, self: item.owner.staff === self } : false,
});
