import type { PartLine } from '#protocol/line';
import type { Manifest } from '#protocol/manifest';

// What the codes of a share say to whoever reads it. What has no words here is shown as the code that it is.

export const URGENCY: Record<Manifest['urgency'], string> = { emergency: 'Emergency', urgent: 'Urgent', routine: 'Routine' };

const KINDS: Record<string, string> = { fact: 'Fact', opinion: 'Opinion', 'third-party-report': 'What somebody else reported' };
export const kindOf = ({ kind }: PartLine): string => (kind === undefined ? 'Not said whether this is fact or opinion' : (KINDS[kind] ?? kind));

/** What to hold in mind before reading a part: what it is, how sure of it its author is, how old it is. */
export const marksOf = (line: PartLine): string[] => [
  kindOf(line),
  ...(line.confidence === undefined ? [] : [`How sure the author is: ${line.confidence}`]),
  ...(line.asOf === undefined ? [] : [`As of ${line.asOf}`]),
  ...(line.source === undefined ? [] : [`From: ${line.source}`]),
];

export const plain = (code: string): string => code.replaceAll('-', ' ');

export const RETURNS = {
  'not-for-us': 'It is not for us', 'wrong-contact': 'Another team should have it', insufficient: 'It is not enough to understand or rely on', 'cannot-open': 'It does not open with our keys',
} as const;
