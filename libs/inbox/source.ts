import type { Tx } from '#platform/database';
import type { Lane } from '#queue/lanes';
import type { Item, ItemKind, Place } from './item';

/** Whose items: 'mine', nobody's, or everybody's. */
export type Owned = 'mine' | 'nobody' | 'anybody';

/** What is asked of the list. `contacts`: only of these teams; absent: of all of the agency. */
export interface Wanted {
  agency: string;
  staff: string;
  contacts?: readonly string[];
  owned: Owned;
  lane?: Lane;
  kind?: ItemKind;
}

/** How much is open in each lane, and how much of what presses nobody has; of what is routine that is not counted. */
export type Counts = Record<Lane, { open: number; unowned: number }>;

/**
 * Where items come from. Each room that has some says how its own are found; the list puts them in one order.
 * What a source gives is in the order of the list and begins behind `after`.
 */
export interface ItemSource {
  kind: ItemKind;
  page(tx: Tx, wanted: Wanted, after: Place | undefined, limit: number): Promise<Item[]>;
  counts(tx: Tx, wanted: Pick<Wanted, 'agency' | 'contacts'>): Promise<Counts>;
  /** One open or closed item of the agency; undefined when there is none that it may see. */
  find(tx: Tx, wanted: Pick<Wanted, 'agency' | 'contacts'>, id: string): Promise<Item | undefined>;
}
