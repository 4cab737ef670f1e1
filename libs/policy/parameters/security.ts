import { AFTERWARDS } from './afterwards';
import { PARTIES_AND_DECISION } from './parties';
import { SHARING } from './sharing';
import { code, count, day, fields, flag, listOf, type Of, type Shape, text } from './shape';

/** A term as the security profile of one party puts it: with the place that says it, or with why it is ours. */
const sharper = <T>(value: Shape<T>) => fields({ value }, { clause: text, default: flag, because: text });

/** What a party may ask for what comes from it, over and above the agreement. Each keeps the shape that it has for the agreement itself. */
export const SHARPENED = {
  'law.lawEnforcement': PARTIES_AND_DECISION['law.lawEnforcement'],
  'record.law62': PARTIES_AND_DECISION['record.law62'],
  'min.recipientRule': SHARING['min.recipientRule'],
  'min.identityReduction': SHARING['min.identityReduction'],
  'min.duplication': SHARING['min.duplication'],
  'min.linking': SHARING['min.linking'],
  'channel.email.accepted': SHARING['channel.email.accepted'],
  'channel.tls.min': SHARING['channel.tls.min'],
  'transfer.regions': AFTERWARDS['transfer.regions'],
  'access.whoMay': AFTERWARDS['access.whoMay'],
  'access.namedPersons': AFTERWARDS['access.namedPersons'],
  'access.mfa': AFTERWARDS['access.mfa'],
  'access.atRest': AFTERWARDS['access.atRest'],
  'access.devices': AFTERWARDS['access.devices'],
  'audit.onSite': AFTERWARDS['audit.onSite'],
} as const;

type Sharpened = { [N in keyof typeof SHARPENED]: Shape<{ readonly value: Of<(typeof SHARPENED)[N]>; readonly clause?: string; readonly default?: boolean; readonly because?: string }> };

const terms = fields({}, Object.fromEntries(Object.entries(SHARPENED).map(([name, shape]) => [name, sharper<unknown>(shape)])) as unknown as Sharpened);

/**
 * Rules of parties' own (PD-20): one profile for each entry of the party list that has some, in force from a day. `noticed`: the day on which
 * the party told the others of them; `earlyApproved`: the co-ordinator approved that they hold before the time of notice is over.
 */
export const SECURITY = {
  'party.specificSecurityNeeds': fields(
    { allowed: flag },
    { noticeMonths: count, confirmedAtReview: flag, profiles: listOf(fields({ entry: code, says: text, from: day, terms }, { noticed: day, earlyApproved: flag })) },
  ),
} as const satisfies Record<string, Shape<unknown>>;
