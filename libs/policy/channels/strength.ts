import { type Agreement, term } from '../agreement';
import { ACCEPTED_CHANNELS, type Protection } from '../vocabulary/protections';

/** How much each protection withstands; only their order counts. */
const STRENGTH: Record<Protection, number> = { openpgp: 3, smime: 3, 'aes-zip': 2, 'encrypted-service': 2, 'tls-domain': 1 };
export const strengthOf = (protection: Protection): number => STRENGTH[protection];

const ADMITTED = new WeakMap<readonly string[], readonly Protection[]>();

/** Protections that the agreement admits, whatever a contact could take (CH-01, CH-02). */
function admitted(agreement: Agreement): readonly Protection[] {
  const accepted = term(agreement, 'channel.email.accepted');
  const known = ADMITTED.get(accepted) ?? accepted.flatMap((code) => [...ACCEPTED_CHANNELS[code].admits]);
  ADMITTED.set(accepted, known);
  return known;
}

export const admits = (agreement: Agreement, protection: Protection): boolean => admitted(agreement).includes(protection);

/** The weakest protection that an agreement lets a share travel under. */
function floor(agreement: Agreement): number {
  const alone = term(agreement, 'channel.tlsAloneSuffices') === false ? admitted(agreement).filter((protection) => protection !== 'tls-domain') : admitted(agreement);
  return Math.min(...alone.map(strengthOf));
}

/** The weakest that all agreements in common let pass: for the strength of the channel the stricter of them applies (PD-18). */
export const strictest = (agreements: readonly Agreement[]): number => Math.max(...agreements.map(floor).filter(Number.isFinite), 0);
