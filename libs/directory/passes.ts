import type { Asker, Database, Tx } from '#platform/database';
import { MINUTE } from '#platform/clock';
import type { Errand } from '#protocol/passes';
import { asBearer, bearing, digestOf, newToken } from './bearer';
import type { Staff } from './staff';

/** A page opens within it; an address that somebody finds later is worth nothing. */
export const TAKEN_WITHIN_MS = 2 * MINUTE;
/** Time to read, think and answer. The session that it hangs on mostly ends before. */
export const PASS_LASTS_MS = 60 * MINUTE;

export interface Pass {
  agency: string;
  staff: string;
  errand: Errand;
  /** The one item that it is about; where something is sent: the share. */
  about: string;
  /** Digest of the token of the session in which it was given. */
  session: string;
}

interface Row {
  agency: string;
  staff: string;
  errand: Errand;
  about: string;
  session: string;
  page: string | null;
  given_at: Date;
  ends_at: Date;
}

/** What browsers of staff ask the gateway with: each for one thing, one page and a while. Of a token the digest alone is kept. */
export class Passes {
  /** In the transaction of the staff's own agency; the database looks itself whether the session is theirs and a reason was given. @returns the token, for one page and for nobody else */
  async give(tx: Tx, { staff, session, errand, about, at }: { staff: Staff; session: string; errand: Errand; about: string; at: Date }): Promise<string> {
    const token = newToken();
    await bearing(tx, session);
    await tx.query('insert into waybill.pass (token, session, agency, staff, errand, about, given_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      digestOf(token), session, staff.agency, staff.id, errand, about, at, new Date(at.getTime() + PASS_LASTS_MS)]);
    await tx.query('delete from waybill.pass where ends_at < clock_timestamp()');
    return token;
  }

  /** A pass that is worth something to this page, or to one that comes first. */
  find(database: Database, token: string, page: string, at: Date): Promise<Pass | undefined> {
    return asBearer(database, digestOf(token), async (tx) => passOf(await rowOf(tx, token), page, at));
  }

  /** The same, and from here on it is this page's alone. @returns as whom it asks */
  take(database: Database, token: string, page: string, at: Date): Promise<{ asker: Asker; pass: Pass } | undefined> {
    return asBearer(database, digestOf(token), async (tx) => {
      const row = await rowOf(tx, token);
      const pass = passOf(row, page, at);
      if (!row || !pass) return undefined;
      if (row.page === null) {
        const [, taken]: [unknown, number] = await tx.query('update waybill.pass set page = $2 where token = $1 and page is null', [digestOf(token), digestOf(page)]);
        // Two pages at once: one was quicker.
        if (taken === 0 && !passOf(await rowOf(tx, token), page, at)) return undefined;
      }
      const [agency]: { controller: string }[] = await tx.query('select controller from waybill.agency where id = $1 and (until_at is null or until_at > $2)', [pass.agency, at]);
      return agency && { asker: { agency: pass.agency, controller: agency.controller }, pass };
    });
  }
}

async function rowOf(tx: Tx, token: string): Promise<Row | undefined> {
  const [row]: Row[] = await tx.query('select agency, staff, errand, about, session, page, given_at, ends_at from waybill.pass where token = $1', [digestOf(token)]);
  return row;
}

function passOf(row: Row | undefined, page: string, at: Date): Pass | undefined {
  if (!row || row.ends_at <= at) return undefined;
  if (row.page === null ? at.getTime() - row.given_at.getTime() > TAKEN_WITHIN_MS : row.page !== digestOf(page)) return undefined;
  const { agency, staff, errand, about, session } = row;
  return { agency, staff, errand, session, about };
}
