import { readFileSync } from 'node:fs';
import { VERSION } from './version';

test('the version that is told is that of the package', () => {
  expect(VERSION).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});
