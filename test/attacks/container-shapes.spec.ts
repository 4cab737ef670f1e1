import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { CASEWORK, expectProblem, FRONT_DOOR, NOTHING, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { ONE_PART, withFirstPart } from './addressees';

/** What somebody calls protected: looked at by the gateway to its last octet, and let through to nobody who could get it otherwise. */
let scene: Scene;
let container: Buffer;
const WORDS = 'The child is at 14 Elm Road';
const KEYLESS = 'merebrook-council/information-governance';
beforeAll(async () => {
  scene = new Scene(await openWorld());
  container = Buffer.from(await makeContainer({ files: [{ octets: Buffer.from(WORDS), kind: 'txt' }], passphrase: newPassphrase() }));
});
afterAll(() => scene.world.close());

const part = (to: Record<string, string>) => ({ category: 'names', text: '', to, sealed: () => container });
/** A field changed in both places in which it stands: before the file, and in the list at the end. */
const bent = (local: number, central: number, to: number): Buffer => {
  const octets = Buffer.from(container);
  octets.writeUInt16LE(to, local);
  octets.writeUInt16LE(to, octets.readUInt32LE(octets.length - 6) + central);
  return octets;
};
const commented = (): Buffer => {
  const octets = Buffer.from(container);
  octets.writeUInt16LE(WORDS.length, octets.length - 2);
  return Buffer.concat([octets, Buffer.from(WORDS)]);
};

test.each<[string, string, () => Buffer]>([
  ['not encrypted', 'CONTAINER_PLAIN_ENTRY', () => bent(6, 8, 0)],
  ['encrypted as zips were before AES', 'CONTAINER_WEAK_ENCRYPTION', () => bent(8, 10, 8)],
  ['with a name of its own', 'CONTAINER_NAME_IN_CLEAR', () => Buffer.from(container.toString('latin1').replaceAll('file-1.txt', 'elmroad.tx'), 'latin1')],
  ['that says when it was made', 'CONTAINER_WORDS_IN_CLEAR', () => bent(10, 12, 0x6000)],
  ['with a comment', 'CONTAINER_DATA_OUTSIDE', commented],
  ['with words behind it', 'CONTAINER_DATA_OUTSIDE', () => Buffer.concat([container, Buffer.from(WORDS)])],
  ['cut off', 'NOT_A_CONTAINER', () => container.subarray(0, 40)],
  ['larger than mail takes', 'CONTAINER_TOO_LARGE', () => Buffer.concat([container, Buffer.alloc(18_000_000)])],
])('C14: a container %s is refused, and nothing is kept: %s', async (_what, code, made) => {
  const answer = await scene.school.submit(withFirstPart(await scene.compose(ONE_PART), made));
  expectProblem(answer, code === 'CONTAINER_TOO_LARGE' ? 413 : 422, code);
  expect(answer.body.toString()).not.toContain('Elm');
  expect(await scene.kept()).toEqual(NOTHING);
});

test('CH-04: whoever has no key is struck off where no mail goes, alone or beside others', async () => {
  expectProblem(await scene.school.submit(await scene.compose({ parts: [part({ [KEYLESS]: 'assesses-referral' })] })), 422, 'NOBODY_LEFT');
  const { share, receipt } = await scene.send({ parts: [...ONE_PART.parts, part({ [KEYLESS]: 'assesses-referral' })] });
  expect(receipt.transfers).toEqual([expect.objectContaining({ recipient: { agency: 'merebrook-council', contact: 'front-door' }, protection: 'openpgp' })]);
  expect(receipt.struckOff).toEqual([expect.objectContaining({ recipient: { agency: 'merebrook-council', contact: 'information-governance' }, parts: ['part-2'], reasons: expect.arrayContaining([expect.objectContaining({ code: 'NO_ADMITTED_CHANNEL' })]) })]);
  expect(await scene.sql('select name from waybill.part where share = $1', [share.id])).toEqual([{ name: 'part-1' }]);
});

test('X-11: whoever has a key gets no container, and two never get the same', async () => {
  const keyed = await scene.school.submit(await scene.compose({ parts: [part({ [FRONT_DOOR]: 'assesses-referral' })] }));
  expectProblem(keyed, 422, 'SEALED_OTHERWISE');
  const shared = await scene.school.submit(await scene.compose({ parts: [part({ [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' })] }));
  expect((shared.json.reasons as { code: string }[]).map(({ code }) => code).sort()).toEqual(['CONTAINER_SHARED', 'CONTAINER_SHARED', 'SEALED_OTHERWISE', 'SEALED_OTHERWISE']);
});

test('it does not come in pieces, and no words of a record are in one', async () => {
  const { upload } = (await scene.school.ask('POST', '/v1/uploads')).json as { upload: string };
  const answer = await scene.school.ask('PATCH', `/v1/uploads/${upload}`, container, { 'content-type': 'application/partial-upload', 'upload-offset': '0' });
  expectProblem(answer, 422, 'NOT_OPENPGP');
  expect(await scene.sql('select from waybill.upload_chunk')).toEqual([]);
});
