import type { Agreement } from '../agreement';
import { type ChannelChoice, chooseChannel } from '../channel';
import type { Contact } from '../parties';
import { CARRIED } from '../vocabulary/channels';
import type { End } from './question';

/** What the directory knows of a contact today: a mailbox here, and the keys that it registered. */
const endOf = ({ protections, sealingKey, smimeKey }: Contact, types: End['types']): End => ({
  mailbox: protections.length > 0,
  // It takes OpenPGP, and no key of it stands: that is told of the key.
  keys: { openpgp: !protections.includes('openpgp') ? 'none' : sealingKey === 'none' ? 'unverified' : sealingKey, smime: protections.includes('smime') ? (smimeKey ?? 'unverified') : 'none' },
  ...(types ? { types } : {}),
});

/** The way to a recipient, of those that this gateway carries. What goes to a mailbox asks nothing of the sender's own means. */
export const wayTo = (agreement: Agreement, inCommon: readonly Agreement[], contact: Contact, types: End['types']): ChannelChoice =>
  chooseChannel({ agreement, inCommon, from: {}, to: endOf(contact, types), sensitive: true, offered: CARRIED });
