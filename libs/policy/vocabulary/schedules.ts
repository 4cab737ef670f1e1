import type { Entry } from './entry';
import type { OrgType } from './organisations';

/**
 * Conditions of the Data Protection Act 2018, Schedule 1. Parts 1 and 2 serve special category data;
 * any of the three parts serves data on criminal offences (s.10(5)).
 */
export const SCHEDULE_1 = {
  'sch1-2': { part: 1, says: 'health or social care purposes' },
  'sch1-3': { part: 1, says: 'public health' },
  'sch1-6': { part: 2, says: 'statutory and government purposes' },
  'sch1-7': { part: 2, says: 'administration of justice and parliamentary purposes' },
  'sch1-10': { part: 2, says: 'preventing or detecting unlawful acts' },
  'sch1-14': { part: 2, says: 'preventing fraud' },
  'sch1-18': { part: 2, says: 'safeguarding of children and of individuals at risk' },
  'sch1-19': { part: 2, says: 'safeguarding of economic well-being of certain individuals' },
  'sch1-29': { part: 3, says: 'consent' },
  'sch1-30': { part: 3, says: 'vital interests' },
  'sch1-32': { part: 3, says: 'personal data in the public domain' },
  'sch1-34': { part: 3, says: 'judicial acts' },
  'sch1-35': { part: 3, says: 'accounts used in indecency offences involving children' },
  'sch1-36': { part: 3, says: 'conditions of Part 2 without their public-interest test' },
} as const satisfies Record<string, Entry & { part: 1 | 2 | 3 }>;

export interface LawEnforcementCondition extends Entry {
  /** Competent authorities (s.30, Schedule 7) of whom the agreements speak; to nobody else is it open. */
  open: readonly OrgType[];
}

const COMPETENT = ['police', 'probation', 'prison'] as const satisfies readonly OrgType[];

/** Schedule 8 (s.35(5)): sensitive processing by competent authorities for law enforcement, and nothing else. */
export const SCHEDULE_8 = {
  'sch8-4': { says: 'safeguarding of children and of individuals at risk', open: COMPETENT },
} as const satisfies Record<string, LawEnforcementCondition>;

/** Part 3 of the Act, where the purpose is law enforcement. */
export const PART_3 = {
  'dpa-2018-s31': { says: 'law enforcement purposes', open: COMPETENT },
  'dpa-2018-s62': { says: 'logs of processing operations', open: COMPETENT },
} as const satisfies Record<string, LawEnforcementCondition>;

export type Schedule1Code = keyof typeof SCHEDULE_1;
