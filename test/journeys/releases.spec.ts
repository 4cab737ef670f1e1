import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Release } from '#protocol/statement';
import { writeHome } from '../../apps/standalone/home';
import { atDesk } from '../world/desk';
import { releaseOf } from '../world/releases';
import { MailScene, SURGERY } from './by-mail';
import { expectProblem, FRONT_DOOR, transferTo } from './referral';

/** The recipient has rung and asked for the passphrase of what it got by mail; the sender told it, and says so. */
let scene: MailScene;
let folder: string;
beforeAll(async () => {
  scene = await MailScene.open();
  folder = mkdtempSync(join(tmpdir(), 'waybill-releases-'));
  const { agreement, coordinator, system } = scene.world;
  await writeHome(join(folder, 'school'), scene.school.own, { origin: system.origin, agreement, keys: system.keys, coordinator });
});
afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Sent {
  share: string;
  transfer: string;
  manifestDigest: string;
}
const contained = async (): Promise<Sent> => {
  const { id, transfer, receipt } = await scene.mailsContained();
  return { share: id, transfer, manifestDigest: receipt.manifestDigest };
};
const released = async ({ share, ...about }: Sent, release: Release, by = scene.school) => by.form('POST', `/v1/shares/${share}/releases`, await by.statement('released', { share, ...about }, { release }));
const told = (change: Partial<Release> = {}): Release => releaseOf(scene.world, 'reception', change);

test('CH-05: who asked, how that was verified, by which way and when stands in both registers, and is told to both', async () => {
  const sent = await contained();
  const release = told();
  expect(await released(sent, release)).toMatchObject({ status: 200 });
  const { at: toldAt, askedBy, identity, route } = release;
  for (const controller of ['st-brigid-primary', SURGERY.agency]) {
    expect(await scene.entries(controller, { kind: 'passphrase-released', share: sent.share })).toEqual([expect.objectContaining({ transfer: sent.transfer, askedBy, identity, route, toldAt })]);
  }
  const kinds = (await scene.told(sent.share)).transfers[0]?.statements.map(({ kind }) => kind);
  expect(kinds).toEqual(['released']);
  await scene.inState(sent.share, 'sent');
  expect((await scene.surgery.get(`/v1/mailbox/${sent.transfer}`)).json.statements).toEqual([expect.objectContaining({ kind: 'released', agency: 'st-brigid-primary' })]);
});

test('the same statement again changes nothing, another is refused', async () => {
  const sent = await contained();
  const fields = await scene.school.statement('released', { ...sent }, { release: told() });
  const post = () => scene.school.form('POST', `/v1/shares/${sent.share}/releases`, fields);
  expect([(await post()).status, (await post()).status]).toEqual([200, 200]);
  expect(await scene.entries('st-brigid-primary', { kind: 'passphrase-released', share: sent.share })).toHaveLength(1);
  expectProblem(await released(sent, told({ route: 'verbal' })), 409, 'STATEMENT_DIFFERS');
});

test.each<[string, string, () => Partial<Release>]>([
  ['PASSWORD_SAME_CHAIN', 'by mail, which the container goes by', () => ({ route: 'mail' })],
  ['PASSPHRASE_NOT_ASKED_FOR', 'asked for by somebody who is no contact of the recipient', () => ({ askedBy: { contact: 'safeguarding-lead', role: 'line-manager' } })],
  ['PASSPHRASE_NOT_ASKED_FOR', 'in a role that nobody knows', () => ({ askedBy: { contact: 'reception', role: 'robin-example' } })],
  ['IDENTITY_NOT_VERIFIED', 'with a check that nobody knows', () => ({ identity: { how: 'sounded-right', at: scene.world.clock.now().toISOString() } })],
  ['VERIFIED_TOO_LATE', 'verified after it was told', () => ({ at: new Date(scene.world.clock.now().getTime() - 60_000).toISOString() })],
  ['NUMBER_NOT_OF_DIRECTORY', 'to a number that came with the question', () => ({ called: undefined } as unknown as Partial<Release>)],
  ['NUMBER_NOT_OF_DIRECTORY', 'to the number of another agency’s contact', () => ({ called: 'safeguarding-lead' })],
  ['RELEASED_LATER', 'tomorrow', () => { const at = new Date(scene.world.clock.now().getTime() + 86_400_000).toISOString(); return { at, identity: { how: 'called-back', at } }; }],
])('CH-05: %s: %s, and nothing is recorded', async (code, _what, change) => {
  const sent = await contained();
  const answer = await released(sent, told(change()));
  expectProblem(answer, 422, code);
  expect((answer.json.reasons as { code: string; clauses: string[]; standsOn: string }[]).map((reason) => [reason.code, reason.clauses, reason.standsOn])).toEqual([[code, ['CH-05'], 'technical']]);
  expect(await scene.entries('st-brigid-primary', { kind: 'passphrase-released', share: sent.share })).toEqual([]);
});

test('of what is in no container there is no passphrase, and another’s share is not there', async () => {
  const { share, receipt } = await scene.send();
  const about = { share: share.id, transfer: transferTo(receipt, FRONT_DOOR), manifestDigest: receipt.manifestDigest };
  expectProblem(await released(about, told()), 409, 'NO_PASSPHRASE');
  expectProblem(await released(about, told(), scene.council), 404, 'NOT_FOUND');
});

test('waybill release records it; by mail it says why not', async () => {
  const sent = await contained();
  const release = (...more: string[]) => atDesk(['release', sent.share, '--transfer', sent.transfer, '--asked-by', 'reception', '--role', 'line-manager', '--identity', 'called-back', ...more], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'school') }, now: () => scene.world.clock.now() });
  expect(await release('--route', 'mail', '--json')).toMatchObject({ exit: 1, json: { problem: { code: 'PASSWORD_SAME_CHAIN' } } });
  expect(await release('--route', 'telephone', '--called', 'reception')).toMatchObject({ exit: 0, err: '', out: expect.stringMatching(/On record with both of you/) });
  expect(await scene.entries(SURGERY.agency, { kind: 'passphrase-released', share: sent.share })).toHaveLength(1);
});
