import type { RequestStated, RequestStatementKind } from '#protocol/request-statement';
import { type Agreement, term } from './agreement';
import { escalationOf } from './escalating';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { isLower, SIGNALS, triageOf } from './triage';
import { entryOf, holds, type Table } from './vocabulary/entry';
import { ESCALATION_REASONS, SENT_BACK_REASONS, TRIAGE_REASONS } from './vocabulary/requests';
import { ROLES } from './vocabulary/roles';

export type Party = 'requester' | 'holder' | 'reviewer' | 'decider';

/** What a statement about an information request is held to. */
export interface Stating {
  agreement: Agreement;
  stated: RequestStated;
  /** As what its author has a part in the request. */
  parts: ReadonlySet<Party>;
  request: { state: string; purpose: string; unanswered: boolean; deciders: readonly string[]; refused: boolean; stage: number | undefined };
  at: string;
}

interface Kind {
  by: readonly Party[];
  /** In which states of the request. */
  states: readonly string[];
  outcomes?: readonly string[];
  reasons?: Table;
}

const REFUSED = ['declined', 'partly'];
const OPEN = ['asked', 'answering'];
const ANY = [...OPEN, ...REFUSED, 'answered', 'sent-back'];

/** Who may state what, when, and to what it may come. */
export const STATING_KINDS: Record<RequestStatementKind, Kind> = {
  scrutinised: { by: ['holder'], states: OPEN, outcomes: ['accepted', 'sent-back'], reasons: SENT_BACK_REASONS },
  triaged: { by: ['holder'], states: OPEN, reasons: TRIAGE_REASONS },
  discussed: { by: ['holder'], states: REFUSED },
  reviewed: { by: ['reviewer'], states: [...REFUSED, 'asked', 'answered', 'answering'], outcomes: ['upheld', 'not-upheld', 'commented'] },
  escalated: { by: ['requester'], states: [...REFUSED, ...OPEN], reasons: ESCALATION_REASONS },
  viewed: { by: ['decider'], states: [...REFUSED, ...OPEN], outcomes: ['share', 'do-not-share'] },
  disputed: { by: ['requester', 'holder'], states: ANY },
  settled: { by: ['requester', 'holder'], states: ANY, outcomes: ['agreed', 'not-agreed'] },
};

const kindOf = ({ stated }: Stating): Kind => STATING_KINDS[stated.kind];

function codeFault({ stated, at }: Stating): string | undefined {
  const { outcomes, reasons } = STATING_KINDS[stated.kind];
  if (!holds(ROLES, stated.role, at)) return '/role';
  if (outcomes ? !outcomes.includes(stated.outcome ?? '') : stated.outcome !== undefined) return '/outcome';
  if (stated.reason !== undefined && !(reasons && holds(reasons, stated.reason, at))) return '/reason';
  const unknown = stated.signals?.findIndex((code) => !entryOf(SIGNALS, code)) ?? -1;
  return unknown === -1 ? undefined : `/signals/${unknown}`;
}

/** What of a statement of its kind is missing. */
function gap({ stated }: Stating): string | undefined {
  const { kind, outcome, reason, level, on } = stated;
  if (kind === 'scrutinised' && outcome === 'sent-back' && reason === undefined) return '/reason';
  if (kind === 'triaged' && level === undefined) return '/level';
  if (kind === 'discussed' && on === undefined) return '/on';
  return kind === 'escalated' && reason === undefined ? '/reason' : undefined;
}

const signalsOf = ({ stated }: Stating) => (stated.signals ?? []).filter((code): code is keyof typeof SIGNALS => Object.hasOwn(SIGNALS, code));
const escalation = ({ agreement, stated, request }: Stating) => escalationOf(agreement, { stage: stated.stage, purpose: request.purpose });

/** All are tried, and all that are unmet are told. */
export const STATING = [
  {
    code: 'NOT_YOURS_TO_STATE', clauses: ['RQ-17'], grounds: untrusted('what somebody else has to say about a request proves nothing'), pointer: '/kind',
    says: 'it is stated by whoever it falls to: whoever was asked, whoever asked, who looks at refusals, or who decides',
    next: 'Let them state it; GET the request shows who they are.',
    met: (facts) => kindOf(facts).by.some((party) => facts.parts.has(party)),
  },
  {
    code: 'REQUEST_NOT_THERE', clauses: ['RQ-17'], grounds: untrusted('what is stated of a request that stands elsewhere contradicts its thread'), pointer: '/kind',
    says: 'the request stands where this can be stated of it',
    next: 'Look where it stands: GET the request.',
    met: (facts) => kindOf(facts).states.includes(facts.request.state),
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: codeFault,
    says: 'every code stands in the vocabulary, and the outcome is one of this kind',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => codeFault(facts) === undefined,
  },
  {
    code: 'STATEMENT_INCOMPLETE', clauses: ['RQ-04', 'RQ-10'], grounds: untrusted('a step whose reason is missing cannot be followed by anybody'), pointer: gap,
    says: 'what is sent back or escalated has its reason, what is triaged its level, what was discussed its day',
    next: 'Add the field named.',
    met: (facts) => gap(facts) === undefined,
  },
  {
    code: 'LOWERED_WITHOUT_REASON', clauses: ['RQ-02'], grounds: untrusted('what is put behind others without a reason cannot be answered for'), pointer: '/reason',
    says: 'what is found less pressing than its signs tell has a reason',
    next: 'Give the reason; to raise it none is needed.',
    met: (facts) => facts.stated.level === undefined || facts.stated.reason !== undefined || !isLower(facts.stated.level, triageOf(signalsOf(facts)).level),
  },
  {
    code: 'NOTHING_REFUSED', clauses: ['RQ-10', 'RQ-18'], grounds: untrusted('silence within its time is neither a refusal nor late'), pointer: '/request',
    says: 'something was refused, or is unanswered past its time',
    next: 'Wait until it is due; ring whoever was asked if it presses.',
    met: ({ stated, request }) => stated.kind !== 'escalated' || request.refused || request.unanswered,
  },
  {
    code: 'NOBODY_TO_ESCALATE_TO', clauses: ['RQ-10', 'RQ-11', 'RQ-13'], grounds: untrusted('nobody decides whom the agreement does not name'), pointer: '/stage',
    says: 'the agreement names somebody to whom this is escalated, at this stage',
    next: 'State the stage that the agreement has; where it names nobody, open a dispute: the statutory partners see every refusal that the agreement lets them see.',
    met: (facts) => facts.stated.kind !== 'escalated' || escalation(facts).to !== 'nobody',
  },
  {
    code: 'STAGE_SKIPPED', clauses: ['RQ-11'], grounds: untrusted('a stage that was skipped was not tried'), pointer: '/stage',
    says: 'an escalation goes one stage on from where it stands, unless it is necessary for safety',
    next: 'State the next stage; state `necessaryForSafety` where somebody may not be safe.',
    met: ({ agreement, stated, request }) => stated.kind !== 'escalated' || term(agreement, 'refusal.stages') === undefined || stated.necessaryForSafety === true || (stated.stage ?? 1) <= (request.stage ?? 0) + 1,
  },
  {
    code: 'NOT_READ_BACK', clauses: ['RQ-10'], grounds: untrusted('what was heard on the telephone and not read back may be what nobody said'), pointer: '/telephone/readBack',
    says: 'a view that was given by telephone was read back to whoever gave it, who is one of those who decide',
    next: 'Read it back, and state that; enter it for an agency that decides about this request.',
    met: ({ stated, request }) => stated.telephone === undefined || (stated.kind === 'viewed' && stated.telephone.readBack && request.deciders.includes(stated.telephone.of.agency)),
  },
] as const satisfies readonly RecordRule<Stating>[];

/** What stands against a statement about a request. Pure. */
export const statingUnmet = (facts: Stating): Unmet<(typeof STATING)[number]['code']>[] => unmetRules(STATING, facts);
