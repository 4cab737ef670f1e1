import type { Entry } from './entry';
import type { Protection } from './protections';

export interface ChannelEntry extends Entry {
  protection: Protection;
  /** `mailbox`: collected here, over mutual TLS; `mail`: to a mail address; `service`: by a service to which both belong. */
  route: 'mailbox' | 'mail' | 'service';
  /** What the gateway never carries is sent from the sender's premises, and recorded here. */
  carriedBy: 'gateway' | 'sender';
  /** Only where none of those before it stands (CH-04). */
  lastResort?: true;
}

/** Ways from one agency to another, strongest first. There is none in clear. */
export const CHANNELS = {
  'mailbox-openpgp': { says: 'sealed with OpenPGP, to its mailbox here', protection: 'openpgp', route: 'mailbox', carriedBy: 'gateway' },
  'mailbox-smime': { says: 'sealed with S/MIME, to its mailbox here', protection: 'smime', route: 'mailbox', carriedBy: 'gateway' },
  'mail-openpgp': { says: 'sealed with OpenPGP, by mail to a domain that holds TLS', protection: 'openpgp', route: 'mail', carriedBy: 'gateway' },
  'mail-smime': { says: 'sealed with S/MIME, by mail to a domain that holds TLS', protection: 'smime', route: 'mail', carriedBy: 'gateway' },
  'encrypted-service': { says: 'by an encrypted email service, from the sender’s premises', protection: 'encrypted-service', route: 'service', carriedBy: 'sender' },
  'tls-domain': { says: 'by mail between domains that hold TLS, from the sender’s premises', protection: 'tls-domain', route: 'mail', carriedBy: 'sender' },
  'mail-container': { says: 'in a password-protected AES container, by mail', protection: 'aes-zip', route: 'mail', carriedBy: 'gateway', lastResort: true },
} as const satisfies Record<string, ChannelEntry>;

export type ChannelCode = keyof typeof CHANNELS;
export const CHANNEL_CODES = Object.keys(CHANNELS) as ChannelCode[];
export const channelOf = (code: ChannelCode): ChannelEntry => CHANNELS[code];

/** Why a sender takes another way than the strongest. */
export const WEAKER_REASONS = {
  'recipient-cannot-now': { says: 'the recipient cannot use the stronger way now' },
  'recipient-asked': { says: 'the recipient asked for this way' },
  'not-watched-now': { says: 'nobody looks at the other end of the stronger way at this hour' },
} as const satisfies Record<string, Entry>;

/** Versions that a mail domain may hold, weakest first. `none`: it takes mail in clear. */
export const TLS_VERSIONS = ['none', '1.0', '1.1', '1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** What this gateway carries now. */
export const CARRIED = ['mailbox-openpgp', 'mailbox-smime', 'mail-openpgp', 'mail-smime', 'mail-container'] as const satisfies readonly ChannelCode[];
