import { type Agreement, term } from './agreement';
import type { Contact } from './parties';
import { ACCEPTED_CHANNELS, OFFERED, type Protection } from './vocabulary/protections';

/** Protections that the agreement admits, whatever else a contact could take (CH-01, CH-02). */
export const admitted = (agreement: Agreement): readonly Protection[] => term(agreement, 'channel.email.accepted').flatMap((code) => [...ACCEPTED_CHANNELS[code].admits]);

/** The strongest protection that the agreement admits, the contact takes and we offer. None: nothing is sent. There is no weaker one. */
export const protectionFor = (agreement: Agreement, contact: Contact): (typeof OFFERED)[number] | undefined =>
  OFFERED.find((protection) => admitted(agreement).includes(protection) && contact.protections.includes(protection));
