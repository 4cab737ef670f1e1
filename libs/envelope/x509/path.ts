import { parsedCertificate, smimeStanding, type SmimeCertificate } from '../smime-certificates';
import type { KeyCause } from '../codes';

/** A certificate that the reader trusts, got from a key statement or at enrolment, never from the message. */
export interface Pin {
  certificate: SmimeCertificate;
  /**
   * Where the pin is an authority's: the mail addresses that count among those it vouches for. An authority vouches for many people; without a
   * name every one of them would pass for this one.
   */
  emails?: readonly string[];
}

export type PathFound = { ok: true; anchor: SmimeCertificate } | { ok: false; cause?: KeyCause };

/** Authorities between a signer and its anchor: one or two are usual. What is tried grows steeply with it. */
const LONGEST_PATH = 3;
/** What comes with a message is its sender's choice: more than these are not looked at. */
export const MOST_CERTIFICATES = 10;

/**
 * Whether a signer's certificate is pinned, or issued under a pinned authority to one of the addresses named beside it: each link signed by
 * the next, which may issue, and current at `at` (RFC 5280, 6.1, without policies and name constraints: a critical extension that we do not
 * know ends the path). `sent` came with the message and is trusted for nothing.
 */
export function pathToPin(signer: SmimeCertificate, sent: readonly SmimeCertificate[], pins: readonly Pin[], at: Date): PathFound {
  const standing = smimeStanding(signer, at);
  const own = pins.find(({ certificate }) => certificate.fingerprint === signer.fingerprint);
  if (own) return standing === 'current' ? { ok: true, anchor: own.certificate } : { ok: false, cause: standing };
  let cause: KeyCause | undefined;
  for (const { certificate, emails = [] } of pins) {
    const named = signer.emails.some((email) => emails.some((each) => each.toLowerCase() === email));
    if (!named || !climbs(signer, certificate, sent, { at, below: 0 })) continue;
    if (standing === 'current') return { ok: true, anchor: certificate };
    cause = standing;
  }
  return { ok: false, ...(cause ? { cause } : {}) };
}

interface Climb {
  at: Date;
  /** How many authorities are already on the path. */
  below: number;
}

function climbs(from: SmimeCertificate, anchor: SmimeCertificate, sent: readonly SmimeCertificate[], { at, below }: Climb): boolean {
  if (issued(anchor, from, { at, below })) return true;
  if (below >= LONGEST_PATH) return false;
  return sent.some((each) => issued(each, from, { at, below }) && climbs(each, anchor, sent.filter((other) => other !== each), { at, below: below + 1 }));
}

function issued(issuer: SmimeCertificate, subject: SmimeCertificate, { at, below }: Climb): boolean {
  const [above, under] = [parsedCertificate(issuer), parsedCertificate(subject)];
  if (!Buffer.from(above.subject).equals(under.issuer) || smimeStanding(issuer, at) !== 'current') return false;
  if (!above.issues || above.unknownCritical || !above.usage?.has('keyCertSign') || (above.pathLength ?? Number.POSITIVE_INFINITY) < below) return false;
  try {
    return under.x509.verify(above.publicKey);
  } catch {
    return false;
  }
}
