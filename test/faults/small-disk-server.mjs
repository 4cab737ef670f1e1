// A PostgreSQL whose data lie on a small disk that can be filled: `small-disk-server.mjs FOLDER MEGABYTES`. Run by small-disk.ts.
// It makes a memory disk in a mount namespace of its own, for which nobody has to be root, and then is nobody special again: PostgreSQL
// would not run as root. What it writes ahead (pg_wal) lies outside: a full log ends the server, a full data disk must not.
import { spawn } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder, megabytes, stage] = process.argv.slice(2);
const small = join(folder, 'small');

function enter() {
  mkdirSync(small, { recursive: true });
  const inner = `mount -t tmpfs -o size=${megabytes}m,mode=755 tmpfs "$0" && exec unshare --user --map-user=1000 --map-group=1000 "$@"`;
  const child = spawn('unshare', ['-Urm', 'sh', '-c', inner, small, process.execPath, import.meta.filename, folder, megabytes, 'inside'], { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
}

async function serve() {
  const { startPostgres } = createRequire(import.meta.url)(join(process.cwd(), 'dist/libs/platform/embedded-postgres.js'));
  const first = await startPostgres(small, { durable: true });
  await first.stop();
  const [inside, outside] = [join(first.data, 'pg_wal'), join(folder, 'pg_wal')];
  cpSync(inside, outside, { recursive: true });
  rmSync(inside, { recursive: true });
  symlinkSync(outside, inside);
  const server = await startPostgres(small, { durable: true, settings: { max_wal_size: '128MB' } });
  const ballast = join(small, 'ballast');
  const say = (what) => writeSync(1, `${what}\n`);
  say(JSON.stringify({ host: server.host }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'fill') {
      const file = openSync(ballast, 'a');
      for (let size = 1 << 20; size >= 512; ) {
        try {
          writeSync(file, Buffer.alloc(size));
        } catch {
          size >>= 1;
        }
      }
      closeSync(file);
    }
    if (line === 'free') rmSync(ballast, { force: true });
    say(line);
  }
  await server.stop();
}

if (stage === 'inside') void serve();
else enter();
