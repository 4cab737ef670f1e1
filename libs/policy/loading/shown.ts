import { type Agreement, term } from '../agreement';
import type { Case, Cases } from '../cases';
import { change } from '../cases-run';
import type { ProfileError } from './yaml';

/** An agreement is not loaded before its examples show, for each of its purposes, a share that goes and one that does not, or not whole. */
export function purposesUnshown(agreement: Agreement, { file, world, cases }: Cases): ProfileError[] {
  const errors: ProfileError[] = [];
  const kinds = new Map<string, Set<Kind>>();
  for (const each of cases.filter(({ activate }) => activate === undefined)) {
    const purpose = purposeIn(world, each);
    if ('leadsNowhere' in purpose) errors.push({ file, line: each.line, reason: purpose.leadsNowhere });
    else if (purpose.code !== undefined) kinds.set(purpose.code, (kinds.get(purpose.code) ?? new Set()).add(kindOf(each)));
  }
  for (const { code } of term(agreement, 'agreement.purposes')) {
    for (const kind of KINDS) if (!kinds.get(code)?.has(kind)) errors.push({ file, line: 1, reason: `no case in which a share for the purpose \`${code}\` ${kind}` });
  }
  return errors;
}

const KINDS = ['is permitted', 'is refused or loses something'] as const;
type Kind = (typeof KINDS)[number];

const kindOf = ({ expect }: Case): Kind => (expect.outcome === 'permitted' && expect.struckOff === undefined ? 'is permitted' : 'is refused or loses something');

function purposeIn(world: Cases['world'], { change: changes = {} }: Case): { code: string | undefined } | { leadsNowhere: string } {
  try {
    return { code: change(world, changes).manifest['purpose'] as string | undefined };
  } catch (error) {
    return { leadsNowhere: (error as Error).message };
  }
}
