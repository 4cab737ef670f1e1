import { type Agreement, purposeOf, term } from '../agreement';
import type { Approval, Previous, Telling } from '../decision';
import { contactOf } from '../parties';
import { ONWARD_GROUNDS } from '../vocabulary/declarations';
import { entryOf, within } from '../vocabulary/entry';
import type { ShareFacts } from './condition';

/** Names a share that it passes on. */
export const passesOn = ({ manifest }: ShareFacts): boolean => manifest.threads?.previous !== undefined;
/** For another purpose than the one declared first. */
export const differs = ({ manifest, previous }: ShareFacts): boolean => previous !== undefined && previous.purpose !== (manifest.purpose ?? '');

/**
 * Where a text keeps information to the purpose of the agreement, and nobody can agree to another, one of its purposes is as good as
 * another. Where somebody can agree, or the text keeps it to the purpose for which it was shared, every other purpose is a change.
 */
const changesPurpose = (facts: ShareFacts): boolean => {
  const { agreement, manifest } = facts;
  const kept = term(agreement, 'purpose.limit') === 'agreement-purpose' && term(agreement, 'purpose.changeApproval') === 'not-allowed';
  return differs(facts) && !(kept && purposeOf(agreement, manifest.purpose) !== undefined);
};

/** The ground that the sender names, where one of its own people is named who approved it. */
function ground({ manifest, sender, at }: ShareFacts): keyof typeof ONWARD_GROUNDS | undefined {
  const declared = manifest.onward;
  if (!declared || !entryOf(ONWARD_GROUNDS, declared.ground) || !contactOf(sender, declared.approver, at)) return undefined;
  return declared.ground as keyof typeof ONWARD_GROUNDS;
}

const excepted = (facts: ShareFacts): boolean => {
  const named = ground(facts);
  const exceptions: readonly string[] = term(facts.agreement, 'purpose.changeExceptions') ?? [];
  return named !== undefined && ONWARD_GROUNDS[named].meets.some((exception) => exceptions.includes(exception));
};

const wayOut = (facts: ShareFacts): boolean => {
  const named = ground(facts);
  const ways: readonly string[] = term(facts.agreement, 'onward.scope')?.wayOut ?? ['person-at-risk', 'statute-requires'];
  return named !== undefined && ways.includes(named);
};

const approval = (facts: ShareFacts, covers: (approval: Approval) => boolean): Approval | undefined =>
  facts.previous?.approvals.find((each) => each.by === facts.previous?.originator.controller && each.purpose === facts.manifest.purpose && within(each, facts.at) && covers(each));

export function changeAgreed(facts: ShareFacts): boolean {
  const rule = term(facts.agreement, 'purpose.changeApproval');
  if (!changesPurpose(facts) || excepted(facts)) return true;
  if (rule === 'consider-consent') return facts.manifest.consent !== undefined;
  return rule === 'provider-in-writing' && approvedForAll(facts);
}

/** Whether the rule of the controller's consent reaches what is passed on. */
const reaches = (agreement: Agreement, previous: Previous): boolean => {
  if (term(agreement, 'onward.scope')?.covers !== 'meetings-and-case-data') return true;
  const nature = term(agreement, 'agreement.purposes').find(({ code }) => code === previous.purpose)?.nature ?? 'case';
  return previous.meeting === true || nature === 'case' || nature === 'review' || nature === 'audit';
};

/** Neither who shared it first nor who has it already. */
const isAnother = ({ previous, sender }: ShareFacts, agency: string): boolean => agency !== previous?.originator.agency && agency !== sender?.agency;

export function consented(facts: ShareFacts, agency: string): boolean {
  const { agreement, previous } = facts;
  if (!previous || !isAnother(facts, agency) || !reaches(agreement, previous)) return true;
  return wayOut(facts) || approval(facts, ({ recipients }) => recipients.includes(agency)) !== undefined;
}

const others = ({ shared, sender }: ShareFacts): string[] => shared.map(({ recipient }) => recipient.agency).filter((agency) => agency !== sender?.agency);
const approvedForAll = (facts: ShareFacts): boolean => approval(facts, ({ recipients }) => others(facts).every((agency) => recipients.includes(agency))) !== undefined;

const underAnother = ({ agreement, previous }: ShareFacts): boolean => previous?.agreement !== undefined && previous.agreement !== agreement.id;

/** Whoever chooses another agreement would choose its rules on passing on as well. */
export const choosesOtherRules = (facts: ShareFacts): boolean => underAnother(facts) && ground(facts) === undefined && !approvedForAll(facts);

/** Whoever did not wait for the originating controller tells it at once. */
export function onwardTellings(facts: ShareFacts, reached: readonly string[]): Telling[] {
  const { previous } = facts;
  const named = ground(facts);
  if (!previous || named === undefined) return [];
  const rule = term(facts.agreement, 'onward.rule');
  const waited = approval(facts, ({ recipients }) => reached.every((agency) => recipients.includes(agency))) !== undefined;
  const otherwise = changesPurpose(facts) && excepted(facts);
  const onward = rule === 'controller-consent' && reaches(facts.agreement, previous) && wayOut(facts) && reached.some((agency) => isAnother(facts, agency));
  const leaned = !waited && (otherwise || onward || underAnother(facts));
  return leaned ? [{ controller: previous.originator.controller, ground: named }] : [];
}
