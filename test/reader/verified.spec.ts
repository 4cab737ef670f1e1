import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atDesk, type Said } from '../world/desk';
import { readPool } from '../world/tls';
import { hostReader, type Origin, READER_HEADERS } from './origins';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-verify-'));
  writeFileSync(join(folder, 'ca.pem'), readPool().authority.certificate);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verified(served: Promise<Origin>, path = ''): Promise<Said> {
  const reader = await served;
  try {
    return await atDesk(['verify-reader', `${reader.origin}${path}`, '--ca', 'ca.pem', '--json'], { cwd: folder, now: () => new Date() });
  } finally {
    await reader.close();
  }
}

test('what is served as it was made is told to be the reader of this release', async () => {
  const { exit, json } = await verified(hostReader());
  expect([exit, json.sound, json.files.map(({ standing }: { standing: string }) => standing)]).toEqual([0, true, ['same', 'same', 'same']]);
});

test('one octet of one file is found, and which file', async () => {
  const { exit, json } = await verified(hostReader((file, octets) => (file === 'reader.js' ? Buffer.concat([octets, Buffer.from('\n')]) : octets)));
  expect([exit, json.sound, json.files.filter(({ standing }: { standing: string }) => standing !== 'same')]).toEqual([3, false, [expect.objectContaining({ file: 'reader.js', standing: 'differs' })]]);
});

test('a page that others may put into a frame is told, though its octets are the same', async () => {
  const { 'content-security-policy': policy } = READER_HEADERS;
  READER_HEADERS['content-security-policy'] = policy.replace("frame-ancestors 'none'; ", '');
  try {
    expect(await verified(hostReader())).toMatchObject({ exit: 3, json: { sound: false, framed: true } });
  } finally {
    READER_HEADERS['content-security-policy'] = policy;
  }
});

test('an address that is not https, and one where nobody answers, are told as such', async () => {
  const at = (url: string): Promise<Said> => atDesk(['verify-reader', url], { cwd: folder, now: () => new Date() });
  expect(await at('http://reader.example')).toMatchObject({ exit: 2, err: expect.stringContaining('no https address') });
  expect(await at('https://localhost:1')).toMatchObject({ exit: 2, err: expect.stringContaining('does not answer') });
});
