import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/world/partnership';
import { openLog } from './log';
import { LogPipe } from './log-pipe';

test('R12: lines for a full disk are lost and counted, and nobody is stopped by it', async () => {
  const fd = openSync('/dev/full', 'w');
  const pipe = new LogPipe(fd);
  const log = openLog('gateway', pipe);
  for (let i = 0; i < 100; i++) log.write('info', 'share.accepted');
  expect(await eventually(() => Promise.resolve(pipe.lost === 100 || undefined))).toBe(true);
  closeSync(fd);
});

test('an end waits for the last lines, and not for a pipe that nobody empties', async () => {
  const fd = openSync('/dev/null', 'w');
  const pipe = new LogPipe(fd);
  pipe.write('last\n');
  await pipe.end(5_000);
  expect(pipe.lost).toBe(0);
  closeSync(fd);
  const stuck = new LogPipe(-1);
  Object.assign(stuck, { writing: true });
  // Were it waited for, this would not end.
  await stuck.end(50);
});

test('lines arrive whole and in order, and after a loss the first line says how many were lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  const file = join(folder, 'log');
  const fd = openSync(file, 'w');
  const pipe = new LogPipe(fd, (lines) => `lost ${lines}\n`);
  (pipe as unknown as { lose(lines: number): void }).lose(7);
  const lines = Array.from({ length: 2_000 }, (_, i) => `line ${i}`);
  for (const line of lines) pipe.write(`${line}\n`);
  const read = () => readFileSync(file, 'utf8').trim().split('\n');
  await eventually(() => Promise.resolve(read().length === 2_001 || undefined));
  expect(read()).toEqual(['lost 7', ...lines]);
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

test('a collector that hangs costs a bounded memory: what does not fit is counted', () => {
  const pipe = new LogPipe(-1);
  Object.assign(pipe, { writing: true });
  for (let i = 0; i < 5_000; i++) pipe.write(`${'x'.repeat(1_023)}\n`);
  expect(pipe.lost).toBe(5_000 - 4_096);
});
