import type { Entry } from './entry';

// What is said of a personal data breach, in codes. The lists are those of the regulator's report form, in our words; a word that it ticks
// and we do not have is `other`, and stands in the sealed account.

/** What happened. Its kind and the agreement decide who is told. */
export const BREACH_TYPES = {
  lost: { says: 'information was lost' },
  stolen: { says: 'information was stolen' },
  'wrongly-disclosed': { says: 'information went to somebody who should not have it' },
  'wrongly-accessed': { says: 'somebody looked at what was not theirs to see' },
  'agreement-breached': { says: 'the agreement was not kept' },
  'security-breached': { says: 'security was breached' },
  'law-breached': { says: 'data-protection law was not kept' },
  'not-yet-known': { says: 'what happened is not said yet' },
} as const satisfies Record<string, Entry>;

/** How it was found. */
export const FOUND_BY = {
  'own-staff': { says: 'by staff of the agency' },
  recipient: { says: 'whoever received it said so' },
  'data-subject': { says: 'the person it is about, or the family, said so' },
  'third-party': { says: 'somebody else said so' },
  audit: { says: 'in an audit or a check' },
  gateway: { says: 'by the gateway itself' },
  'not-yet-known': { says: 'not said yet' },
} as const satisfies Record<string, Entry>;

export const BREACH_CAUSES = {
  'wrong-recipient': { says: 'it was addressed to the wrong recipient' },
  'wrong-attachment': { says: 'the wrong document went' },
  'device-lost': { says: 'a device or papers were lost' },
  theft: { says: 'theft' },
  'access-not-needed': { says: 'access without need' },
  'not-redacted': { says: 'something was not taken out' },
  'phishing-or-malware': { says: 'phishing or malicious software' },
  misconfiguration: { says: 'a system was set up wrongly' },
  'key-compromised': { says: 'a key came into other hands' },
  'procedure-not-followed': { says: 'a procedure was not followed' },
  'not-yet-known': { says: 'not yet known' },
  other: { says: 'something else, which the account says' },
} as const satisfies Record<string, Entry>;

/** Categories of personal data, as the regulator asks for them. */
export const BREACHED_DATA = {
  'ethnic-origin': { says: 'racial or ethnic origin' },
  'political-opinions': { says: 'political opinions' },
  'religious-beliefs': { says: 'religious or philosophical beliefs' },
  'trade-union': { says: 'trade-union membership' },
  'sex-life': { says: 'sex life' },
  'sexual-orientation': { says: 'sexual orientation' },
  'gender-reassignment': { says: 'gender reassignment' },
  health: { says: 'health' },
  'basic-identifiers': { says: 'basic identifiers, such as name and contact details' },
  'identification-data': { says: 'identification data, such as user names and passwords' },
  'economic-and-financial': { says: 'economic and financial data' },
  'official-documents': { says: 'official documents' },
  location: { says: 'location' },
  'genetic-or-biometric': { says: 'genetic or biometric data' },
  'criminal-convictions': { says: 'criminal convictions and offences' },
  'not-yet-known': { says: 'not yet known' },
  other: { says: 'something else, which the account says' },
} as const satisfies Record<string, Entry>;

export const BREACHED_SUBJECTS = {
  children: { says: 'children' },
  'vulnerable-adults': { says: 'vulnerable adults' },
  patients: { says: 'patients' },
  students: { says: 'students' },
  employees: { says: 'employees' },
  users: { says: 'users' },
  subscribers: { says: 'subscribers' },
  customers: { says: 'customers or prospective customers' },
  'not-yet-known': { says: 'not yet known' },
  other: { says: 'somebody else, whom the account names' },
} as const satisfies Record<string, Entry>;

/** What may come of it for the people concerned, or has. */
export const CONSEQUENCES = {
  'physical-harm': { says: 'physical harm' },
  'located-by-a-danger': { says: 'somebody dangerous learns where a person is' },
  'referrer-or-witness-known': { says: 'it becomes known who told or saw something' },
  distress: { says: 'distress' },
  discrimination: { says: 'discrimination' },
  'financial-loss': { says: 'financial loss' },
  'identity-fraud': { says: 'identity theft or fraud' },
  'loss-of-confidentiality': { says: 'what was confidential is known' },
  'service-disrupted': { says: 'help or a service is disrupted' },
  none: { says: 'none is expected' },
  'not-yet-known': { says: 'not yet known' },
} as const satisfies Record<string, Entry>;

export const LIKELIHOODS = {
  'very-likely': { says: 'very likely' },
  likely: { says: 'likely' },
  neutral: { says: 'neither likely nor unlikely' },
  unlikely: { says: 'unlikely' },
  'very-unlikely': { says: 'very unlikely' },
  'not-yet-known': { says: 'not yet known' },
} as const satisfies Record<string, Entry>;

/** What was done before or since, or will be. */
export const BREACH_ACTIONS = {
  encrypted: { says: 'it was encrypted' },
  'access-controlled': { says: 'access was controlled' },
  'staff-trained': { says: 'staff were trained' },
  recalled: { says: 'it was recalled' },
  'deletion-asked': { says: 'deletion was asked for' },
  'deletion-confirmed': { says: 'deletion was confirmed' },
  'device-wiped': { says: 'the device was wiped' },
  'keys-revoked': { says: 'keys were revoked' },
  'access-withdrawn': { says: 'access was withdrawn' },
  'process-changed': { says: 'a process was changed' },
  'training-given': { says: 'training was given' },
  'system-mended': { says: 'a system was mended' },
  'person-protected': { says: 'the person was made safe' },
  other: { says: 'something else, which the account says' },
} as const satisfies Record<string, Entry>;

/** Who else was told. */
export const OTHERS_TOLD = {
  police: { says: 'police' },
  'other-regulators': { says: 'other regulators' },
  'national-cyber-security-centre': { says: 'the national cyber security centre' },
  'health-service-toolkit': { says: 'the health service by its toolkit' },
  'partner-controllers': { says: 'partner controllers' },
  'overseas-authority': { says: 'an authority abroad' },
  nobody: { says: 'nobody' },
} as const satisfies Record<string, Entry>;

export const IMPACTS = { high: { says: 'high' }, medium: { says: 'medium' }, low: { says: 'low' }, 'not-yet-known': { says: 'not yet known' } } as const satisfies Record<string, Entry>;
export const RECOVERIES = {
  regular: { says: 'with what is at hand' }, supplemented: { says: 'with more than is at hand' }, extended: { says: 'not to be said yet' },
  'not-recoverable': { says: 'not to be recovered' }, complete: { says: 'recovered' }, 'not-yet-known': { says: 'not yet known' },
} as const satisfies Record<string, Entry>;

/** What the law asks first (Article 33(1)), before any threshold of an agreement. */
export const RISKS = {
  unlikely: { says: 'a risk to the rights and freedoms of people is unlikely' },
  risk: { says: 'there is a risk' },
  'high-risk': { says: 'the risk is high' },
} as const satisfies Record<string, Entry>;

export const BREACH_REASONS = {
  encrypted: { says: 'whoever has it cannot read it' },
  'recovered-unread': { says: 'it came back unread' },
  'recipient-trusted': { says: 'whoever has it is bound to keep it, and does' },
  'no-identifiers': { says: 'nobody can be recognised by it' },
  'child-could-be-found': { says: 'a child could be found by it' },
  'adult-could-be-found': { says: 'an adult at risk could be found by it' },
  'source-could-be-known': { says: 'whoever told or saw something could be known by it' },
  'many-people': { says: 'it concerns many people' },
  'special-category': { says: 'it is special-category or offence data' },
  'advice-of-dpo': { says: 'as the data protection officer advised' },
  'advice-of-regulator': { says: 'as the regulator advised' },
  'safety-planned': { says: 'it is told as the safety plan allows' },
  'views-considered': { says: 'the views of all were considered' },
  'all-done': { says: 'all that was to be done is done' },
  'not-what-it-seemed': { says: 'it was not what it seemed' },
  'serious-and-repeated': { says: 'it is serious, and happened before' },
  'security-not-mended': { says: 'what let it happen is not mended' },
} as const satisfies Record<string, Entry>;

/** Why the regulator is told later than the law asks. */
export const DELAY_REASONS = {
  'facts-unclear': { says: 'what had happened was not clear' },
  'investigation-under-way': { says: 'it was being investigated' },
  'staff-not-available': { says: 'nobody was there to do it' },
  'not-recognised': { says: 'it was not recognised as a breach' },
  'other-controller-asked': { says: 'another controller had to be asked' },
} as const satisfies Record<string, Entry>;

/** What was decided about telling the people concerned (Article 34; s.68). */
export const SUBJECT_DECISIONS = {
  informed: { says: 'they are informed' },
  'about-to-inform': { says: 'they are about to be informed' },
  'not-high-risk': { says: 'the risk is not high' },
  unsafe: { says: 'telling them would put somebody at risk' },
  unintelligible: { says: 'what went is encrypted and cannot be read' },
  'risk-removed': { says: 'measures taken since make a high risk unlikely' },
  disproportionate: { says: 'it would take a disproportionate effort; it is told in public instead' },
  restricted: { says: 'the right to be told is restricted, on a ground of the law' },
} as const satisfies Record<string, Entry>;

/** Grounds of DPA 2018, s.68(7). */
export const RESTRICTION_GROUNDS = {
  'obstructs-inquiry': { says: 'so as not to obstruct an inquiry or procedure' },
  'prejudices-prevention': { says: 'so as not to prejudice prevention, detection, investigation or prosecution' },
  'public-security': { says: 'to protect public security' },
  'national-security': { says: 'to protect national security' },
  'rights-of-others': { says: 'to protect the rights and freedoms of others' },
} as const satisfies Record<string, Entry>;

/** What one party of a case asks of another. */
export const ASSISTANCE = {
  facts: { says: 'what happened at its end' }, logs: { says: 'who had access' }, 'deletion-confirmation': { says: 'that copies are deleted' },
  'contact-with-recipient': { says: 'to speak with whoever received it' }, 'copy-of-what-went': { says: 'what it was that went' }, 'protective-steps': { says: 'steps that protect the person' },
} as const satisfies Record<string, Entry>;

/** What was done for the person who could come to harm. */
export const PROTECTIVE_STEPS = {
  'person-warned': { says: 'the person, or who cares for the person, was warned' }, moved: { says: 'the person was moved' }, 'welfare-check': { says: 'somebody went there' },
  'police-marker': { says: 'the police marked the address' }, 'strategy-discussion': { says: 'a strategy discussion was held' }, 'safety-plan-changed': { says: 'the safety plan was changed' },
  'assessed-no-step-needed': { says: 'it was assessed, and nothing had to be done' },
} as const satisfies Record<string, Entry>;

/** Who holds parental responsibility for a child that is told of a breach, and whether that is the danger. */
export const PARENTAL_RESPONSIBILITY = {
  parents: { says: 'the parents' }, 'one-parent': { says: 'one parent' }, 'local-authority': { says: 'a local authority, under a care order' }, guardian: { says: 'a guardian' }, 'not-known': { says: 'not known' },
} as const satisfies Record<string, Entry>;
