import { execFileSync, spawnSync } from 'node:child_process';
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
import { runCommand } from '../world/command';
import { atDesk } from '../world/desk';
import { eventually, type World } from '../world/partnership';
import { pdfOf } from '../world/pdf';
import { DECIDED, DECLARED } from '../world/share-file';
import { MailScene, read } from './by-mail';

const CANARY = 'Wilhelmina Quillfeather';
let scene: MailScene;
let world: World;
let folder: string;
beforeAll(async () => {
  scene = await MailScene.open();
  world = scene.world;
  folder = mkdtempSync(join(tmpdir(), 'waybill-container-'));
  const { agreement, coordinator, system } = world;
  await writeHome(join(folder, 'school'), world.partner('st-brigid-primary').own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'scan.pdf'), `%PDF of ${CANARY}`);
});
afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});

/** To the front door, which has a key; and to two who have none, of whom the first gets mail. */
const SHARE = `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}
parts: [{ text: '${CANARY} came without a coat', category: contacts-with-service, kind: fact }, { file: scan.pdf, category: names, kind: fact }]
recipients:
  - { to: merebrook-council/front-door, parts: { part-1: assesses-referral, part-2: assesses-referral } }
  - { to: brook-lane-surgery/reception, channel: mail-container, parts: { part-1: works-with-person, part-2: works-with-person } }
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
  expect(lines.map(({ recipient, part }) => `${recipient.contact} ${part}`).sort()).toEqual(['front-door part-1', 'front-door part-2', 'manager part-4', 'reception part-3', 'reception part-5']);
  expect([...passphrases.keys()].sort()).toEqual(['brook-lane-surgery/reception', 'kingfisher-families/manager']);
  const [reception = '', manager = ''] = ['brook-lane-surgery/reception', 'kingfisher-families/manager'].map((to) => passphrases.get(to));
  expect([isStrongPassphrase(reception), isStrongPassphrase(manager), reception === manager]).toEqual([true, true, false]);
  const opened = async (part: string, password: string): Promise<string> => {
    const [entry] = await new ZipReader(new Uint8ArrayReader(readFileSync(sealed.parts.get(part)?.path ?? '')), { password, useWebWorkers: false }).getEntries();
    if (!entry || entry.directory) throw new Error('there is no file in it');
    return `${entry.filename} ${Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString()}`;
  };
  expect(await Promise.all([opened('part-3', reception), opened('part-5', reception), opened('part-4', manager)])).toEqual([`file-1.txt ${CANARY} came without a coat`, `file-1.pdf %PDF of ${CANARY}`, `file-1.txt ${CANARY} came without a coat`]);
  await expect(opened('part-3', manager)).rejects.toThrow();
  for (const name of readdirSync(into)) {
    const octets = readFileSync(join(into, name));
    expect([CANARY, reception, manager].filter((word) => octets.includes(word))).toEqual([]);
  }
});

test('CH-10: the command shows passphrases once and keeps none; whoever gets mail gets its containers, and who does not is struck off', async () => {
  writeFileSync(join(folder, 'share.yaml'), SHARE);
  const sent = await atDesk(['send', 'share.yaml', '--all-proposed', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'school') }, now: () => world.clock.now() });
  // Not everybody got it.
  expect(sent.exit).toBe(7);
  const shown = [...sent.err.matchAll(/^Passphrase for (\S+): {2}(.+)$/gm)].map(([, to, words]) => [to, words] as const);
  expect(shown.map(([to]) => to).sort()).toEqual(['brook-lane-surgery/reception', 'kingfisher-families/manager']);
  const { share, receipt } = sent.json as { share: string; receipt: { transfers: { protection: string; route: string }[]; struckOff: { recipient: { contact: string }; reasons: { code: string }[] }[] } };
  expect(receipt.transfers.map(({ route, protection }) => `${route} ${protection}`).sort()).toEqual(['mail aes-zip', 'mailbox openpgp']);
  expect(receipt.struckOff.map(({ recipient, reasons }) => [recipient.contact, reasons.some(({ code }) => code === 'NO_ADMITTED_CHANNEL')]).sort()).toEqual([['manager', true]]);
  const [mailed] = await eventually(() => Promise.resolve(scene.mail.host.messages.length > 0 && scene.mail.host.messages));
  expect([...read(Buffer.from(mailed as string, 'latin1')).parts.keys()]).toEqual(['', 'part-3.zip', 'part-5.zip']);
  expect((await scene.told(share)).transfers.map(({ recipient }) => recipient.contact).sort()).toEqual(['front-door', 'reception']);
  const { status, stdout } = spawnSync('grep', ['-rlE', shown.map(([, words]) => words).join('|'), join(folder, 'school'), world.folder], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
});

/** The scan as a PDF that opens with a passphrase. */
const AS_PDF = SHARE.replace('{ file: scan.pdf,', '{ file: report.pdf, sealAs: pdf,');
const send = () => atDesk(['send', 'pdf.yaml', '--all-proposed', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'school') }, now: () => world.clock.now() });

test('CH-04: a PDF goes as a PDF with AES-256, which qpdf opens with the passphrase, and without shows no word; the gateway has looked at it and opened nothing', async () => {
  writeFileSync(join(folder, 'report.pdf'), pdfOf(CANARY));
  writeFileSync(join(folder, 'pdf.yaml'), AS_PDF);
  const before = scene.mail.host.messages.length;
  const sent = await send();
  expect(sent.exit).toBe(7);
  const passphrase = /^Passphrase for brook-lane-surgery\/reception: {2}(.+)$/m.exec(sent.err)?.[1] as string;
  await eventually(() => Promise.resolve(scene.mail.host.messages.length > before));
  const { parts } = read(Buffer.from(scene.mail.host.messages[before] as string, 'latin1'));
  expect([...parts.keys()]).toEqual(['', 'part-3.zip', 'part-5.pdf']);
  const pdf = join(folder, 'got.pdf');
  writeFileSync(pdf, parts.get('part-5.pdf') as Buffer);
  expect(readFileSync(pdf).includes(CANARY)).toBe(false);
  const opened = (words: string) => execFileSync('qpdf', [`--password=${words}`, '--decrypt', '--stream-data=uncompress', '--object-streams=disable', pdf, '-'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString('latin1');
  expect(opened(passphrase)).toContain(`(${CANARY}) Tj`);
  expect(() => opened('')).toThrow();
  expect(execFileSync('qpdf', [`--password=${passphrase}`, '--show-encryption', pdf]).toString()).toMatch(/R = 6[\s\S]*stream encryption method: AESv3[\s\S]*string encryption method: AESv3/);
});

test('CH-04: where the program is not installed, or the PDF cannot be sealed so, nothing goes, and what to do is said', async () => {
  const without = await runCommand(['send', 'pdf.yaml', '--all-proposed'], { cwd: folder, home: join(folder, 'school'), path: folder }).done;
  expect(without).toMatchObject({ exit: 2, err: expect.stringMatching(/^NO_QPDF: [\s\S]*Next: .*apt install qpdf/m) });
  writeFileSync(join(folder, 'report.pdf'), 'no PDF at all');
  expect((await send()).json).toMatchObject({ problem: { code: 'PDF_NOT_SEALED', next: expect.stringContaining('zip') } });
  writeFileSync(join(folder, 'pdf.yaml'), AS_PDF.replace('report.pdf', 'report.docx'));
  expect((await send()).json).toMatchObject({ problem: { says: expect.stringContaining('sealAs may be pdf') } });
});
