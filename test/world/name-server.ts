import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Answer, AUTHENTIC_DATA, decode, encode, type RecordType, TRUNCATED_RESPONSE } from 'dns-packet';

/** What a resolver says to one question. `silent`: nothing. `short`: by datagram only that there is more. */
export interface Says {
  data?: readonly unknown[];
  /** The AD bit: the resolver validated it. */
  secure?: boolean;
  rcode?: 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  silent?: true;
  short?: true;
}

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;

/** A validating resolver as a client sees it, over UDP and TCP. What is not in the zone does not exist, and that is signed. */
export class NameServer {
  readonly asked: string[] = [];
  private readonly zone = new Map<string, Says>();

  private constructor(private readonly datagrams: Socket, private readonly streams: Server) {}

  static async start(): Promise<NameServer> {
    const streams = createServer();
    streams.listen(0, '127.0.0.1');
    await once(streams, 'listening');
    const datagrams = createSocket('udp4');
    datagrams.bind((streams.address() as AddressInfo).port, '127.0.0.1');
    await once(datagrams, 'listening');
    const server = new NameServer(datagrams, streams);
    datagrams.on('message', (octets, { port, address }) => {
      const answer = server.answer(octets, 'datagram');
      if (answer) datagrams.send(answer, port, address);
    });
    streams.on('connection', (socket) => {
      socket.on('error', () => undefined).on('data', (octets: Buffer) => {
        const answer = server.answer(octets.subarray(2), 'stream');
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer?.length ?? 0);
        if (answer) socket.write(Buffer.concat([length, answer]));
      });
    });
    return server;
  }

  get port(): number {
    return this.datagrams.address().port;
  }

  set(name: string, type: RecordType, says: Says): void {
    this.zone.set(`${name} ${type}`, says);
  }

  clear(): void {
    this.zone.clear();
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.datagrams.close();
    this.streams.close();
    await once(this.streams, 'close');
  }

  private answer(octets: Buffer, over: 'datagram' | 'stream'): Buffer | undefined {
    const { id, questions: [question] = [] } = decode(octets);
    if (!question) return undefined;
    const { name, type } = question;
    this.asked.push(`${name} ${type}`);
    const says = this.zone.get(`${name} ${type}`) ?? { rcode: 'NXDOMAIN', secure: true };
    if (says.silent) return undefined;
    const short = says.short && over === 'datagram';
    const flags = (says.secure ? AUTHENTIC_DATA : 0) | (short ? TRUNCATED_RESPONSE : 0) | (says.rcode ? RCODES[says.rcode] : 0);
    const answers = (short ? [] : (says.data ?? [])).map((data) => ({ type, name, ttl: 60, data }) as Answer);
    return encode({ type: 'response', ...(id === undefined ? {} : { id }), flags, questions: [question], answers });
  }
}
