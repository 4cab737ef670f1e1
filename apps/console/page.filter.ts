import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorName, type Log } from '#platform/log';
import { Refusal } from '#platform/refusal';
import type { Pages } from './pages';
import { pageProblemOf } from './problems';
import { isOfReader } from './protection';
import { ROUTES } from './routes';
import type { Asked } from './staff.guard';

/** Node, Fastify and Nest status codes that are a caller's doing, as codes of ours. */
const FOREIGN: Readonly<Record<number, string>> = { 400: 'FORM_INVALID', 404: 'NOT_FOUND', 405: 'NOT_FOUND', 413: 'FORM_INVALID', 415: 'FORM_INVALID' };

/** Turns whatever went wrong into a page that says what to do. What we did not foresee tells its name to the log and nothing to the reader. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(private readonly pages: Pages, private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getRequest<FastifyRequest>(), host.switchToHttp().getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const code = codeOf(error);
    const problem = pageProblemOf(code);
    const route = request.routeOptions?.url;
    const { session } = request as Asked;
    const foreseen = error instanceof Refusal || error instanceof HttpException;
    this.log.write(problem.status >= 500 ? 'error' : 'info', 'page.refused', { code, method: request.method, ...(route ? { route } : {}), ...(session ? { agency: session.staff.agency, staff: session.staff.id } : {}), ...(foreseen ? {} : { error: errorName(error) }) });
    // A page of the reader says it in its own words.
    if (isOfReader(request.url)) return void reply.status(problem.status).type('application/problem+json').send(JSON.stringify({ code, title: problem.says, next: problem.next }));
    // Whoever opens a page without a session is shown where to sign in, and comes back to it.
    if (code === 'SIGN_IN_FIRST' && request.method === 'GET' && route !== ROUTES.inboxList.path) return void reply.redirect(`/?to=${encodeURIComponent(request.url)}`, 303);
    this.pages.send(reply, 'problem', problem.title, { problem, code }, { session }, problem.status);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
  return (typeof status === 'number' && FOREIGN[status]) || 'INTERNAL';
}
