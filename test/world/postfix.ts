import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Daemons } from './daemon';
import type { HostKey } from './mail-certificates';
import { eventually } from './partnership';

export interface PostfixHost {
  address: string;
  name: string;
  tls: HostKey;
  /** Settings of `smtpd` beside the usual. */
  settings?: Readonly<Record<string, string>>;
}

const NOBODY = 65_534;

/** A partner's Postfix, with as many hosts as it is told, each on port 25 of an address of its own. What it takes lies in a Maildir. It sends nothing to anybody. */
export class Postfix {
  private readonly daemons = new Daemons();
  private readonly box = join(this.daemons.folder, 'mail', 'box');

  /** @param domains for which it takes mail */
  static async start(hosts: readonly PostfixHost[], domains: readonly string[]): Promise<Postfix> {
    const postfix = new Postfix();
    const { folder } = postfix.daemons;
    // Its processes have users of their own.
    chmodSync(folder, 0o755);
    for (const each of ['etc', 'data', 'queue', 'mail']) mkdirSync(join(folder, each));
    chownSync(join(folder, 'mail'), NOBODY, NOBODY);
    chownSync(join(folder, 'data'), Number(execFileSync('id', ['-u', 'postfix'])), 0);
    const chains = hosts.map(({ tls }, i) => {
      const file = join(folder, 'etc', `${i}.pem`);
      writeFileSync(file, `${tls.key}${tls.cert}`, { mode: 0o600 });
      return file;
    });
    writeFileSync(join(folder, 'etc', 'main.cf'), mainConfig(folder, domains));
    writeFileSync(join(folder, 'etc', 'master.cf'), masterConfig(hosts, chains));
    postfix.daemons.start('postfix', '/usr/sbin/postfix', ['-c', join(folder, 'etc'), 'start-fg']);
    await Promise.all(hosts.map(({ address }) => eventually(() => listens(address)))).catch(async () => {
      const { log } = postfix;
      await postfix.stop();
      throw new Error(`Postfix did not start: ${log}`);
    });
    return postfix;
  }

  /** Everything that it has delivered, as it was laid into the Maildir. */
  get mails(): string[] {
    const fresh = join(this.box, 'new');
    return existsSync(fresh) ? readdirSync(fresh).map((file) => readFileSync(join(fresh, file), 'utf8')) : [];
  }

  /** What it has delivered with this in it. */
  arrived(text: string): Promise<string> {
    return eventually(() => Promise.resolve(this.mails.find((mail) => mail.includes(text))));
  }

  get log(): string {
    return this.daemons.said('postfix');
  }

  stop(): Promise<void> {
    return this.daemons.stop();
  }
}

const listens = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port: 25, host });
    socket.once('connect', () => (socket.destroy(), resolve(true))).once('error', () => resolve(false));
  });

const mainConfig = (folder: string, domains: readonly string[]): string => Object.entries({
  compatibility_level: '3.6',
  queue_directory: `${folder}/queue`, data_directory: `${folder}/data`, command_directory: '/usr/sbin', daemon_directory: '/usr/lib/postfix/sbin', mail_owner: 'postfix', setgid_group: 'postdrop',
  maillog_file: '/dev/stdout', inet_interfaces: 'loopback-only', inet_protocols: 'ipv4', myhostname: 'mx.example', mydestination: '', alias_maps: '',
  default_transport: 'error:nothing goes out', relay_transport: 'error:nothing goes out', local_transport: 'error:nobody is here', notify_classes: '',
  virtual_mailbox_domains: domains.join(' '), virtual_mailbox_base: `${folder}/mail`, virtual_mailbox_maps: 'static:box/', virtual_uid_maps: `static:${NOBODY}`, virtual_gid_maps: `static:${NOBODY}`,
  smtpd_relay_restrictions: 'reject_unauth_destination', smtpd_tls_security_level: 'may', smtpd_tls_loglevel: '1', smtpd_tls_received_header: 'yes',
}).map(([name, value]) => `${name} = ${value}\n`).join('');

const INSIDE = [
  'cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 300 1 qmgr', 'tlsmgr unix - - n 1000? 1 tlsmgr', 'rewrite unix - - n - - trivial-rewrite', 'bounce unix - - n - 0 bounce', 'defer unix - - n - 0 bounce', 'trace unix - - n - 0 bounce',
  'proxymap unix - - n - - proxymap', 'error unix - - n - - error', 'retry unix - - n - - error', 'virtual unix - n n - - virtual', 'anvil unix - - n - 1 anvil', 'showq unix n - n - - showq', 'postlog unix-dgram n - n - 1 postlogd',
];

const masterConfig = (hosts: readonly PostfixHost[], chains: readonly string[]): string => [
  ...hosts.map(({ address, name, settings = {} }, i) =>
    [`${address}:25 inet n - n - - smtpd`, ...Object.entries({ myhostname: name, smtpd_tls_chain_files: chains[i] as string, ...settings }).map(([setting, value]) => `  -o { ${setting} = ${value} }`)].join('\n')),
  ...INSIDE, '',
].join('\n');
