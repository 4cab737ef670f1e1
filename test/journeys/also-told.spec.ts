import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../apps/cli/run';
import { writeHome } from '../../apps/standalone/home';
import { FRONT_DOOR, HEALTH_VISITORS, Scene } from './referral';
import { openWorld, type World } from '../world/partnership';

// So that nobody assumes that another knows: between statutory agencies the default of the agreement, and the sender's word above it.

let world: World;
let scene: Scene;
let home: string;
beforeAll(async () => {
  world = await openWorld();
  scene = new Scene(world);
  home = mkdtempSync(join(tmpdir(), 'waybill-told-'));
  await writeHome(home, scene.school.own, { origin: world.system.origin, agreement: world.agreement, keys: world.system.keys, coordinator: world.coordinator });
  writeFileSync(join(home, 'concern.txt'), 'late three times this week');
});
afterAll(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

const CASEWORK = 'kingfisher-families/casework';
const share = (alsoTold: string): string => `
format: waybill-share/1
purpose: front-door-referral
lawfulBasis: 6(1)(e)
urgency: routine
consent: { status: not-sought, reason: puts-child-at-risk }
informed: { status: not-informed, reason: puts-child-at-risk }
accuracy: { on: 2025-11-03, by: designated-safeguarding-lead }
thirdParties: { identifiable: false }
handling: { doNotTellSubject: true }
subject: { reference: AB-1234, names: [] }
decision: { by: safeguarding-lead, role: designated-safeguarding-lead, reasons: [protects-from-harm], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: high, checklist: [how-much, fact-or-opinion, right-person, securely, openly] }
parts: [{ file: concern.txt, category: names, kind: fact }]
recipients:
${[FRONT_DOOR, HEALTH_VISITORS, CASEWORK].map((to) => `  - { to: ${to}, parts: { part-1: works-with-person } }`).join('\n')}
${alsoTold}
`;

async function told(alsoTold: string): Promise<Record<string, string[] | undefined>> {
  writeFileSync(join(home, 'share.yaml'), share(alsoTold));
  let out = '';
  const exit = await run(['send', 'share.yaml', '--home', home, '--json'], { out: (text) => void (out += text), err: (text) => void (out += text), outOctets: () => undefined, watched: false, cwd: home, env: {}, now: () => world.clock.now() });
  expect({ exit, out: exit === 0 ? '' : out }).toEqual({ exit: 0, out: '' });
  const id = (JSON.parse(out) as { share: string }).share;
  const entries = await Promise.all(([['front', scene.council], ['visitors', scene.trust], ['casework', scene.charity]] as const).map(async ([name, partner]) => {
    const item = await scene.arrived(partner, id);
    const lines = (await partner.get(`${item.links.self}/lines`)).json as string[];
    return [name, lines.map((line) => JSON.parse(line) as { about?: string; organisations?: string[] }).find((line) => line.about === 'alsoTold')?.organisations] as const;
  }));
  return Object.fromEntries(entries);
}

test('unless the sender says otherwise, statutory recipients learn of one another, and nobody learns of the charity', async () => {
  expect(await told('')).toEqual({ front: ['eastgate-health'], visitors: ['merebrook-council'], casework: undefined });
});

test('the sender may tell everybody, or nobody', async () => {
  expect(await told('alsoTold: true')).toEqual({ front: ['eastgate-health', 'kingfisher-families'], visitors: ['merebrook-council', 'kingfisher-families'], casework: ['merebrook-council', 'eastgate-health'] });
  expect(await told('alsoTold: false')).toEqual({ front: undefined, visitors: undefined, casework: undefined });
});
