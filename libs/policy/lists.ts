import { type Agreement, term } from './agreement';

// Lists to which a co-ordinator circulates. The agreement says who on one sees whom.

/** `circulation`: to which notifications go. */
export const LIST_KINDS = {
  members: { says: 'the whole membership' },
  network: { says: 'a network beside it' },
  training: { says: 'those who are trained' },
  leads: { says: 'leads of safeguarding and communications' },
  circulation: { says: 'those to whom notifications are circulated' },
} as const;
export type ListKind = keyof typeof LIST_KINDS;

export type Visibility = 'visible' | 'hidden' | 'visible-unless-opted-out';

export const isListKind = (kind: string): kind is ListKind => Object.hasOwn(LIST_KINDS, kind);

/** Who on a list of this kind sees whom (ML-01 to ML-03). Where the agreement says nothing, nobody sees anybody. Pure. */
export function visibilityOf(agreement: Agreement, kind: string): Visibility {
  const said: Readonly<Record<string, Visibility | undefined>> = term(agreement, 'list.visibility') ?? {};
  return (Object.hasOwn(said, kind) ? said[kind] : undefined) ?? 'hidden';
}

/** What follows where somebody asks not to be shown (ML-03, ML-04): written to still, and shown to nobody; or no more on the list. Pure. */
export const optedOut = (visibility: Visibility): 'blind' | 'removed' => (visibility === 'visible-unless-opted-out' ? 'blind' : 'removed');

/** Months after which the co-ordinator looks through a list. Ours: no agreement gives any. */
export const LIST_REVIEW_MONTHS = 6;
