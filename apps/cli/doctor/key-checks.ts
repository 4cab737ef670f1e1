import { isPast, vouch } from '#client/vouching';
import { type Certificate, standing } from '#envelope/certificates';
import { type SmimeCertificate, unfitFor } from '#envelope/smime-certificates';
import type { KeyUse } from '#envelope/key-statement';
import type { Pins } from '#client/pins';
import type { CertificateTold } from '#protocol/answers';
import { type Check, ending, type Finding, green, red } from './check';
import type { HomeFacts } from './home-facts';

const ROTATE = 'Make a new one: waybill enrol rotate --contact';

/** How one key of the home stands in the directory, for one use. */
async function bound(told: CertificateTold, use: KeyUse, { pins, now }: { pins: Pins; now: Date }): Promise<Finding> {
  const what = `${told.contact}’s key ${told.fingerprint.slice(-16)} to ${use}`;
  const again = told.form === 'smime' ? `Get another certificate: waybill enrol rotate --smime ${told.contact}=certificate.pem,key.pem` : `${ROTATE} ${told.contact}`;
  if (told.revokedAt !== undefined) return red(`${what} was revoked on ${told.revokedAt.slice(0, 10)}`, again);
  if (Date.parse(told.until) <= now.getTime()) return red(`${what} ended on ${told.until.slice(0, 10)}`, again);
  const verdict = await vouch(told, pins, { use, agency: told.agency, contact: told.contact }, now);
  if (!verdict.ok) return red(`${what} has no statement of your co-ordinator that holds (${verdict.not.because})`, 'Ring the co-ordinator by a number that you know: nobody will seal to it or believe it.');
  const { cause, until } = verdict.vouched.form === 'smime' ? smimeKey(verdict.vouched.certificate, use, now) : openpgpKey(verdict.vouched.certificate, use, now);
  if (cause) return red(`${what} does not hold (${cause})`, again);
  // The statement's end or the key's own, whichever comes first.
  return ending(what, new Date(Math.min(until, Date.parse(told.until))), { now, fix: again });
}

/** `until`: milliseconds since the epoch. */
interface Key {
  cause: string | undefined;
  until: number;
}

const smimeKey = (certificate: SmimeCertificate, use: KeyUse, now: Date): Key => ({ cause: unfitFor(use, certificate, now), until: Date.parse(certificate.until) });

function openpgpKey(certificate: Certificate, use: KeyUse, now: Date): Key {
  const stands = certificate[use].map((key) => standing(certificate, key, now));
  const until = Math.max(...certificate[use].map(({ expires }) => (expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires))));
  return { cause: stands.includes('current') ? undefined : (stands[0] ?? 'no such key'), until };
}

async function keys({ file, secrets, certificates, pins, now }: HomeFacts): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, secret] of secrets) {
    if (!secret.ok) {
      findings.push(red(`${name} is not a secret key, or is locked with another passphrase`, 'Take it from your backup, or name its passphrase in waybill.json: passphraseFile.'));
      continue;
    }
    if (!certificates.ok || !pins.ok) continue;
    const served = certificates.value.filter(({ fingerprint }) => fingerprint === secret.value);
    findings.push(...(await held(name === file.signingKey || name === file.smimeSigning?.key, name, served, { pins: pins.value, now })));
  }
  return findings;
}

async function held(signs: boolean, name: string, served: readonly CertificateTold[], { pins, now }: { pins: Pins; now: Date }): Promise<readonly Finding[]> {
  if (served.length === 0) return [signs ? red(`${name} signs, and is in no directory`, 'Have it approved and bound, or name the key that was: signingKey in waybill.json.') : green(`${name} waits to be bound, or is kept for old shares`)];
  const findings = await Promise.all(served.map((told) => bound(told, told.use, { pins, now })));
  // A key that only opens what was sealed to it before may be past: that is what it is kept for.
  return signs || findings.every(({ colour }) => colour !== 'red') ? findings : [green(`${name} is kept for old shares`)];
}

/** Somebody must be able to seal to each contact whose keys lie here. */
async function reachable({ secrets, certificates, pins, now }: HomeFacts): Promise<readonly Finding[]> {
  if (!certificates.ok || !pins.ok) return [];
  const own = new Set([...secrets.values()].flatMap((secret) => (secret.ok ? [secret.value] : [])));
  const contacts = new Map<string, CertificateTold[]>();
  for (const told of certificates.value.filter(({ use, fingerprint }) => use === 'seal' && own.has(fingerprint))) contacts.set(told.contact, [...(contacts.get(told.contact) ?? []), told]);
  const findings: Finding[] = [];
  for (const [contact, served] of contacts) {
    const each = await Promise.all(served.map((told) => bound(told, 'seal', { pins: pins.value, now })));
    if (each.every(({ colour }) => colour === 'red')) findings.push(red(`nobody can seal to ${contact}`, `${ROTATE} ${contact}`));
  }
  const foreign = certificates.value.filter((told) => told.use === 'seal' && contacts.has(told.contact) && !own.has(told.fingerprint) && !isPast(told, now));
  for (const told of foreign) findings.push(red(`shares for ${told.contact} are sealed to a key that does not lie here: ${told.fingerprint.slice(-16)}`, 'Add its secret key to openingKeys in waybill.json, or have it revoked if nobody of yours has it.'));
  return findings;
}

export const KEY_CHECKS: readonly Check<HomeFacts>[] = [{ about: 'OpenPGP and S/MIME keys', look: keys }, { about: 'OpenPGP and S/MIME keys', look: reachable }];
