import type { CookieSerializeOptions } from '@fastify/cookie';

/** `__Host-`: of this host alone, over TLS alone, for every path; no neighbour under the same domain can set it. */
export const SESSION_COOKIE = '__Host-waybill';
export const SIGN_IN_COOKIE = '__Host-waybill-signing-in';

/** `lax`: who comes back from the identity provider comes from another site, and must be known by what it left with. Forms are held to more. */
export const COOKIE: CookieSerializeOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' };
