import type { Staff } from '#directory/staff';
import { sightOf } from '#directory/staff-roles';
import type { Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { type Lane, LANES } from '#queue/lanes';
import { cursorOf, inOrder, type Item, type ItemKind, type Place } from './item';
import type { Counts, ItemSource, Owned, Wanted } from './source';

export interface InboxPage {
  items: Item[];
  /** Where the next page begins. */
  next?: string;
}

export interface Filter {
  owned: Owned;
  lane?: Lane;
  kind?: ItemKind;
  contact?: string;
}

/** How long a count stands: a whole team looks at the same one, again and again, and the items themselves are always read anew. */
export const COUNTED_EVERY_MS = 5_000;
/** Teams whose count is kept. */
const MOST_COUNTED = 500;

/** One list of everything that waits for an agency, the most pressing first, each seen by whoever may see it and by nobody else. */
export class Inbox {
  private readonly counted = new Map<string, { until: number; counts: Counts }>();

  constructor(private readonly sources: readonly ItemSource[]) {}

  /** @param after place of the last item of the page before */
  async page(tx: Tx, staff: Staff, filter: Filter, { after, limit }: { after?: Place; limit: number }): Promise<InboxPage> {
    const wanted = wantedBy(staff, filter);
    if (!wanted) return { items: [] };
    const asked = this.sources.filter(({ kind }) => filter.kind === undefined || kind === filter.kind);
    // One connection, one statement at a time. Of each source one page is enough: no more of it can stand on this one.
    const found: Item[] = [];
    for (const source of asked) found.push(...(await source.page(tx, wanted, after, limit + 1)));
    return pageOf(found.sort(inOrder), limit, (item) => item, cursorOf);
  }

  /** How much is open in each lane of what this member of staff may see, and how much of it nobody has. */
  async counts(tx: Tx, staff: Staff): Promise<Counts> {
    const wanted = wantedBy(staff, { owned: 'anybody' });
    // Whoever may see the same is told the same, and nobody else: the key is all that decides what is counted.
    const key = JSON.stringify([wanted?.agency, wanted?.contacts]);
    const known = this.counted.get(key);
    if (known && known.until > Date.now()) return known.counts;
    const counts = await this.count(tx, wanted);
    if (this.counted.size >= MOST_COUNTED) this.counted.clear();
    this.counted.set(key, { until: Date.now() + COUNTED_EVERY_MS, counts });
    return counts;
  }

  private async count(tx: Tx, wanted: Wanted | undefined): Promise<Counts> {
    const all: Counts[] = [];
    if (wanted) for (const source of this.sources) all.push(await source.counts(tx, wanted));
    const sum = (lane: Lane, what: 'open' | 'unowned'): number => all.reduce((total, counts) => total + counts[lane][what], 0);
    return Object.fromEntries(LANES.map((lane) => [lane, { open: sum(lane, 'open'), unowned: sum(lane, 'unowned') }])) as Counts;
  }

  /** @throws Refusal NOT_FOUND for what is another agency's or another team's, whether it exists or not */
  async find(tx: Tx, staff: Staff, kind: ItemKind, id: string): Promise<Item> {
    const wanted = wantedBy(staff, { owned: 'anybody' });
    const source = this.sources.find((each) => each.kind === kind);
    const item = wanted && source && (await source.find(tx, wanted, id));
    if (!item) throw new Refusal({ code: 'NOT_FOUND' });
    return item;
  }
}

/** What somebody may see of what was asked for (AS-19); undefined: nothing. */
function wantedBy(staff: Staff, { owned, lane, kind, contact }: Filter): Wanted | undefined {
  const sight = sightOf(staff.roles);
  if (sight === 'none') return undefined;
  const own = sight === 'agency' ? undefined : staff.contacts;
  const contacts = contact === undefined ? own : own === undefined || own.includes(contact) ? [contact] : [];
  return { agency: staff.agency, staff: staff.id, owned, ...(contacts ? { contacts } : {}), ...(lane ? { lane } : {}), ...(kind ? { kind } : {}) };
}
