import type { PartLine } from '#protocol/line';
import type { Manifest } from '#protocol/manifest';
import type { ReturnReason } from '#protocol/statement';

// What the codes of a share say to whoever reads it. What has no words here is shown as the code that it is.

export const URGENCY: Record<Manifest['urgency'], string> = { emergency: 'Emergency', urgent: 'Urgent', routine: 'Routine' };

const KINDS: Record<string, string> = { fact: 'Fact', opinion: 'Opinion', 'third-party-report': 'What somebody else reported' };
export const kindOf = ({ kind }: PartLine): string => (kind === undefined ? 'Not said whether this is fact or opinion' : (KINDS[kind] ?? kind));

/** What to hold in mind before reading a part: what it is, how sure of it its author is, how old it is. */
export const marksOf = (line: PartLine): string[] => [
  kindOf(line),
  ...(line.confidence === undefined ? [] : [`How sure the author is: ${line.confidence}`]),
  ...(line.asOf === undefined ? [] : [`As of ${line.asOf}`]),
  line.scannedOn === undefined ? 'Not scanned for viruses' : `Scanned for viruses by its sender on ${line.scannedOn}, who says that nothing was found`,
  ...(line.source === undefined ? [] : [`From: ${line.source}`]),
];

export const plain = (code: string): string => code.replaceAll('-', ' ');

export const RETURNS = {
  'not-for-us': 'It is not for us', 'wrong-contact': 'Another team should have it', insufficient: 'It is not enough to understand or rely on', 'cannot-open': 'It does not open with our keys',
  'no-clear-purpose': 'It was shared for no clear purpose', 'no-appropriate-consent': 'It was shared without the consent that it should have had', 'incorrectly-gathered': 'It was not gathered as it should have been', 'illegally-gathered': 'It was gathered against the law',
} as const satisfies Partial<Record<ReturnReason, string>>;

export const MANAGERS_MISSING = 'It presses, and your organisation has no manager in the directory who could approve that it is refused: ask the sender, or have one entered';
