import { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ClientRefusal, GatewayProblem } from './codes';
import { problemOf } from './problem';
import { GO_ON_AFTER, TIMES, type Times, TRY_AGAIN_AFTER } from './times';

export interface ConnectionOptions {
  /** Origin: `https://gateway.example`. */
  gateway: string;
  /** PEM. The only authorities whose certificate the gateway may present; those of the system count for nothing. */
  ca: string | Buffer;
  /** PEM, of the agency's client certificate and its key. */
  certificate: string | Buffer;
  key: string | Buffer;
  passphrase?: string;
  times?: Partial<Times>;
  tryAgainAfter?: readonly number[];
  goOnAfter?: readonly number[];
}

export interface Body {
  type: string;
  size: number;
  /** Given anew for each try. */
  octets: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface Ask {
  path: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: OutgoingHttpHeaders;
  body?: Body;
  /** Not asked again when nobody answers: the caller looks first what came of it. */
  once?: boolean;
  /** The answer may take long: a gigabyte is written and committed before it. */
  patience?: boolean;
}

/** Answers that are not parts are small; a gateway that sends more than this is not one. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Asks one gateway over mutual TLS. Follows no redirect, takes no other authority, keeps its connections open. */
export class Connection {
  readonly gateway: string;
  private readonly agent: Agent;
  private readonly times: Times;
  private readonly tryAgainAfter: readonly number[];
  private readonly goOnAfter: readonly number[];

  constructor({ gateway, ca, certificate, key, passphrase, times = {}, tryAgainAfter = TRY_AGAIN_AFTER, goOnAfter = GO_ON_AFTER }: ConnectionOptions) {
    this.gateway = gateway;
    this.times = { ...TIMES, ...times };
    this.tryAgainAfter = tryAgainAfter;
    this.goOnAfter = goOnAfter;
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, ca, cert: certificate, key, ...(passphrase === undefined ? {} : { passphrase }), minVersion: 'TLSv1.2', rejectUnauthorized: true });
  }

  /** @throws GatewayProblem, ClientRefusal UNREACHABLE, TLS_NOT_TRUSTED, ANSWER_INVALID */
  async json<T>(ask: Ask): Promise<T> {
    const octets = await this.octets(ask, LARGEST_ANSWER);
    try {
      return JSON.parse(octets.toString('utf8')) as T;
    } catch {
      throw new ClientRefusal('ANSWER_INVALID', { path: ask.path });
    }
  }

  /** All octets of an answer, at most `most`. @throws as `json` does */
  octets(ask: Ask, most: number = LARGEST_ANSWER): Promise<Buffer> {
    return this.again(ask, async () => {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of await this.ask(ask)) {
        size += (piece as Buffer).length;
        if (size > most) throw new ClientRefusal('ANSWER_INVALID', { path: ask.path, most });
        pieces.push(piece as Buffer);
      }
      return Buffer.concat(pieces);
    });
  }

  /** An answer as it arrives. @throws as `json` does */
  async *stream(ask: Ask): AsyncGenerator<Buffer> {
    try {
      for await (const piece of await this.again(ask, () => this.ask(ask))) yield piece as Buffer;
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /**
   * The octets of something that stays the same, such as a part, over as many connections as it takes: what broke off is gone on with
   * where it was (RFC 9110, 14), for as long as more comes each time. @throws as `json` does
   */
  async *goingOn(ask: Ask): AsyncGenerator<Buffer> {
    let [taken, failures] = [0, 0];
    let etag: string | undefined;
    for (;;) {
      const before = taken;
      try {
        const answer = await this.ask(taken === 0 || etag === undefined ? ask : { ...ask, headers: { ...ask.headers, range: `bytes=${taken}-`, 'if-range': etag } });
        if (taken > 0 && !String(answer.headers['content-range'] ?? '').startsWith(`bytes ${taken}-`)) throw new ClientRefusal('ANSWER_INVALID', { path: ask.path });
        etag ??= answer.headers.etag;
        for await (const piece of answer) {
          taken += (piece as Buffer).length;
          yield piece as Buffer;
        }
        return;
      } catch (raw) {
        const error = asRefusal(raw);
        if (taken > before) failures = 0;
        const wait = this.goOnAfter[failures++];
        if (!isPassing(error) || wait === undefined || (taken > 0 && etag === undefined)) throw error;
        await pause(wait);
      }
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async again<T>({ once = false }: Ask, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (raw) {
        const error = asRefusal(raw);
        const wait = once ? undefined : this.tryAgainAfter[attempt];
        if (!isPassing(error) || wait === undefined) throw error;
        await pause(wait);
      }
    }
  }

  private async ask({ path, method = 'GET', headers = {}, body, patience = false }: Ask): Promise<IncomingMessage> {
    const asked = request(new URL(path, this.gateway), {
      agent: this.agent,
      method,
      headers: { accept: 'application/json, application/problem+json, */*', ...headers, ...(body ? { 'content-type': body.type, 'content-length': body.size } : {}) },
      timeout: patience ? this.times.patience : this.times.idle,
      signal: AbortSignal.timeout(this.times.request),
    });
    asked.on('timeout', () => asked.destroy(new ClientRefusal('UNREACHABLE', { cause: 'ETIMEDOUT' })));
    const answered = new Promise<IncomingMessage>((resolve, reject) => asked.once('response', resolve).once('error', reject));
    const answer = await (body ? this.sent(body, asked, answered) : (asked.end(), answered));
    if ((answer.statusCode ?? 500) >= 300) throw await problemOf(answer);
    return answer;
  }

  /** A gateway that refuses halfway answers and hangs up: the answer, where there is one, says more than the broken pipe. */
  private async sent(body: Body, asked: ReturnType<typeof request>, answered: Promise<IncomingMessage>): Promise<IncomingMessage> {
    const written = pipeline(Readable.from(body.octets(), { objectMode: false }), asked);
    const failed = written.then(() => new Promise<never>(() => undefined), async (error: unknown) => {
      await pause(this.times.explanation);
      throw error;
    });
    answered.catch(() => undefined);
    failed.catch(() => undefined);
    return Promise.race([answered.catch((error: unknown) => Promise.race([failed, pause(this.times.explanation).then(() => Promise.reject(error as Error))])), failed]);
  }
}

const isPassing = (error: unknown): boolean => (error instanceof ClientRefusal && error.code === 'UNREACHABLE') || (error instanceof GatewayProblem && error.status === 503);

/** OpenSSL and Node: what answers does not present a certificate of the pinned authority for this name. */
const NOT_THE_GATEWAY = /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|EPROTO$|ERR_SSL_WRONG_VERSION)/;

function asRefusal(error: unknown): unknown {
  if (error instanceof ClientRefusal || error instanceof GatewayProblem) return error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const cause = String(code ?? name ?? 'unknown');
  if (NOT_THE_GATEWAY.test(cause)) return new ClientRefusal('TLS_NOT_TRUSTED', { cause });
  return typeof code === 'string' || name === 'TimeoutError' || name === 'AbortError' ? new ClientRefusal('UNREACHABLE', { cause }) : error;
}
