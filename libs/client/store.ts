import { request } from 'node:https';
import { sha256 } from '#protocol/digest';
import { ClientRefusal } from './codes';

/** A folder of somebody's store that speaks WebDAV (RFC 4918) over TLS, such as a document library of SharePoint or a share of Nextcloud, nginx or Apache. */
export interface Store {
  /** Of the folder under which each provider has one, with a slash at its end. */
  url: string;
  /** `user:password`, for HTTP basic authentication. */
  credentials?: string | undefined;
  /** PEM of who vouches for the store's certificate. Absent: whoever the machine trusts. */
  ca?: string | undefined;
}

/** A store that says nothing for so long takes nothing. */
const PATIENCE_MS = 60_000;
/** Codes of a folder that was made, or is there already (RFC 4918, 9.3.1; 301 and 405 where it is). */
const FOLDER_THERE: readonly number[] = [201, 301, 405];
const WRITTEN: readonly number[] = [200, 201, 204];

/**
 * Lays sealed octets into a provider's folder, under a name of their own, and reads them back: it is deposited only when what lies there is what was sent.
 * @returns where it lies and its SHA-256 @throws ClientRefusal STORE_REFUSED
 */
export async function deposit(store: Store, { folder, name, octets }: { folder: string; name: string; octets: Uint8Array }): Promise<{ url: string; digest: string }> {
  const digest = sha256(octets);
  const under = new URL(`${encodeURIComponent(folder)}/`, requireTls(store.url));
  const url = new URL(encodeURIComponent(`${name}-${digest.slice(0, 16)}.pgp`), under);
  await expect(store, 'MKCOL', under, FOLDER_THERE);
  // Never over another: a store that knows the header refuses, and the name is of these octets alone.
  await expect(store, 'PUT', url, WRITTEN, octets);
  const lies = await expect(store, 'GET', url, [200]);
  if (sha256(lies) !== digest) throw new ClientRefusal('STORE_REFUSED', { because: 'NOT_WHAT_WAS_SENT' });
  return { url: url.href, digest };
}

function requireTls(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || !parsed.pathname.endsWith('/')) throw new ClientRefusal('STORE_REFUSED', { because: 'ADDRESS', needs: 'https://…/, without user or password, a slash at its end' });
  return parsed;
}

async function expect(store: Store, method: string, url: URL, statuses: readonly number[], body?: Uint8Array): Promise<Buffer> {
  const { status, octets } = await asked(store, method, url, body).catch((error: unknown) => {
    throw new ClientRefusal('STORE_REFUSED', { because: (error as { code?: string }).code ?? 'UNREACHABLE', method });
  });
  if (!statuses.includes(status)) throw new ClientRefusal('STORE_REFUSED', { because: `HTTP_${status}`, method });
  return octets;
}

function asked({ credentials, ca }: Store, method: string, url: URL, body?: Uint8Array): Promise<{ status: number; octets: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(credentials !== undefined && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }), ...(body && { 'content-type': 'application/octet-stream', 'content-length': String(body.length), 'if-none-match': '*' }),
    };
    const sent = request(url, { method, headers, timeout: PATIENCE_MS, ...(ca !== undefined && { ca }) }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, octets: Buffer.concat(pieces) }));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'TIMED_OUT' })));
    sent.on('error', reject);
    sent.end(body);
  });
}
