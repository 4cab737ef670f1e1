import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { APPENDED_TYPE, UPLOAD_TYPE } from '#protocol/uploads';
import { expectProblem, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';

/** Somebody knows or guesses the id of another agency's upload, over HTTP or with the gateway's password in the database. */
let scene: Scene;
let sealed: Uint8Array;
let theirs: string;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  sealed = (await scene.compose()).parts.get('part-1') as Uint8Array;
  theirs = (await scene.council.ask('POST', '/v1/uploads')).json.upload;
  await scene.council.ask('PATCH', `/v1/uploads/${theirs}`, sealed.subarray(0, 400), { 'content-type': APPENDED_TYPE, 'upload-offset': '0' });
});
afterAll(() => scene.world.close());

const untouched = async () => expect((await scene.council.get(`/v1/uploads/${theirs}`)).json).toMatchObject({ offset: 400, complete: false });

test('an upload that is guessed is told apart from none by nothing', async () => {
  for (const id of [theirs, randomUUID()]) {
    const answers = [
      await scene.school.get(`/v1/uploads/${id}`), await scene.school.ask('DELETE', `/v1/uploads/${id}`),
      await scene.school.ask('PATCH', `/v1/uploads/${id}`, sealed.subarray(400), { 'content-type': APPENDED_TYPE, 'upload-offset': '400' }),
      await scene.school.ask('PATCH', `/v1/uploads/${id}`, sealed, { 'content-type': APPENDED_TYPE, 'upload-offset': '0' }),
    ];
    for (const answer of answers) expectProblem(answer, 404, 'NOT_FOUND');
  }
  await untouched();
});

test('what another brought is not sent as one’s own', async () => {
  const share = await scene.compose();
  const field = (name: string, octets: Uint8Array, type: string) => [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`), octets, Buffer.from('\r\n')];
  for (const id of [theirs, randomUUID(), '../../etc/passwd', '']) {
    const body = Buffer.concat([...field('manifest', share.manifest, 'application/json'), ...field('signature', share.signature, 'application/pgp-signature'), ...field('lines', Buffer.from(JSON.stringify(share.lines)), 'application/json'), ...field('part-1', Buffer.from(id), UPLOAD_TYPE), Buffer.from('--b--\r\n')]);
    const answer = await scene.school.ask('POST', '/v1/shares', body, { 'content-type': 'multipart/form-data; boundary=b' });
    expectProblem(answer, 422, 'UPLOAD_NOT_FOUND');
    expect(answer.body.toString()).not.toContain('passwd');
  }
  await untouched();
});

test('with the gateway’s password and another agency set, the database shows and changes none of it', async () => {
  const { host, port, database } = scene.world.db.address;
  const client = new Client({ host, port, database, user: 'waybill_gateway' });
  await client.connect();
  try {
    for (const agency of ['', 'st-brigid-primary']) {
      const tried = async (sql: string, values: unknown[] = []) => {
        await client.query('begin');
        await client.query(`select set_config('waybill.agency', $1, true)`, [agency]);
        return client.query(sql, values).then(({ rowCount }) => rowCount, (error: { code: string }) => error.code).finally(() => client.query('rollback'));
      };
      expect(await tried('select from waybill.upload')).toBe(0);
      expect(await tried('select from waybill.upload_chunk')).toBe(0);
      expect(await tried('update waybill.upload set touched_at = now()')).toBe(0);
      expect(await tried('delete from waybill.upload')).toBe(0);
      expect(await tried(`insert into waybill.upload (id, agency, touched_at) values (gen_random_uuid(), 'merebrook-council', now())`)).toBe('42501');
      expect(await tried(`insert into waybill.upload_chunk values ($1, 7, 'merebrook-council', 'x')`, [theirs])).toBe('42501');
    }
  } finally {
    await client.end();
  }
  await untouched();
});
