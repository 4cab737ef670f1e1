import { Refusal } from '#platform/refusal';

/** What somebody sends: something to know, or a request for information, which travels as a share does. */
export type What = 'share' | 'request';

/** @throws Refusal NOT_FOUND */
export function readWhat(text: string): What {
  if (text !== 'share' && text !== 'request') throw new Refusal({ code: 'NOT_FOUND' });
  return text;
}
