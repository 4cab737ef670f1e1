import type { ShareFacts } from './condition';

/** A list of the law as an agreement gives it. */
interface LegalList {
  list: 'usual' | 'closed';
  codes: readonly string[];
  listed?: readonly string[];
  forEntries?: readonly { entry: string; codes: readonly string[] }[];
  forPurposes?: readonly { purpose: string; codes: readonly string[] }[];
}

/** Whether the decision says why something that is not usual was chosen; its words say it. */
const explained = ({ decisions }: ShareFacts): boolean => decisions.some(({ reasons }) => reasons.includes('condition-explained'));

export const named = (list: LegalList, code: string, { membership, manifest }: Pick<ShareFacts, 'membership' | 'manifest'>): boolean =>
  list.codes.includes(code) ||
  (list.forEntries?.some((each) => each.entry === membership?.entry && each.codes.includes(code)) ?? false) ||
  (list.forPurposes?.some((each) => each.purpose === manifest.purpose && each.codes.includes(code)) ?? false);

/** A usual list admits another lawful one with a reason; a closed one does not (LB-01, LB-02). */
export const admits = (list: LegalList, code: string, facts: ShareFacts): boolean => named(list, code, facts) || (list.list === 'usual' && explained(facts));
