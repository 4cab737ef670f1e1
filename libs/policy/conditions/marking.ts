import type { Classification } from '#protocol/manifest';
import { type Agreement, term } from '../agreement';
import { entryOf } from '../vocabulary/entry';
import { LEGACY_CLASSIFICATIONS } from '../vocabulary/protections';
import type { ShareFacts } from './condition';

const SENSITIVE = 'OFFICIAL-SENSITIVE' satisfies Classification;

/** Notes of a meeting of the agreement, or what was shared in one and is passed on. */
export const ofMeeting = ({ previous, meeting }: ShareFacts): boolean => meeting !== undefined || previous?.meeting === true;

/** The sender's marking in the scheme of today; undefined where none is declared, or one that the agreement does not read. */
export function declaredMarking({ manifest }: ShareFacts): Classification | undefined {
  const label = manifest.classification;
  const legacy = entryOf(LEGACY_CLASSIFICATIONS, label);
  return legacy ? legacy.today : (label as Classification | undefined);
}

/** Labels of the scheme that has gone which the agreement still reads. */
const legacyOf = (agreement: Agreement): readonly string[] => term(agreement, 'header.classification').legacy ?? [];

export const readsAllLabels = (agreement: Agreement): boolean => Object.keys(LEGACY_CLASSIFICATIONS).every((label) => legacyOf(agreement).includes(label));

export const readsLabel = ({ agreement, manifest: { classification: label } }: ShareFacts): boolean => label === undefined || !entryOf(LEGACY_CLASSIFICATIONS, label) || legacyOf(agreement).includes(label);

/** The lowest marking under which it may go: the agreement's floor, that of what is passed on, and for notes of meetings what the agreement gives them. */
function lowest(facts: ShareFacts): Classification | undefined {
  const { floor, covers, default: given } = term(facts.agreement, 'header.classification');
  const least = [floor, facts.previous?.classification, covers === 'meeting-notes' && ofMeeting(facts) ? given : undefined];
  return least.includes(SENSITIVE) ? SENSITIVE : undefined;
}

/** What the sender declares, or the agreement's default; never below the lowest that it may go under (PV-07). */
export const markingOf = (facts: ShareFacts): Classification => lowest(facts) ?? declaredMarking(facts) ?? term(facts.agreement, 'header.classification').default;

/** Whether the sender declared one below that. */
export const isLowered = (facts: ShareFacts): boolean => declaredMarking(facts) !== undefined && declaredMarking(facts) !== markingOf(facts);
