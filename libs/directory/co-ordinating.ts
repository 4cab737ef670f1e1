import type { Tx } from '#platform/database';
import type { Post } from '#policy/vocabulary/roles';

/** Posts that look after an agreement itself. */
const LOOKS_AFTER: readonly Post[] = ['coordinator', 'business-manager'];

/** Those parties of an agreement that hold such a post today. */
export async function coordinating(tx: Tx, agreement: string, at: Date): Promise<string[]> {
  const rows: { agency: string }[] = await tx.query(
    `select distinct m.agency from waybill.membership m join waybill.contact c on c.agency = m.agency
     where m.agreement = $1 and m.status = 'active' and c.posts && $2 and c.from_day <= $3::date and (c.until_day is null or c.until_day > $3::date) order by 1`,
    [agreement, LOOKS_AFTER, at]);
  return rows.map(({ agency }) => agency);
}

/** Who has what concerns an agreement itself: whoever co-ordinates it; where nobody else does, whoever it is about, until somebody is found. */
export async function coordinatingFor(tx: Tx, agreement: string, about: string, at: Date): Promise<string[]> {
  const others = (await coordinating(tx, agreement, at)).filter((agency) => agency !== about);
  return others.length > 0 ? others : [about];
}
