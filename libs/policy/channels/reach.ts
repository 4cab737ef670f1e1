import type { ManifestBase } from '#protocol/manifest';
import type { Agreement } from '../agreement';
import { type ChannelChoice, chooseChannel } from '../channel';
import type { Address, PartLine } from '#protocol/line';
import type { OffWire, Previous } from '../decision';
import { type Contact, contactOf, type Party } from '../parties';
import { CATEGORIES } from '../vocabulary/categories';
import { entryOf, within } from '../vocabulary/entry';
import { CARRIED, CHANNEL_CODES, type ChannelCode } from '../vocabulary/channels';
import type { End } from './question';
import { admits } from './strength';

/** What the directory knows of a contact today: a mailbox here, a secure mail domain, and the keys that it registered. */
const endOf = ({ protections, sealingKey, smimeKey, collects, domain }: Contact, types: End['types']): End => ({
  mailbox: collects !== false && protections.length > 0,
  ...(domain ? { domain } : {}),
  // That nobody collects for it here was entered from a file that somebody reviewed: mail is the way recorded for it (CH-06).
  ...(collects === false ? { registered: ['mail-openpgp', 'mail-smime', 'mail-container'] as const } : {}),
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
  manifest: Pick<ManifestBase, 'id' | 'urgency' | 'way' | 'sender'>;
  previous: Previous | undefined;
  recipient: Pick<Address, 'agency'>;
  sender: Party | undefined;
  parts: readonly PartLine[];
  at: string;
  route: OffWire | undefined;
}

/**
 * What a recipient has, as far as this gateway goes there. A container is for one that gets mail and has no key: where a key ran out or was revoked that is mended,
 * and nothing weaker is taken in its place.
 */
function reachedBy(agreement: Agreement, contact: Contact, types: End['types']): End {
  const contained = contact.collects === false && !contact.protections.some((protection) => admits(agreement, protection));
  return { ...endOf(contact, types), ...(contained ? {} : { contained: false as const }) };
}

/** What the sender could mail itself, from whichever of its domains. */
const mailsFrom = (sender: Party | undefined, at: string): End => {
  const domains = sender?.contacts.flatMap(({ domain, ...dates }) => (domain && within(dates, at) ? [domain] : [])) ?? [];
  const [domain] = [...domains.filter(({ lapsed }) => !lapsed), ...domains];
  return domain ? { domain } : {};
};

/**
 * By which way the originator agreed that this one share may go to this recipient, though the agreement does not admit it (CH-11). What the sender shares first is its own:
 * it signs why, and which second person approved it. What it passes on is another's: that controller answered a matter that names way, recipient and share.
 */
export function deviationIn({ manifest, previous, recipient, at }: Pick<Mailed, 'manifest' | 'previous' | 'recipient' | 'at'>): { channel: ChannelCode; matter?: string } | undefined {
  const asked = askedIn(manifest);
  if (!previous) return asked?.reason !== undefined && asked.approver !== undefined ? { channel: asked.channel } : undefined;
  const agreed = previous.approvals.find(({ by, recipients, way, ...dates }) => by === previous.originator.controller && way?.share === manifest.id && recipients.includes(recipient.agency) && within(dates, at));
  const channel = CHANNEL_CODES.find((code) => code === agreed?.way?.channel);
  return agreed && channel && { channel, matter: agreed.matter };
}

/** The way to a recipient, of those that this gateway carries. What goes to a mailbox asks nothing of the sender's own means; a container is only for want of what the sender could mail itself (CH-04). */
export function wayTo(facts: Mailed, inCommon: readonly Agreement[], contact: Contact, types: End['types']): ChannelChoice {
  if (facts.route?.by === 'tls-domain') return mailedTo(facts, inCommon, contact, types);
  const { agreement, manifest, sender, at } = facts;
  const asked = askedIn(manifest);
  const deviation = deviationIn(facts);
  const offered: readonly ChannelCode[] = asked && !CARRIED.some((code) => code === asked.channel) ? [...CARRIED, asked.channel] : CARRIED;
  return chooseChannel({ agreement, inCommon, from: {}, to: reachedBy(agreement, contact, types), sensitive: true, emergency: manifest.urgency === 'emergency', offered, beside: { channels: ['tls-domain'], from: mailsFrom(sender, at) }, ...(asked && { asked }), ...(deviation && { deviation }) });
}
