/** Longest address, local part and label (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4), in octets. */
const LONGEST = { address: 254, local: 64, domain: 253, label: 63 } as const;

/** Atoms with dots between them, of the characters that mail systems of agencies really use: no quotes, no comments, no routes (`%`, `!`), no blanks. */
const LOCAL = /^[A-Za-z0-9_+&'-]+(\.[A-Za-z0-9_+&'-]+)*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;

export interface MailAddress {
  local: string;
  /** Lower case, without a dot at its end. */
  domain: string;
}

export type AddressFault = 'not-ascii' | 'too-long' | 'no-single-at' | 'local-part' | 'domain' | 'internationalised' | 'address-literal';

/**
 * One mail address as it is put into an envelope, and nothing else: what else RFC 5322 would admit (display names, groups, comments, quoted local parts, folding) is
 * how one address is made to look like another. What is refused here nobody has as the mail address of a team.
 */
export function readAddress(text: string): { ok: true; address: MailAddress } | { ok: false; fault: AddressFault } {
  const refused = (fault: AddressFault) => ({ ok: false as const, fault });
  // M14: a list of a hundred thousand is not read through to be refused.
  if (text.length > LONGEST.address) return refused('too-long');
  if (!/^[\x21-\x7e]+$/.test(text)) return refused('not-ascii');
  const at = text.indexOf('@');
  if (at < 1 || at !== text.lastIndexOf('@')) return refused('no-single-at');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (local.length > LONGEST.local || !LOCAL.test(local)) return refused('local-part');
  if (domain.startsWith('[')) return refused('address-literal');
  const labels = domain.toLowerCase().split('.');
  if (domain.length > LONGEST.domain || labels.length < 2 || labels.some((label) => label.length > LONGEST.label || !LABEL.test(label))) return refused('domain');
  // What ends in digits is an address of a machine, however it is written.
  if (/^[0-9]+$/.test(labels.at(-1) as string)) return refused('address-literal');
  // It may look like another on a screen.
  if (labels.some((label) => label.startsWith('xn--'))) return refused('internationalised');
  return { ok: true, address: { local, domain: labels.join('.') } };
}

export const writtenAddress = ({ local, domain }: MailAddress): string => `${local}@${domain}`;
