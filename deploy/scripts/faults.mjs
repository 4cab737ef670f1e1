// `npm run faults:full [-- ROW …]`: every fault row at full size, its figures into docs/faults.md. WAYBILL_FAULTS_SHARE=0.25 goes through a
// quarter of each; the document says which share it was.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';

const FOLDER = join('.waybill', 'test');
const FIGURES = join(FOLDER, 'figures.jsonl');
const DOCUMENT = join('docs', 'faults.md');

const rows = process.argv.slice(2);
const share = Number(process.env.WAYBILL_FAULTS_SHARE ?? 1);
mkdirSync(FOLDER, { recursive: true });
rmSync(FIGURES, { force: true });
const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
const env = { ...process.env, WAYBILL_FAULTS: 'full', WAYBILL_FAULTS_FIGURES: FIGURES };
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.cjs', '--runInBand', '--testPathPatterns', 'test/faults/|test/attacks/mail-injection',
  ...(rows.length > 0 ? ['--testNamePattern', `\\b(${rows.join('|')})\\b`] : [])], { stdio: 'inherit', env });

const size = share === 1 ? 'full' : `${share} of full`;
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()}`;
const found = existsSync(FIGURES) ? readFileSync(FIGURES, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
const measured = found.map(({ row, says, at }) => `| ${row} | ${at.slice(0, 10)} | ${size} | ${machine} | ${says.replaceAll('|', '\\|')} |`);
const named = new Set(found.map(({ row }) => row));
const [head, table = ''] = readFileSync(DOCUMENT, 'utf8').split('<!-- figures -->\n');
// A row that was measured now takes the place of what was measured of it before, at this size.
const kept = table.split('\n').filter((line) => /^\| [RM]\d/.test(line) && !(named.has(line.split('|')[1].trim()) && line.split('|')[3].trim() === size));
/** What mail is put through stands behind. */
const key = (line) => Number(/^\| [RM](\d+)/.exec(line)?.[1] ?? 99) + (line.startsWith('| M') ? 100 : 0);
writeFileSync(DOCUMENT, `${head}<!-- figures -->\n| row | date | size | machine | figure |\n|---|---|---|---|---|\n${[...kept, ...measured].sort((a, b) => key(a) - key(b)).join('\n')}\n`);
console.log(`${measured.length} figures into ${DOCUMENT}`);
process.exit(status ?? 1);
