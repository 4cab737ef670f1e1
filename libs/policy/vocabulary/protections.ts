import type { Entry } from './entry';

/** How what is sent is protected on its way. */
export const PROTECTIONS = {
  openpgp: { says: 'sealed with OpenPGP' },
  smime: { says: 'sealed with S/MIME' },
  'aes-zip': { says: 'in an AES container' },
  'encrypted-service': { says: 'by an encrypted email service' },
  'tls-domain': { says: 'between domains that hold TLS' },
} as const satisfies Record<string, Entry>;

export type Protection = keyof typeof PROTECTIONS;

/** Strongest first: what this gateway can put on a transfer now. */
export const OFFERED = ['openpgp'] as const satisfies readonly Protection[];

export interface AcceptedChannel extends Entry {
  /** Protections that meet it (CH-02). */
  admits: readonly Protection[];
}

/** What agreements say about how personal information may travel, and what meets it. */
export const ACCEPTED_CHANNELS = {
  encrypted: { says: 'encrypted', admits: ['openpgp', 'smime', 'aes-zip'] },
  'encrypted-attachment': { says: 'in an encrypted attachment', admits: ['openpgp', 'smime', 'aes-zip'] },
  'encrypted-service': { says: 'by an encrypted email service', admits: ['encrypted-service'] },
  'secure-domains': { says: 'between secure email domains', admits: ['tls-domain'] },
  'password-document': { says: 'in a strongly password-protected document', admits: ['aes-zip'] },
  // A co-ordinator records that OpenPGP or S/MIME is an encryption solution that the agreement accepts, or two parties agree on it.
  'recorded-openpgp': { says: 'OpenPGP, recorded as accepted', admits: ['openpgp'] },
  'recorded-smime': { says: 'S/MIME, recorded as accepted', admits: ['smime'] },
  'approved-address': { says: 'to an address approved for the party', admits: [] },
} as const satisfies Record<string, AcceptedChannel>;

/** Labels of a marking scheme that has gone, accepted on what comes in (PV-07). */
export const LEGACY_CLASSIFICATIONS = {
  PROTECT: { says: 'PROTECT', until: '2014-04-02', today: 'OFFICIAL-SENSITIVE' },
  RESTRICTED: { says: 'RESTRICTED', until: '2014-04-02', today: 'OFFICIAL-SENSITIVE' },
} as const satisfies Record<string, Entry & { today: 'OFFICIAL-SENSITIVE' }>;
