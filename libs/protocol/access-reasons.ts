/** Why somebody looks at what concerns a person, in the words in which it is said (AS-03). Which of them count, an agreement says. */
export const ACCESS_REASONS = {
  'works-with-person': 'I work with this person, or this has come to me to be dealt with',
  'monitors-quality': 'I monitor statistics or the quality of what we do',
  'statutory-function': 'I need to know it for a statutory function',
  'need-to-know': 'I need to know it for my work',
  recipients: 'We are the recipient, and I deal with what comes to us',
  'named-persons': 'I am one of the persons whom the sender named',
} as const;
export type AccessReason = keyof typeof ACCESS_REASONS;
