import type { Entry, Table } from './entry';

// What a party can attest of itself, and the words in which it does. The gateway relies on the word of whoever attests, and inspects nobody (AS-12).

/** Technical and organisational measures, and the ways of this gateway that they protect (AS-01). */
export const MEASURES = {
  'access-control': { says: 'only those see it who need it' },
  encryption: { says: 'encrypted where it lies and on its way' },
  'second-factor': { says: 'a second factor at sign-in' },
  'staff-trained': { says: 'staff are trained in data protection' },
  backups: { says: 'backups are made, and were restored as a test' },
  patching: { says: 'known weaknesses are mended in time' },
  'incident-response': { says: 'who does what after an incident is laid down' },
  'physical-security': { says: 'buildings and rooms are secured' },
  mailbox: { says: 'they cover the mailbox at the gateway' },
  mail: { says: 'they cover sealed mail' },
} as const satisfies Record<string, Entry>;

/** What a policy is about (PD-24). */
export const POLICIES = {
  sharing: { says: 'processes and principles for sharing' }, storage: { says: 'storage' }, retention: { says: 'retention' },
  'data-quality': { says: 'data quality' }, disposal: { says: 'disposal' },
} as const satisfies Record<string, Entry>;

/** Where what is kept is encrypted at rest (AS-08). */
export const AT_REST = { devices: { says: 'devices' }, servers: { says: 'servers' }, backups: { says: 'backups' } } as const satisfies Record<string, Entry>;

/** Classes of devices and services with restricted access, and the premises where they stand (AS-05). */
export const DEVICES = {
  'managed-desktop': { says: 'desktops that the agency manages' }, 'managed-laptop': { says: 'laptops that the agency manages' }, 'managed-mobile': { says: 'mobile devices that the agency manages' },
  'restricted-service': { says: 'a service with restricted access' }, 'secure-premises': { says: 'held on secure premises' },
} as const satisfies Record<string, Entry>;

/** How papers are kept (OC-09). */
export const PAPERS = {
  'one-barrier': { says: 'behind at least one barrier' }, 'locked-cabinet': { says: 'in a locked cabinet' }, 'clear-desk': { says: 'a clear desk' }, 'visitors-supervised': { says: 'visitors are supervised' },
} as const satisfies Record<string, Entry>;

/** Standards of information security that are compatible with the one that an agreement names (AS-11). */
export const STANDARDS = {
  'iso-27001': { says: 'ISO/IEC 27001' }, 'data-security-and-protection-toolkit': { says: 'Data Security and Protection Toolkit' }, 'cyber-essentials-plus': { says: 'Cyber Essentials Plus' },
  certified: { says: 'a certificate stands: its reference, and its last day' }, 'working-towards': { says: 'worked towards: the day by which' },
} as const satisfies Record<string, Entry>;

/** What a sharing configuration that was approved takes in (PD-10, AU-05). */
export const APPROVED = {
  agreements: { says: 'under which agreements it shares' }, channels: { says: 'by which ways' }, categories: { says: 'which categories of data' }, activity: { says: 'what was shared, as the oversight digest shows it' },
} as const satisfies Record<string, Entry>;

/** What came of looking at the risk to privacy (PD-14). */
export const PRIVACY_RISK = {
  'risk-assessed': { says: 'the risk to privacy was assessed' }, 'controls-in-place': { says: 'the controls that it asked for are in place' }, 'high-risk': { says: 'the risk is high, and its impact was assessed' }, 'no-high-risk': { says: 'the risk is not high' },
} as const satisfies Record<string, Entry>;

/** What an attestation may hold besides its day. */
export type AttestedField = 'link' | 'reference' | 'digest' | 'until' | 'covers';

export interface AttestationEntry extends Entry {
  clauses: readonly string[];
  /** Without which it says nothing. */
  needs: readonly AttestedField[];
  /** What it can cover, and without which of it it is not whole. */
  covers?: Table;
  whole?: readonly string[];
  /** Months after which it is attested again, where the agreement's own cycle of reviews is not meant. Ours: no text gives one. */
  everyMonths?: number;
}

export const ATTESTATIONS = {
  measures: { says: 'its technical and organisational measures, and which ways they cover', clauses: ['AS-01'], needs: ['covers'], covers: MEASURES },
  policies: { says: 'its policies on sharing, storage, retention, data quality and disposal, and where they are to be read', clauses: ['PD-24'], needs: ['link', 'covers'], covers: POLICIES, whole: Object.keys(POLICIES) },
  'privacy-notice': { says: 'its privacy notice, by which people reasonably expect the sharing, and where it is to be read', clauses: ['RR-08'], needs: ['link'] },
  'sharing-approval': { says: 'that its legal, security or information-management staff looked at how and what it shares, and approved it', clauses: ['PD-10', 'AU-05'], needs: ['covers', 'digest'], covers: APPROVED, whole: ['agreements', 'channels', 'categories'] },
  'at-rest': { says: 'that what it keeps lies encrypted, on devices and servers', clauses: ['AS-08'], needs: ['covers'], covers: AT_REST, whole: ['devices', 'servers'] },
  devices: { says: 'that what it received is seen on devices or services with restricted access alone, on secure premises', clauses: ['AS-05'], needs: ['covers'], covers: DEVICES, whole: ['secure-premises'] },
  papers: { says: 'that papers lie behind a barrier, desks are clear and visitors supervised', clauses: ['OC-09'], needs: ['covers'], covers: PAPERS },
  'security-standard': { says: 'its certificate of a standard of information security, or the day by which it works towards one', clauses: ['AS-11'], needs: ['covers', 'until'], covers: STANDARDS },
  'penetration-test': { says: 'that the gateway was tested by somebody who tried to break in; the report by its digest', clauses: ['AS-14'], needs: ['digest'], everyMonths: 12 },
  'privacy-risk': { says: 'that it assessed the risk to privacy, and the impact where that is high', clauses: ['PD-14'], needs: ['covers'], covers: PRIVACY_RISK },
  oversight: { says: 'that whoever oversees it read the oversight digest', clauses: ['PD-07'], needs: ['digest'], everyMonths: 3 },
} as const satisfies Record<string, AttestationEntry>;

export type Attestation = keyof typeof ATTESTATIONS;
