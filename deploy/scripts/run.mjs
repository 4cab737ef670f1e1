// Runs a compiled program, compiling first when the sources are newer: `node deploy/scripts/run.mjs apps/cli/main.js …`
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [program, ...args] = process.argv.slice(2);
const STAMP = join('dist', '.tsbuildinfo-build');

const newest = (folder) =>
  Math.max(0, ...readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.name.endsWith('.ts') && !file.name.endsWith('.spec.ts')).map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));

const compiled = join('dist', program);
if (!existsSync(compiled) || !existsSync(STAMP) || Math.max(...['apps', 'libs', 'deploy/scripts', 'test/bench', 'test/fuzz', 'test/simulation'].map(newest)) > statSync(STAMP).mtimeMs) {
  const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
const { status } = spawnSync(process.execPath, [compiled, ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
