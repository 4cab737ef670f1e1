import type { Passes } from '#directory/passes';
import type { Staff } from '#directory/staff';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { PAGE_SECRET } from '#protocol/passes';
import type { Sessions } from './sessions';

/** Whoever a page of the reader asks for. */
export interface Passing {
  staff: Staff;
  /** The page's own secret. */
  page: string;
  /** The item that the pass is about. */
  about: string;
}

/** Looks whose pass a page of the reader brings, and whether whoever was given it is still there: signed in, and working for the agency. */
export class Passers {
  constructor(private readonly rooms: { database: Database; passes: Passes; sessions: Sessions; clock: Clock; reader: string | undefined }) {}

  /** @throws Refusal PASS_INVALID */
  async find({ token, page, origin }: { token: string; page: unknown; origin: string | undefined }): Promise<Passing> {
    const { database, passes, sessions, clock, reader } = this.rooms;
    if (reader === undefined || origin !== reader || typeof page !== 'string' || !PAGE_SECRET.test(page)) throw new Refusal({ code: 'PASS_INVALID' });
    const pass = await passes.find(database, token, page, clock.now());
    // Who reads in the reader is at the desk: it keeps the session as a click does.
    const session = pass && (await sessions.held(pass.session, { keeps: true }));
    if (!session) throw new Refusal({ code: 'PASS_INVALID' });
    return { staff: session.staff, page, about: pass.about };
  }
}
