import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** RFC 8301, 3.2: less is not to be signed with. */
const LEAST_BITS = 2_048;

/** A key by which a domain signs, and the name under which its public half stands in DNS. */
export interface DkimKey {
  selector: string;
  key: KeyObject;
}

/** @throws TypeError for what is no private RSA key of 2048 bits or more, in PEM */
export function dkimKeyIn(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS) throw new TypeError('no RSA key of 2048 bits or more');
  return key;
}

/**
 * Headers with a signature before them (RFC 6376), over all of them and the body as they stand: `simple` for both, for nobody between us and a domain's own host
 * changes them.
 *
 * @param headers lines, a folded one's after its first
 */
export function signed(headers: readonly string[], body: readonly string[], { domain, key: { selector, key } }: { domain: string; key: DkimKey }): string[] {
  const fields = headers.reduce<string[]>((all, line) => (line.startsWith(' ') ? [...all.slice(0, -1), `${all.at(-1) ?? ''}\r\n${line}`] : [...all, line]), []);
  const digest = createHash('sha256').update(body.map((line) => `${line}\r\n`).join(''), 'latin1').digest('base64');
  const names = fields.map((field) => field.slice(0, field.indexOf(':')));
  const open = [`DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=${domain}; s=${selector};`, ` h=${names.join(':')};`, ` bh=${digest};`, ' b='];
  const signature = sign('sha256', Buffer.from([...fields, open.join('\r\n')].join('\r\n'), 'latin1'), key).toString('base64');
  return [...open.slice(0, -1), ...(signature.match(/.{1,72}/g) ?? []).map((piece, i) => `${i === 0 ? ' b=' : ' '}${piece}`), ...headers];
}
