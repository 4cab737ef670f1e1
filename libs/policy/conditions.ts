import 'reflect-metadata';
import type { Agreement } from './agreement';
import { ADMISSION } from './conditions/admission';
import { CHANNEL } from './conditions/channel';
import type { AdmissionCondition, Condition } from './conditions/condition';
import { HEADER } from './conditions/header';
import { LAWFULNESS } from './conditions/lawfulness';
import { MINIMISATION } from './conditions/minimisation';
import type { OUTCOMES } from './conditions/outcomes';
import { PARTIES } from './conditions/parties';
import { DECISION_RECORD } from './conditions/record';

/** Every condition of a share, in the order in which an agreement comes to them. All are tried, and all that are unmet are told. */
export const CONDITIONS = [...PARTIES, ...LAWFULNESS, ...DECISION_RECORD, ...MINIMISATION, ...HEADER, ...CHANNEL] as const satisfies readonly Condition[];

export { ADMISSION };

export type ConditionCode = (typeof CONDITIONS)[number]['code'] | (typeof ADMISSION)[number]['code'];
export type ReasonCode = ConditionCode | keyof typeof OUTCOMES;

/** Whether the agreement speaks of what the condition is about. Asks for its terms, never for its name. */
export const applies = (condition: Condition | AdmissionCondition, agreement: Agreement): boolean =>
  (condition.term === undefined || agreement.terms[condition.term] !== undefined) && (condition.applies?.(agreement) ?? true);
