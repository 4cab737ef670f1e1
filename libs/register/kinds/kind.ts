import type { Fields } from '../entry-fields';

/** How long an entry is kept depends on what it is about; entries of one class and month are removed together. */
export const DISPOSAL_CLASSES = {
  disclosure: 'what was shared, with whom and why; what was refused and what was not shared: as long as the agreement keeps its records',
  movement: 'how a share travelled: as long as a dispute about it may arise',
  party: 'keys and parties: as long as a signature by one of the keys may have to be verified',
  housekeeping: 'counts and exports',
  disposal: 'what was removed: never removed itself',
} as const;
export type DisposalClass = keyof typeof DISPOSAL_CLASSES;

/** What every entry has; no kind may have a field of that name. */
export const HEAD_FIELDS = ['v', 'id', 'controller', 'kind', 'at', 'salt'] as const;
export type HeadField = (typeof HEAD_FIELDS)[number];
type NotOfTheHead = { readonly [K in HeadField]?: never };

/** What can be said, by the name under which it is. */
export type Kinds = Readonly<Record<string, { says: string; disposal: DisposalClass; fields: Fields & NotOfTheHead }>>;
