import type { Allowed } from './entry-fields';
import { BREACHES } from './kinds/breaches';
import { INBOX } from './kinds/inbox';
import type { DisposalClass } from './kinds/kind';
import { NOTIFICATIONS } from './kinds/notifications';
import { REQUESTS } from './kinds/requests';
import { RIGHTS } from './kinds/rights';
import { SHARING } from './kinds/sharing';
import { UPKEEP } from './kinds/upkeep';

/** Everything that a register can say, room by room; no kind stands in two. What is not in this table can't be recorded. */
export const ENTRY_KINDS = { ...SHARING, ...INBOX, ...REQUESTS, ...RIGHTS, ...BREACHES, ...NOTIFICATIONS, ...UPKEEP } as const;

export type { DisposalClass };
export type EntryKind = keyof typeof ENTRY_KINDS;
export type EntryFields<K extends EntryKind> = Allowed<(typeof ENTRY_KINDS)[K]['fields']>;

export const isEntryKind = (kind: string): kind is EntryKind => Object.hasOwn(ENTRY_KINDS, kind);
export const disposalClassOf = (kind: EntryKind): DisposalClass => ENTRY_KINDS[kind].disposal;
