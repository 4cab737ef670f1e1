import { addressed } from '#protocol/line';
import type { Decision, Reason } from '../decision';
import type { Mask } from './masking';

/** What a decision came to, without the sentences: those may be put better, and it is the same decision. */
export type Outcome = Readonly<Record<string, unknown>>;

export function outcomeOf(decision: Decision, mask: Mask): Outcome {
  const reason = ({ code, on, standing, recipient, line, pointer, cause, awaits }: Reason) => ({
    code, on, standsOn: standing.on, ground: standing.says, ...(recipient && { recipient: addressed(mask.over(recipient)) }), ...(line !== undefined && { line }), ...(pointer !== undefined && { pointer }),
    ...(cause !== undefined && { cause }), ...(awaits !== undefined && { awaits }),
  });
  const common = {
    outcome: decision.outcome,
    struckOff: decision.struckOff.map(({ on, recipient, lines, reasons }) => ({ on, recipient: addressed(mask.over(recipient)), lines, reasons: reasons.map(reason) })),
    warnings: decision.warnings.map(reason),
  };
  if (decision.outcome === 'refused') return { ...common, reasons: decision.reasons.map(reason) };
  return { ...common, transfers: decision.transfers.map(({ recipient, instead, recordedAs: _recorded, ...transfer }) => ({ recipient: addressed(recipient), ...transfer, ...(instead && { instead: mask.over(instead) }) })), tells: decision.tells };
}

/** One place in which two outcomes differ; absent on the side that does not have it. */
export interface Difference {
  /** RFC 6901, into the outcome. */
  at: string;
  was?: unknown;
  is?: unknown;
}

/** Where they differ, as deep as it goes. */
export function differences(was: unknown, is: unknown, at = ''): Difference[] {
  if (isTree(was) && isTree(is) && Array.isArray(was) === Array.isArray(is)) {
    const [one, other] = [was as Record<string, unknown>, is as Record<string, unknown>];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => differences(one[name], other[name], `${at}/${name}`));
  }
  return was === is ? [] : [{ at, ...(was !== undefined && { was }), ...(is !== undefined && { is }) }];
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
