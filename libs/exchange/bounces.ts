import { createHmac, timingSafeEqual } from 'node:crypto';
import { type MailAddress, writtenAddress } from '#mail/address';

/** Octets of the mark that says an address is one of ours: nobody guesses it within the life of a transfer. */
const MARK_OCTETS = 10;
const LOCAL = /^b-([0-9a-f]{32})-([0-9a-f]{20})$/;

export interface Bouncing {
  from: MailAddress;
  bounceKey: Buffer;
}

const markOf = (key: Buffer, transfer: string): string => createHmac('sha256', key).update(`bounce ${transfer}`).digest().subarray(0, MARK_OCTETS).toString('hex');

/** To whom a mail host says that it could not deliver: an address of its own for each transfer, which nobody can make who was not sent it (M13). */
export const bounceAddress = ({ from, bounceKey }: Bouncing, transfer: string): string => writtenAddress({ local: `b-${transfer.replaceAll('-', '')}-${markOf(bounceKey, transfer)}`, domain: from.domain });

/** The transfer that such an address is about; undefined for one that we did not make. */
export function bouncedTransfer({ from, bounceKey }: Bouncing, { local, domain }: MailAddress): string | undefined {
  const [, hex = '', mark = ''] = LOCAL.exec(local.toLowerCase()) ?? [];
  if (domain !== from.domain || hex === '') return undefined;
  const transfer = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return timingSafeEqual(Buffer.from(mark), Buffer.from(markOf(bounceKey, transfer))) ? transfer : undefined;
}
