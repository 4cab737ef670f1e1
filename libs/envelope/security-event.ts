import { createPrivateKey, hkdfSync } from 'node:crypto';
import { signCompact } from './compact-jws';
import { type SigningKey, signingKey } from './signing-keys';

/** RFC 8417, 2.3: the type keeps a token from being taken for anything else that is signed. */
export const SECURITY_EVENT_TYPE = 'secevent+jwt';
/** PKCS #8 of an Ed25519 key (RFC 8410) up to the thirty-two octets of its seed. */
const BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_OCTETS = 32;

export interface SecurityEventClaims {
  /** The gateway, as its origin. */
  issuer: string;
  /** The agency that is told. */
  audience: string;
  /** UUID; the same however often it is sent. */
  token: string;
  at: Date;
  /** URI of the event. */
  event: string;
  facts: Readonly<Record<string, unknown>>;
}

/** The key under which tokens are signed, worked out from the key that gateway and courier share: it is stored nowhere, and signs nothing else. @param key 32 octets */
export const securityEventKey = (key: Buffer): Promise<SigningKey> =>
  signingKey(createPrivateKey({ key: Buffer.concat([BEFORE_SEED, Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'waybill security event key', SEED_OCTETS))]), format: 'der', type: 'pkcs8' }));

/** A security event token with one event (RFC 8417). */
export const securityEventToken = ({ issuer, audience, token, at, event, facts }: SecurityEventClaims, key: SigningKey): string =>
  signCompact(Buffer.from(JSON.stringify({ iss: issuer, aud: audience, jti: token, iat: Math.floor(at.getTime() / 1_000), events: { [event]: facts } })), { typ: SECURITY_EVENT_TYPE, kid: key.kid, privateKey: key.privateKey });
