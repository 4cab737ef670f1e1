import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { HOUR } from '#platform/clock';
import { issue } from '../../libs/envelope/authority';
import { Daemons } from './daemon';
import { eventually } from './partnership';
import { ownPort } from './ports';
import { readPool } from './tls';

/** A host authority's store: nginx, which speaks WebDAV over TLS and asks for a password. */
export interface Store {
  url: string;
  /** PEM of who vouches for it. */
  authority: string;
  credentials: string;
  /** What lies in a folder: octets by name. */
  lies(folder: string): Map<string, Buffer>;
  stop(): Promise<void>;
}

export async function openStore(): Promise<Store> {
  const { authority } = readPool();
  const daemons = new Daemons();
  const { folder } = daemons;
  const [port, made] = [await ownPort(), await issue(authority, 'localhost', { from: new Date(Date.now() - HOUR), until: new Date(Date.now() + 24 * HOUR), hosts: ['localhost'] })];
  for (const name of ['providers', 'temp']) mkdirSync(join(folder, name), { mode: 0o777 });
  writeFileSync(join(folder, 'server.pem'), made.certificate);
  writeFileSync(join(folder, 'server.key'), made.key, { mode: 0o600 });
  writeFileSync(join(folder, 'users'), 'nwadcs:{PLAIN}kestrel\n');
  writeFileSync(join(folder, 'nginx.conf'), `daemon off;
user root;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/temp;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/server.pem;
    ssl_certificate_key ${folder}/server.key;
    auth_basic store;
    auth_basic_user_file ${folder}/users;
    location /providers/ {
      root ${folder};
      dav_methods PUT MKCOL;
      client_max_body_size 1m;
    }
  }
}
`);
  daemons.start('nginx', '/usr/sbin/nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]);
  await eventually(() => new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined)).on('error', () => resolve(false));
  }));
  return {
    url: `https://localhost:${port}/providers/`, authority: authority.certificate, credentials: 'nwadcs:kestrel',
    lies: (of) => new Map(readdirSync(join(folder, 'providers', of)).map((name) => [name, readFileSync(join(folder, 'providers', of, name))])),
    stop: () => daemons.stop(),
  };
}
