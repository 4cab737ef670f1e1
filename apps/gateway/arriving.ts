import type { IncomingMessage } from 'node:http';
import { LIMITS } from '#protocol/limits';

/** A body broke off, or its sender fell silent. Not a refusal: what had come counts. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** A request's octets as they come. @throws BrokenOff where they end too early */
export async function* arriving(request: IncomingMessage): AsyncGenerator<Buffer> {
  let working = false;
  const stalled: NodeJS.Timeout = setTimeout(() => {
    // While we are at work on a piece, it is not the sender who is silent.
    if (working) stalled.refresh();
    else request.destroy(new BrokenOff('its sender fell silent'));
  }, LIMITS.uploadIdle.value);
  try {
    const pieces = (request as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await pieces.next().catch(() => {
        throw new BrokenOff('the body ended early');
      });
      if (done) break;
      working = true;
      yield value;
      working = false;
      stalled.refresh();
    }
  } finally {
    clearTimeout(stalled);
  }
  if (!request.complete) throw new BrokenOff('the body ended early');
}
