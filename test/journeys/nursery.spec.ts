import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE } from '#platform/clock';
import type { ShareTold } from '#protocol/answers';
import { asSent, optionsOf } from '../witness/mail-programs';
import { ownNetwork } from '../world/daemon';
import { askedOf } from '../world/disclosures';
import { type ContainedPart, Example, SECRET } from '../world/example';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import type { Composed } from '../world/partner';
import { eventually } from '../world/partnership';
import { Postfix } from '../world/postfix';
import { releaseOf } from '../world/releases';
import { SignedDns } from '../world/signed-dns';
import { read, SENDER } from './by-mail';
import { expectProblem } from './referral';

// Scenario S4, as far as it is of the channel: a nursery that has no key, and whose own Postfix holds no TLS. What reaches it is a container, opened with 7-Zip.

const at = ownNetwork();
const authority = mailAuthority();
const DOMAIN = 'hoppole.example';
const NURSERY = 'hop-pole-nursery';
const PARTNER = { agency: NURSERY, contact: 'manager' };
/** To the nursery alone: the others of the example get nothing. */
const TO_NURSERY = { '/lines/2': null, '/lines/1': null, '/lines/0/recipient': PARTNER, '/lines/0/needToKnow': 'provides-care', '/lines/1/recipient': PARTNER, '/manifest/urgency': 'routine' };

let dns: SignedDns;
let postfix: Postfix;
let example: Example;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-nursery-'));
  dns = await SignedDns.start(at, [{ origin: DOMAIN, signed: 'unsigned', records: [`@ MX 10 mx.${DOMAIN}.`, `mx A ${at(10)}`] }], []);
  postfix = await Postfix.start([{ address: at(10), name: `mx.${DOMAIN}`, tls: mailCertificate(authority, { hosts: [`mx.${DOMAIN}`] }), settings: { smtpd_tls_security_level: 'none' } }], [DOMAIN]);
  const { egress, name, resolver } = optionsOf({ resolver: dns.resolver, authority: authority.cert });
  example = await Example.open('worcestershire', { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authority.cert } } }, (agency) => (agency === NURSERY ? { collects: false, keys: false, mailDomain: DOMAIN } : {}));
  // Another signed for its sector; it has accepted that itself.
  await example.world.system.registrar.activate(example.world.agreement, NURSERY, { agreement: 'worcestershire', entry: 'early-years', acceptedOn: '2024-05-01' });
  await eventually(async () => (await domain()).fault);
});
afterAll(async () => {
  await Promise.all([example?.close(), dns?.stop(), postfix?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
const domain = async () => (await sql<{ fault: string | null; lapsed_at: Date | null }>('select fault, lapsed_at from waybill.mail_domain where domain = $1', [DOMAIN]))[0] as { fault: string | null; lapsed_at: Date | null };
const entries = async (kind: string, share: string) => (await sql<{ octets: Buffer; controller: string }>('select octets, controller from waybill.entry order by id')).map(({ octets, controller }) => ({ ...(JSON.parse(octets.toString()) as Record<string, unknown>), controller })).filter((entry: Record<string, unknown>) => entry['kind'] === kind && entry['share'] === share);

let share: Composed;
let container: ContainedPart;
let transfer: { transfer: string; protection: string };
let manifestDigest: string;

test('WOR CH-02: its domain holds no TLS, so it is no secure one: mail from the sender’s own premises is refused', async () => {
  expect(await domain()).toMatchObject({ lapsed_at: expect.any(Date), fault: 'not-secure' });
  // It was told a minute ago, when both were parties already.
  example.world.clock.advance(10 * MINUTE);
  const asked = askedOf(example.world, example.sender, { route: { by: 'tls-domain' }, to: [`${NURSERY}/manager`] });
  expect(JSON.stringify((await example.sender.post('/v1/disclosure-plans', asked)).json)).toContain('TLS_BELOW_MINIMUM');
});

test('WOR CH-04: it is offered a container and nothing else, and the receipt says that its hop may hold no TLS', async () => {
  const made = await example.contained(TO_NURSERY);
  [share, container] = [made.share, made.containers.get('part-1') as ContainedPart];
  const answer = await example.sender.submit(share);
  expect([answer.status, answer.json.reasons, answer.json.struckOff]).toEqual([202, undefined, []]);
  [transfer] = answer.json.transfers;
  manifestDigest = answer.json.manifestDigest;
  expect(answer.json.transfers).toEqual([expect.objectContaining({ recipient: PARTNER, route: 'mail', protection: 'aes-zip', weakHop: true })]);
});

test('WOR CH-04: its Postfix takes it without TLS; what lies in its Maildir is generated headers, words that are always the same, and the container; both registers say over which hop it came', async () => {
  const mail = await postfix.arrived(transfer.transfer);
  expect(mail).toMatch(/by mx\.hoppole\.example \(Postfix\) with ESMTP id/);
  expect(mail).not.toMatch(/using TLS|with ESMTPS/);
  const { headers, parts } = read(Buffer.from(asSent(mail)));
  expect(headers).toMatchObject({ From: 'no-reply@waybill.example', To: `manager@${DOMAIN}`, Subject: `OFFICIAL-SENSITIVE worcestershire routine ${transfer.transfer}` });
  expect([...parts.keys()]).toEqual(['', 'part-1.zip']);
  expect(parts.get('part-1.zip')?.equals(container.octets)).toBe(true);
  const told = await eventually(async () => {
    const { transfers: [only] } = (await example.sender.get(`/v1/shares/${share.id}`)).json as ShareTold;
    return only?.state === 'sent' && only;
  });
  expect(told.events.at(-1)).toMatchObject({ kind: 'sent', detail: 'hop-clear' });
  expect((await entries('share-sent', share.id))[0]).toMatchObject({ recipients: [{ protection: 'aes-zip', weakHop: true }] });
  const pushed = await entries('share-pushed', share.id);
  expect(pushed.map(({ controller }) => controller).sort()).toEqual([example.sender.agency, NURSERY]);
  for (const entry of pushed) expect([(entry as Record<string, unknown>)['weakHop'], 'tls' in entry]).toEqual(['clear', false]);
});

test('WOR CH-05: a passphrase told by mail is refused; told on the telephone to whoever rang, whom the sender had rung back, it is on record with both', async () => {
  const release = async (change = {}) => example.sender.form('POST', `/v1/shares/${share.id}/releases`,
    await example.sender.statement('released', { share: share.id, transfer: transfer.transfer, manifestDigest }, { release: releaseOf(example.world, 'manager', change) }));
  const refused = await release({ route: 'mail' });
  expectProblem(refused, 422, 'PASSWORD_SAME_CHAIN');
  expect(refused.json.reasons).toEqual([expect.objectContaining({ standsOn: 'clause', ground: '§7' })]);
  expect((await release()).status).toBe(200);
  expect((await entries('passphrase-released', share.id)).map((entry) => entry as Record<string, unknown>)).toEqual([1, 2].map(() => expect.objectContaining({ route: 'telephone', askedBy: { contact: 'manager', role: 'line-manager' }, identity: expect.objectContaining({ how: 'called-back' }) })));
});

test('WOR CH-04: 7-Zip opens what arrived, with the passphrase and with nothing else', async () => {
  const { parts } = read(Buffer.from(asSent(await postfix.arrived(transfer.transfer))));
  writeFileSync(join(folder, 'part-1.zip'), parts.get('part-1.zip') as Buffer);
  const sevenZip = (passphrase: string) => execFileSync('7z', ['x', '-y', `-p${passphrase}`, 'part-1.zip'], { cwd: folder, stdio: 'pipe' });
  expect(() => sevenZip('correct horse battery staple')).toThrow();
  sevenZip(container.passphrase);
  expect(readFileSync(join(folder, 'file-1.txt'), 'utf8')).toBe(`${SECRET}, part-1`);
});

test('WOR CH-04: once it has withdrawn nothing more is made for it', async () => {
  await example.world.system.registrar.withdraw('worcestershire', NURSERY);
  const before = postfix.mails.length;
  const answer = await example.sender.submit((await example.contained(TO_NURSERY)).share);
  expectProblem(answer, 422, 'NO_COMMON_AGREEMENT');
  expect(postfix.mails).toHaveLength(before);
});
