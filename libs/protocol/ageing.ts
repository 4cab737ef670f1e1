import { IsIn, IsInt, IsString } from 'class-validator';
import { Is } from './grammar';
import { Each } from './shapes';

// How long what an agency asked has been open: figures, for that agency alone.

/** One whom it asked, in one lane. */
export class AgeingLine {
  @Is('agency') holder: string;
  @IsString() name: string;
  @IsIn(['breach', 'emergency', 'priority', 'urgent', 'routine']) lane: 'breach' | 'emergency' | 'priority' | 'urgent' | 'routine';
  @IsInt() open: number;
  /** Of these past their time, which is no refusal. */
  @IsInt() unanswered: number;
  @IsInt() withinDay: number;
  @IsInt() withinThreeDays: number;
  @IsInt() withinWeek: number;
  @IsInt() longer: number;
  /** For how many whole hours the oldest has been open. */
  @IsInt() oldestHours: number;
}

export class AgeingReport {
  @Is('instant') at: string;
  @Each(() => AgeingLine) items: AgeingLine[];
}

/** Its columns, in the words of a table. */
export const AGEING_COLUMNS = {
  holder: 'Asked', name: 'Name', lane: 'Lane', open: 'Open', unanswered: 'Unanswered past its time', withinDay: 'Open up to a day', withinThreeDays: 'Up to three days', withinWeek: 'Up to a week', longer: 'Longer', oldestHours: 'Oldest, in hours',
} as const satisfies Record<keyof AgeingLine, string>;

/** For a spreadsheet (RFC 4180). What begins a formula there is no formula: a name that does is written as text. */
export const ageingTable = ({ items }: AgeingReport): string =>
  [Object.values(AGEING_COLUMNS), ...items.map((line) => (Object.keys(AGEING_COLUMNS) as (keyof AgeingLine)[]).map((column) => line[column]))].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';

function cell(value: string | number): string {
  const text = /^[=+\-@\t\r]/.test(String(value)) && typeof value === 'string' ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
