import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { plan } from '#client/sharing';
import { type Passphrases, sealShare } from '#client/sealing-share';
import { isStrongPassphrase } from '#envelope/passphrase';
import { writeHome } from '../../apps/standalone/home';
import { openHome } from '../../apps/cli/home';
import { describeShare, parseShare } from '../../apps/cli/share-file';
import { atDesk } from '../world/desk';
import { openWorld, type World } from '../world/partnership';
import { DECIDED, DECLARED } from '../world/share-file';

const CANARY = 'Wilhelmina Quillfeather';
let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'waybill-container-'));
  const { agreement, coordinator, system } = world;
  await writeHome(join(folder, 'school'), world.partner('st-brigid-primary').own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'scan.pdf'), `%PDF of ${CANARY}`);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** To the front door, which has a key; and to two who have none. */
const SHARE = `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}
parts: [{ text: '${CANARY} came without a coat', category: contacts-with-service, kind: fact }, { file: scan.pdf, category: names, kind: fact }]
recipients:
  - { to: merebrook-council/front-door, parts: { part-1: assesses-referral, part-2: assesses-referral } }
  - { to: merebrook-council/information-governance, channel: mail-container, parts: { part-1: assesses-referral, part-2: assesses-referral } }
  - { to: kingfisher-families/manager, channel: mail-container, parts: { part-1: works-with-person } }
`;
const io = () => ({ out: () => undefined, err: () => undefined, outOctets: () => undefined, watched: false, cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'school') }, now: () => world.clock.now() });

test('CH-04: each who has no key gets containers of its own, which open with its own passphrase, and with no other', async () => {
  const { partner, file } = await openHome(io(), undefined);
  const planned = await plan(partner, describeShare(parseShare(SHARE), folder, file), { seal: 'proposed' });
  let passphrases: Passphrases = new Map();
  const into = join(folder, 'sealed');
  const sealed = await sealShare(partner, planned.draft, planned.lines, planned.keys.keys, into, (told) => (passphrases = told));
  partner.connection.close();
  const lines = sealed.lines.map((text) => JSON.parse(text) as { part?: string; recipient: { contact: string } }).filter(({ part }) => part !== undefined);
  expect(lines.map(({ recipient, part }) => `${recipient.contact} ${part}`).sort()).toEqual(['front-door part-1', 'front-door part-2', 'information-governance part-3', 'information-governance part-5', 'manager part-4']);
  expect([...passphrases.keys()].sort()).toEqual(['kingfisher-families/manager', 'merebrook-council/information-governance']);
  const [governance = '', manager = ''] = ['merebrook-council/information-governance', 'kingfisher-families/manager'].map((to) => passphrases.get(to));
  expect([isStrongPassphrase(governance), isStrongPassphrase(manager), governance === manager]).toEqual([true, true, false]);
  const opened = async (part: string, password: string): Promise<string> => {
    const [entry] = await new ZipReader(new Uint8ArrayReader(readFileSync(sealed.parts.get(part)?.path ?? '')), { password, useWebWorkers: false }).getEntries();
    if (!entry || entry.directory) throw new Error('there is no file in it');
    return `${entry.filename} ${Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString()}`;
  };
  expect(await Promise.all([opened('part-3', governance), opened('part-5', governance), opened('part-4', manager)])).toEqual([`file-1.txt ${CANARY} came without a coat`, `file-1.pdf %PDF of ${CANARY}`, `file-1.txt ${CANARY} came without a coat`]);
  await expect(opened('part-3', manager)).rejects.toThrow();
  for (const name of readdirSync(into)) {
    const octets = readFileSync(join(into, name));
    expect([CANARY, governance, manager].filter((word) => octets.includes(word))).toEqual([]);
  }
});

test('CH-10: the command shows passphrases once and keeps none; while nothing carries containers, their recipients are struck off', async () => {
  writeFileSync(join(folder, 'share.yaml'), SHARE);
  const sent = await atDesk(['send', 'share.yaml', '--all-proposed', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'school') }, now: () => world.clock.now() });
  expect(sent.exit).toBe(7);
  const shown = [...sent.err.matchAll(/^Passphrase for (\S+): {2}(.+)$/gm)].map(([, to, words]) => [to, words] as const);
  expect(shown.map(([to]) => to).sort()).toEqual(['kingfisher-families/manager', 'merebrook-council/information-governance']);
  const { receipt } = sent.json as { receipt: { transfers: { protection: string }[]; struckOff: { recipient: { contact: string }; reasons: { code: string }[] }[] } };
  expect(receipt.transfers.map(({ protection }) => protection)).toEqual(['openpgp']);
  expect(receipt.struckOff.map(({ recipient, reasons }) => [recipient.contact, reasons.some(({ code }) => code === 'NO_ADMITTED_CHANNEL')]).sort()).toEqual([['information-governance', true], ['manager', true]]);
  const { status, stdout } = spawnSync('grep', ['-rlE', shown.map(([, words]) => words).join('|'), join(folder, 'school'), world.folder], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
});
