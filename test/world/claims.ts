import { type Staff, StaffRoll } from '#directory/staff';
import { Inbox } from '#inbox/inbox';
import type { Item } from '#inbox/item';
import { Owners } from '#inbox/owners';
import { TRANSFERS } from '#inbox/transfers';
import type { Database } from '#platform/database';
import type { World } from './partnership';

/** The rooms behind the list, for what no browser is quick enough for. */
export async function claims(world: World, transfer: string): Promise<{ owners: Owners; item: Item; roll: (id: string) => Promise<Staff>; database: Database }> {
  const database = world.system.database('console');
  const roll = async (id: string): Promise<Staff> => {
    const found = await database.as({ agency: 'merebrook-council', controller: 'merebrook-council' }, (tx) => new StaffRoll().member(tx, id, world.clock.now()));
    if (!found) throw new Error(`no ${id}`);
    return found;
  };
  const staff = await roll('mc-014');
  const item = await database.as(staff, (tx) => new Inbox([TRANSFERS]).find(tx, staff, 'transfer', transfer));
  return { owners: new Owners(), item, roll, database };
}
