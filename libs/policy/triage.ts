import type { TriageLevel } from '#protocol/request-statement';
import type { Entry } from './vocabulary/entry';

interface Signal extends Entry {
  level: TriageLevel;
}

/** Signs of how pressing something is, the most pressing first. A table, so that whoever reads the level can read why. */
export const SIGNALS = {
  'life-at-risk': { says: 'a life is at risk now', level: 'red' },
  'unseen-and-injured': { says: 'there is an injury, and the person has not been seen', level: 'red' },
  'abuser-in-the-home': { says: 'whoever is alleged to have done harm has access to the person', level: 'red' },
  'missing': { says: 'the person is missing', level: 'red' },
  'under-one': { says: 'a baby', level: 'red' },
  'escalating': { says: 'it is getting worse', level: 'amber' },
  'domestic-abuse': { says: 'there is domestic abuse in the home', level: 'amber' },
  'repeat-contact': { says: 'it is not the first contact about this person', level: 'amber' },
  'substance-or-mental-ill-health': { says: 'a carer misuses substances or is in mental ill health', level: 'amber' },
  'consent-refused': { says: 'the family refuses help', level: 'amber' },
  'early-help': { says: 'help is wanted, and nobody is at risk', level: 'green' },
  'information-only': { says: 'it is to be known, and nothing is asked', level: 'green' },
} as const satisfies Record<string, Signal>;
export type SignalCode = keyof typeof SIGNALS;

export interface Triaged {
  level: TriageLevel;
  /** The signs that made it so. */
  because: readonly SignalCode[];
}

const ORDER: readonly TriageLevel[] = ['red', 'amber', 'green'];

/** How pressing it is by its signs: as the most pressing of them. Without a sign it is amber: nobody has looked. Pure. */
export function triageOf(signals: readonly SignalCode[]): Triaged {
  for (const level of ORDER) {
    const because = signals.filter((signal) => SIGNALS[signal].level === level);
    if (because.length > 0) return { level, because };
  }
  return { level: 'amber', because: [] };
}

/** Whether `level` is less pressing than `than`. */
export const isLower = (level: TriageLevel, than: TriageLevel): boolean => ORDER.indexOf(level) > ORDER.indexOf(than);
