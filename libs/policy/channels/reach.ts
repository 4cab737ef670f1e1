import type { ManifestBase } from '#protocol/manifest';
import type { Agreement } from '../agreement';
import { type ChannelChoice, chooseChannel } from '../channel';
import type { Contact } from '../parties';
import { CARRIED, CHANNEL_CODES, type ChannelCode } from '../vocabulary/channels';
import type { End } from './question';

/** What the directory knows of a contact today: a mailbox here, a secure mail domain, and the keys that it registered. */
const endOf = ({ protections, sealingKey, collects, domain }: Contact, types: End['types']): End => ({
  mailbox: collects !== false && protections.length > 0,
  ...(domain ? { domain } : {}),
  // That nobody collects for it here was entered from a file that somebody reviewed: mail is the way recorded for it (CH-06).
  ...(collects === false ? { registered: ['mail-openpgp'] as const } : {}),
  // It takes OpenPGP, and no key of it stands: that is told of the key.
  keys: { openpgp: !protections.includes('openpgp') ? 'none' : sealingKey === 'none' ? 'unverified' : sealingKey },
  ...(types ? { types } : {}),
});

/** What the sender asks for, in words of the vocabulary; others are told of by another condition. */
function askedIn({ way }: Pick<ManifestBase, 'way'>): { channel: ChannelCode; reason?: string; approver?: string } | undefined {
  const channel = CHANNEL_CODES.find((code) => code === way?.channel);
  return channel && { channel, ...(way?.reason !== undefined && { reason: way.reason }), ...(way?.approver !== undefined && { approver: way.approver }) };
}

/** The way to a recipient, of those that this gateway carries. What goes to a mailbox asks nothing of the sender's own means. */
export function wayTo({ agreement, manifest }: { agreement: Agreement; manifest: Pick<ManifestBase, 'urgency' | 'way'> }, inCommon: readonly Agreement[], contact: Contact, types: End['types']): ChannelChoice {
  const asked = askedIn(manifest);
  const offered: readonly ChannelCode[] = asked && !CARRIED.some((code) => code === asked.channel) ? [...CARRIED, asked.channel] : CARRIED;
  return chooseChannel({ agreement, inCommon, from: {}, to: endOf(contact, types), sensitive: true, emergency: manifest.urgency === 'emergency', offered, ...(asked && { asked }) });
}
