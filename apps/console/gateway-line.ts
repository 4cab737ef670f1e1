import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Readable } from 'node:stream';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import { PAGE_HEADER, PASS_HEADER } from '#protocol/passes';
import { CONSOLE_LIMITS } from './limits';

export interface GatewayLineOptions {
  origin: string;
  /** PEM. The only authorities whose certificate the gateway may present. */
  authorities: string;
  /** PEM, of the certificate by which the gateway knows the console. */
  certificate: string;
  key: string;
}

export interface Asked {
  method: string;
  /** Path with its query, as the gateway has it. */
  path: string;
  pass: string;
  page: string;
  headers: IncomingHttpHeaders;
  body: Readable | undefined;
}

/** What of a request goes on, and what of an answer comes back: no cookie, and nothing that names the browser. */
const ONWARD = ['content-type', 'content-length', 'range', 'if-range', 'idempotency-key'] as const;
const BACK = ['content-type', 'content-length', 'content-range', 'etag', 'accept-ranges', 'provenance', 'retry-after'] as const;

/** The console's own line to the gateway. What goes over it is sealed and signed already: it is passed on as it comes, and kept nowhere. */
export class GatewayLine {
  private readonly agent: Agent;
  private readonly origin: URL;

  constructor({ origin, authorities, certificate, key }: GatewayLineOptions) {
    this.origin = new URL(origin);
    this.agent = new Agent({ keepAlive: true, maxSockets: CONSOLE_LIMITS.gatewayConnections.value, ca: authorities, cert: certificate, key, minVersion: 'TLSv1.2', rejectUnauthorized: true });
  }

  /** @throws Refusal GATEWAY_AWAY */
  ask({ method, path, pass, page, headers, body }: Asked): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({
        host: this.origin.hostname, port: this.origin.port || 443, agent: this.agent, method, path, timeout: LIMITS.uploadIdle.value,
        headers: { ...pick(headers, ONWARD), [PASS_HEADER]: pass, [PAGE_HEADER]: page },
      }, resolve);
      asked.on('timeout', () => asked.destroy(new Error('the gateway does not answer')));
      asked.on('error', () => reject(new Refusal({ code: 'GATEWAY_AWAY' })));
      if (body) body.on('error', () => asked.destroy()).pipe(asked);
      else asked.end();
    });
  }

  /** The same for an answer that is read here, and is small. @throws Refusal GATEWAY_AWAY */
  async json(asked: Asked): Promise<{ status: number; value: unknown }> {
    const answer = await this.ask(asked);
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of answer) {
        pieces.push(piece as Buffer);
        size += (piece as Buffer).length;
        if (size > CONSOLE_LIMITS.gatewayAnswer.value) break;
      }
      return { status: answer.statusCode ?? 502, value: JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown };
    } catch {
      throw new Refusal({ code: 'GATEWAY_AWAY' });
    }
  }

  /** Its origin, as what is signed for it names it. */
  get gateway(): string {
    return this.origin.origin;
  }

  close(): void {
    this.agent.destroy();
  }
}

export const backOf = ({ headers }: IncomingMessage): Record<string, string> => pick(headers, BACK);

const pick = (headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> => Object.fromEntries(names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
