import type { Statement } from '#protocol/statement';
import { type Agreement, term } from './agreement';
import { isHub } from './conditions/hub';
import { contactOf, type Party } from './parties';
import { type RecordRule, type Unmet, unmetRules } from './recording';
import { CATEGORIES } from './vocabulary/categories';
import { holds } from './vocabulary/entry';
import { ROLES } from './vocabulary/roles';

/** What a recipient's word about a transfer is held to: that it has it, or that it gives it back. */
export interface Receiving {
  agreement: Agreement;
  stated: Statement;
  /** Whoever received it, as the directory has it. */
  recipient: Party | undefined;
  transfer: { contact: string; lane: string; collected: boolean };
  at: string;
}

/** Grounds on which a front door sends back what should not have been shared with it like this. */
export const SCRUTINY_GROUNDS: readonly string[] = ['incorrectly-gathered', 'illegally-gathered', 'no-appropriate-consent', 'no-clear-purpose'];
/** Who can answer for sending back what presses. */
export const MANAGERS: readonly string[] = ['responsible-manager', 'lead-officer', 'strategic-safeguarding-lead'];
const PRESSING: readonly string[] = ['emergency', 'priority', 'urgent'];

const onGround = ({ stated }: Receiving): boolean => stated.kind === 'returned' && SCRUTINY_GROUNDS.includes(stated.reason ?? '');

function admitted({ agreement, stated, recipient, transfer, at }: Receiving): boolean {
  const grounds: readonly string[] = term(agreement, 'request.hubRefusalGrounds') ?? [];
  return grounds.includes(stated.reason ?? '') && isHub(agreement, contactOf(recipient, transfer.contact, at));
}

/** All are tried, and all that are unmet are told. */
export const RECEIVING = [
  {
    code: 'GROUND_NOT_OF_AGREEMENT', clauses: ['RQ-03'], grounds: ['request.hubRefusalGrounds', { technical: 'what nobody may send back on this ground was received' }], pointer: '/reason',
    says: 'it is sent back on one of the grounds that the agreement gives its front door, and by the front door',
    next: 'Give another reason: `not-for-us`, `wrong-contact`, `insufficient`; or take it up, and speak to the sender.',
    met: (facts) => !onGround(facts) || admitted(facts),
  },
  {
    code: 'SCRUTINEER_NOT_NAMED', clauses: ['RQ-03', 'RQ-04'], grounds: ['request.hubRefusalGrounds', { technical: 'nobody answers for what nobody has looked at' }], pointer: '/role',
    says: 'whoever looked at it and sends it back is named by contact and role',
    next: 'State `role`: that of the person who looked at it.',
    met: (facts) => !onGround(facts) || holds(ROLES, facts.stated.role, facts.at),
  },
  {
    code: 'REFUSAL_NEEDS_MANAGER', clauses: ['RQ-03', 'DS-06'], grounds: [{ technical: 'what presses may be all that keeps somebody safe: nobody sends it back alone' }], pointer: '/approvedBy',
    says: 'what is urgent, or an emergency, is sent back on such a ground only with a manager’s approval',
    next: 'Have a responsible manager approve it, and name that contact in `approvedBy`; or take it up first, and ask the sender.',
    met: (facts) => {
      if (!onGround(facts) || !PRESSING.includes(facts.transfer.lane)) return true;
      const { approvedBy } = facts.stated;
      return approvedBy !== undefined && (contactOf(facts.recipient, approvedBy, facts.at)?.posts.some((post) => MANAGERS.includes(post)) ?? false);
    },
  },
  {
    code: 'COPIES_NOT_REMOVED', clauses: ['RQ-03'], grounds: [{ technical: 'what was sent back and kept was not sent back' }], pointer: '/copiesRemoved',
    says: 'of what had been collected no copy is left with whoever sends it back on such a ground',
    next: 'Remove the copies, and state `copiesRemoved`.',
    met: (facts) => !onGround(facts) || !facts.transfer.collected || facts.stated.copiesRemoved === true,
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['DS-14'], grounds: [{ technical: 'what a word means that stands in no list nobody can trust' }], pointer: '/missing',
    says: 'what is missing is said as categories of the vocabulary',
    next: 'Use categories of the vocabulary.',
    met: ({ stated, at }) => stated.missing?.every((code) => holds(CATEGORIES, code, at)) ?? true,
  },
  {
    code: 'INTENT_NOT_STATED', clauses: ['PU-08'], grounds: ['onward.intentQuestion'], pointer: '/passOnTo',
    says: 'whoever receives it says whether it intends to pass it on, and to whom',
    next: 'State `passOnTo`: the agencies, or none (`[]`). It can be passed on otherwise later, and is told as that.',
    met: ({ agreement, stated: { kind, passOnTo } }) => kind !== 'acknowledged' || term(agreement, 'onward.intentQuestion') !== true || passOnTo !== undefined,
  },
] as const satisfies readonly RecordRule<Receiving>[];

/** What stands against a recipient's word about a transfer. Pure. */
export const receivingUnmet = (facts: Receiving): Unmet<(typeof RECEIVING)[number]['code']>[] =>
  unmetRules(RECEIVING.filter(({ grounds }) => grounds.some((ground) => typeof ground !== 'string' || facts.agreement.terms[ground] !== undefined)), facts);
