import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Watch } from './watch';

/** RFC 8446, 5.1: type, version, length. */
const HEADER = 5;

/**
 * Stands before a TLS port and counts records: what is in them stays between the two ends. Each record that passes is a step at which
 * the process that is watched may be killed.
 */
export class RecordTap {
  private constructor(private readonly server: Server, private readonly open: Set<Socket>) {}

  /** @param name of the other end, as it stands in a step: `record to broker` */
  static async to(upstream: number, { name, watch, port = 0 }: { name: string; watch: Watch; port?: number }): Promise<RecordTap> {
    const open = new Set<Socket>();
    const server = createServer((client) => {
      const other = connect(upstream, '127.0.0.1');
      pass(client, other, `record to ${name}`);
      pass(other, client, `record from ${name}`);
    });
    const pass = (from: Socket, to: Socket, step: string): void => {
      open.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        open.delete(from);
        to.destroy();
      });
      let rest: Buffer = Buffer.alloc(0);
      from.on('data', (octets: Buffer) => {
        rest = rest.length === 0 ? octets : Buffer.concat([rest, octets]);
        while (rest.length >= HEADER && rest.length >= HEADER + rest.readUInt16BE(3)) {
          const length = HEADER + rest.readUInt16BE(3);
          const side = watch.passes(step);
          if (side === 'before') return watch.kill(step);
          to.write(rest.subarray(0, length));
          if (side === 'after') return watch.kill(step);
          rest = rest.subarray(length);
        }
      });
    };
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new RecordTap(server, open);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends what is open; new connections pass. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
