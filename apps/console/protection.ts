import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_HEADER } from '#protocol/passes';

/** Nothing but what lies on our own origin, as files: a sentence that somebody gets into a page stays a sentence. A form may lead on to the reader, and nowhere else. */
const policy = (reader?: string): string => ["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'", `form-action 'self'${reader ? ` ${reader}` : ''}`, "frame-ancestors 'none'", "base-uri 'none'"].join('; ');

export const PROTECTION: Readonly<Record<string, string>> = {
  'content-security-policy': policy(),
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
export function protect(fastify: FastifyInstance, reader?: string): void {
  fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void) => {
    void reply.headers({ ...PROTECTION, 'content-security-policy': policy(reader), ...(reply.hasHeader('cache-control') ? {} : { 'cache-control': 'no-store' }), ...(reader && isOfReader(request.url) ? crossOrigin(reader) : {}) });
    done(null, payload);
  });
}

/** What pages of the reader ask, and nothing else is, from another origin. */
export const isOfReader = (url: string): boolean => url.startsWith('/pass/');

/** Fetch standard: the reader's origin alone, without cookies. */
const crossOrigin = (reader: string): Record<string, string> => ({
  'access-control-allow-origin': reader, 'access-control-allow-methods': 'GET, PUT, POST', 'access-control-allow-headers': `content-type, ${PAGE_HEADER}`, 'access-control-max-age': '600', vary: 'origin',
});
