import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Nothing but what lies on our own origin, as files: a sentence that somebody gets into a page stays a sentence. */
const POLICY = ["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"].join('; ');

export const PROTECTION: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  // For browsers that do not know frame-ancestors.
  'x-frame-options': 'DENY',
  // An address holds the id of an item, which is nobody else's business. Not `no-referrer`: a browser would then hide the origin of our own forms, too.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Headers of every answer, an error's too. A page is kept by no browser: the next person at the desk finds nothing. */
export function protect(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void) => {
    void reply.headers({ ...PROTECTION, ...(reply.hasHeader('cache-control') ? {} : { 'cache-control': 'no-store' }) });
    done(null, payload);
  });
}
