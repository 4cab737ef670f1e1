import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resolver } from '#mail/resolver';
import { Daemons, type Network } from './daemon';
import { eventually } from './partnership';
import { ownPort } from './ports';

/** Of which all zones of a test are part; a resolver is given its key and no other. */
const TOP = 'example';
const NAME_SERVER = `ns.${TOP}.`;

export interface Zone {
  /** Without a dot at its end. */
  origin: string;
  /** As in a zone file, relative to the origin. */
  records: readonly string[];
  /** `unsigned`: the zone above says that it is not. `ended`: its signatures have run out. */
  signed?: 'signed' | 'unsigned' | 'ended';
  /** What somebody makes of it on its way, after it was signed. */
  forged?: (text: string) => string;
}

/** Zones signed with ldns, served by NSD, validated by Unbound: what a gateway of ours asks in earnest. */
export class SignedDns {
  private readonly daemons = new Daemons();
  private constructor(private readonly at: Network, readonly port: number) {}

  static async start(network: Network, zones: readonly Zone[], top: readonly string[] = []): Promise<SignedDns> {
    const dns = new SignedDns(network, await ownPort());
    const { folder } = dns.daemons;
    const own = zones.map((zone) => ({ ...zone, ds: dns.write(zone) }));
    const delegations = own.flatMap(({ origin, ds }) => [`${origin}. NS ${NAME_SERVER}`, ...(ds ? [ds] : [])]);
    writeFileSync(join(folder, 'anchor'), dns.write({ origin: TOP, records: [`${NAME_SERVER} A ${network(2)}`, ...delegations, ...top] }) ?? '');
    writeFileSync(join(folder, 'nsd.conf'), nsdConfig(folder, network(2), [TOP, ...zones.map(({ origin }) => origin)]));
    writeFileSync(join(folder, 'unbound.conf'), unboundConfig(folder, { address: network(3), port: dns.port, server: network(2) }));
    dns.daemons.start('nsd', '/usr/sbin/nsd', ['-d', '-c', join(folder, 'nsd.conf')]);
    dns.daemons.start('unbound', '/usr/sbin/unbound', ['-d', '-c', join(folder, 'unbound.conf')]);
    await eventually(async () => (await dns.resolver.ask(NAME_SERVER.slice(0, -1), 'A')).state === 'found').catch(async () => {
      const said = `${dns.daemons.said('nsd')}${dns.daemons.said('unbound')}`;
      await dns.stop();
      throw new Error(`no answer from the name servers: ${said}`);
    });
    return dns;
  }

  /** Ours, asking theirs. */
  get resolver(): Resolver {
    return new Resolver({ host: '127.0.0.1', port: this.port });
  }

  /** Ours, asking the server that holds the zones: it validates nothing. */
  get unvalidating(): Resolver {
    return new Resolver({ host: this.at(2) });
  }

  /** What programs that know nothing of us are to ask (resolv.conf). */
  get resolvConf(): string {
    const path = join(this.daemons.folder, 'resolv.conf');
    writeFileSync(path, `nameserver ${this.at(3)}\noptions edns0 trust-ad\n`);
    return path;
  }

  /** What an answer would be if nobody validated it. */
  unchecked(name: string, type: string): string {
    return execFileSync('drill', ['-o', 'CD', type, name, `@${this.at(3)}`]).toString();
  }

  /** Another zone in the place of one that is served. */
  async replace(zone: Zone, seen: () => Promise<boolean>): Promise<void> {
    this.write(zone);
    for (const pid of execFileSync('pgrep', ['-f', `^/usr/sbin/nsd -d -c ${join(this.daemons.folder, 'nsd.conf')}`]).toString().trim().split('\n')) process.kill(Number(pid), 'SIGHUP');
    await eventually(seen);
  }

  stop(): Promise<void> {
    return this.daemons.stop();
  }

  /** Writes a zone as it is served. @returns the record by which the zone above vouches for its key; none of one that is not signed */
  private write({ origin, records, signed = 'signed', forged = (text) => text }: Zone): string | undefined {
    const { folder } = this.daemons;
    const file = join(folder, `${origin}.zone`);
    // Nothing of it is kept by whoever asked: what is replaced is replaced for everybody.
    writeFileSync(file, [`$ORIGIN ${origin}.`, '$TTL 0', `@ SOA ${NAME_SERVER} nobody.${TOP}. ${Date.now() % 2 ** 31} 3600 900 604800 0`, `@ NS ${NAME_SERVER}`, ...records, ''].join('\n'));
    const served = join(folder, `${origin}.served`);
    if (signed === 'unsigned') {
      writeFileSync(served, forged(readFileSync(file, 'utf8')));
      return undefined;
    }
    const ldns = (program: string, ...args: string[]): string => execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
    const keyFile = join(folder, `${origin}.key-name`);
    if (!existsSync(keyFile)) writeFileSync(keyFile, ldns('ldns-keygen', '-a', 'ECDSAP256SHA256', '-k', `${origin}.`));
    const key = readFileSync(keyFile, 'utf8');
    const [from, until] = signed === 'ended' ? [-20, -10] : [-1, 10];
    ldns('ldns-signzone', '-i', stamp(from), '-e', stamp(until), '-f', served, file, key);
    writeFileSync(served, forged(readFileSync(served, 'utf8')));
    return readFileSync(join(folder, `${key}.ds`), 'utf8').trim();
  }
}

/** So many days from now, as ldns wants it. */
const stamp = (days: number): string => String(Math.floor(Date.now() / 1_000) + days * 86_400);

const nsdConfig = (folder: string, address: string, zones: readonly string[]): string => `server:
  ip-address: ${address}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  zonelistfile: "${folder}/zone.list"
remote-control:
  control-enable: no
${zones.map((zone) => `zone:\n  name: "${zone}"\n  zonefile: "${zone}.served"\n`).join('')}`;

const unboundConfig = (folder: string, { address, port, server }: { address: string; port: number; server: string }): string => `server:
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: "${folder}/unbound.pid"
  use-syslog: no
  logfile: ""
  interface: 127.0.0.1@${port}
  interface: ${address}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  do-ip6: no
  num-threads: 1
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/anchor"
  val-log-level: 1
stub-zone:
  name: "${TOP}."
  stub-addr: ${server}
remote-control:
  control-enable: no
`;
