import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '#platform/clock';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, type Said } from '../world/desk';
import { ago } from '../world/disclosures';
import { eventually, openWorld, type World } from '../world/partnership';
import { DECIDED, DECLARED } from '../world/share-file';

// `waybill disclose`, from the desk of whoever picked up the telephone.

const CANARY = 'Wilhelmina Quillfeather';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  world.clock.advance(HOUR);
  folder = mkdtempSync(join(tmpdir(), 'waybill-disclose-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(join(folder, agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'call.txt'), `${CANARY} is afraid to go home`);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => world.clock.now() });
const school = (...args: string[]) => waybill('st-brigid-primary', ...args);
const file = (change: (text: string) => string = (text) => text): string => {
  const sound = `${DECLARED.replace(/^format: .*$/m, 'format: waybill-disclosure/1')}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}parts:
  - { category: names, kind: fact }
recipients:
  - to: merebrook-council/front-door
    parts: { part-1: assesses-referral }
route: { by: telephone, at: '${ago(world, 2)}', number: '+441514960101', identity: { how: called-back, by: designated-safeguarding-lead, at: '${ago(world, 3)}' } }
words: { file: call.txt }
`;
  writeFileSync(join(folder, 'call.yaml'), change(sound));
  return 'call.yaml';
};

test('a dry run first, then on record; listed, shown, its words opened, and decided again', async () => {
  expect(await school('disclose', file(), '--dry-run')).toMatchObject({ exit: 0, out: expect.stringContaining('Would be permitted') });
  expect((await school('disclosures', '--json')).json).toMatchObject({ items: [] });
  const said = await school('disclose', file(), '--json');
  expect([said.exit, said.err]).toEqual([0, '']);
  const { disclosure, receipt } = said.json as { disclosure: string; receipt: { compliant: boolean } };
  expect(receipt).toMatchObject({ compliant: true, unmet: [] });
  expect(readFileSync(join(folder, 'st-brigid-primary', 'disclosed', disclosure, 'disclosure.json'), 'utf8')).not.toContain('Quillfeather');
  expect(await school('disclosures')).toMatchObject({ exit: 0, out: expect.stringMatching(new RegExp(`${disclosure}.*telephone to merebrook-council/front-door$`, 'm')) });
  expect(await school('disclosures', disclosure, '--words-into', 'opened.txt')).toMatchObject({ exit: 0, out: expect.stringContaining('as the agreement asks') });
  expect(readFileSync(join(folder, 'opened.txt'), 'utf8')).toBe(`${CANARY} is afraid to go home`);
  expect(await school('disclosures', disclosure, '--words-into', 'opened.txt')).toMatchObject({ exit: 2 });
  expect(await waybill('merebrook-council', 'disclosures', disclosure)).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
  const again = await eventually(async () => {
    const replayed = await school('agreements', 'replay', disclosure);
    return /ask again: it is not integrated/.test(`${replayed.out}${replayed.err}`) ? undefined : replayed;
  });
  expect(again).toMatchObject({ exit: 0, out: expect.stringMatching(/^the same {2}.*permitted/) });
});

test('what the agreement is against is refused with what to do next, and recorded as that when it is owned up to', async () => {
  const against = () => file((text) => text.replace('purpose: front-door-referral\n', ''));
  expect(await school('disclose', against(), '--dry-run')).toMatchObject({ exit: 1, out: expect.stringMatching(/do not disclose it like this[^]*NO_PURPOSE/) });
  expect(await school('disclose', against())).toMatchObject({ exit: 1, err: expect.stringMatching(/NO_PURPOSE[^]*DISCLOSURE_NOT_COMPLIANT/) });
  expect(await school('disclose', against(), '--not-compliant')).toMatchObject({ exit: 0, out: expect.stringMatching(/NOT as the agreement asks[^]*NO_PURPOSE/) });
});

test('what is wrong is told before anything is sent', async () => {
  const wrong = async (change: (text: string) => string) => school('disclose', file(change));
  expect(await wrong((text) => text.replace('WQ-2041', 'QUILLFEATHER'))).toMatchObject({ exit: 6, err: expect.stringContaining('IDENTIFIER_IN_CLEAR') });
  expect(await wrong((text) => text.replace(/^route: .*$/m, `route: { by: courier, at: '${ago(world, 2)}', consignment: QUILLFEATHER }`))).toMatchObject({ exit: 6, err: expect.stringContaining('IDENTIFIER_IN_CLEAR') });
  expect(await wrong((text) => text.replace('by: telephone', 'by: pigeon'))).toMatchObject({ exit: 2, err: expect.stringContaining('DISCLOSURE_INVALID') });
  expect(await wrong((text) => text.replace('by: telephone', 'by: verbal'))).toMatchObject({ exit: 2, err: expect.stringContaining('DISCLOSURE_INVALID') });
  expect(await wrong((text) => text.replace(/^route: .*\n/m, ''))).toMatchObject({ exit: 2, err: expect.stringContaining('route is missing') });
  expect(await wrong((text) => text.replace('category: names', 'category: names, file: call.txt'))).toMatchObject({ exit: 2, err: expect.stringContaining('is not sent to the gateway') });
  expect(await wrong((text) => text.replace('recipients:', 'recipient:'))).toMatchObject({ exit: 2, err: expect.stringContaining('there is no field recipient') });
  expect(await school('disclose', 'nowhere.yaml')).toMatchObject({ exit: 2 });
});

test('of an emergency it says first whom to ring', async () => {
  expect(await school('disclose', file((text) => text.replace('urgency: urgent', 'urgency: emergency')))).toMatchObject({ exit: 0, err: expect.stringMatching(/EMERGENCY {2}Ring 999/) });
});
