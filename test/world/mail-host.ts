import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';

export interface Behaviour {
  tls: SecureContextOptions;
  /** Keywords that are offered once TLS is there. */
  extensions?: readonly string[];
  /** It is not offered, as when somebody in between took it out. */
  stripped?: true;
  /** What stands behind the 220 of STARTTLS, in clear. */
  injected?: string;
  /** Replies instead of the usual ones, by the first word of the command, or `GREETING` or `MESSAGE`. Empty: the connection is dropped. */
  replies?: Readonly<Record<string, string>>;
}

/** A mail host that notes every octet that it is given, and behaves as it is told. */
export class MailHost {
  /** All that came before TLS. */
  clear = '';
  /** Commands that came under TLS. */
  commands: string[] = [];
  /** Messages as they came over the wire, dots and all. */
  messages: string[] = [];
  /** Of these, those that came before TLS or without. */
  messagesInClear: string[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server, public behaviour: Behaviour) {}

  static async start(behaviour: Behaviour): Promise<MailHost> {
    const server = createServer();
    const host = new MailHost(server, behaviour);
    server.on('connection', (socket) => host.greet(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return host;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  reset(behaviour: Behaviour): void {
    [this.clear, this.commands, this.messages, this.messagesInClear, this.connections, this.behaviour] = ['', [], [], [], 0, behaviour];
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private greet(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
    say(socket, this.behaviour.replies?.['GREETING'] ?? '220 host.example ESMTP\r\n');
    let [held, inData] = ['', false];
    const clear = (octets: Buffer): void => {
      this.clear += octets.toString('latin1');
      held += octets.toString('latin1');
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n';
        const end = held.indexOf(mark);
        if (end < 0) return;
        const line = held.slice(0, end);
        held = held.slice(end + mark.length);
        if (inData) {
          for (const kept of [this.messages, this.messagesInClear]) kept.push(`${line}\r\n`);
          inData = false;
          say(socket, this.behaviour.replies?.['MESSAGE'] ?? '250 ok\r\n');
          continue;
        }
        inData = line === 'DATA';
        const usual = line.startsWith('EHLO') ? `250-host.example\r\n${this.behaviour.stripped ? '' : '250-STARTTLS\r\n'}250 8BITMIME\r\n` : line === 'STARTTLS' ? '220 go ahead\r\n' : inData ? '354 go on\r\n' : '250 ok\r\n';
        say(socket, (this.behaviour.replies?.[line.split(' ')[0] as string] ?? usual) + (line === 'STARTTLS' ? (this.behaviour.injected ?? '') : ''));
        if (line !== 'STARTTLS' || this.behaviour.replies?.['STARTTLS']) continue;
        socket.off('data', clear);
        this.secure(socket);
      }
    };
    socket.on('data', clear);
  }

  private secure(plain: Socket): void {
    const socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(this.behaviour.tls) });
    socket.on('error', () => undefined);
    let [held, inData] = ['', false];
    socket.on('data', (octets: Buffer) => {
      held += octets.toString('latin1');
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n';
        const end = held.indexOf(mark);
        if (end < 0) return;
        const text = held.slice(0, end);
        held = held.slice(end + mark.length);
        if (inData) this.messages.push(`${text}\r\n`);
        else this.commands.push(text);
        const word = inData ? 'MESSAGE' : (text.split(/[ :]/)[0] as string);
        inData = word === 'DATA' && !this.behaviour.replies?.['DATA'];
        say(socket, this.behaviour.replies?.[`TLS ${word}`] ?? (word === 'EHLO' ? undefined : this.behaviour.replies?.[word]) ?? this.usual(word));
      }
    });
  }

  private usual(word: string): string {
    if (word === 'EHLO') return ['host.example', ...(this.behaviour.extensions ?? ['SIZE 0'])].map((line, i, all) => `250${i < all.length - 1 ? '-' : ' '}${line}\r\n`).join('');
    return { DATA: '354 go on\r\n', QUIT: '221 bye\r\n' }[word] ?? '250 ok\r\n';
  }
}

const say = (socket: Socket, text: string): unknown => (text === '' ? socket.destroy() : socket.write(text, 'latin1'));
