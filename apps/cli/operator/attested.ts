import { Attested } from '#protocol/membership';
import { shaped } from '#protocol/read';
import { UsageError } from '../io';

/** What somebody typed, held to the rules of the wire. @throws UsageError with every place that is wrong */
export function readAttested(typed: object): Attested {
  const reading = shaped(Attested, { ok: true, value: typed } as Parameters<typeof shaped>[1]);
  if (!reading.ok) throw new UsageError(reading.faults.map(({ pointer, says }) => `${pointer}: ${says}`), 'Correct what is named; days are written as 2026-04-01.');
  return reading.value as Attested;
}
