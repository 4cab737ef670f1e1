import type { Tx } from '#platform/database';
import type { Post } from '#policy/vocabulary/roles';

/** Posts that look after an agreement itself. */
const LOOKS_AFTER: readonly Post[] = ['coordinator', 'business-manager'];

/** Who has what concerns an agreement itself: those of its parties that hold such a post today; where none does, whoever it is about, until somebody is found. */
export async function coordinatingFor(tx: Tx, agreement: string, about: string, at: Date): Promise<string[]> {
  const rows: { agency: string }[] = await tx.query(
    `select distinct m.agency from waybill.membership m join waybill.contact c on c.agency = m.agency
     where m.agreement = $1 and m.status = 'active' and m.agency <> $4 and c.posts && $2 and c.from_day <= $3::date and (c.until_day is null or c.until_day > $3::date) order by 1`,
    [agreement, LOOKS_AFTER, at, about]);
  return rows.length > 0 ? rows.map(({ agency }) => agency) : [about];
}
