import { Refusal } from '#platform/refusal';
import { shaped } from '#protocol/read';

/** A body of JSON that was read already, held to its class. @throws Refusal `invalid`, with each place that is wrong */
export function bodyAs<T extends object>(type: new () => T, body: unknown, invalid: string): T {
  const reading = shaped(type, { ok: true, value: body } as Parameters<typeof shaped>[1]);
  if (!reading.ok) throw new Refusal(reading.faults.map(({ pointer, says }) => ({ code: invalid, pointer, facts: { problem: says } })));
  return reading.value;
}
