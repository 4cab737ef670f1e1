import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, MINUTE } from '#platform/clock';
import { eventually } from '../world/partnership';
import { releaseOf } from '../world/releases';
import { MailScene, NOTE, read, RECEPTION, SURGERY, TEAM } from './by-mail';
import { CANARY, expectProblem } from './referral';

// Somebody without a key gets a container by mail, rings for its passphrase, and cannot sign that it came.

let scene: MailScene;
beforeAll(async () => {
  scene = await MailScene.open();
});
afterAll(() => scene.close());
beforeEach(() => scene.secure());

/** What 7-Zip takes out of it. */
function unpacked(zip: Buffer, passphrase: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-7z-'));
  try {
    writeFileSync(join(folder, 'part-1.zip'), zip);
    execFileSync('7z', ['x', '-y', `-p${passphrase}`, 'part-1.zip'], { cwd: folder, stdio: 'ignore' });
    return readFileSync(join(folder, 'file-1.txt'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const release = async (id: string, transfer: string, manifestDigest: string) =>
  scene.school.form('POST', `/v1/shares/${id}/releases`, await scene.school.statement('released', { share: id, transfer, manifestDigest }, { release: releaseOf(scene.world, 'reception') }));

test('CH-04: it goes over TLS to the domain’s own host; 7-Zip opens it with what the recipient was told; receipt and registers say how it was protected, and nothing of it goes along', async () => {
  const { id, transfer, receipt, container, passphrase } = await scene.mailsContained();
  expect(receipt.transfers).toEqual([expect.objectContaining({ route: 'mail', protection: 'aes-zip' })]);
  expect(receipt.transfers[0]).not.toHaveProperty('weakHop');
  expect((await scene.inState(id, 'sent')).events.map(({ kind }) => kind)).toEqual(['accepted', 'sending', 'sent']);
  const [message, ...more] = scene.mail.host.messages as [string];
  expect([more, scene.mail.host.messagesInClear]).toEqual([[], []]);
  const { headers, parts } = read(Buffer.from(message, 'latin1'));
  expect(headers).toMatchObject({ Subject: `OFFICIAL-SENSITIVE ${scene.world.agreement.id} routine ${transfer}`, To: `reception@${SURGERY.mailDomain}` });
  expect([...parts.keys()]).toEqual(['', 'part-1.zip']);
  expect(parts.get('part-1.zip')?.equals(container)).toBe(true);
  expect(unpacked(parts.get('part-1.zip') as Buffer, passphrase)).toBe(NOTE);
  for (const word of [CANARY, passphrase, 'health', 'manifest', 'provenance']) expect(message).not.toContain(word);
  expect((await scene.entries(scene.school.agency, { kind: 'share-sent', share: id }))[0]).toMatchObject({ recipients: [{ route: 'mail', protection: 'aes-zip' }] });
  expect((await scene.entries(SURGERY.agency, { kind: 'share-pushed', share: id }))[0]).toMatchObject({ status: 'taken', tls: { version: 'tls-1.3', authentication: 'mta-sts' } });
});

test('WIR CH-04: what was decided to go over TLS waits when its domain lapses; it never goes weaker', async () => {
  const go = await scene.holdQueue();
  const { id } = await scene.mailsContained();
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
  await scene.looked();
  await go();
  expect((await scene.inState(id, 'held')).events.at(-1)).toMatchObject({ kind: 'held', detail: 'domain-lapsed' });
  expect([scene.mail.host.messages, scene.mail.host.clear.includes('MAIL FROM')]).toEqual([[], false]);
  await scene.secure();
  await scene.inState(id, 'sent');
  expect(scene.mail.host.messagesInClear).toEqual([]);
});

test('a row that says it may, of what is sealed to a key, opens no weak hop: it is held', async () => {
  const go = await scene.holdQueue();
  const { id, transfer } = await scene.mails();
  await scene.sql('update waybill.transfer set weak_hop = true where id = $1', [transfer]);
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
  await scene.looked();
  await go();
  await scene.inState(id, 'held');
  expect([scene.mail.host.messages, scene.mail.host.clear.includes('MAIL FROM')]).toEqual([[], false]);
});

test('CH-04: to a recipient with a key a container is refused, and to one without a part that is sealed to another’s key', async () => {
  const { container } = await scene.mailsContained();
  const parts = (to: string, sealed: () => Buffer) => scene.compose({ parts: [{ category: 'health', text: NOTE, to: { [to]: 'works-with-person' }, sealed }] });
  expectProblem(await scene.school.submit(await parts(TEAM, () => container)), 422, 'SEALED_OTHERWISE');
  const plan = { parts: [{ category: 'health', text: NOTE, to: { [RECEPTION]: 'works-with-person' }, sealTo: [scene.surgery.keys('safeguarding').certificate] }] };
  expect((await scene.school.submit(await scene.compose(plan))).status).toBe(422);
});

test('CH-05: until it is said that the passphrase was told the sender is shown the number to ring; then not any more, and nothing is taken for an acknowledgement', async () => {
  const { id, transfer, receipt } = await scene.mailsContained(RECEPTION, 'emergency');
  await scene.inState(id, 'sent');
  scene.world.clock.advance(16 * MINUTE);
  expect(await eventually(async () => (await scene.ofTransfer(id)).ring)).toEqual({ telephone: '+441514960503', because: 'not-acknowledged-in-time' });
  expect((await release(id, transfer, receipt.manifestDigest)).status).toBe(200);
  const told = await scene.ofTransfer(id);
  expect([told.state, told.ring]).toEqual(['sent', undefined]);
  for (const controller of [SURGERY.agency, scene.school.agency]) for (const kind of ['share-received', 'share-acknowledged']) expect(await scene.entries(controller, { kind, share: id })).toEqual([]);
});

test('somebody else of its agency, who has a key, may acknowledge it all the same', async () => {
  const { id, transfer, receipt } = await scene.mailsContained();
  await scene.inState(id, 'sent');
  expect((await scene.surgery.state('acknowledged', transfer, { share: id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
  expect((await scene.inState(id, 'acknowledged')).endReason).toBe('acknowledged');
});

test('CH-05: time ends what nobody can sign for: as released where its sender said so, and nobody is asked to share it again; else as not acknowledged, and its sender is', async () => {
  const [told, untold] = [await scene.mailsContained(), await scene.mailsContained()];
  for (const { id } of [told, untold]) await scene.inState(id, 'sent');
  expect((await release(told.id, told.transfer, told.receipt.manifestDigest)).status).toBe(200);
  scene.world.clock.advance(61 * DAY);
  expect((await scene.inState(told.id, 'undeliverable')).endReason).toBe('released-not-acknowledged');
  expect((await scene.inState(untold.id, 'undeliverable')).endReason).toBe('not-acknowledged');
  const asked = (await scene.duties('share-otherwise')).map(({ transfer }) => transfer);
  expect([asked.includes(told.transfer), asked.includes(untold.transfer)]).toEqual([false, true]);
  expect((await scene.entries(scene.school.agency, { kind: 'share-undeliverable', share: told.id }))[0]).toMatchObject({ reason: 'released-not-acknowledged' });
  await eventually(async () => (await scene.sql<{ rows: number }>('select count(*)::int as rows from waybill.chunk where share = $1', [told.id]))[0]?.rows === 0);
});
