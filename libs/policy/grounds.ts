import type { Agreement, Term } from './agreement';
import { type AnyCondition, applies, type Ground } from './conditions/condition';
import type { Standing } from './decision';
import type { ParameterName } from './parameters';
import { STATUTES } from './vocabulary/statutes';

/** What an unmet condition does: refuses the share or the request, strikes off the recipient or the line, keeps a party out, or is only told. */
export type Effect = 'share' | 'recipient' | 'line' | 'party' | 'request' | 'warns';

/** What a condition comes to under one agreement. */
export interface Applied {
  standing: Standing;
  effect: Effect;
}

const KNOWN = new WeakMap<Agreement, Map<AnyCondition, Applied | undefined>>();

/** What the condition comes to under the agreement; undefined where the agreement does not speak of it. Worked out once: neither ever changes. */
export function applied(condition: AnyCondition, agreement: Agreement): Applied | undefined {
  let known = KNOWN.get(agreement);
  if (!known) KNOWN.set(agreement, (known = new Map()));
  if (known.has(condition)) return known.get(condition);
  const found = applies(condition, agreement) ? workedOut(condition, agreement) : undefined;
  known.set(condition, found);
  return found;
}

function workedOut(condition: AnyCondition, agreement: Agreement): Applied {
  const standing = standingOf(condition, agreement);
  // PD-21: nothing but the agreement's own text, a law, or the want of safety stops anything. What we filled in for a silence is told.
  if (condition.warns || standing.on === 'default') return { standing, effect: 'warns' };
  return { standing, effect: 'refuses' in condition && condition.refuses === 'share' ? 'share' : condition.on };
}

/** The first of its grounds that holds here; a default of ours holds where nothing else does. @throws where the table gives it none */
export function standingOf({ code, term: named, grounds }: Pick<AnyCondition, 'code' | 'term' | 'grounds'>, agreement: Agreement): Standing {
  const found = (grounds ?? (named ? [named] : [])).flatMap((ground) => resolved(ground, agreement) ?? []);
  const standing = found.find(({ on }) => on !== 'default') ?? found[0];
  if (!standing) throw new Error(`${code} stands on nothing under ${agreement.id}`);
  return standing;
}

function resolved(ground: Ground, agreement: Agreement): Standing | undefined {
  if (typeof ground === 'string') return statedOn(ground, agreement);
  if ('statute' in ground) return { on: 'statute', says: STATUTES[ground.statute].says };
  if ('technical' in ground) return { on: 'technical', says: ground.technical };
  const listed = agreement.terms[ground.parameter]?.value;
  return Array.isArray(listed) && ground.asks.some((word) => listed.includes(word)) ? statedOn(ground.parameter, agreement) : undefined;
}

function statedOn(parameter: ParameterName, agreement: Agreement): Standing | undefined {
  const stated: Term<unknown> | undefined = agreement.terms[parameter];
  if (!stated) return undefined;
  return stated.clause === undefined ? { on: 'default', says: stated.because ?? '' } : { on: 'clause', says: stated.clause };
}
