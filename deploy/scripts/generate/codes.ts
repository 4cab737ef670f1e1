import { PART_CODES } from '#envelope/cms-codes';
import { OBSTACLES } from '#policy/channels/obstacles';
import { DUTY_CODES } from '#duties/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { AnyCondition } from '#policy/conditions/condition';
import { OUTCOMES } from '#policy/conditions/outcomes';
import { NOT_SHARING } from '#policy/not-sharing';
import { RECEIVING } from '#policy/receiving';
import { RELEASING } from '#policy/releasing';
import { STATING } from '#policy/stating';
import { SIGNALS } from '#policy/triage';
import { DISCLOSURE_ROUTES, IDENTITY_CHECKS, NO_ALTERNATIVES } from '#policy/vocabulary/disclosure-routes';
import { NOT_SHARING_REASONS, type NotSharingReason } from '#policy/vocabulary/not-sharing';
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
      + 'which is then struck off while the rest goes; on a request (422) where the share is an information request. The sentence says what must be so.',
    table(['Code', 'Falls on', 'What must be so', 'Next', 'Clauses', 'Only where the agreement speaks of', 'In an emergency'], CONDITIONS.map(condition)),
    '## What follows from strike-offs',
    table(['Code', 'What must be so', 'Next', 'Clauses'], Object.entries(OUTCOMES).map(([name, { says, next, clauses }]) => [code(name), says, next, clauses.join(', ')])),
    '## Admission', 'Conditions of becoming an active party.',
    table(['Code', 'Falls on', 'What must be so', 'Next', 'Clauses', 'Only where the agreement speaks of', 'In an emergency'], ADMISSION.map(condition)),
    '## Channels', 'What stands in the way of sending on one way; `docs/channels.md` crosses them with every agreement. `STRONGER_CHANNEL_AVAILABLE`: a weaker one was asked for than both have (CH-03, CH-04).',
    table(['Code', 'Cause', 'What must be so', 'Next', 'Clauses'], OBSTACLES.map(({ code: name, cause, says, next, clauses }) => [code(name), code(cause), says, next, clauses.join(', ')])),
    '## Decisions not to share', 'What recording one is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], NOT_SHARING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    'Its reasons. One that cites nothing is no reason by itself.',
    table(['Reason', 'Says', 'Cites'], Object.entries<NotSharingReason>(NOT_SHARING_REASONS).map(([name, { says, cites }]) => [code(name), says, cites ?? 'nothing'])),
    '## Passphrases', 'What recording the release of a container’s passphrase is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], RELEASING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    '## Acknowledging and giving back', 'What a recipient’s word about a transfer is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], RECEIVING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    '## Statements about information requests', 'What stating something is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], STATING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    'Signs by which it is found how pressing something is: as the most pressing of them; without any it is amber.',
    table(['Sign', 'Says', 'Level'], Object.entries(SIGNALS).map(([name, { says, level }]) => [code(name), says, level])),
    '## Disclosures off the wire', 'What each route asks stands among the conditions above, where an agreement speaks of it. Its words:',
    table(['Table', 'Code', 'Says'], Object.entries({ route: DISCLOSURE_ROUTES, 'identity.how': IDENTITY_CHECKS, noAlternative: NO_ALTERNATIVES }).flatMap(([field, words]) => Object.entries(words).map(([name, { says }]) => [field, code(name), says]))),
    '## Gate', 'What is wrong with a sealed part or a signature. Nothing of what was sent is kept.', kinds(PART_CODES),
    '## Exchange', 'What is wrong with a share, a transfer or a statement.', kinds(EXCHANGE_CODES),
    '## Duties', 'What is wrong with saying that a duty is done.', kinds(DUTY_CODES),
    '## Edge', 'What never reached a room.', kinds(EDGE_CODES),
  );
}

const kinds = (all: Kinds): string => table(['Code', 'Status', 'Says', 'Next'], Object.entries(all).map(([name, { status, says, next }]) => [code(name), String(status), says, next]));

function condition(each: AnyCondition): string[] {
  const falls = 'refuses' in each && each.refuses ? `${each.on}; refuses the share` : each.on;
  return [code(each.code), falls, each.says, each.next, each.clauses.join(', '), each.term === undefined ? '' : code(each.term), each.nicety ? 'a warning' : ''];
}
