import { CASEWORK, FRONT_DOOR, HEALTH_VISITORS, NURSE, REFERRAL_TO_TWO, Scene, transferTo } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { CATEGORIES } from '#policy/vocabulary/categories';
import { NEEDS_TO_KNOW } from '#policy/vocabulary/reasons';
import { sha256 } from '#protocol/digest';

/** A recipient sees the digests of lines that it does not get. Would it find out by trying whom else they are for, and about what? */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

/** Every line that a share of this partnership could plausibly hold, as its sender would write it, under a salt. */
function* plausible(salt: string, digests: readonly string[]): Generator<string> {
  for (const to of [FRONT_DOOR, CASEWORK, NURSE, HEALTH_VISITORS]) {
    const [agency, contact] = to.split('/');
    const base = { salt, recipient: { agency, contact } };
    for (const reference of ['AB-1234', 'AB-1235', 'AB-1']) yield JSON.stringify({ ...base, about: 'subject', reference, band: 'under-16' });
    for (const part of ['part-1', 'part-2', 'part-3']) {
      for (const digest of digests) {
        for (const category of Object.keys(CATEGORIES)) {
          yield JSON.stringify({ ...base, part, digest, category, kind: 'fact' });
          for (const needToKnow of Object.keys(NEEDS_TO_KNOW)) yield JSON.stringify({ ...base, part, digest, category, kind: 'fact', needToKnow });
        }
      }
    }
  }
}

const found = (salt: string, digests: readonly string[], wanted: ReadonlySet<string>): number => [...plausible(salt, digests)].filter((text) => wanted.has(sha256(text))).length;

test('without the salt no guess hits; with it every guess would: it is the salt that keeps them', async () => {
  const { share } = await scene.send(REFERRAL_TO_TWO);
  const transfer = await scene.transfer(scene.charity, share.id);
  const path = `/v1/mailbox/${transfer.transfer}`;
  const manifest = (await scene.charity.get(`${path}/manifest`)).json as { lines: string[] };
  const mine = (await scene.charity.get(`${path}/lines`)).json as string[];
  const withheld = new Set(manifest.lines.filter((digest) => !mine.map((text) => sha256(text)).includes(digest)));
  expect(withheld.size).toBe(manifest.lines.length - mine.length);
  expect(withheld.size).toBeGreaterThanOrEqual(5);

  // All digests that ever were: those of its own parts, and, to be generous, that of the part it never saw.
  const digests = [...new Set(share.lines.flatMap((text) => (JSON.parse(text) as { digest?: string }).digest ?? []))];
  const known = ['', '0'.repeat(32), ...mine.map((text) => (JSON.parse(text) as { salt: string }).salt)];
  for (const salt of known) expect(found(salt, digests, withheld)).toBe(0);

  const salts = share.lines.filter((text) => withheld.has(sha256(text)) && !text.includes('"decision"')).map((text) => (JSON.parse(text) as { salt: string }).salt);
  for (const salt of salts) expect(found(salt, digests, withheld)).toBe(1);
  expect(new Set([...salts, ...known]).size).toBe(salts.length + known.length);
});

test('a line that was struck off reaches nobody: not in an answer, not in a row', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  const struck = receipt.struckOff.flatMap(({ lines }) => lines);
  const text = share.lines.find((line) => sha256(line) === struck[0]) as string;
  expect(struck).toHaveLength(1);
  for (const [who, to] of [[scene.council, FRONT_DOOR], [scene.charity, CASEWORK]] as const) {
    await scene.arrived(who, share.id);
    const path = `/v1/mailbox/${transferTo(receipt, to)}`;
    for (const end of ['', '/lines', '/envelope']) expect((await who.get(path + end)).body.includes((JSON.parse(text) as { salt: string }).salt)).toBe(false);
  }
  expect(await scene.sql('select from waybill.line where octets = $1', [text])).toEqual([]);
  expect((await scene.charity.get(`/v1/mailbox/${transferTo(receipt, CASEWORK)}/parts/part-3`)).status).toBe(404);
});
