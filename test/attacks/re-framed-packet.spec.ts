import { open } from '#envelope/sealing';
import { expectProblem, Scene } from '../journeys/referral';
import { sealedDigest } from '../world/partner';
import { openWorld } from '../world/partnership';
import { dataAt, ONE_PART, withFirstPart } from './addressees';
import { packet, partialPacket } from './envelope/forge';

/** The same ciphertext in another frame has another digest: what the sender signed is the frame too. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

/** Takes the encrypted-data packet out of its frame and puts it into another. */
function reframed(octets: Buffer, frame: (body: Buffer) => Buffer): Buffer {
  const at = dataAt(octets);
  const first = octets[at + 1] ?? 0;
  const head = first < 192 ? 2 : first < 224 ? 3 : 6;
  return Buffer.concat([octets.subarray(0, at), frame(octets.subarray(at + head))]);
}

const LONG = { parts: ONE_PART.parts.map((part) => ({ ...part, text: 'x'.repeat(900) })) };
const FRAMES: [string, (body: Buffer) => Buffer][] = [
  ['a longer length', (body) => packet(18, body, 'new-5')],
  ['partial lengths', (body) => partialPacket(18, body, [9])],
];

test.each(FRAMES)('on the way in, with %s, it is not the part that the manifest names', async (_how, frame) => {
  const share = await scene.compose(LONG);
  expectProblem(await scene.school.submit(withFirstPart(share, (octets) => reframed(octets, frame))), 422, 'DIGEST_MISMATCH');
});

test.each(FRAMES)('sealed as it was framed, with %s, it comes out octet for octet', async (_how, frame) => {
  const share = await scene.compose(LONG);
  const octets = reframed(Buffer.from(share.parts.get('part-1') as Uint8Array), frame);
  const digest = await sealedDigest(octets);
  const lines = share.lines.map((text) => text.replace(/"digest":"[0-9a-f]{64}"/, `"digest":"${digest}"`));
  const { lines: _digests, ...manifest } = JSON.parse(share.manifest.toString()) as Record<string, unknown>;
  expect((await scene.school.submit(await scene.school.sign(manifest, lines, new Map([['part-1', octets]])))).status).toBe(202);
  const transfer = await scene.transfer(scene.council, share.id);
  expect((await scene.council.get(transfer.parts[0]?.href ?? '')).body.equals(octets)).toBe(true);
});

test('re-framed by a recipient to pass it off as its own, it gets past the digest, and the reader sees whose word it is', async () => {
  const { share } = await scene.send(LONG);
  const octets = reframed(Buffer.from(share.parts.get('part-1') as Uint8Array), (body) => packet(18, body, 'new-5'));
  const digest = await sealedDigest(octets);
  const other = await scene.charity.compose(ONE_PART, scene.certificates);
  const lines = other.lines.map((text) => text.replace(/"digest":"[0-9a-f]{64}"/, `"digest":"${digest}"`));
  const { lines: _digests, ...manifest } = JSON.parse(other.manifest.toString()) as Record<string, unknown>;
  expect((await scene.charity.submit(await scene.charity.sign(manifest, lines, new Map([['part-1', octets]])))).status).toBe(202);
  const transfer = await scene.transfer(scene.council, other.id);
  const copy = (await scene.council.get(transfer.parts[0]?.href ?? '')).body;
  const opened = await open({ octets: copy, keys: [scene.council.keys().key], author: scene.charity.keys().certificate, manifest: other.id, part: 'part-1', at: new Date() });
  expect(opened).toEqual({ ok: false, code: 'BOUND_TO_ANOTHER' });
});
