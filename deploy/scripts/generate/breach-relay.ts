import { loadFolders } from '#partnership/agreements';
import type { Agreement } from '#policy/agreement';
import { term } from '#policy/agreement';
import { type BreachRules, breachRules, contactOrder, gradeOf, GROUPS, type Group, type Said } from '#policy/breach-relay';
import { BREACH_PARTS, BREACH_STATING, BREACH_STATING_KINDS } from '#policy/breach-stating';
import { POSTS } from '#policy/vocabulary/roles';
import { BREACH_STATEMENT_KINDS } from '#protocol/breach';
import { code, document, table } from './markdown';

const named = (groups: readonly Group[]): string => groups.map((group) => GROUPS[group]).join('; ');
const GRADING: Record<BreachRules['grading']['value'], string> = { jointly: 'all involved together: whoever leads fixes it once each has given its view', owners: 'whoever provided the information', lead: 'whoever leads' };
const THRESHOLD: Record<BreachRules['threshold']['value'], string> = { 'significant-risk': 'a significant risk', 'serious-implications': 'serious implications', statute: 'as the law has it: unless a risk is unlikely' };
const WITHIN = { immediately: 'immediately', 'without-undue-delay': 'without undue delay' };
const INDEMNITY: Record<BreachRules['indemnity']['value'], string> = { mutual: 'each makes good to the others', 'mutual-receiver-liable': 'each makes good to the others; whoever receives is liable', 'own-cover': 'each covers itself', none: 'nobody makes good to another', 'not-said': 'not said' };

/** Who does what when, one line a question: what a data protection officer asks in the first hour. */
const QUESTIONS: readonly [string, (rules: BreachRules, agreement: Agreement) => Said<unknown> & { says: string }][] = [
  ['Who is told first', ({ first }) => ({ ...first, says: named(first.value) })],
  ['Within what', ({ firstWithin }) => ({ ...firstWithin, says: WITHIN[firstWithin.value] })],
  ['Whom of them, half an hour each', (rules) => ({ ...rules.contacts, says: contactOrder(rules, { working: true }).map((post) => POSTS[post].says).join(', then ') })],
  ['Who else is told', ({ second }) => ({ ...second, says: named(second.value) })],
  ['Who leads', ({ lead }) => ({ ...lead, says: named(lead.value) })],
  ['Who grades how severe it is', ({ grading }) => ({ ...grading, says: GRADING[grading.value] })],
  ['From what on the regulator is told', ({ threshold }) => ({ ...threshold, says: THRESHOLD[threshold.value] })],
  ['Who tells the regulator', ({ notifiers }) => ({ ...notifiers, says: named(notifiers.value) })],
  ['Within what', ({ hours }) => ({ ...hours, says: `${hours.value} elapsed hours from when that controller knew` })],
  ['Who records what it found', ({ recordedBy }) => ({ ...recordedBy, says: named(recordedBy.value) })],
  ['Who takes note of the outcome', ({ circulated }) => ({ ...circulated, says: circulated.value ? 'everybody involved, before the case is closed' : 'everybody in the case sees it' })],
  ['Who bears the cost', ({ indemnity }) => ({ ...indemnity, says: INDEMNITY[indemnity.value] })],
  ['Whether it can be suspended', ({ maySuspend }, agreement) => ({ ...maySuspend, says: maySuspend.value ? `by any party, for ${term(agreement, 'suspension.maxDays') ?? 0} days at most; representatives meet within ${term(agreement, 'suspension.meetingDays') ?? 0}` : 'no' })],
];

/** Who does what when under each agreement, and who may state what of a case. */
export function describeBreachRelay(): string {
  const agreements = loadFolders('deploy/agreements').map(({ id, loading }) => {
    if (!loading.ok) throw new Error(`${id} does not load`);
    return loading.agreement;
  });
  const cell = (agreement: Agreement, ask: (typeof QUESTIONS)[number][1]): string => {
    const { says, standing } = ask(breachRules(agreement), agreement);
    return standing.on === 'clause' ? `${says} (${standing.says})` : standing.on === 'statute' ? `*${says}* (${standing.says})` : `*${says}* (ours: ${standing.says})`;
  };
  const grid = [1, 2, 3, 4, 5].map((severity) => [String(severity), ...[1, 2, 3, 4, 5].map((likelihood) => gradeOf({ severity, likelihood }))]);
  return document(
    '# The breach relay',
    'Written by `npm run generate` from `libs/policy/breach-relay.ts` and the profiles of `deploy/agreements`; never edited by hand. Who does what when under each agreement. What stands in italics the text does not say: '
      + 'there the law applies, or a default of ours, and which it is stands beside it. An agreement decides who acts first; no controller is released by it from its own duty in law (UK GDPR, Article 33).',
    '**Before any of it**: could anyone come to harm? If so, or if nobody knows, the police, the front door of the area (where the agreement has none, the councils involved) and whoever holds the case are told in the emergency lane, with numbers to ring. '
      + 'Outside working hours whoever is on call is tried before all others.',
    table(['', ...agreements.map(({ id }) => code(id))], QUESTIONS.map(([question, ask]) => [`**${question}**`, ...agreements.map((agreement) => cell(agreement, ask))])),
    '## What is stated of a case',
    'Signed, kept octet for octet, shown to all who are in the case, recorded by all who are involved.',
    table(['Kind', 'Says', 'By whoever', 'While it is', 'With'], Object.entries(BREACH_STATING_KINDS).map(([kind, { by, states, needs = [], may = [], outcomes }]) => [
      code(kind), BREACH_STATEMENT_KINDS[kind as keyof typeof BREACH_STATEMENT_KINDS], by.length === Object.keys(BREACH_PARTS).length ? 'is in the case' : by.map((part) => BREACH_PARTS[part]).join('; '), states.length === 4 ? 'there' : states.join(', '),
      [...needs.map(code), ...(outcomes ? [`\`outcome\`: ${Object.keys(outcomes).map(code).join(', ')}`] : []), ...may.map((name) => `${code(name)} where there is one`)].join(', '),
    ])),
    '## What stands against it',
    table(['What must be so', 'Next', 'Code', 'Clauses'], BREACH_STATING.map(({ says, next, code: name, clauses }) => [says, next, code(name), clauses.join(', ')])),
    '## The grid',
    'How severe (down), how likely (across). Ours; it is replaced in one place, `gradeOf`.',
    table(['', '1', '2', '3', '4', '5'], grid),
  );
}
