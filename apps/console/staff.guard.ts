import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { same } from '#directory/bearer';
import { Refusal } from '#platform/refusal';
import { PAGE_HEADER } from '#protocol/passes';
import { SESSION_COOKIE } from './cookies';
import { mayTake } from './pages';
import { ROUTE, type RouteName, routeOf } from './routes';
import { type Session, Sessions } from './sessions';
import { Passers, type Passing } from './passing';
import { ConsoleOrigin } from './tokens';

export type Asked = FastifyRequest & { session?: Session; passing?: Passing };

/** Whoever is signed in, found by the guard. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<Asked>();
  if (!session) throw new Error('a route without a guard');
  return session;
});

/** For whom a page of the reader asks, found by the guard. */
export const WithPass = createParamDecorator((_: unknown, context: ExecutionContext): Passing => {
  const { passing } = context.switchToHttp().getRequest<Asked>();
  if (!passing) throw new Error('a route without a pass');
  return passing;
});

/** Looks at each request: which route of the table it takes, who takes it, and whether the form came from a page of that session. */
@Injectable()
export class StaffGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, private readonly sessions: Sessions, private readonly passers: Passers, private readonly origin: ConsoleOrigin) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Asked>();
    const name = this.reflector.get<RouteName | undefined>(ROUTE, context.getHandler());
    if (!name) throw new Refusal({ code: 'NOT_FOUND' });
    const { may, byItself, method } = routeOf(name);
    // Another origin asks: no cookie of ours counts for anything there.
    if (may === 'pass') {
      request.passing = await this.passers.find({ token: (request.params as { token: string }).token, page: request.headers[PAGE_HEADER], origin: request.headers.origin });
      return true;
    }
    const token = request.cookies[SESSION_COOKIE];
    const session = token ? await this.sessions.find(token, { keeps: !byItself }) : undefined;
    if (session) request.session = session;
    if (may !== 'anybody' && !session) throw new Refusal({ code: 'SIGN_IN_FIRST' });
    // Before the role: a form from elsewhere learns nothing of who may do what.
    if (method === 'POST') this.requireOurForm(request, session);
    if (session && !mayTake(may, session.staff.roles)) throw new Refusal({ code: 'ROLE_MAY_NOT' });
    return true;
  }

  /** A page elsewhere can send a form with the browser's cookie. It cannot read the token, and a browser tells where it came from. */
  private requireOurForm(request: Asked, session: Session | undefined): void {
    const { origin, 'sec-fetch-site': site } = request.headers;
    const token = (request.body as { formToken?: unknown } | undefined)?.formToken;
    const ours = (origin === undefined || origin === this.origin.value) && (site === undefined || site === 'same-origin') && (origin !== undefined || site !== undefined);
    if (!ours || !session || typeof token !== 'string' || !same(token, session.formToken)) throw new Refusal({ code: 'FORM_NOT_OURS' });
  }
}
