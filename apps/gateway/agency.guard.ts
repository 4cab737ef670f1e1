import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Directory } from '#directory/directory';
import { Passes } from '#directory/passes';
import { type Asker, Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { isOnErrand, PAGE_HEADER, PAGE_SECRET, PASS_HEADER } from '#protocol/passes';
import { presentedKey } from './client-certificate';
import { Allowances, ConsoleKeys, GatewayClock } from './tokens';

const OPEN = 'waybill:open';

/** A route that needs no client certificate. Every other is denied to whoever presents none. */
export const Open = () => SetMetadata(OPEN, true);

/** The agency that asks, found by the guard. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Asker => {
  const { asker } = context.switchToHttp().getRequest<FastifyRequest & { asker?: Asker }>();
  if (!asker) throw new Error('a route without a guard');
  return asker;
});

/**
 * Finds the agency by the SHA-256 of the client certificate's public key, at each request. Names in the certificate mean nothing:
 * whoever signed it, the directory says whose key it is, and until when.
 */
@Injectable()
export class AgencyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector, private readonly directory: Directory, private readonly passes: Passes, private readonly database: Database, private readonly consoleKeys: ConsoleKeys,
    private readonly clock: GatewayClock, private readonly allowances: Allowances,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { asker?: Asker }>();
    // Looked at on open routes too: a header that only a stranger could have written is refused wherever it comes.
    const spki = presentedKey(request);
    if (this.reflector.getAllAndOverride<boolean>(OPEN, [context.getHandler(), context.getClass()])) return true;
    if (!spki) throw new Refusal({ code: 'CERTIFICATE_REQUIRED' });
    const asker = this.consoleKeys.has(spki) ? await this.byPass(request) : await this.directory.agencyOf(spki, this.clock.now());
    if (!asker) throw new Refusal({ code: 'CERTIFICATE_UNKNOWN' });
    const allowance = this.allowances.of(request.method, request.routeOptions.url);
    if (!(await allowance.admits(asker.agency))) throw new Refusal({ code: 'TOO_MANY_REQUESTS', facts: { retryAfter: allowance.retryAfterSeconds } });
    request.asker = asker;
    return true;
  }

  /** The console asks for nobody itself. It brings the pass of somebody who is signed in, which is for one errand and one page. */
  private async byPass({ headers, method, routeOptions, params }: FastifyRequest): Promise<Asker> {
    const [pass, page] = [headers[PASS_HEADER], headers[PAGE_HEADER]];
    const taken = typeof pass === 'string' && typeof page === 'string' && PAGE_SECRET.test(page) ? await this.passes.take(this.database, pass, page, this.clock.now()) : undefined;
    if (!taken || !isOnErrand({ errand: taken.pass.errand, about: taken.pass.about }, { method, route: routeOptions.url, params: params as Record<string, string> })) throw new Refusal({ code: 'PASS_INVALID' });
    return taken.asker;
  }
}
