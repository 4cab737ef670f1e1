import { createHmac } from 'node:crypto';
import { asBearer, digestOf, newToken } from '#directory/bearer';
import type { Staff, StaffRoll } from '#directory/staff';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { CONSOLE_LIMITS } from './limits';

/** What is known of a session to whoever knows the digest of its token. */
export interface SessionHeld {
  /** Digest of its token. */
  digest: string;
  staff: Staff;
  /** Whether the identity provider said that a second factor was used, at this sign-in (AS-06). */
  secondFactor: boolean;
  signedInAt: Date;
  /** When it ends if nothing is done, or whatever is done. */
  endsAt: Date;
}

/** A session as the browser has it that began it. */
export interface Session extends SessionHeld {
  /** Stands in every form of this session. */
  formToken: string;
}

interface Row {
  agency: string;
  staff: string;
  second_factor: boolean;
  signed_in_at: Date;
  seen_at: Date;
  ends_at: Date;
}

/** Who is signed in, as rows. Of a token the digest alone is kept: who reads the table can be nobody. */
export class Sessions {
  constructor(private readonly rooms: { database: Database; roll: StaffRoll; clock: Clock }) {}

  /** @returns the token, for the cookie and for nobody else */
  async begin(staff: Staff, secondFactor: boolean): Promise<string> {
    const token = newToken();
    const now = this.rooms.clock.now();
    await asBearer(this.rooms.database, digestOf(token), async (tx) => {
      await tx.query('insert into waybill.session (token, agency, staff, second_factor, signed_in_at, seen_at, ends_at) values ($1, $2, $3, $4, $5, $5, $6)', [digestOf(token), staff.agency, staff.id, secondFactor, now, new Date(now.getTime() + CONSOLE_LIMITS.session.value)]);
      await tx.query('delete from waybill.session where ends_at < clock_timestamp()');
    });
    return token;
  }

  /**
   * The session of a token, while it lasts and its member of staff works there: asked at each request, so that somebody who has left is out
   * at once. @param keeps whether this request keeps it from its idle end
   */
  async find(token: string, { keeps }: { keeps: boolean }): Promise<Session | undefined> {
    const held = await this.held(digestOf(token), { keeps });
    return held && { ...held, formToken: formTokenOf(token) };
  }

  /** The same, for what was given in it and knows its digest alone. */
  held(digest: string, { keeps }: { keeps: boolean }): Promise<SessionHeld | undefined> {
    const now = this.rooms.clock.now();
    return asBearer(this.rooms.database, digest, async (tx) => {
      const [row]: Row[] = await tx.query('select agency, staff, second_factor, signed_in_at, seen_at, ends_at from waybill.session where token = $1', [digest]);
      if (!row || endOf(row) <= now) return undefined;
      await tx.query(`select set_config('waybill.agency', $1, true)`, [row.agency]);
      const staff = await this.rooms.roll.member(tx, row.staff, now);
      if (!staff) return undefined;
      const seen = keeps && now.getTime() - row.seen_at.getTime() > CONSOLE_LIMITS.seen.value ? now : row.seen_at;
      if (seen === now) await tx.query('update waybill.session set seen_at = $2 where token = $1', [digest, now]);
      return { digest, staff, secondFactor: row.second_factor, signedInAt: row.signed_in_at, endsAt: endOf({ ...row, seen_at: seen }) };
    });
  }

  end(token: string): Promise<void> {
    return asBearer(this.rooms.database, digestOf(token), async (tx) => void (await tx.query('delete from waybill.session where token = $1', [digestOf(token)])));
  }
}

const endOf = ({ seen_at, ends_at }: Pick<Row, 'seen_at' | 'ends_at'>): Date => new Date(Math.min(ends_at.getTime(), seen_at.getTime() + CONSOLE_LIMITS.idle.value));

/** Worked out of the session's token, so that it is kept nowhere and ends with it. */
export const formTokenOf = (token: string): string => createHmac('sha256', token).update('form').digest('base64url');
