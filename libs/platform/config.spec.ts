import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG, ConfigIncomplete, DATABASE_SETTINGS, databaseInClear, databaseOf, readConfig, readingOf } from './config';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'waybill-config-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
};

const SETTINGS = { ...DATABASE_SETTINGS, SECRET_FILE: { says: 'file with a secret', example: '/run/secret', kind: 'file' } } as const;

test('a start that cannot be says everything that is missing, with the fix, and shows no value', () => {
  const start = () => readConfig('gateway', SETTINGS, { WAYBILL_DATABASE_PORT: 'hunter2', SECRET_FILE: '/nowhere/hunter2' });
  expect(start).toThrow(ConfigIncomplete);
  expect(start).toThrow(/WAYBILL_DATABASE_HOST is not set.*For example[\s\S]*WAYBILL_DATABASE_PORT: it is no port[\s\S]*SECRET_FILE: there is no such file/);
  expect(start).not.toThrow(/hunter2/);
});

test('what has a default may be left out, and a password is read from its file', () => {
  const password = file('password', 'correct horse\n');
  const config = readConfig('gateway', DATABASE_SETTINGS, { WAYBILL_DATABASE_HOST: '/run/postgresql', WAYBILL_DATABASE_PASSWORD_FILE: password });
  expect(databaseOf(config)).toMatchObject({ host: '/run/postgresql', port: 5432, database: 'waybill', password: 'correct horse' });
  expect(databaseOf(readConfig('gateway', DATABASE_SETTINGS, { WAYBILL_DATABASE_HOST: 'x' })).password).toBeUndefined();
});

test('the environment wins over the file, and each setting is told with where it comes from', () => {
  const settings = file('a.env', '# one\nWAYBILL_DATABASE_HOST=/run/a\nWAYBILL_DATABASE_NAME=a\n');
  const { config, origins, faults } = readingOf({ name: 'relay', settings: DATABASE_SETTINGS }, { file: settings, env: { WAYBILL_DATABASE_NAME: 'b' } });
  expect(faults).toEqual([]);
  expect(config).toMatchObject({ WAYBILL_DATABASE_HOST: '/run/a', WAYBILL_DATABASE_NAME: 'b', WAYBILL_DATABASE_PORT: '5432' });
  expect(Object.fromEntries(origins)).toEqual({
    WAYBILL_DATABASE_HOST: { from: 'file', at: { file: settings, line: 2 } }, WAYBILL_DATABASE_NAME: { from: 'environment' }, WAYBILL_DATABASE_PORT: { from: 'default' },
    WAYBILL_DATABASE_PASSWORD_FILE: { from: 'nowhere' }, WAYBILL_DATABASE_CA_FILE: { from: 'nowhere' },
  });
});

test('a start reads the file that WAYBILL_CONFIG names, and a slip of the pen in it stops it', () => {
  const settings = file('b.env', 'WAYBILL_DATABASE_HOST=/run/a\nWAYBILL_DATABASE_PROT=6543\n');
  expect(() => readConfig('relay', DATABASE_SETTINGS, { [CONFIG]: settings }, { known: new Set() })).toThrow(`${settings}:2: WAYBILL_DATABASE_PROT is no setting. The nearest is WAYBILL_DATABASE_PORT`);
  expect(() => readConfig('relay', DATABASE_SETTINGS, { [CONFIG]: '/nowhere.env' })).toThrow('/nowhere.env:1: there is no such settings file');
  expect(readConfig('relay', DATABASE_SETTINGS, { [CONFIG]: settings }, { known: new Set(['WAYBILL_DATABASE_PROT']) }).WAYBILL_DATABASE_HOST).toBe('/run/a');
});

test('a line that is broken is told once, not as a missing setting as well', () => {
  const settings = file('c.env', 'WAYBILL_DATABASE_HOST="hunter2"\n');
  expect(readingOf({ name: 'relay', settings: DATABASE_SETTINGS }, { file: settings, env: {} }).faults.map(({ says }) => says)).toEqual([expect.stringContaining('WAYBILL_DATABASE_HOST holds a quote')]);
});

test('CH-08: a database elsewhere is reached with TLS, or the start is refused', () => {
  expect(databaseInClear({ WAYBILL_DATABASE_HOST: 'db.example' })).toMatchObject({ setting: 'WAYBILL_DATABASE_HOST', says: expect.stringContaining('without TLS') });
  for (const read of [{ WAYBILL_DATABASE_HOST: 'db.example', WAYBILL_DATABASE_CA_FILE: 'x' }, { WAYBILL_DATABASE_HOST: '/run/postgresql' }, { WAYBILL_DATABASE_HOST: '127.0.0.1' }, {}]) expect(databaseInClear(read)).toBeUndefined();
});

test('a password that others may read is refused; a group that may read is how systemd hands one over', () => {
  const read = (mode: number) => readingOf({ name: 'relay', settings: DATABASE_SETTINGS }, { env: { WAYBILL_DATABASE_HOST: '/run/a', WAYBILL_DATABASE_PASSWORD_FILE: file(`p-${mode}`, 'hunter2', mode) } }).faults.map(({ says }) => says);
  expect(read(0o644)).toEqual([expect.stringContaining('others may read or change the file, which holds a secret')]);
  expect(read(0o440)).toEqual([]);
});
