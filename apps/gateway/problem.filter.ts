import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorName, type Log } from '#platform/log';
import { isOutage } from '#platform/outage';
import { Refusal, Undecided } from '#platform/refusal';
import type { Clock } from '#platform/clock';
import { problemOf } from './problems';

/** Seconds after which to try again what was not decided. */
const RETRY_AFTER_S = '5';

/** Node, Fastify and Nest status codes that are a caller's doing, as codes of ours. */
const FOREIGN: Readonly<Record<number, string>> = { 400: 'JSON_INVALID', 404: 'NOT_FOUND', 405: 'NOT_FOUND', 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' };

/** Turns whatever went wrong into one problem (RFC 9457). What we did not foresee tells its name to the log and nothing to the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log, private readonly clock: Clock, private readonly told: (refusal: Refusal) => void = () => undefined) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    this.answer(error, request, reply);
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const id = randomUUID();
    const refusal = this.refusalOf(error);
    this.told(refusal);
    const problem = problemOf(refusal, `urn:uuid:${id}`, this.clock.now());
    const route = request.routeOptions?.url;
    this.log.write(problem.status >= 500 ? 'error' : 'info', 'request.refused', {
      request: id, code: problem.code, status: problem.status, method: request.method, ...(route ? { route } : {}), ...(problem.status >= 500 ? { error: errorName(error) } : {}),
    });
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', String(refusal.reasons[0]?.facts?.['retryAfter'] ?? RETRY_AFTER_S));
    // RFC 9110, 14.4: how much there is, for whoever asked for what is behind it.
    if (problem.status === 416) void reply.header('content-range', `bytes */${Number(refusal.reasons[0]?.facts?.['size'] ?? 0)}`);
    // An upload that is refused halfway is not read to its end: the connection goes with it.
    if (!request.raw.complete) void reply.header('connection', 'close');
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const status = error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number } | undefined)?.statusCode ?? 500);
    const code = FOREIGN[status];
    if (code) return new Refusal({ code });
    if (error instanceof Undecided && error.retryAfter) return new Refusal({ code: 'UNDECIDED', facts: { retryAfter: error.retryAfter } });
    return new Refusal({ code: error instanceof Undecided || isUnavailable(error) ? 'UNDECIDED' : 'INTERNAL' });
  }
}

/** Locked (class 55), in each other's way (40), or idle for too long: nothing was committed, and the same may be sent again. */
const BUSY = /^(55|40|25P03)/;

/** The database is gone, refuses, or took too long. */
function isUnavailable(error: unknown): boolean {
  const { driverError, ...own } = (error ?? {}) as { driverError?: { code?: unknown }; code?: unknown };
  const code = driverError?.code ?? own.code;
  return isOutage(error) || isOutage(driverError) || (typeof code === 'string' && BUSY.test(code));
}
