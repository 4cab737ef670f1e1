import { canonical } from '#envelope/canonical';
import { signDetached } from '#envelope/signatures';
import { readJson } from '#protocol/json';
import { type Fault, shaped } from '#protocol/read';
import { type ClientCode, ClientRefusal } from './codes';
import type { Body } from './connection';
import { form } from './form';
import type { Partner } from './partner';

/** Places that one refusal names: more nobody reads. */
const MOST_PLACES = 20;

export const placesOf = (faults: readonly Fault[]): string[] => faults.map(({ pointer, says }) => `${pointer}: ${says}`).slice(0, MOST_PLACES);

/** The octets that are signed: what we state, with who states it, to which gateway, and when; canonical (RFC 8785). @throws ClientRefusal `invalid` with every place that the gateway would refuse */
export function written<T extends object>({ agency, contact, connection }: Partner, shape: new () => T, described: object, { at, invalid }: { at: Date; invalid: ClientCode }): Buffer {
  const octets = canonical(JSON.parse(JSON.stringify({ ...described, by: { agency, contact }, gateway: connection.gateway, at: at.toISOString() })));
  const reading = shaped(shape, readJson(octets));
  if (!reading.ok) throw new ClientRefusal(invalid, { places: placesOf(reading.faults) });
  return octets;
}

/** A statement with our signature over it, and with its words, sealed, where there are some: as every route takes statements. */
export async function signedForm({ signingKey }: Pick<Partner, 'signingKey'>, statement: Buffer, words?: Uint8Array): Promise<Body> {
  const signature = await signDetached({ octets: new Uint8Array(statement), key: signingKey });
  return form([{ name: 'statement', octets: statement }, { name: 'signature', octets: signature }, ...(words ? [{ name: 'words', octets: words }] : [])]);
}
