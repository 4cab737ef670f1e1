import { CATEGORIES } from '#policy/vocabulary/categories';
import { INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from '#policy/vocabulary/consent';
import { GATEWAYS } from '#policy/vocabulary/gateways';
import { ARTICLE_9, LAWFUL_BASES, SUPPORTS } from '#policy/vocabulary/lawful-bases';
import { DECISION_METHODS, DECISION_REASONS, JUSTIFICATIONS, NEEDS_TO_KNOW } from '#policy/vocabulary/reasons';
import { ROLES } from '#policy/vocabulary/roles';
import { PART_3, SCHEDULE_1, SCHEDULE_8 } from '#policy/vocabulary/schedules';

const TABLES = [
  CATEGORIES, INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS, GATEWAYS, ARTICLE_9, LAWFUL_BASES, SUPPORTS, DECISION_METHODS, DECISION_REASONS, JUSTIFICATIONS,
  NEEDS_TO_KNOW, ROLES, PART_3, SCHEDULE_1, SCHEDULE_8,
];

/** Codes that everybody uses: a word of theirs that is also somebody's name tells nothing. */
export const KNOWN_CODES: ReadonlySet<string> = new Set(TABLES.flatMap((table) => Object.keys(table)));
