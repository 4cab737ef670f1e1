import { createHmac, hkdfSync } from 'node:crypto';

/** Octets of a secret (Standard Webhooks asks for 24 to 64). */
const SECRET_OCTETS = 32;

/**
 * The secret of one endpoint under one of its versions, as a partner enters it: `whsec_` and base64. Worked out from the gateway's webhook key
 * whenever it is needed, so that none is stored.
 */
export const secretOf = (key: Buffer, webhook: string, version: number): string =>
  `whsec_${Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `waybill webhook secret\n${webhook}\n${version}`, SECRET_OCTETS)).toString('base64')}`;

/** Signs a push under each of the secrets: while one takes the place of another, both hold (Standard Webhooks 1.0.0). `at`: seconds. */
export function signaturesOf(secrets: readonly string[], { id, at, body }: { id: string; at: number; body: Buffer }): string {
  return secrets.map((secret) => `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${at}.`).update(body).digest('base64')}`).join(' ');
}
