import { ConfigIncomplete, DATABASE_SETTINGS, databaseOf, readConfig } from './config';

const SETTINGS = { ...DATABASE_SETTINGS, SECRET_FILE: { says: 'file with a secret', example: '/run/secret', kind: 'file' } } as const;

test('a start that cannot be says everything that is missing, with the fix, and shows no value', () => {
  const start = () => readConfig('gateway', SETTINGS, { WAYBILL_DATABASE_PORT: 'hunter2', SECRET_FILE: '/nowhere/hunter2' });
  expect(start).toThrow(ConfigIncomplete);
  expect(start).toThrow(/WAYBILL_DATABASE_HOST is not set.*For example[\s\S]*WAYBILL_DATABASE_PORT: it is no port[\s\S]*SECRET_FILE: there is no such file/);
  expect(start).not.toThrow(/hunter2/);
});

test('what has a default may be left out, and a password is read from its file', () => {
  const config = readConfig('gateway', DATABASE_SETTINGS, { WAYBILL_DATABASE_HOST: '/run/postgresql', WAYBILL_DATABASE_PASSWORD_FILE: __filename });
  expect(databaseOf(config)).toMatchObject({ host: '/run/postgresql', port: 5432, database: 'waybill', password: expect.stringContaining('ConfigIncomplete') });
  expect(databaseOf(readConfig('gateway', DATABASE_SETTINGS, { WAYBILL_DATABASE_HOST: 'x' })).password).toBeUndefined();
});
