import { loadFolders } from '#partnership/agreements';
import type { Agreement } from '#policy/agreement';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { AnyCondition } from '#policy/conditions/condition';
import { applied, type Effect } from '#policy/grounds';
import { code, document, table } from './markdown';

const EFFECTS: Record<Effect, string> = { share: 'refuses', recipient: 'recipient', line: 'line', party: 'keeps out', request: 'refuses', warns: 'warns' };

/** What falls on what: for each condition and agreement, what it does when it is not met, and on what it stands. */
export function describeConditions(): string {
  const agreements = loadFolders('deploy/agreements').map(({ id, loading }) => {
    if (!loading.ok) throw new Error(`${id} does not load`);
    return loading.agreement;
  });
  const head = ['Code', 'Rows', 'In an emergency', ...agreements.map(({ id }) => code(id))];
  const rows = (conditions: readonly AnyCondition[]) => conditions.map((condition) => [
    code(condition.code), condition.clauses.join(', '), condition.nicety ? 'a warning' : '', ...agreements.map((agreement) => cell(condition, agreement)),
  ]);
  return document(
    '# What falls on what',
    'Written by `npm run generate` from the conditions of `libs/policy` and the profiles of `deploy/agreements`; never edited by hand.',
    'For each condition and agreement: what happens where it is not met, and on what that stands. **refuses**: the whole share, or the information request; **recipient** and **line**: that one is struck off and the rest goes; '
      + '**keeps out**: the party is not activated; **warns**: it is told and stops nothing. Then the place in the agreement as the agreement numbers it; or the law; or *technical*, where it could not be opened or trusted '
      + 'safely; or *default*, where the text is silent and we filled it: that warns, under every agreement, and never stops anything (PD-21). An empty cell: the agreement does not speak of it.',
    'In an emergency what is marked *a warning* does not stop what goes to a permitted front door; where a life is at risk (lawful basis `6(1)(d)`), none of the share as a whole stops anybody.',
    '## Of a share', table(head, rows(CONDITIONS)),
    '## Of becoming an active party', table(head, rows(ADMISSION)),
  );
}

function cell(condition: AnyCondition, agreement: Agreement): string {
  const here = applied(condition, agreement);
  if (!here) return '';
  const { on, says } = here.standing;
  return `${EFFECTS[here.effect]}: ${on === 'technical' || on === 'default' ? `*${on}*` : says}`;
}
