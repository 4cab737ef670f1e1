import { type KeyObject, sign } from 'node:crypto';
import forge from 'node-forge';

/**
 * A key as node-forge asks one for a signature: by OpenSSL, in constant time and a hundred times faster than in JavaScript.
 * @param signed what the signature is over, once forge has put it together
 */
export const signingBy = (key: KeyObject, signed: () => forge.asn1.Asn1): forge.pki.rsa.PrivateKey =>
  ({ sign: () => sign('sha256', Buffer.from(forge.asn1.toDer(signed()).getBytes(), 'latin1'), key).toString('latin1') }) as unknown as forge.pki.rsa.PrivateKey;
