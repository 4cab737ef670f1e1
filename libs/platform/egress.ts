import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';

/** From the first octet sent to the last received: a server that answers later does not work for now. */
export const EGRESS_TIMEOUT_MS = 15_000;
/** Octets of an answer that are read: no answer that we ask for is longer (RFC 8461, 3.3: 64 KB). */
export const ANSWER_OCTETS = 64 * 1024;
/** Where servers of partners listen. What else listens on a machine is none of ours to knock at. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

export type EgressCode = 'URL_NOT_ALLOWED' | 'ADDRESS_NOT_ALLOWED' | 'NOT_REACHED' | 'ANSWER_TOO_LONG';

/** Nothing was sent, or nothing of use came back. Holds no word of the other side. */
export class EgressFailed extends Error {
  constructor(readonly code: EgressCode, override readonly cause?: string) {
    super(code);
    this.name = 'EgressFailed';
  }
}

export interface EgressOptions {
  /** Networks (CIDR) that are reached though they are private: a health or justice network that the operator has joined. Absent: none. */
  permit?: readonly string[];
  /** PEM of authorities to trust beside the machine's own: of such a network. */
  authorities?: string;
  /** Further ports. */
  ports?: readonly number[];
  resolve?: (host: string) => Promise<readonly string[]>;
}

export interface EgressAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  tls: TlsEvidence;
}

/** How the connection was protected. */
export interface TlsEvidence {
  version: string;
  cipher: string;
  /** SHA-256 of the server's certificate, lower-case hexadecimal. */
  certificate: string;
}

/** Of a connection whose handshake is over. */
export const evidenceOf = (socket: TLSSocket): TlsEvidence => ({
  version: socket.getProtocol() ?? '', cipher: socket.getCipher().name, certificate: createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex'),
});

export interface Sent {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Buffer;
}

const resolved = async (host: string): Promise<readonly string[]> => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * The one way in which anything here asks a server that somebody else named. HTTPS only, to a name; the name is resolved once, every address it
 * has must be a public one or of a permitted network, and the connection goes to one of these; no redirect is followed. (OWASP SSRF; A7)
 */
export class Egress {
  private readonly permitted: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  constructor(private readonly options: EgressOptions = {}) {
    this.permitted = (options.permit ?? []).map((network) => ipaddr.parseCIDR(network));
  }

  /**
   * @param what made once the server has proved who it is: what must not be made for nobody is made then
   * @throws EgressFailed, and what `what` throws: nothing was sent then
   */
  async ask(url: string, what: () => Sent | Promise<Sent> = () => ({})): Promise<EgressAnswer> {
    const to = this.allowed(url);
    const addresses = await (this.options.resolve ?? resolved)(to.hostname).catch(() => {
      throw new EgressFailed('NOT_REACHED', 'dns');
    });
    // All of them, not the first that will do: a name that also leads inside is not to be trusted outside.
    if (addresses.length === 0) throw new EgressFailed('NOT_REACHED', 'dns');
    if (!addresses.every((address) => this.reaches(address))) throw new EgressFailed('ADDRESS_NOT_ALLOWED');
    return exchange(to, addresses[0] as string, what, this.options.authorities);
  }

  /** A URL that may be asked. @throws EgressFailed URL_NOT_ALLOWED */
  allowed(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const host = url?.hostname ?? '';
    const named = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host) && isIP(host) === 0;
    const port = url !== undefined && (PORTS.has(url.port) || (this.options.ports?.includes(Number(url.port)) ?? false));
    if (url?.protocol !== 'https:' || !named || !port || url.username !== '' || url.password !== '' || url.hash !== '') throw new EgressFailed('URL_NOT_ALLOWED');
    return url;
  }

  /** Whether an address is one of the public Internet, or of a permitted network. */
  reaches(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    // An IPv4 address written as IPv6 is what it stands for.
    const address = ipaddr.process(text);
    return address.range() === 'unicast' || this.permitted.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  }
}

async function exchange(url: URL, address: string, what: () => Sent | Promise<Sent>, authorities: string | undefined): Promise<EgressAnswer> {
  const deadline = AbortSignal.timeout(EGRESS_TIMEOUT_MS);
  const socket = connect({
    host: address, port: url.port === '' ? 443 : Number(url.port), servername: url.hostname, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], ...(authorities ? { ca: [...rootCertificates, authorities] } : {}),
  });
  const cut = (): unknown => socket.destroy();
  deadline.addEventListener('abort', cut);
  try {
    await once(socket, 'secureConnect', { signal: deadline }).catch((error: unknown) => notReached(error, deadline));
    const tls = evidenceOf(socket);
    const { method = 'GET', headers = {}, body } = await what();
    return { ...(await sent(socket, url, { method, headers, ...(body ? { body } : {}) }).catch((error: unknown) => notReached(error, deadline))), tls };
  } finally {
    deadline.removeEventListener('abort', cut);
    socket.destroy();
  }
}

function notReached(error: unknown, deadline: AbortSignal): never {
  if (error instanceof EgressFailed) throw error;
  throw new EgressFailed('NOT_REACHED', deadline.aborted ? 'timeout' : (error as NodeJS.ErrnoException).code);
}

function sent(socket: TLSSocket, url: URL, { method, headers, body }: Required<Pick<Sent, 'method' | 'headers'>> & Sent): Promise<Omit<EgressAnswer, 'tls'>> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket, method, path: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host, connection: 'close', ...(body ? { 'content-length': String(body.length) } : {}) },
    }, (answer) => void read(answer).then((answered) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answered }), reject));
    asked.on('error', reject);
    asked.end(body);
  });
}

async function read(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let octets = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    octets += piece.length;
    if (octets > ANSWER_OCTETS) throw new EgressFailed('ANSWER_TOO_LONG');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
