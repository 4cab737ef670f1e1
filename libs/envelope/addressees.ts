import type { GateProblem, KeyCause } from './codes';
import type { Addressee, SealedPart } from './gate';

/** What the directory says of a key. */
export interface KnownKey {
  /** `agency/contact` */
  recipient: string;
  standing: 'current' | KeyCause;
  /** The key itself, where messages know it by several names (X.509: by issuer and serial number, by key identifier). Absent: the name is the key. */
  key?: string;
}

/**
 * Holds whom a part is addressed to against whom the sender proposes for it, both ways, and gives each recipient its own wrapped keys.
 * `known` is asked with a key ID (16 upper hex), for version 6 a fingerprint, for CMS a name of a certificate (upper hex). All problems are given, not the first.
 */
export function matchAddressees(
  part: Pick<SealedPart, 'addressees'>,
  known: (id: string) => KnownKey | undefined,
  proposed: readonly string[],
): { ok: true; copies: Map<string, Addressee[]> } | { ok: false; problems: GateProblem[] } {
  const problems: GateProblem[] = [];
  const copies = new Map<string, Addressee[]>(proposed.map((recipient) => [recipient, []]));
  const named = new Set<string>();
  for (const addressee of part.addressees) {
    const keyId = addressee.keyId ?? addressee.fingerprint ?? '';
    // Two wrapped keys for one key could be two different session keys, under which the same data may read differently.
    const key = known(keyId);
    const one = key?.key ?? keyId;
    if (named.has(one)) problems.push({ code: 'SEVERAL_MESSAGES', keyId, detail: 'the same key is addressed twice' });
    named.add(one);
    if (!key) {
      problems.push({ code: 'UNKNOWN_ADDRESSEE', keyId });
      continue;
    }
    const { recipient, standing } = key;
    if (standing !== 'current') problems.push({ code: 'KEY_NOT_VERIFIED', cause: standing, keyId, recipient });
    const copy = copies.get(recipient);
    if (copy) copy.push(addressee);
    else problems.push({ code: 'ADDRESSEE_NOT_PROPOSED', keyId, recipient });
  }
  for (const [recipient, copy] of copies) if (copy.length === 0) problems.push({ code: 'RECIPIENT_NOT_ADDRESSED', recipient });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, copies };
}
