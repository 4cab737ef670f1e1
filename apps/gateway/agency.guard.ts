import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Directory } from '#directory/directory';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GatewayClock } from './tokens';

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
  constructor(private readonly reflector: Reflector, private readonly directory: Directory, private readonly clock: GatewayClock) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { asker?: Asker }>();
    // RFC 9440 headers belong to the proxy's listener. Here they could only come from somebody who wishes to be somebody else.
    if (request.headers['client-cert'] !== undefined || request.headers['client-cert-chain'] !== undefined) throw new Refusal({ code: 'CLIENT_CERT_HEADER' });
    if (this.reflector.getAllAndOverride<boolean>(OPEN, [context.getHandler(), context.getClass()])) return true;
    const spki = publicKeyOf(request.raw.socket as TLSSocket);
    if (!spki) throw new Refusal({ code: 'CERTIFICATE_REQUIRED' });
    const asker = await this.directory.agencyOf(spki, this.clock.now());
    if (!asker) throw new Refusal({ code: 'CERTIFICATE_UNKNOWN' });
    request.asker = asker;
    return true;
  }
}

/** One handshake, one certificate: hashed once for a connection. */
const KEYS = new WeakMap<TLSSocket, string | null>();

function publicKeyOf(socket: TLSSocket): string | undefined {
  const known = KEYS.get(socket);
  if (known !== undefined) return known ?? undefined;
  const certificate = socket.getPeerX509Certificate?.();
  const spki = certificate ? createHash('sha256').update(certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('hex') : null;
  KEYS.set(socket, spki);
  return spki ?? undefined;
}
