import 'reflect-metadata';
import { ADMISSION } from './conditions/admission';
import { CHANNEL } from './conditions/channel';
import { ANSWERING } from './conditions/answering';
import { ASKING } from './conditions/asking';
import type { Condition } from './conditions/condition';
import { CODES } from './conditions/codes';
import { CONSENT } from './conditions/consent';
import { FLOWS } from './conditions/flows';
import { HEADER } from './conditions/header';
import { LAWFULNESS } from './conditions/lawfulness';
import { LISTS_SHOWN } from './conditions/lists-shown';
import { MEETINGS } from './conditions/meetings';
import { MINIMISATION } from './conditions/minimisation';
import { NOTIFICATIONS } from './conditions/notifications';
import { OFF_WIRE } from './conditions/off-wire';
import { ONWARD } from './conditions/onward';
import type { OUTCOMES } from './conditions/outcomes';
import { PARTIES } from './conditions/parties';
import { PERSON } from './conditions/person';
import { POWERS } from './conditions/powers';
import { DECISION_RECORD } from './conditions/record';
import { SCHEDULES } from './conditions/schedules';
import { SCOPE } from './conditions/scope';
import { SECURITY } from './conditions/security';
import { SUSPENDED } from './conditions/suspended';

/** Every condition of a share, in the order in which an agreement comes to them. All are tried, and all that are unmet are told. */
export const CONDITIONS = [
  ...PARTIES, ...SCOPE, ...LAWFULNESS, ...SCHEDULES, ...POWERS, ...CONSENT, ...PERSON, ...DECISION_RECORD, ...ONWARD, ...NOTIFICATIONS, ...LISTS_SHOWN, ...MEETINGS, ...MINIMISATION, ...CODES, ...HEADER, ...FLOWS, ...SECURITY, ...SUSPENDED, ...CHANNEL, ...OFF_WIRE, ...ASKING, ...ANSWERING,
] as const satisfies readonly Condition[];

export { ADMISSION };

export type ConditionCode = (typeof CONDITIONS)[number]['code'] | (typeof ADMISSION)[number]['code'];
export type ReasonCode = ConditionCode | keyof typeof OUTCOMES;
