import { MINUTE } from '#platform/clock';
import { openWorld } from '../world/partnership';
import type { Composed } from '../world/partner';
import { bending, fresh, type Bend, type Json, manifestOf } from './bent';
import { Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());
// Ten malformed uploads a minute have an entry each; the rest are counted.
beforeEach(() => scene.world.clock.advance(MINUTE));

const { declaring, eachPartLine, lined, refused, rewritten, worded } = bending(() => scene);

test('the share that every case bends is accepted', async () => {
  expect((await scene.school.submit(await scene.compose())).status).toBe(202);
});

describe('a manifest', () => {
  const ago = (now: Date, ms: number): string => new Date(now.getTime() - ms).toISOString();

  test.each<[string, string, Bend]>([
    ['of another agency', 'WRONG_SENDER', declaring(() => ({ sender: { agency: 'merebrook-council', contact: 'front-door' } }))],
    ['for another gateway', 'WRONG_GATEWAY', declaring(() => ({ gateway: 'https://gateway.example' }))],
    ['created six minutes ahead', 'CREATED_AHEAD', declaring((now) => ({ created: ago(now, -6 * MINUTE) }))],
    ['created a day and a minute ago', 'CREATED_TOO_OLD', declaring((now) => ({ created: ago(now, (24 * 60 + 1) * MINUTE) }))],
    ['created on a day that the calendar does not have', 'MANIFEST_INVALID', declaring(() => ({ created: '2026-02-31T10:00:00Z' }))],
    ['with consent given on a day that the calendar does not have', 'MANIFEST_INVALID', declaring(() => ({ consent: { status: 'obtained', on: '2026-02-31' } }))],
    ['under an agreement that is not ours', 'NO_COMMON_AGREEMENT', declaring(() => ({ agreement: { id: 'borrowed', version: '1' } }))],
    ['under a version that is not in force', 'AGREEMENT_VERSION_UNKNOWN', declaring(() => ({ agreement: { id: 'wirral', version: '1999-01' } }))],
    ['with lines out of order', 'MANIFEST_INVALID', (share) => rewritten(share, (manifest) => ({ ...manifest, lines: (manifest['lines'] as string[]).toReversed() }))],
    ['with an unknown field', 'MANIFEST_INVALID', declaring(() => ({ note: 'Wilhelmina' }))],
    ['with an array where an object belongs', 'MANIFEST_INVALID', declaring(() => ({ handling: [{ doNotTellSubject: true }] }))],
    ['with a number where a code belongs', 'MANIFEST_INVALID', declaring(() => ({ purpose: 7 }))],
    ['with free text where a code belongs', 'MANIFEST_INVALID', declaring(() => ({ purpose: 'Wilhelmina is at risk' }))],
    ['with an id of another version', 'MANIFEST_INVALID', declaring(() => ({ id: '01890a5d-ac96-474b-bcce-b302099a8057' }))],
    ['that is no JSON', 'MANIFEST_INVALID', worded((text) => text.slice(0, -1))],
    ['that is a list', 'MANIFEST_INVALID', worded((text) => `[${text}]`)],
    ['that is empty', 'MANIFEST_INVALID', worded(() => '')],
    ['with a byte order mark', 'MANIFEST_INVALID', worded((text) => `\ufeff${text}`)],
    ['that is not UTF-8', 'MANIFEST_INVALID', worded((text) => Buffer.from(text.replace('routine', 'rout\u00efne'), 'latin1'))],
    ['in UTF-16', 'MANIFEST_INVALID', worded((text) => Buffer.from(text, 'utf16le'))],
    ['with a key twice', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"urgency":"emergency",'))],
    ['with __proto__', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"__proto__":{"polluted":true},'))],
    ['with a lone surrogate', 'MANIFEST_INVALID', worded((text) => text.replace('"routine"', '"\\ud800"'))],
    ['nine levels deep', 'MANIFEST_INVALID', worded((text) => text.replace('{', `{"x":${'['.repeat(9)}${']'.repeat(9)},`))],
    ['a hundred thousand levels deep', 'MANIFEST_INVALID', worded(() => '['.repeat(100_000))],
    ['with a fraction', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"x":1.5,'))],
  ])('%s is refused with %s', async (_what, code, bend) => {
    const problem = await refused(await bend(await scene.compose()), 422, code);
    expect(JSON.stringify(problem)).not.toContain('Wilhelmina');
    expect(({} as Json)['polluted']).toBeUndefined();
  });

  test.each([['CREATED_AHEAD', -6 * MINUTE], ['CREATED_TOO_OLD', 25 * 60 * MINUTE]])('%s tells the sender our time, so that a wrong clock shows', async (code, ms) => {
    const now = scene.world.clock.now();
    const { serverTime, reasons } = await refused(await declaring(() => ({ created: ago(now, ms) }))(await scene.compose()), 422, code);
    for (const told of [serverTime, (reasons as Json[])[0]?.['serverTime']]) expect(Math.abs(Date.parse(told as string) - now.getTime())).toBeLessThan(MINUTE);
  });

  test.each([['four minutes ahead', -4 * MINUTE], ['a little under a day old', (24 * 60 - 1) * MINUTE]])('%s is within the tolerance', async (_what, ms) => {
    const share = await declaring((now) => ({ created: ago(now, ms) }))(await scene.compose());
    expect((await scene.school.submit(share)).status).toBe(202);
  });

  test('no value anywhere in it, however odd, is a fault of ours', async () => {
    const share = await scene.compose();
    expect(await oddities(manifestOf(share), (path, value) => rewritten(share, (manifest) => put(manifest, path, value)))).toEqual([]);
  });
});

describe('lines', () => {
  test.each<[string, string, Bend]>([
    ['of which the manifest does not hold one', 'LINE_NOT_IN_MANIFEST', (share) => ({ ...share, lines: share.lines.map((text, i) => (i === 0 ? JSON.stringify(fresh(JSON.parse(text) as Json)) : text)) })],
    ['with one given twice', 'LINE_REPEATED', lined((all) => [...all, fresh(all[0] as Json)])],
    ['that give one part two digests', 'PART_INCONSISTENT', lined((all) => [...all, { ...fresh(all[0] as Json), recipient: { agency: 'kingfisher-families', contact: 'casework' }, digest: 'a'.repeat(64) }])],
    ['that give one part two categories', 'PART_INCONSISTENT', lined((all) => [...all, { ...fresh(all[0] as Json), recipient: { agency: 'kingfisher-families', contact: 'casework' }, category: 'health' }])],
    ['that give two parts one digest', 'PART_INCONSISTENT', eachPartLine((line) => ({ ...line, digest: 'a'.repeat(64) }))],
    ['that give nobody a part', 'LINES_INVALID', lined((all) => all.filter((line) => 'about' in line))],
    ['to more recipients than a share may have', 'TOO_MANY_RECIPIENTS', lined((all) => [...all, ...Array.from({ length: 51 }, (_, i) => ({ ...fresh(all[0] as Json), recipient: { agency: 'merebrook-council', contact: `desk-${i}` } }))])],
    ['past the hundredth part', 'LINES_INVALID', eachPartLine((line) => ({ ...line, part: 'part-100' }))],
    ['with an unknown field', 'LINES_INVALID', eachPartLine((line) => ({ ...line, name: 'Wilhelmina' }))],
    ['with a wrong type', 'LINES_INVALID', eachPartLine((line) => ({ ...line, category: ['names'] }))],
    ['with a salt that is too short', 'LINES_INVALID', eachPartLine((line) => ({ ...line, salt: 'abcd' }))],
    ['with a day that the calendar does not have', 'LINES_INVALID', eachPartLine((line) => ({ ...line, asOf: '2026-02-31' }))],
    ['about something that lines are not about', 'LINES_INVALID', lined((all) => [...all, { ...fresh(all[0] as Json), about: 'weather' }])],
    ['with a key twice in one', 'LINES_INVALID', lined((all) => [...all, JSON.stringify(fresh(all[0] as Json)).replace('{', '{"category":"health",')])],
    ['with __proto__ in one', 'LINES_INVALID', lined((all) => [...all, JSON.stringify(fresh(all[0] as Json)).replace('{', '{"__proto__":{},')])],
    ['with an NHS number for a reference', 'IDENTIFIER_IN_CLEAR', lined((all) => all.map((line) => (line['about'] === 'subject' ? { ...line, reference: 'AB-9434765919' } : line)))],
  ])('%s are refused with %s', async (_what, code, bend) => {
    const problem = await refused(await bend(await scene.compose()), 422, code);
    expect(JSON.stringify(problem)).not.toContain('Wilhelmina');
  });

  test.each<[string, string | Buffer]>([
    ['no JSON', '['], ['an object', '{}'], ['empty', '[]'], ['numbers', '[1]'], ['objects', '[{}]'], ['with a mark', '\ufeff[]'], ['deep', '['.repeat(2_000)],
    ['not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])], ['a thousand and one', JSON.stringify(Array.from({ length: 1_001 }, () => '{}'))],
  ])('that are %s are refused', async (_what, lines) => {
    await refused(await scene.compose(), 422, 'LINES_INVALID', lines);
  });

  test('no value anywhere in one, however odd, is a fault of ours', async () => {
    const share = await scene.compose();
    for (const about of [undefined, 'subject', 'decision']) {
      const at = share.lines.findIndex((text) => (JSON.parse(text) as Json)['about'] === about);
      const bendLine = async (path: string[], value: unknown) => lined((all) => all.map((line, i) => (i === at ? put(line, path, value) : line)))(share);
      expect(await oddities(JSON.parse(share.lines[at] as string), bendLine)).toEqual([]);
    }
  });
});

const ODD = [null, 0, -1, true, '', 'x'.repeat(300), '\u0000', '2026-02-31', '2026-02-31T00:00:00Z', [], [[]], {}, { agency: {} }];

/** Puts an odd value at each place and tells where the answer was neither a refusal nor, where the value may be left out or another, a receipt. */
async function oddities(value: unknown, bend: (path: string[], value: unknown) => Promise<Composed>): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (const path of pathsOf(value)) {
    for (const odd of ODD) {
      const { status, json } = await scene.school.submit(await bend(path, odd));
      if (status !== 422 && status !== 202) faults.push([path.join('/'), odd, status, (json as Json)['code']]);
    }
  }
  return faults;
}

function pathsOf(value: unknown, above: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [above];
  const own = Object.entries(value).slice(0, 12).flatMap(([name, inner]) => pathsOf(inner, [...above, name]));
  return above.length === 0 ? own : [above, ...own];
}

function put(value: unknown, [name, ...rest]: string[], wanted: unknown): Json {
  const copy: Json = Array.isArray(value) ? ([...(value as unknown[])] as unknown as Json) : { ...(value as Json) };
  copy[name as string] = rest.length === 0 ? wanted : put(copy[name as string], rest, wanted);
  return copy;
}
