import type { Agreement } from './agreement';
import type { InformationRequest } from './conditions/condition';
import { triedAsking } from './deciding/trial';
import type { Reason } from './decision';

/** Says why an information request cannot go out under the agreement at the instant `at`; an empty list: it can. */
export const ask = (agreement: Agreement, request: InformationRequest, at: string): Reason[] => triedAsking({ agreement, request, at });
