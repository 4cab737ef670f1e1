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
import { ANSWERING_MATTERS, MATTERS, PUTTING } from '#policy/matters';
import { CLOSING_RIGHTS, EXTENDING_RIGHTS, type LegalSpan, RECEIVING_RIGHTS, RIGHTS_IN_LAW } from '#policy/rights';
import { NOTIFYING } from '#policy/notifications';
import { RETAINING } from '#policy/retention';
import { BREACH_STATING } from '#policy/breach-stating';
import { ATTESTING } from '#policy/attesting';
import { MOVING } from '#policy/joining';
import { SUSPENDING } from '#policy/suspending';
import * as attestationWords from '#policy/vocabulary/attestations';
import { BREACH_CODES } from '#breach/codes';
import { AGREEMENT_STATING, AGREEMENT_STATING_KINDS } from '#policy/agreement-stating';
import { CALLING_MEETINGS, MEETING_STATING_KINDS, STATING_OF_MEETINGS } from '#policy/meetings';
import * as meetingWords from '#policy/vocabulary/meetings';
import { STATING } from '#policy/stating';
import * as reviewWords from '#policy/vocabulary/reviews';
import * as matterWords from '#policy/vocabulary/matters';
import * as notificationWords from '#policy/vocabulary/notifications';
import * as retentionWords from '#policy/vocabulary/retention';
import * as rightsWords from '#policy/vocabulary/rights';
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
    '## Matters', 'What one side of a transfer puts to the other once it has arrived, and what that may answer. Days are working days, and ours: no agreement gives any.',
    table(['Kind', 'Says', 'Put by', 'Answers', 'Days', 'Clauses'], Object.entries(MATTERS).map(([name, { says, by, answers, workingDays, clauses }]) => [code(name), says, by.join(', ') || 'the gateway', Object.keys(answers).map(code).join(', '), String(workingDays), clauses.join(', ')])),
    'What putting one is held to, and answering one. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], [...PUTTING, ...ANSWERING_MATTERS].map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(matterWords),
    '## Rights requests', 'How long the law gives. A data protection officer confirms each.',
    table(['Right', 'Says', 'Law', 'Time', 'Longer'], Object.entries(RIGHTS_IN_LAW).map(([name, { says, law, within, extendedTo }]) => [code(name), says, law, span(within), extendedTo ? span(extendedTo) : ''])),
    'What recording, extending and closing one is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], [...RECEIVING_RIGHTS, ...EXTENDING_RIGHTS, ...CLOSING_RIGHTS].map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(rightsWords),
    '## Retention', 'What a statement about a copy that is kept is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], RETAINING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(retentionWords),
    '## An agency’s own place in an agreement', 'What asking to join, leaving and attesting are held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], [...MOVING, ...ATTESTING].map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    'What can be attested. Which of it an agreement asks for, and of whom, `GET /v1/memberships` shows.',
    table(['Attestation', 'Says', 'Needs', 'Must cover', 'Clauses'], Object.entries<attestationWords.AttestationEntry>(attestationWords.ATTESTATIONS).map(([name, { says, needs, whole = [], clauses }]) => [code(name), says, needs.map(code).join(', '), whole.map(code).join(', '), clauses.join(', ')])),
    words(COVERED),
    '## Notifications about providers', 'What a statement about one is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], NOTIFYING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(notificationTables),
    '## Statements about data breaches', 'What stating something of a case is held to. All are tried; each refuses it (422).',
    table(['Code', 'What must be so', 'Next', 'Clauses'], [...BREACH_STATING, ...SUSPENDING].map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    '## Statements about an agreement', 'What a party states of an agreement, and what that is held to. All are tried; each refuses it (422).',
    table(['Kind', 'Says', 'Clauses'], Object.entries(AGREEMENT_STATING_KINDS).map(([name, { says, clauses }]) => [code(name), says, clauses.join(', ')])),
    table(['Code', 'What must be so', 'Next', 'Clauses'], AGREEMENT_STATING.map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(reviewWords),
    '## Meetings', 'What is stated of a meeting, by whom, and what calling one and stating something of it is held to. All are tried; each refuses it (422). To whom notes go stands among the conditions above.',
    table(['Kind', 'Says', 'By', 'Clauses'], Object.entries(MEETING_STATING_KINDS).map(([name, { says, by, clauses }]) => [code(name), says, by.join(', '), clauses.join(', ')])),
    table(['Code', 'What must be so', 'Next', 'Clauses'], [...CALLING_MEETINGS, ...STATING_OF_MEETINGS].map(({ code: name, says, next, clauses }) => [code(name), says, next, clauses.join(', ')])),
    words(meetingWords),
    '## Breaches', 'What is wrong with a report.', kinds(BREACH_CODES),
    '## Disclosures off the wire', 'What each route asks stands among the conditions above, where an agreement speaks of it. Its words:',
    table(['Table', 'Code', 'Says'], Object.entries({ route: DISCLOSURE_ROUTES, 'identity.how': IDENTITY_CHECKS, noAlternative: NO_ALTERNATIVES }).flatMap(([field, words]) => Object.entries(words).map(([name, { says }]) => [field, code(name), says]))),
    '## Gate', 'What is wrong with a sealed part or a signature. Nothing of what was sent is kept.', kinds(PART_CODES),
    '## Exchange', 'What is wrong with a share, a transfer or a statement.', kinds(EXCHANGE_CODES),
    '## Duties', 'What is wrong with saying that a duty is done.', kinds(DUTY_CODES),
    '## Edge', 'What never reached a room.', kinds(EDGE_CODES),
  );
}

/** Who is senior enough is a list of roles, not a table of words. */
const { SENIOR_ROLES: _roles, ...notificationTables } = notificationWords;

/** The vocabulary of one room. */
/** The words of each kind of attestation, apart from the table of kinds. */
const { ATTESTATIONS: _kinds, ...COVERED } = attestationWords;

const words = (tables: Readonly<Record<string, Readonly<Record<string, { says: string }>>>>): string =>
  table(['Table', 'Code', 'Says'], Object.entries(tables).sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([name, entries]) => Object.entries(entries).map(([each, { says }]) => [name.toLowerCase().replaceAll('_', ' '), code(each), says])));

const span = (within: LegalSpan): string => Object.entries(within).map(([unit, count]) => `${count} ${unit === 'workingDays' ? 'working days' : unit}`).join('');

const kinds = (all: Kinds): string => table(['Code', 'Status', 'Says', 'Next'], Object.entries(all).map(([name, { status, says, next }]) => [code(name), String(status), says, next]));

function condition(each: AnyCondition): string[] {
  const falls = 'refuses' in each && each.refuses ? `${each.on}; refuses the share` : each.on;
  return [code(each.code), falls, each.says, each.next, each.clauses.join(', '), each.term === undefined ? '' : code(each.term), each.nicety ? 'a warning' : ''];
}
