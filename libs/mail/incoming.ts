import PostalMime from 'postal-mime';

/** A message that is read: a report that brings a whole mail of the largest size back. */
export const LARGEST_INCOMING = 40 * 1024 * 1024;
/** Parts within parts: a report in a forwarded mail has four. */
const DEEPEST = 8;
const LONGEST_HEADERS = 256 * 1024;
/** Recipients of which one report speaks: we have one in each mail. */
const MOST_RECIPIENTS = 16;

/** What a mail system says became of one recipient (RFC 3464, 2.3). */
export interface Fate {
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** RFC 3463, like `5.1.1`. */
  status: string;
}

/** A file that came with it. */
export interface Attached {
  name: string;
  type: string;
  octets: Buffer;
}

/** A message as far as anything here acts on it: neither its text nor who it says it is from. */
export interface Incoming {
  /** Empty: it is no report on a delivery. */
  fates: readonly Fate[];
  attached: readonly Attached[];
  /** It brings a report on TLS (RFC 8460, 5.3), as it came. */
  tlsReport?: Buffer;
}

/** Reads what came in. Undefined for what is no message that can be read in one way, or is too large. */
export async function readIncoming(octets: Buffer): Promise<Incoming | undefined> {
  if (octets.length > LARGEST_INCOMING) return undefined;
  const message = await PostalMime.parse(octets, { forceRfc822Attachments: true, maxNestingDepth: DEEPEST, maxHeadersSize: LONGEST_HEADERS }).catch(() => undefined);
  if (!message) return undefined;
  const attached = message.attachments.map(({ filename, mimeType, content }) => ({ name: filename ?? '', type: mimeType.toLowerCase(), octets: Buffer.from(content as ArrayBuffer) }));
  const type = message.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  const isReport = /^multipart\/report\b/i.test(type) && /;\s*report-type="?delivery-status"?\s*(;|$)/i.test(type);
  const status = attached.find((each) => each.type === 'message/delivery-status');
  const tlsReport = /;\s*report-type="?tlsrpt"?\s*(;|$)/i.test(type) ? attached.find((each) => /^application\/tlsrpt\+(gzip|json)$/.test(each.type)) : undefined;
  return { fates: isReport && status ? fatesIn(status.octets.toString('latin1')) : [], attached, ...(tlsReport ? { tlsReport: tlsReport.octets } : {}) };
}

/** Groups of fields with an empty line between them: the first is about the message, each other about one recipient. */
const fatesIn = (text: string): Fate[] =>
  text.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ').split(/\n{2,}/).slice(1, MOST_RECIPIENTS + 1).flatMap((group) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(group)?.[1]?.trim().toLowerCase();
    const action = /^(failed|delayed|delivered|relayed|expanded)\b/.exec(field('Action') ?? '')?.[1] as Fate['action'] | undefined;
    const status = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}/.exec(field('Status') ?? '')?.[0];
    return action && status ? [{ action, status }] : [];
  });
