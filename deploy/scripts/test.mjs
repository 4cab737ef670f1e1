// `npm test`: sets up what it needs, runs every suite, counts them all. The last line is "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const FOLDER = join('.waybill', 'test');
const RESULTS = join(FOLDER, 'results.json');

/** Programs that witness what we do, by the Debian packages that bring them. */
const TOOLS = {
  '/usr/lib/rabbitmq/bin/rabbitmq-server': 'rabbitmq-server', python3: 'python3', openssl: 'openssl', gpg: 'gnupg', sq: 'sq', curl: 'curl', ps: 'procps', 'systemd-analyze': 'systemd', faketime: 'faketime', unshare: 'util-linux', '7z': 'p7zip-full',
  'ldns-signzone': 'ldnsutils', '/usr/sbin/nsd': 'nsd', '/usr/sbin/unbound': 'unbound', '/usr/sbin/postfix': 'postfix', swaks: 'swaks', 'perl -MNet::SSLeay -e 1': 'libnet-ssleay-perl', setpriv: 'util-linux', mount: 'mount', pgrep: 'procps',
  'chromium-headless-shell': 'chromium-headless-shell fonts-dejavu-core', qpdf: 'qpdf', '/usr/sbin/nginx': 'nginx', '/usr/bin/python3 -c "import dkim"': 'python3-dkim',
};

/** What Debian asks whether a service may be started. */
const POLICY = '/usr/sbin/policy-rc.d';

const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options }).status ?? 1;
/** A name is looked for; a command with arguments has to succeed: a program may lack what it needs. */
const found = (tool) => spawnSync('sh', ['-c', tool.includes(' ') ? tool : `command -v ${tool}`], { stdio: 'ignore' }).status === 0;
const node = (...args) => run(process.execPath, args);

function tools() {
  const missing = Object.keys(TOOLS).filter((tool) => !found(tool));
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => TOOLS[tool].split(' '));
  if (process.getuid?.() === 0 && found('apt-get')) {
    console.log(`Installing ${packages.join(' ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    // Programs are wanted, no services: what the packages would start takes ports of the machine.
    const refuses = existsSync(POLICY);
    if (!refuses) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    run('apt-get', ['update', '-qq'], { env });
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages, 'ca-certificates'], { env });
    if (!refuses) rmSync(POLICY);
  }
  const absent = missing.filter((tool) => !found(tool));
  if (absent.length > 0) {
    console.log(`Install ${absent.map((tool) => TOOLS[tool]).join(' ')} and run this again.`);
    console.log(`0 passed, ${absent.length} failed`);
    process.exit(1);
  }
}

let passed = 0;
let failed = 0;
const outcomes = [];
/** The tests that failed, by file: said again at the end, where a long log is read first. */
const broken = [];

function suite(name, work) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const [good, bad] = work();
  passed += good;
  failed += bad;
  outcomes.push(`${bad === 0 ? 'passed' : 'FAILED'}  ${name}: ${good} passed, ${bad} failed, ${Math.round((Date.now() - started) / 1000)} s`);
}

const one = (status) => (status === 0 ? [1, 0] : [0, 1]);

/** Jest's own count; a run that wrote none counts as failed, whatever it exited with. */
function jest() {
  rmSync(RESULTS, { force: true });
  const status = node('--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.cjs', '--json', '--outputFile', RESULTS, '--silent');
  if (!existsSync(RESULTS)) return [0, 1];
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(RESULTS, 'utf8'));
  for (const { name, assertionResults } of testResults.filter(({ status }) => status !== 'passed')) {
    const failures = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    broken.push(`${relative(process.cwd(), name)}: ${failures.join(' | ') || 'did not run'}`);
  }
  // A test that did not run proves nothing: it counts as failed.
  const bad = numFailedTests + numPendingTests + numTodoTests + numRuntimeErrorTestSuites;
  return [numPassedTests, bad === 0 && status !== 0 ? 1 : bad];
}

tools();
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
suite('compiles', () => one(node('node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json')));
suite('types of the tests', () => one(node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json')));
suite('reader', () => one(node('node_modules/typescript/bin/tsc', '-p', 'apps/reader') || node('deploy/scripts/reader.mjs')));
suite('lint', () => one(node('node_modules/eslint/bin/eslint.js', '--config', '.eslint.config.mjs', '--max-warnings', '0', 'apps', 'libs', 'test', 'deploy')));
suite('tests', jest);
suite('agreements and their cases', () => one(node('dist/deploy/scripts/agreements.js')));
suite('clause coverage as committed', () => one(node('dist/deploy/scripts/clauses/coverage.js', RESULTS, '--check')));
suite('demonstration', () => one(node('dist/apps/standalone/demo/main.js', '--once', '--folder', join(FOLDER, 'demo'), '--port', '0')));
rmSync(join(FOLDER, 'demo'), { recursive: true, force: true });

console.log(`\n${[...broken.map((line) => `FAILED  ${line}`), ...outcomes].join('\n')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
