import { sha256 } from '#protocol/digest';
import { LIMITS } from '#protocol/limits';
import type { Certificate } from './certificates';
import type { GateCode, KeyCause } from './codes';
import { readObject } from './json/object';
import { verifyDetached } from './signatures';

/** A recipient's own reasons not to accept a copy, beside those of the gate about the signature. */
export type CopyCode = GateCode | 'MANIFEST_UNREADABLE' | 'SENDER_MISMATCH' | 'LINE_UNREADABLE' | 'LINE_NOT_IN_MANIFEST' | 'LINE_FOR_ANOTHER';

export interface CopyProblem {
  code: CopyCode;
  cause?: KeyCause;
  keyId?: string;
  /** Which of the lines, from 0. */
  line?: number;
}

const DIGEST = /^[0-9a-f]{64}$/;

/**
 * What a recipient checks before it shows anything: the sender's signature is over this manifest, each line stands in it, and each line
 * is for us. The lines came through a gateway that could add, keep back or misdirect; this is where that shows.
 */
export async function acceptCopy(options: {
  manifestOctets: Uint8Array;
  signature: Uint8Array | string;
  senderCertificate: Certificate;
  /** Each the exact text whose digest the manifest holds. */
  lines: readonly string[];
  /** Our own agency. */
  own: string;
  at: Date;
  /** The agency that the certificate was vouched for as, to hold the manifest's `sender` to. */
  sender?: string;
}): Promise<{ ok: true; manifest: Record<string, unknown>; lines: Record<string, unknown>[] } | { ok: false; problems: CopyProblem[] }> {
  const problems: CopyProblem[] = [];
  const signed = await verifyDetached({ octets: options.manifestOctets, signature: options.signature, certificates: [options.senderCertificate], at: options.at });
  if (!signed.ok) {
    const { code, cause, keyId } = signed.problem;
    problems.push({ code, ...(cause ? { cause } : {}), ...(keyId ? { keyId } : {}) });
  }
  const manifest = readObject(options.manifestOctets, { maxOctets: LIMITS.manifest.value });
  const digests = manifest && digestsIn(manifest);
  if (!manifest || !digests) return { ok: false, problems: [...problems, { code: 'MANIFEST_UNREADABLE' }] };
  if (options.sender !== undefined && senderOf(manifest) !== options.sender) problems.push({ code: 'SENDER_MISMATCH' });
  const lines = options.lines.map((text, at) => {
    const octets = Buffer.from(text, 'utf8');
    if (!digests.has(sha256(octets))) problems.push({ code: 'LINE_NOT_IN_MANIFEST', line: at });
    const line = readObject(octets, { maxOctets: LIMITS.json.value });
    if (!line) problems.push({ code: 'LINE_UNREADABLE', line: at });
    else if (agencyOf(line) !== options.own) problems.push({ code: 'LINE_FOR_ANOTHER', line: at });
    return line ?? {};
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, manifest, lines };
}

/** The agency that a manifest names as its sender. */
function senderOf({ sender }: Record<string, unknown>): unknown {
  return typeof sender === 'object' && sender !== null ? (sender as { agency?: unknown }).agency : undefined;
}

/** `lines` of a manifest: sorted digests, each once. */
function digestsIn(manifest: Record<string, unknown>): Set<string> | undefined {
  const { lines } = manifest;
  if (!Array.isArray(lines) || !lines.every((line): line is string => typeof line === 'string' && DIGEST.test(line))) return undefined;
  return lines.every((line, at) => at === 0 || (lines[at - 1] ?? '') < line) ? new Set(lines) : undefined;
}

function agencyOf(line: Record<string, unknown>): unknown {
  const { recipient } = line;
  return typeof recipient === 'object' && recipient !== null ? (recipient as Record<string, unknown>)['agency'] : undefined;
}
