import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string }[]; totalCruised: number };
}

const ROOT = process.cwd();
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the configuration is the subject
const RULES = (require(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: { name: string; comment: string }[] }).forbidden;

function cruise(cwd: string): Cruise {
  const binary = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const run = () => execFileSync(process.execPath, [binary, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'], { cwd, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    return JSON.parse(run().toString()) as Cruise;
  } catch (error) {
    // It exits with the number of violations.
    return JSON.parse(String((error as { stdout: Buffer }).stdout)) as Cruise;
  }
}

/** One file that breaks each rule. */
const PLANTED: Record<string, string> = {
  'libs/policy/stateful.ts': "import '../queue/message';\n",
  'libs/envelope/disk.ts': "import 'node:fs';\n",
  'libs/exchange/nest.ts': "import '@nestjs/common';\n",
  'libs/exchange/crypto.ts': "import 'openpgp';\n",
  'apps/gateway/issues.ts': "import '../../libs/envelope/authority';\n",
  'libs/envelope/authority.ts': 'export const authority = 1;\n',
  'libs/exchange/rings.ts': "import 'dns-packet';\n",
  'apps/relay/anybody.ts': "import 'oidc-provider';\nimport 'nunjucks';\n",
  'libs/mail/sends.ts': "import 'nodemailer';\n",
  'libs/mail/requirement.ts': "import 'node:net';\nimport '../protocol/line';\n",
  'libs/platform/domain.ts': "import '../protocol/line';\n",
  'libs/queue/reads.ts': "import '../exchange/cycle-a';\n",
  'libs/directory/above.ts': "import '../exchange/cycle-a';\n",
  'libs/exchange/app.ts': "import '../../apps/gateway/main';\n",
  'apps/relay/settings.ts': "import './main';\n",
  'apps/relay/main.ts': 'export const main = 1;\n',
  'apps/courier/reaches.ts': "import '../gateway/main';\n",
  'libs/exchange/cycle-a.ts': "import { b } from './cycle-b';\nexport const a = () => b;\n",
  'libs/exchange/cycle-b.ts': "import { a } from './cycle-a';\nexport const b = () => a;\n",
  'libs/exchange/barrel.ts': "import '../protocol/index';\n",
  'libs/protocol/index.ts': "export * from './line';\n",
  'libs/protocol/line.ts': 'export const line = 1;\n',
  'libs/queue/message.ts': 'export const message = 1;\n',
  'apps/gateway/main.ts': 'export const main = 1;\n',
  'node_modules/@nestjs/common/index.js': '',
  'node_modules/@nestjs/common/package.json': '{"name":"@nestjs/common","main":"index.js"}',
  'node_modules/dns-packet/index.js': '',
  'node_modules/dns-packet/package.json': '{"name":"dns-packet","main":"index.js"}',
  'node_modules/nodemailer/index.js': '',
  'node_modules/nodemailer/package.json': '{"name":"nodemailer","main":"index.js"}',
  'node_modules/nunjucks/index.js': '',
  'node_modules/nunjucks/package.json': '{"name":"nunjucks","main":"index.js"}',
  'node_modules/oidc-provider/index.js': '',
  'node_modules/oidc-provider/package.json': '{"name":"oidc-provider","main":"index.js"}',
  'node_modules/openpgp/index.js': '',
  'node_modules/openpgp/package.json': '{"name":"openpgp","main":"index.js"}',
};

test('the rooms keep to their rules, and all of them were looked at', () => {
  const { summary } = cruise(ROOT);
  expect(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
  expect(summary.totalCruised).toBeGreaterThan(150);
});

test('each rule is seen to fail on a file that breaks it, and says why it is there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-rooms-'));
  try {
    for (const [file, text] of Object.entries(PLANTED)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    cpSync(join(ROOT, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    writeFileSync(join(folder, 'package.json'), '{"dependencies":{"@nestjs/common":"1","openpgp":"1","dns-packet":"5","nodemailer":"10","nunjucks":"3","oidc-provider":"9"}}');
    const broken = new Set(cruise(folder).summary.violations.map(({ rule }) => rule.name));
    expect([...broken].sort()).toEqual(RULES.map(({ name }) => name).sort());
    for (const { comment } of RULES) expect(comment).toMatch(/^because /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
