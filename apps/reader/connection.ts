import type { Ask, Body, Connection } from '#client/connection';
import type { Partner } from '#client/partner';
import type { Reader } from '#client/reader-key';
import { PAGE_HEADER } from '#protocol/passes';
import { ClientRefusal, GatewayProblem } from '#client/codes';

/** Answers that are not parts are small. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/**
 * As much of a connection to the gateway as reading asks for, by way of the console: `base` is an address that the console made for this one transfer, for a moment.
 * No cookie goes along; whatever comes is verified as if it came from a stranger.
 */
export function connectionBy(base: string): Line {
  let answeredAt = Date.now();
  // Whoever finds the address later has not this, and gets nothing.
  const page = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  const asked = async ({ path, method = 'GET', body }: Ask): Promise<Response> => {
    const response = await fetch(`${base}${path}`, {
      method, credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store',
      headers: { [PAGE_HEADER]: page, ...(body ? { 'content-type': body.type } : {}) }, ...(body ? { body: await blobOf(body) } : {}),
    });
    if (!response.ok) throw await problemOf(response);
    answeredAt = Date.now();
    return response;
  };
  const octets = async (ask: Ask, most = LARGEST_ANSWER): Promise<Buffer> => {
    const answer = Buffer.from(await (await asked(ask)).arrayBuffer());
    if (answer.length > most) throw new ClientRefusal('ANSWER_INVALID', { path: ask.path });
    return answer;
  };
  return {
    octets,
    json: async <T>(ask: Ask): Promise<T> => JSON.parse((await octets(ask)).toString('utf8')) as T,
    goingOn: async function* (ask: Ask): AsyncGenerator<Buffer> {
      const { body } = await asked(ask);
      for await (const piece of body ?? []) yield Buffer.from(piece as Uint8Array);
    },
    get answeredAt() { return answeredAt; },
    printed: async () => void (await asked({ path: '/printed', method: 'POST' })),
  } as Line;
}

export type Line = Pick<Connection, 'json' | 'octets' | 'goingOn'> & {
  /** Has it put on record that this was printed. */
  printed(): Promise<void>;
  /** When it was last answered: each answer keeps the session. In milliseconds, by this computer's clock. */
  readonly answeredAt: number;
};

/** Whoever reads or writes here, as the SDK knows a partner: all of it but what takes files and a certificate of its own. */
export const partnerBy = (line: Line, as: Reader): Partner => ({ ...as, connection: { ...line, gateway: as.pins.gateway } }) as unknown as Partner;

async function blobOf({ octets }: Body): Promise<Blob> {
  const pieces: BlobPart[] = [];
  for await (const piece of octets()) pieces.push(new Uint8Array(piece));
  return new Blob(pieces);
}

async function problemOf(response: Response): Promise<Error> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, title, next } = (typeof problem === 'object' && problem !== null ? problem : {}) as Record<string, unknown>;
  if (typeof code !== 'string') return new ClientRefusal('UNREACHABLE', { status: response.status });
  return new GatewayProblem(code, response.status, String(title), String(next), []);
}
