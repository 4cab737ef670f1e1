import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { APPENDED_TYPE } from '#protocol/uploads';
import { expectProblem, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { packet, wrappedKey } from './envelope/forge';

/** A program of a partner's uploads what it meant to seal. Nothing of it may stay: in no table, and in no file of the gateway. */
const CANARY = 'Barnaby Wychwood lives at the old tannery';
const WORDS = Buffer.from(`${CANARY}. `.repeat(60_000));

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const files = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]));

test.each<[string, Buffer, string]>([
  ['as it is', WORDS, 'NOT_OPENPGP'],
  ['as a literal packet', packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), WORDS])), 'PLAINTEXT'],
  ['as a compressed packet', packet(8, WORDS), 'COMPRESSED_OUTSIDE'],
  ['as a signed message', packet(4, WORDS), 'SIGNED_OUTSIDE'],
  ['behind a wrapped key', Buffer.concat([wrappedKey('AAAAAAAAAAAAAAAA'), packet(11, WORDS)]), 'PLAINTEXT'],
  ['in the place of a wrapped key', packet(1, WORDS.subarray(0, 8_000)), 'NOT_OPENPGP'],
])('words uploaded %s are refused by their code, in one piece and in many, and not one octet is stored', async (_how, octets, code) => {
  for (const size of [octets.length, 700]) {
    const { upload } = (await scene.school.ask('POST', '/v1/uploads')).json;
    let refused;
    for (let at = 0; at < octets.length && !refused; at += size) {
      const answer = await scene.school.ask('PATCH', `/v1/uploads/${upload}`, octets.subarray(at, at + size), { 'content-type': APPENDED_TYPE, 'upload-offset': '0' });
      if (answer.status !== 200) refused = answer;
      else expect(answer.json.offset).toBe(0);
    }
    if (!refused) throw new Error('nothing was refused');
    expectProblem(refused, 422, code);
    expect(refused.body.toString()).not.toContain('Wychwood');
  }
  expect(await scene.sql('select from waybill.upload')).toEqual([]);
  expect(await scene.sql('select from waybill.upload_chunk')).toEqual([]);
  const tables = await scene.sql<{ name: string }>(`select relname as name from pg_class where relnamespace = 'waybill'::regnamespace and relkind in ('r', 'p') and not relispartition`);
  for (const { name } of tables) expect([name, await scene.sql(`select from waybill.${name} t where t::text like '%Wychwood%' or t::text like '%57796368776f6f64%'`)]).toEqual([name, []]);
  for (const file of files(scene.world.folder)) expect([file, readFileSync(file).includes('Wychwood')]).toEqual([file, false]);
});
