import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import { AUTHENTIC_DATA, type Answer, decode, type DecodedPacket, DNSSEC_OK, encode, type RecordType, RECURSION_DESIRED } from 'dns-packet';
import { isLocal } from '#platform/hosts';
import type { Found, Mx } from './requirement';
import type { Tlsa } from './tlsa';

/** One question to one resolver: a local one that has to go far has answered by then. */
export const DNS_TIMEOUT_MS = 5_000;
/** Datagrams are lost. */
export const DNS_TRIES = 2;
/** Octets of an answer by datagram that pass any network whole (DNS flag day 2020). */
const DATAGRAM_OCTETS = 1_232;
const IDS = 0x1_0000;

export interface ResolverOptions {
  /** An address, not a name. */
  host: string;
  port?: number;
}

type Kinds = { MX: Mx; TXT: string; TLSA: Tlsa; A: string; AAAA: string };

/** How a record's data is read. What is of another shape is none. */
const READ: { [K in keyof Kinds]: (data: unknown) => Kinds[K] } = {
  MX: (data) => {
    const { preference = 0, exchange } = data as { preference?: number; exchange: string };
    return { preference, host: exchange.toLowerCase().replace(/\.$/, '') };
  },
  TXT: (data) => (Array.isArray(data) ? (data as (Buffer | string)[]) : [data as Buffer | string]).map(String).join(''),
  TLSA: (data) => {
    const { usage, selector, matchingType, certificate } = data as { usage: number; selector: number; matchingType: number; certificate: Buffer };
    return { usage, selector, matchingType, data: certificate };
  },
  A: String,
  AAAA: String,
};

/**
 * Asks one validating resolver. Its word that an answer is validated (the AD bit, RFC 6840, 5.8) counts only when it runs on this machine: on the way
 * from anywhere else, anybody could set it.
 */
export class Resolver {
  private readonly trusted: boolean;

  constructor(private readonly options: ResolverOptions) {
    if (isIP(options.host) === 0) throw new TypeError('a resolver is given by its address');
    this.trusted = isLocal(options.host);
  }

  /** Never throws: what cannot be had is `failed`. SERVFAIL is what a resolver says of what does not validate. */
  async ask<K extends keyof Kinds>(name: string, type: K): Promise<Found<Kinds[K]>> {
    for (let tried = 0; tried < DNS_TRIES; tried++) {
      const found = await this.exchange(name, type).then((answer) => this.found(answer, type)).catch(() => undefined);
      if (found) return found;
    }
    return { state: 'failed' };
  }

  private found<K extends keyof Kinds>(answer: DecodedPacket, type: K): Found<Kinds[K]> {
    const { rcode } = answer as DecodedPacket & { rcode: string };
    if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return { state: 'failed' };
    const secure = this.trusted && answer.flag_ad;
    const data = (answer.answers ?? []).filter((record: Answer) => record.type === type).map((record) => (record as { data: unknown }).data);
    return data.length === 0 || rcode === 'NXDOMAIN' ? { state: 'none', secure } : { state: 'found', records: data.map(READ[type]), secure };
  }

  private async exchange(name: string, type: RecordType): Promise<DecodedPacket> {
    const id = randomInt(IDS);
    const question = encode({
      type: 'query', id, flags: RECURSION_DESIRED | AUTHENTIC_DATA, questions: [{ type, name, class: 'IN' }],
      additionals: [{ type: 'OPT', name: '.', udpPayloadSize: DATAGRAM_OCTETS, extendedRcode: 0, ednsVersion: 0, flags: DNSSEC_OK, flag_do: true, options: [] }],
    });
    const answers = (octets: Buffer): DecodedPacket | undefined => {
      const answer = decode(octets);
      const [asked] = answer.questions ?? [];
      return answer.type === 'response' && answer.id === id && asked?.type === type && asked.name.toLowerCase() === name.toLowerCase() ? answer : undefined;
    };
    const answer = await this.byDatagram(question, answers);
    return answer.flag_tc ? await this.byStream(question, answers) : answer;
  }

  private byDatagram(question: Buffer, answers: (octets: Buffer) => DecodedPacket | undefined): Promise<DecodedPacket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(isIP(this.options.host) === 6 ? 'udp6' : 'udp4');
      const end = (work: () => void): void => {
        clearTimeout(timer);
        socket.close();
        work();
      };
      const timer = setTimeout(() => end(() => reject(new Error('timeout'))), DNS_TIMEOUT_MS);
      socket.on('error', (error) => end(() => reject(error)));
      socket.on('message', (octets) => {
        const answer = attempt(() => answers(octets));
        // Not ours: what somebody throws in between ends nothing.
        if (answer) end(() => resolve(answer));
      });
      // Connected: the system takes datagrams from nobody else.
      socket.connect(this.options.port ?? 53, this.options.host, () => socket.send(question));
    });
  }

  private byStream(question: Buffer, answers: (octets: Buffer) => DecodedPacket | undefined): Promise<DecodedPacket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.options.host, port: this.options.port ?? 53 });
      let held = Buffer.alloc(0);
      const end = (work: () => void): void => {
        clearTimeout(timer);
        socket.destroy();
        work();
      };
      const timer = setTimeout(() => end(() => reject(new Error('timeout'))), DNS_TIMEOUT_MS);
      socket.on('error', (error) => end(() => reject(error))).on('close', () => end(() => reject(new Error('closed'))));
      socket.on('data', (piece: Buffer) => {
        held = Buffer.concat([held, piece]);
        if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
        const answer = attempt(() => answers(held.subarray(2, 2 + held.readUInt16BE(0))));
        end(() => (answer ? resolve(answer) : reject(new Error('no answer'))));
      });
      const length = Buffer.alloc(2);
      length.writeUInt16BE(question.length);
      socket.write(Buffer.concat([length, question]));
    });
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
