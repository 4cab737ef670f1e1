import type { ManifestBase } from '#protocol/manifest';
import type { Agreement } from '../agreement';
import { type ChannelChoice, chooseChannel } from '../channel';
import type { PartLine } from '#protocol/line';
import type { OffWire } from '../decision';
import { type Contact, contactOf, type Party } from '../parties';
import { CATEGORIES } from '../vocabulary/categories';
import { entryOf } from '../vocabulary/entry';
import { CARRIED, CHANNEL_CODES, type ChannelCode } from '../vocabulary/channels';
import type { End } from './question';

/** What the directory knows of a contact today: a mailbox here, a secure mail domain, and the keys that it registered. */
const endOf = ({ protections, sealingKey, smimeKey, collects, domain }: Contact, types: End['types']): End => ({
  mailbox: collects !== false && protections.length > 0,
  ...(domain ? { domain } : {}),
  // That nobody collects for it here was entered from a file that somebody reviewed: mail is the way recorded for it (CH-06).
  ...(collects === false ? { registered: ['mail-openpgp', 'mail-smime'] as const } : {}),
  // It takes OpenPGP, and no key of it stands: that is told of the key.
  keys: { openpgp: !protections.includes('openpgp') ? 'none' : sealingKey === 'none' ? 'unverified' : sealingKey, smime: protections.includes('smime') ? (smimeKey ?? 'unverified') : 'none' },
  ...(types ? { types } : {}),
});

/** What the sender asks for, in words of the vocabulary; others are told of by another condition. */
function askedIn({ way }: Pick<ManifestBase, 'way'>): { channel: ChannelCode; reason?: string; approver?: string } | undefined {
  const channel = CHANNEL_CODES.find((code) => code === way?.channel);
  return channel && { channel, ...(way?.reason !== undefined && { reason: way.reason }), ...(way?.approver !== undefined && { approver: way.approver }) };
}

/** What depends on the part may be special category data as well as not. */
const sensitive = (parts: readonly PartLine[]): boolean => parts.some(({ category }) => (entryOf(CATEGORIES, category)?.flag ?? 'special') !== 'none');

/** Whether it may go by mail from the sender's own premises, and no better way stands (CH-01 to CH-03, CH-06). */
function mailedTo({ agreement, manifest, sender, parts, at }: Mailed, inCommon: readonly Agreement[], contact: Contact, types: End['types']): ChannelChoice {
  const own = manifest.sender.contact === undefined ? undefined : contactOf(sender, manifest.sender.contact, at);
  const { reason, approver } = manifest.way ?? {};
  return chooseChannel({
    agreement, inCommon, from: own ? endOf(own, undefined) : {}, to: endOf(contact, types), sensitive: sensitive(parts), emergency: manifest.urgency === 'emergency', offered: [...CARRIED, 'tls-domain'],
    asked: { channel: 'tls-domain', ...(reason !== undefined && { reason }), ...(approver !== undefined && { approver }) },
  });
}

interface Mailed {
  agreement: Agreement;
  manifest: Pick<ManifestBase, 'urgency' | 'way' | 'sender'>;
  sender: Party | undefined;
  parts: readonly PartLine[];
  at: string;
  route: OffWire | undefined;
}

/** The way to a recipient, of those that this gateway carries. What goes to a mailbox asks nothing of the sender's own means. */
export function wayTo(facts: Mailed, inCommon: readonly Agreement[], contact: Contact, types: End['types']): ChannelChoice {
  if (facts.route?.by === 'tls-domain') return mailedTo(facts, inCommon, contact, types);
  const { agreement, manifest } = facts;
  const asked = askedIn(manifest);
  const offered: readonly ChannelCode[] = asked && !CARRIED.some((code) => code === asked.channel) ? [...CARRIED, asked.channel] : CARRIED;
  return chooseChannel({ agreement, inCommon, from: {}, to: endOf(contact, types), sensitive: true, emergency: manifest.urgency === 'emergency', offered, ...(asked && { asked }) });
}
