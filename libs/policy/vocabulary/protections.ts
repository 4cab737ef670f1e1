import type { Classification, LegacyLabel } from '#protocol/manifest';
import type { Entry } from './entry';
import type { OrgType } from './organisations';

/** How what is sent is protected on its way. */
export const PROTECTIONS = {
  openpgp: { says: 'sealed with OpenPGP' },
  smime: { says: 'sealed with S/MIME' },
  'aes-zip': { says: 'in an AES container' },
  'encrypted-service': { says: 'by an encrypted email service' },
  'tls-domain': { says: 'between domains that hold TLS' },
} as const satisfies Record<string, Entry>;

export type Protection = keyof typeof PROTECTIONS;

export interface AcceptedChannel extends Entry {
  /** Protections that meet it (CH-02). */
  admits: readonly Protection[];
  /** Said of what goes to bodies of these types: they take only a way that was recorded for them (CH-06). */
  onlyTo?: readonly OrgType[];
}

const ANY = ['openpgp', 'smime', 'aes-zip', 'encrypted-service', 'tls-domain'] as const satisfies readonly Protection[];

/** What agreements say about how personal information may travel, and what meets it. */
export const ACCEPTED_CHANNELS = {
  encrypted: { says: 'encrypted', admits: ['openpgp', 'smime', 'aes-zip'] },
  'encrypted-attachment': { says: 'in an encrypted attachment', admits: ['openpgp', 'smime', 'aes-zip'] },
  'encrypted-service': { says: 'by an encrypted email service', admits: ['encrypted-service'] },
  'commercial-encryption': { says: 'by a commercial encryption service', admits: ['encrypted-service'] },
  'nhs-transfer': { says: 'by secure transfer of the NHS, or as arranged with it', admits: ['encrypted-service'], onlyTo: ['health-provider', 'health-commissioner', 'ambulance'] },
  'police-conventions': { says: 'by the secure email conventions of the police', admits: ['encrypted-service', 'tls-domain'], onlyTo: ['police'] },
  'secure-domains': { says: 'between secure email domains', admits: ['tls-domain'] },
  'password-document': { says: 'in a strongly password-protected document', admits: ['aes-zip'] },
  // A co-ordinator records that OpenPGP or S/MIME is an encryption solution that the agreement accepts, or two parties agree on it.
  'recorded-openpgp': { says: 'OpenPGP, recorded as accepted', admits: ['openpgp'] },
  'recorded-smime': { says: 'S/MIME, recorded as accepted', admits: ['smime'] },
  // Said of the address, not of what protects: whatever protects may go there.
  cjsm: { says: 'to an address of criminal justice secure mail', admits: ANY },
  'approved-address': { says: 'to an address approved for the party', admits: ANY },
} as const satisfies Record<string, AcceptedChannel>;

/** Labels of a marking scheme that has gone, accepted on what comes in (PV-07). */
export const LEGACY_CLASSIFICATIONS = {
  PROTECT: { says: 'PROTECT', until: '2014-04-02', today: 'OFFICIAL-SENSITIVE' },
  RESTRICTED: { says: 'RESTRICTED', until: '2014-04-02', today: 'OFFICIAL-SENSITIVE' },
} as const satisfies Record<LegacyLabel, Entry & { today: Classification }>;
