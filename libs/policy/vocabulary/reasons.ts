import type { Entry } from './entry';

/** Why this recipient needs this part. */
export const NEEDS_TO_KNOW = {
  'assesses-referral': { says: 'assesses the referral' },
  'protects-from-harm': { says: 'acts to protect the person or another from harm' },
  'works-with-person': { says: 'works with the person' },
  'provides-care': { says: 'gives health or social care to the person' },
  'statutory-function': { says: 'needs it for a statutory function' },
  'investigates-offence': { says: 'investigates or prevents an offence' },
  'monitors-quality': { says: 'monitors statistics or quality of the work' },
  'reviews-case': { says: 'reviews or audits the case' },
  'keeps-record': { says: 'keeps the record of the decision' },
} as const satisfies Record<string, Entry>;

/** Why this category, and not less. */
export const JUSTIFICATIONS = {
  'identifies-person': { says: 'without it the person cannot be identified' },
  'locates-person': { says: 'without it the person cannot be found' },
  'shows-risk': { says: 'it shows what the risk is' },
  'safe-contact': { says: 'it says how and when contact is safe' },
  'informs-assessment': { says: 'the assessment rests on it' },
  'informs-care': { says: 'care rests on it' },
  'evidences-harm': { says: 'it evidences harm' },
  'legal-duty': { says: 'a law asks for it' },
} as const satisfies Record<string, Entry>;

/** Why it was decided to share. The last two explain a choice outside what the agreement calls usual. */
export const DECISION_REASONS = {
  'protects-from-harm': { says: 'sharing protects from harm' },
  'promotes-welfare': { says: "sharing promotes a child's welfare" },
  'prevents-crime': { says: 'sharing prevents or detects crime' },
  'statutory-duty': { says: 'a statutory duty' },
  'court-order': { says: 'an order of a court' },
  'public-interest': { says: 'the public interest outweighs confidence' },
  'best-interests': { says: 'the best interests of a person who lacks capacity' },
  consented: { says: 'the person agreed' },
  'answers-request': { says: 'it answers an information request' },
  'basis-explained': { says: 'why another lawful basis than the usual ones; the words say it' },
  'condition-explained': { says: 'why another condition than the usual ones; the words say it' },
} as const satisfies Record<string, Entry>;

/** How the decision was made. */
export const DECISION_METHODS = {
  'professional-judgement': { says: 'professional judgement' },
  'line-manager-consulted': { says: 'with the line manager' },
  'safeguarding-lead-consulted': { says: 'with the designated safeguarding lead' },
  'governance-lead-consulted': { says: 'with the information-governance lead' },
  'multi-agency-discussion': { says: 'in a discussion between agencies' },
} as const satisfies Record<string, Entry>;

/** The ordered questions of a decision aid. What their answers mean stands in `conditions/flow.ts`. */
export const FLOW_QUESTIONS = {
  'purpose-clear': { says: 'is there a clear and legitimate purpose?' },
  consent: { says: 'is there consent?' },
  identifies: { says: 'does the information identify a person?' },
  'lawful-reason': { says: 'is there a lawful reason to share without consent?' },
  'lawful-basis': { says: 'which lawful basis?' },
  condition: { says: 'which condition?' },
  'public-interest-test': { says: 'does the public interest outweigh confidence?' },
} as const satisfies Record<string, Entry>;

export type FlowQuestion = keyof typeof FLOW_QUESTIONS;
