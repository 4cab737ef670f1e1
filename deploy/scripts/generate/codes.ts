import { GATE_CODES } from '#envelope/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { AdmissionCondition, Condition } from '#policy/conditions/condition';
import { OUTCOMES } from '#policy/conditions/outcomes';
import { EDGE_CODES } from '../../../apps/gateway/problems';
import { code, document, table } from './markdown';

type Kinds = Readonly<Record<string, { status: number; says: string; next: string }>>;

/** Every code that a partner can be answered with, what it says, and what to do next. */
export function describeCodes(): string {
  return document(
    '# Codes',
    'Written by `npm run generate` from the tables that the gateway answers from; never edited by hand. '
      + 'An answer that refuses is `application/problem+json` (RFC 9457); its `type` is `urn:waybill:problem:` and the first code, and `reasons` holds all of them at once.',
    '## Agreement', 'Conditions of an agreement, in the order in which one comes to them; all are tried. A condition falls on the whole share (422), or on a recipient or line, '
      + 'which is then struck off while the rest goes. The sentence says what must be so.',
    table(['Code', 'Falls on', 'What must be so', 'Next', 'Clauses', 'Only where the agreement speaks of', 'In an emergency'], CONDITIONS.map(condition)),
    '## What follows from strike-offs',
    table(['Code', 'What must be so', 'Next', 'Clauses'], Object.entries(OUTCOMES).map(([name, { says, next, clauses }]) => [code(name), says, next, clauses.join(', ')])),
    '## Admission', 'Conditions of becoming an active party.',
    table(['Code', 'Falls on', 'What must be so', 'Next', 'Clauses', 'Only where the agreement speaks of', 'In an emergency'], ADMISSION.map(condition)),
    '## Gate', 'What is wrong with a sealed part or a signature. Nothing of what was sent is kept.', kinds(GATE_CODES),
    '## Exchange', 'What is wrong with a share, a transfer or a statement.', kinds(EXCHANGE_CODES),
    '## Edge', 'What never reached a room.', kinds(EDGE_CODES),
  );
}

const kinds = (all: Kinds): string => table(['Code', 'Status', 'Says', 'Next'], Object.entries(all).map(([name, { status, says, next }]) => [code(name), String(status), says, next]));

function condition(each: Condition | AdmissionCondition): string[] {
  const falls = 'refuses' in each && each.refuses ? `${each.on}; refuses the share` : each.on;
  return [code(each.code), falls, each.says, each.next, each.clauses.join(', '), each.term === undefined ? '' : code(each.term), each.nicety ? 'a warning' : ''];
}
