import type { DecisionAid } from '#protocol/line';
import { type Agreement, term } from '../agreement';
import type { FlowQuestion } from '../vocabulary/reasons';

export type Verdict = 'may-share' | 'NO_PURPOSE' | 'NO_LAWFUL_REASON';

/** What an answer to one question settles; an answer that settles nothing leads to the next question. */
const SETTLES: Partial<Record<FlowQuestion, { answer: keyof DecisionAid; yes?: Verdict; no?: Verdict }>> = {
  'purpose-clear': { answer: 'purposeClear', no: 'NO_PURPOSE' },
  consent: { answer: 'consent', yes: 'may-share' },
  identifies: { answer: 'identifies', no: 'may-share' },
  'lawful-reason': { answer: 'lawfulReason', no: 'NO_LAWFUL_REASON' },
  'lawful-basis': { answer: 'lawfulReason', no: 'NO_LAWFUL_REASON' },
  'public-interest-test': { answer: 'publicInterest', no: 'NO_LAWFUL_REASON' },
};

/** Whether the agreement has whoever decides answer one of these questions. */
export const asks = (...questions: FlowQuestion[]) => (agreement: Agreement): boolean => term(agreement, 'decision.flow')?.some((question) => questions.includes(question)) ?? false;

/** Walks the questions in the agreement's order (DS-04). */
export function verdict(agreement: Agreement, aid: DecisionAid): Verdict {
  for (const question of term(agreement, 'decision.flow') ?? []) {
    const settles = SETTLES[question];
    const answer = settles && aid[settles.answer];
    // What was not asked settles nothing.
    const found = answer === undefined ? undefined : answer ? settles?.yes : settles?.no;
    if (found) return found;
  }
  return 'may-share';
}
