// Adds to package-lock.json the optional platform packages that the registry at hand did not serve: npm leaves them out, and `npm ci`
// then fails with "Missing: … from lock file". Run after each `npm install`: node deploy/scripts/complete-lock.mjs [folder]
// An entry that npm wrote is never touched, so running it again changes nothing; test/architecture/lock.spec.ts says when it is due.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const LIBC = { gnu: 'glibc', musl: 'musl' };

/** What a platform package's name says of where it runs: `@swc/core-linux-x64-gnu`. Empty for one that runs anywhere. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => OS.includes(word));
  const cpu = words.find((word) => CPU.includes(word));
  const libc = os === 'linux' ? Object.entries(LIBC).find(([abi]) => words.at(-1).startsWith(abi))?.[1] : undefined;
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}) };
}

/** Where Node would look for `name` from the package at `path`, nearest first. */
export function* placesOf(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    yield `${at ? `${at}/` : ''}node_modules/${name}`;
    if (!at) return;
  }
}

/** Every optional dependency that a package of the lock names and the lock does not hold. */
export function missing(lock) {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => ![...placesOf(path, name)].some((place) => place in lock.packages))
      .map(([name, range]) => ({ name, range, dev: dev === true })));
}

/** The lock with an entry for each of them. @throws Error when a range names no single version: only an exact one can be written down */
export function complete(lock, manifest) {
  // For a package that it could not find npm writes `npm:null@*` into the root's own lists, and optional ones among the others.
  const asked = ['dependencies', 'devDependencies', 'optionalDependencies'].filter((kind) => manifest[kind]);
  const root = { ...lock.packages[''], ...Object.fromEntries(asked.map((kind) => [kind, manifest[kind]])) };
  const packages = { ...lock.packages, '': root };
  for (const { name, range, dev } of missing({ packages })) {
    if (!/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/.test(range)) throw new Error(`${name} is asked for as ${range}: write its exact version into package-lock.json by hand`);
    packages[`node_modules/${name}`] = { version: range, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
  }
  const inOrder = Object.keys(packages).sort((a, b) => (a === b ? 0 : a.localeCompare(b, 'en')));
  return { ...lock, packages: Object.fromEntries(inOrder.map((path) => [path, packages[path]])) };
}

if (process.argv[1]?.endsWith('complete-lock.mjs')) {
  const folder = process.argv[2] ?? '.';
  const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const lock = read('package-lock.json');
  const completed = complete(lock, read('package.json'));
  const text = `${JSON.stringify(completed, null, 2)}\n`;
  const changed = text !== readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (changed) writeFileSync(join(folder, 'package-lock.json'), text);
  console.log(changed ? `package-lock.json: ${Object.keys(completed.packages).length - Object.keys(lock.packages).length} entries added` : 'package-lock.json: complete');
}
