import { HOUR, MINUTE, DAY } from '#platform/clock';
import { Refusal } from '#platform/refusal';
import { GRAMMAR, isOnCalendar } from '#protocol/grammar';
import type { TriageLevel } from '#protocol/request-statement';
import { type Lane, LANES } from '#queue/lanes';

/** What stands on the one list: a share that came in, or an information request. */
export type ItemKind = 'transfer' | 'request';
export const ITEM_KINDS: readonly ItemKind[] = ['transfer', 'request'];
export const isItemKind = (kind: string): kind is ItemKind => (ITEM_KINDS as readonly string[]).includes(kind);

/** One item as the list shows it: codes, ids and instants, and the name of a colleague. */
export interface Item {
  kind: ItemKind;
  id: string;
  /** What people say to each other when they mean it: made of the id, and of nothing that is known of a person. */
  reference: string;
  lane: Lane;
  urgency: string;
  /** 0: a request of a front door, which goes before all else of its lane (RQ-02). */
  rank: 0 | 1;
  purpose?: string;
  agreement: string;
  /** Whether the person must not be told of it. Where nobody can read what the sender said: yes. */
  doNotTell?: boolean;
  from: { agency: string; name: string; contact?: string };
  /** The team for which it came. */
  contact: string;
  arrivedAt: Date;
  dueAt: Date;
  state: string;
  /** Version of who has it: 0 while nobody ever had. */
  version: number;
  owner?: { staff: string; name: string; since: Date };
  /** State of the transfer in which it came: on it depends whether it can still be opened. */
  copy: string;
  triage?: Triage;
  /** Of an information request. */
  asked?: Asked;
}

/** How pressing somebody found it. */
export interface Triage {
  level: TriageLevel;
  byTable: TriageLevel;
  signals: readonly string[];
  reason?: string;
  by: string;
  at: Date;
}

/** What is asked, and what has been answered of it. */
export interface Asked {
  type: string;
  categories: readonly { category: string; answer?: string }[];
  /** From then on it counts as unanswered. */
  answerBy?: Date;
}

/** Place of an item in the order of the list. */
export interface Place {
  lane: Lane;
  rank: 0 | 1;
  dueAt: Date;
  id: string;
}

/** Within how long somebody is to look at what came in; the first reminder goes then (design, section 3). Routine: as inter-agency mail does. */
export const LOOK_WITHIN_MS: Record<Lane, number> = { breach: 30 * MINUTE, emergency: 15 * MINUTE, priority: HOUR, urgent: HOUR, routine: 3 * DAY };

/** The most pressing first: by lane, a front door's requests before the rest of it, then by the time that is left. */
export function inOrder(a: Place, b: Place): number {
  return LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.rank - b.rank || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export const referenceOf = (kind: ItemKind, id: string): string => `${kind === 'transfer' ? 'S' : 'R'}-${id.slice(-8).toUpperCase()}`;

/** Where a page ended, for the link to the next: `emergency_1_2026-01-31T09:30:00.000Z_01890a5d-…`, in base64url. */
export const cursorOf = ({ lane, rank, dueAt, id }: Place): string => Buffer.from(`${lane}_${rank}_${dueAt.toISOString()}_${id}`).toString('base64url');

/** @throws Refusal QUERY_INVALID */
export function readCursor(after: string): Place {
  const [lane = '', rank = '', dueAt = '', id = ''] = Buffer.from(after, 'base64url').toString('latin1').split('_');
  const known = LANES.find((each) => each === lane);
  if (!known || !/^[01]$/.test(rank) || !GRAMMAR.instant.test(dueAt) || !isOnCalendar(dueAt) || !GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after' });
  return { lane: known, rank: Number(rank) as 0 | 1, dueAt: new Date(dueAt), id };
}
