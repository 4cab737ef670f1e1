import { createPrivateKey } from 'node:crypto';
import type { Certificate } from '#envelope/certificates';
import { armorOctets } from '#envelope/cutting';
import type { PrivateKey } from '#envelope/private-keys';
import { type SigningKey, signingKey } from '#envelope/signing-keys';
import { sha256 } from '#protocol/digest';

// Who and what stands in the vectors of the protocol, and how a case of them is written.

export interface Case {
  name: string;
  verdict: 'accept' | 'refuse';
  /** Why, where it is refused. */
  code?: string;
  /** What differs from the file's own `given`. */
  given?: Record<string, unknown>;
  expect?: Record<string, unknown>;
}

export interface Vector {
  says: string;
  see: string;
  given: Record<string, unknown>;
  cases: Case[];
}

export const GATEWAY = 'https://gateway.example';
export const HOST = 'gateway.example';
export const MADE = new Date('2026-01-01T00:00:00Z');
/** When the share is made, received and looked at. */
export const AT = new Date('2026-03-02T09:30:00.000Z');
export const SHARE = '019cadee-0640-7000-8000-000000000001';
export const TRANSFER = '019cadee-0640-7000-8000-000000000002';
export const ENTRY = '019cadee-0640-7000-8000-000000000003';
export const SCHOOL = { agency: 'st-brigid-primary', contact: 'safeguarding-lead' };
export const COUNCIL = { agency: 'merebrook-council', contact: 'front-door' };
export const CHARITY = { agency: 'kingfisher-families', contact: 'casework' };

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
/** As random as a vector may be. */
export const salt = (name: string): string => sha256(`salt of ${name}`).slice(0, 32);
export const accept = (name: string, expect: Record<string, unknown>, given?: Record<string, unknown>): Case => ({ name, verdict: 'accept', ...(given ? { given } : {}), expect });
export const refuse = (code: string, name: string, given: Record<string, unknown>): Case => ({ name, verdict: 'refuse', code, given });

/** A key that is the same in every run. */
export function ed25519(seed: number): Promise<SigningKey> {
  return signingKey(createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' }));
}

export const certificateOf = ({ certificate }: Holder): string => armorOctets(certificate.octets, { label: 'PUBLIC KEY BLOCK' });

export interface Holder {
  certificate: Certificate;
  secret: Uint8Array;
  key: PrivateKey;
}
