import { GRAMMAR } from '#protocol/grammar';
import { CATEGORIES } from './categories';
import { INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from './consent';
import { entryOf, holds, type Table, within } from './entry';
import { GATEWAYS } from './gateways';
import { ARTICLE_9, LAWFUL_BASES, SUPPORTS } from './lawful-bases';
import { ORGANISATION_TYPES, TYPE_ALIASES } from './organisations';
import { ACCEPTED_CHANNELS, PROTECTIONS } from './protections';
import { DECISION_METHODS, DECISION_REASONS, FLOW_QUESTIONS, JUSTIFICATIONS, NEEDS_TO_KNOW } from './reasons';
import { POSTS, ROLES } from './roles';
import { PART_3, SCHEDULE_1, SCHEDULE_8 } from './schedules';

const TABLES: Record<string, Table> = {
  CATEGORIES, INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS, GATEWAYS, ARTICLE_9, LAWFUL_BASES, SUPPORTS, ORGANISATION_TYPES, TYPE_ALIASES, ACCEPTED_CHANNELS,
  PROTECTIONS, DECISION_METHODS, DECISION_REASONS, FLOW_QUESTIONS, JUSTIFICATIONS, NEEDS_TO_KNOW, POSTS, ROLES, PART_3, SCHEDULE_1, SCHEDULE_8,
};

test.each(Object.entries(TABLES))('every code of %s can stand on the wire', (_name, table) => {
  expect(Object.keys(table).filter((code) => !GRAMMAR.code.test(code))).toEqual([]);
  expect(Object.keys(table)).not.toHaveLength(0);
});

test('there are sixteen categories of personal information, and a sender’s own words', () => {
  expect(Object.keys(CATEGORIES)).toHaveLength(19);
  expect(Object.entries(CATEGORIES).filter(([, { flag }]) => flag === 'special').map(([code]) => code)).toEqual(['health', 'photos-of-injuries', 'care-plans', 'other']);
});

test('a recognised legitimate interest holds from the day on which the Act came into force', () => {
  expect(holds(LAWFUL_BASES, '6(1)(ea)', '2026-02-04T23:59:59Z')).toBe(false);
  expect(holds(LAWFUL_BASES, '6(1)(ea)', '2026-02-05T00:00:00Z')).toBe(true);
});

test.each(['constructor', 'toString', '__proto__', ''])('the code `%s` stands in no table', (code) => {
  expect(entryOf(LAWFUL_BASES, code)).toBeUndefined();
});

test('a window begins with its first instant and ends before its last', () => {
  const window = { from: '2026-01-01', until: '2026-02-01' };
  expect(['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z'].map((at) => within(window, at))).toEqual([false, true, true, false]);
});
