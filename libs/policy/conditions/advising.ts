import { isPartLine, type Line } from '#protocol/line';
import { type Agreement, term } from '../agreement';
import { IDENTIFYING, IDENTITY_REASONS } from '../vocabulary/declarations';
import { holds } from '../vocabulary/entry';
import type { Condition, ShareFacts } from './condition';

type Asked = Pick<ShareFacts, 'manifest' | 'sender' | 'at'>;

const applies = (agreement: Agreement): boolean => term(agreement, 'decision.adviceRoute')?.anonymised !== 'not-asked';

const ours = ({ sender }: Asked, { recipient }: Line): boolean => recipient.agency === sender?.agency;

/** The contact that shares keeps the record of whom it is about. */
const keeps = ({ manifest: { sender } }: Asked, { recipient }: Line): boolean => recipient.agency === sender.agency && recipient.contact === sender.contact;

/** Whether nobody is to learn from it who the person is: advice is asked for, and no reason says why that cannot be done without. */
const withoutIdentity = ({ manifest: { advice }, at }: Asked): boolean => advice !== undefined && !holds(IDENTITY_REASONS, advice.identityNeeded, at);

/** By what the case would be recognised that another agency is asked about; what no software sees the sender has to have looked for. */
function recognisable(facts: ShareFacts): 'reference' | 'thread' | 'not-confirmed' | undefined {
  const { manifest: { advice, threads }, lines } = facts;
  if (!withoutIdentity(facts) || !lines.some((line) => isPartLine(line) && !ours(facts, line))) return undefined;
  if (facts.about.some((line) => !ours(facts, line))) return 'reference';
  // Whoever has the share, or the request, that it follows knows who that was about.
  if (threads?.previous !== undefined || threads?.request !== undefined) return 'thread';
  return advice?.pseudonymous === true ? undefined : 'not-confirmed';
}

/** In doubt somebody asks before it shares, and says of nobody who it is (DS-08). */
export const ADVISING = [
  {
    code: 'ADVICE_NOT_ANONYMOUS', clauses: ['DS-08'], on: 'line', refuses: 'share', term: 'decision.adviceRoute', pointer: '/category', nicety: true, applies,
    says: 'another agency is asked for advice without being told who the person is, or the share says why that cannot be',
    next: 'Take out what tells who the person is, or give `advice.identityNeeded`.',
    met: (facts) => !withoutIdentity(facts) || !isPartLine(facts.line) || ours(facts, facts.line) || !IDENTIFYING.includes(facts.line.category),
  },
  {
    code: 'ADVICE_NOT_PSEUDONYMOUS', clauses: ['DS-08'], on: 'share', term: 'decision.adviceRoute', pointer: '/advice', nicety: true, applies, cause: recognisable,
    says: 'what another agency is asked about for advice carries no reference of the person and follows no share or request that has it, and its sender confirms that the text says of nobody who it is',
    next: 'Address the reference of the person to your own agency alone, leave out what it follows, read the text once more for whatever somebody would be recognised by, and give `advice.pseudonymous`; or give `advice.identityNeeded`.',
    met: (facts) => recognisable(facts) === undefined,
  },
  {
    code: 'ADVISER_NEED_NOT_KNOW', clauses: ['DS-08'], on: 'line', term: 'decision.adviceRoute', pointer: '/category', warns: true, applies,
    says: 'advisers of one’s own are asked without being told who the person is, where that is possible',
    next: 'Take out what tells who the person is, the reference too; or give `advice.identityNeeded`.',
    met: (facts) => !withoutIdentity(facts) || !ours(facts, facts.line) || (isPartLine(facts.line) ? !IDENTIFYING.includes(facts.line.category) : facts.line.about !== 'subject' || keeps(facts, facts.line)),
  },
] as const satisfies readonly Condition[];
