import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Post } from '#policy/vocabulary/roles';
import type { EntryFields } from '#register/entry-kinds';
import type { Register } from '#register/register';
import { aboutOf } from './duties';
import type { AboutKind, DutyKind } from './kinds';

export interface ReminderRooms {
  database: Database;
  register: Register;
  clock: Clock;
}

export interface DueDuty {
  id: string;
  kind: DutyKind;
  transfer: string | null;
  domain: string | null;
  request: string | null;
  matter: string | null;
  rights: string | null;
  breach: string | null;
  mailbox: string | null;
  membership: string | null;
  notification: string | null;
  list: string | null;
  agreement: string | null;
  owner: string;
  contact: string | null;
  opened_at: Date;
  steps: string[];
  tells: string[];
  step: number;
}

/** Whose register a reminder stands in, and what it says of what the duty is about. */
export interface Reminded {
  controller: string;
  fields?: Pick<EntryFields<'reminder-sent'>, 'share' | 'transfer' | 'breach'>;
}

/** What a room knows of those of its things that these duties are about, by the id of the duty; and what else it does when somebody is reminded of one. */
export type AboutRoom = (tx: Tx, duties: readonly DueDuty[], at: Date) => Promise<ReadonlyMap<string, Reminded>>;

/** Duties handled in one transaction: bounded, so that a backlog never becomes one long lock. */
const BATCH = 100;

/** Tells whoever is due to be told, in the order of each duty's steps. Where a step names a post, that post has the duty from then on. */
export class Reminding {
  constructor(private readonly rooms: ReminderRooms, private readonly abouts: Partial<Record<AboutKind, AboutRoom>>) {}

  /** Once per step, however many relays run and whenever one dies. Steps that were slept through are one: the last of them. */
  remind(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const due: DueDuty[] = await tx.query('select * from waybill.duty where next_at <= $1 and closed_at is null order by next_at limit $2 for update skip locked', [at, BATCH]);
      if (due.length === 0) return 0;
      const reminded = await this.about(tx, due, at);
      for (const duty of due) {
        const passed = duty.steps.filter((ms) => duty.opened_at.getTime() + Number(ms) <= at.getTime()).length;
        const next = duty.steps[passed];
        const told = await toldAt(tx, duty, passed, at);
        await tx.query('update waybill.duty set step = $2, next_at = $3, owner_role = coalesce($4, owner_role), contact = case when $4 is null then contact else $5 end where id = $1', [
          duty.id, passed, next === undefined ? null : new Date(duty.opened_at.getTime() + Number(next)), told.post ?? null, told.contact ?? null]);
        const { controller, fields } = reminded.get(duty.id) ?? {};
        if (!controller) continue;
        const to = told.contact ?? told.post ?? duty.contact ?? duty.owner;
        await this.rooms.register.record(tx, [{ kind: 'reminder-sent', controller, at, fields: { ...fields, duty: duty.id, to, number: passed, escalatedTo: told.post } }]);
      }
      return due.length;
    });
  }

  private async about(tx: Tx, due: readonly DueDuty[], at: Date): Promise<Map<string, Reminded>> {
    const all = new Map<string, Reminded>();
    const kinds = new Set(due.map((duty) => aboutOf(duty as never)[0]));
    for (const kind of kinds) {
      const room = this.abouts[kind] ?? ofAgencies;
      for (const [id, of] of await room(tx, due.filter((duty) => duty[kind] !== null), at)) all.set(id, of);
    }
    return all;
  }
}

/** Not of the agency: the co-ordinator of the partnership, whom nobody of it has to hold. */
const OF_THE_PARTNERSHIP = 'coordinator' satisfies Post;

/** Who is told at the last step that has passed: a post of the agency, with the contact that holds it. Where nobody does, whoever has the duty keeps it. */
async function toldAt(tx: Tx, duty: DueDuty, passed: number, at: Date): Promise<{ post?: string; contact?: string | undefined }> {
  const post = duty.tells[passed - 1] ?? 'owner';
  if (post === 'owner') return {};
  const [holder]: { id: string }[] = await tx.query(
    'select id from waybill.contact where agency = $1 and $2 = any(posts) and from_day <= $3::date and (until_day is null or until_day > $3::date) order by id limit 1', [duty.owner, post, at]);
  return holder || post === OF_THE_PARTNERSHIP ? { post, contact: holder?.id } : {};
}

/** What is about nothing that a room knows of stands in the register of whoever has it. */
const ofAgencies: AboutRoom = async (tx, duties) => {
  const rows: { id: string; controller: string }[] = await tx.query('select id, controller from waybill.agency where id = any($1)', [duties.map(({ owner }) => owner)]);
  const controllers = new Map(rows.map(({ id, controller }) => [id, controller]));
  return new Map(duties.flatMap(({ id, owner }) => (controllers.has(owner) ? [[id, { controller: controllers.get(owner) as string }]] : [])));
};
