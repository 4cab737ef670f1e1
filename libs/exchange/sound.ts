import { Refusal } from '#platform/refusal';
import type { JsonReading } from '#protocol/json';
import { shaped } from '#protocol/read';

/** What was sent, as its class has it. @throws Refusal `code` with every place where it departs from that */
export function soundAs<T extends object>(shape: new () => T, json: JsonReading, code: string): T {
  const reading = shaped(shape, json);
  if (!reading.ok) throw new Refusal(reading.faults.map(({ pointer, says }) => ({ code, pointer, says })));
  return reading.value;
}
