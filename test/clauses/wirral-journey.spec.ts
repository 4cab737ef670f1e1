import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { pinnedKeys } from '#envelope/signing-keys';
import { verifyProvenance } from '#envelope/provenance';
import { Database } from '#platform/database';
import { admitted } from '#platform/log';
import { CANARY, CASEWORK, expectProblem, FRONT_DOOR, NURSE, REFERRAL, REFERRAL_TO_TWO, Scene } from '../journeys/referral';
import { eventually, openWorld, type World } from '../world/partnership';

// Rows of the clause catalogue that only the running system can prove: real gateway, courier, relay, database and keys.

let world: World;
let scene: Scene;
beforeAll(async () => {
  world = await openWorld();
  scene = new Scene(world);
});
afterAll(() => world.close());

test('S1, WIR RQ-01: a school refers a child to the front door, which acknowledges; the referrer sees it and how long it took', async () => {
  const { share, receipt } = await scene.send();
  const transfer = await scene.transfer(scene.council, share.id);
  expect(transfer).toMatchObject({ purpose: 'front-door-referral', contact: 'front-door', sender: { agency: 'st-brigid-primary', contact: 'safeguarding-lead' } });
  expect(await scene.opened(scene.council, transfer, 'part-2')).toContain(CANARY);
  expect((await scene.council.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
  const [told] = (await scene.told(share.id)).transfers;
  expect(told).toMatchObject({ state: 'acknowledged', statements: [expect.objectContaining({ kind: 'acknowledged', agency: 'merebrook-council' })] });
  expect(told?.reachedMailboxAfterMs).toBeGreaterThan(0);
  expect(told?.collectedAfterMs).toBeGreaterThanOrEqual(told?.reachedMailboxAfterMs ?? Infinity);
});

test('WIR RC-01: sender and recipient each have one entry that says what was shared, with whom and why', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  const what = { share: share.id, purpose: 'front-door-referral', basis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'children-act-2004-s11', manifestDigest: receipt.manifestDigest, urgency: 'routine' };
  const [sent, ...more] = await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id });
  expect(more).toEqual([]);
  expect(sent).toMatchObject({
    ...what,
    decision: { by: 'designated-safeguarding-lead', contact: 'safeguarding-lead', reasons: ['protects-from-harm'], safetyConsidered: true },
    subjectReference: 'AB-1234',
    recipients: expect.arrayContaining([
      expect.objectContaining({ agency: 'merebrook-council', contact: 'front-door', categories: ['contacts-with-service', 'health', 'names'], route: 'mailbox', protection: 'openpgp' }),
      expect.objectContaining({ agency: 'kingfisher-families', contact: 'casework', categories: ['contacts-with-service', 'names'] }),
    ]),
    struckOff: [expect.objectContaining({ agency: 'kingfisher-families', part: 'part-3', code: 'NEED_TO_KNOW_MISSING' })],
  });
  for (const controller of ['merebrook-council', 'kingfisher-families']) {
    const announced = await scene.entries(controller, { kind: 'share-announced', share: share.id });
    expect(announced).toHaveLength(1);
    expect(announced[0]).toMatchObject({ ...what, from: 'st-brigid-primary', originator: 'st-brigid-primary' });
    expect(announced[0]).not.toHaveProperty('recipients');
  }
  expect(JSON.stringify(sent)).not.toContain(CANARY);
});

test('WIR RC-02: a transfer is complete only when the recipient has recorded it too, on its own signed word', async () => {
  const { share, receipt } = await scene.send();
  const transfer = await scene.transfer(scene.council, share.id);
  await scene.opened(scene.council, transfer, 'part-1');
  expect(await scene.entries('merebrook-council', { kind: 'share-received', share: share.id })).toEqual([]);
  expect(await scene.entries('st-brigid-primary', { kind: 'share-acknowledged', share: share.id })).toEqual([]);
  expect((await scene.told(share.id)).open).toBe(true);
  await scene.council.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest });
  expect(await scene.entries('merebrook-council', { kind: 'share-received', share: share.id })).toEqual([expect.objectContaining({ transfer: transfer.transfer, from: 'st-brigid-primary' })]);
  expect(await scene.entries('st-brigid-primary', { kind: 'share-acknowledged', share: share.id })).toEqual([expect.objectContaining({ transfer: transfer.transfer, by: 'merebrook-council' })]);
  expect((await scene.told(share.id)).open).toBe(false);
});

test("WIR RC-04: what comes to the front door stands in the Council's register, though another agency's nurse staffs the desk", async () => {
  const { share } = await scene.send({ parts: [{ category: 'names', text: CANARY, to: { [NURSE]: 'assesses-referral' } }] });
  await scene.arrived(scene.trust, share.id);
  expect(await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id })).toHaveLength(1);
  expect(await scene.entries('eastgate-health', { share: share.id })).toEqual([]);
  expect(await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id })).toEqual([expect.objectContaining({ recipients: [expect.objectContaining({ agency: 'eastgate-health', copyController: 'merebrook-council' })] })]);
});

test('WIR RC-12: a controller sees its own register and no row of another, whatever it asks', async () => {
  await scene.send(REFERRAL_TO_TWO);
  const gateway = world.system.database('gateway');
  for (const controller of ['st-brigid-primary', 'merebrook-council', 'kingfisher-families']) {
    const seen: { controller: string }[] = await gateway.as({ agency: controller, controller }, (tx) => tx.query('select distinct controller from waybill.entry'));
    expect(seen).toEqual([{ controller }]);
  }
  const [foreign] = await scene.entries('st-brigid-primary', { kind: 'share-sent' });
  expectProblem(await scene.charity.get(`/v1/register/entries/${String(foreign?.['id'])}/proof`), 404, 'NOT_FOUND');
  const own = await eventually(async () => (await scene.charity.get('/v1/register/entries')).json.items as { octets: string }[]);
  expect(own.every(({ octets }) => (JSON.parse(Buffer.from(octets, 'base64').toString()) as { controller: string }).controller === 'kingfisher-families')).toBe(true);
});

test('WIR MN-02: the charity has no copy of the part for which it has no need to know, and gets one when a need is given', async () => {
  const { share } = await scene.send(REFERRAL_TO_TWO);
  const transfer = await scene.transfer(scene.charity, share.id);
  expect(transfer.parts.map(({ name }) => name)).toEqual(['part-1', 'part-2']);
  expectProblem(await scene.charity.get(`/v1/mailbox/${transfer.transfer}/parts/part-3`), 404, 'NOT_FOUND');
  const needed = { parts: REFERRAL_TO_TWO.parts.map((part) => ({ ...part, to: { ...part.to, [CASEWORK]: 'works-with-person' } })) };
  const again = await scene.transfer(scene.charity, (await scene.send(needed)).share.id);
  expect(await scene.opened(scene.charity, again, 'part-3')).toContain('asthma');
});

test('WIR PV-01: the copy says from whom it comes, when and by what right, in a header of which no octet can be changed', async () => {
  const { share } = await scene.send();
  const item = await scene.arrived(scene.council, share.id);
  const { headers } = await scene.council.get(item.links.self);
  const pinned = await pinnedKeys((await scene.council.get('/.well-known/jwks.json')).json);
  const jws = String(headers['provenance']);
  const verdict = await verifyProvenance(jws, pinned);
  expect(verdict).toMatchObject({ ok: true, claims: { originator: { agency: 'st-brigid-primary', controller: 'st-brigid-primary', role: 'designated-safeguarding-lead' }, agreement: { id: 'wirral', version: world.agreement.version }, purpose: 'front-door-referral', classification: 'OFFICIAL-SENSITIVE', recipient: { agency: 'merebrook-council', contact: 'front-door' } } });
  expect(Date.parse(verdict.ok ? verdict.claims.created : '')).not.toBeNaN();
  for (let i = 0; i < jws.length; i += 7) {
    const changed = jws.slice(0, i) + (jws[i] === 'A' ? 'B' : 'A') + jws.slice(i + 1);
    expect((await verifyProvenance(changed, pinned)).ok).toBe(changed === jws);
  }
});

test('WIR RV-06: share and entries keep the version of the agreement under which they were made', async () => {
  const { share } = await scene.send();
  expect(await scene.sql('select agreement, agreement_version from waybill.share where id = $1', [share.id])).toEqual([{ agreement: 'wirral', agreement_version: world.agreement.version }]);
  const [entry] = await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id });
  expect(entry).toMatchObject({ agreement: { id: 'wirral', version: world.agreement.version, digest: world.agreement.digest } });
});

test('WIR RT-14: after acknowledgement, and after the maximum time, no octet of the payload is left; the entries stay', async () => {
  const left = async (id: string) => (await scene.sql<{ n: number }>(`select (select count(*) from waybill.chunk where share = $1) + (select count(*) from waybill.wrapped_key where share = $1) + (select count(*) from waybill.part where share = $1) + (select count(*) from waybill.line l join waybill.transfer t on t.id = l.transfer where t.share = $1) as n`, [id]))[0]?.n;
  const acknowledged = await scene.send();
  const never = await scene.send();
  const transfer = await scene.transfer(scene.council, acknowledged.share.id);
  expect(Number(await left(acknowledged.share.id))).toBeGreaterThan(0);
  await scene.opened(scene.council, transfer, 'part-1');
  await scene.council.state('acknowledged', transfer.transfer, { share: acknowledged.share.id, manifestDigest: acknowledged.receipt.manifestDigest });
  await eventually(async () => Number(await left(acknowledged.share.id)) === 0);
  await scene.arrived(scene.council, never.share.id);
  world.clock.advance(29 * 24 * 3_600_000);
  await eventually(async () => Number(await left(never.share.id)) === 0, 20_000);
  expect((await scene.told(never.share.id)).transfers).toEqual([expect.objectContaining({ state: 'undeliverable', endReason: 'not-collected' })]);
  for (const { share } of [acknowledged, never]) {
    expect(await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id })).toHaveLength(1);
    expect(await scene.entries('merebrook-council', { kind: 'payload-removed', share: share.id })).toHaveLength(1);
  }
  world.clock.advance(-29 * 24 * 3_600_000);
});

test('WIR CH-13: a delivery that fails is set aside where the sender sees it, and both registers hold the digest of what was sent', async () => {
  const letGo = await scene.holdQueue();
  const { share, receipt } = await scene.send();
  await scene.sql('update waybill.chunk set octets = set_byte(octets, 30, 255 - get_byte(octets, 30)) where share = $1', [share.id]);
  await letGo();
  const aside = await eventually(async () => (await scene.told(share.id)).transfers.find(({ events }) => events.some(({ kind }) => kind === 'set-aside')));
  expect(aside.events).toContainEqual(expect.objectContaining({ kind: 'set-aside', detail: 'digest-mismatch' }));
  expect(aside.state).toBe('queued');
  expect((await scene.council.get('/v1/mailbox')).json.items.some((item: { share: string }) => item.share === share.id)).toBe(false);
  const [sent] = await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id });
  const [announced] = await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id });
  expect(sent?.['parts']).toEqual(announced?.['parts']);
  expect(sent).toMatchObject({ manifestDigest: receipt.manifestDigest, parts: [expect.objectContaining({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) }), expect.anything()] });
});

test('WIR CH-08: nothing goes without TLS: neither to the gateway, nor from it to a database elsewhere; at rest all is sealed', async () => {
  await expect(Database.open('gateway', { host: 'db.example', port: 5432, database: 'waybill' })).rejects.toThrow(/without TLS/);
  const { port } = world.system;
  const plain = await new Promise<string>((resolve) => {
    const socket = connectPlain(port, '127.0.0.1', () => socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    let said = '';
    socket.on('data', (piece) => (said += piece.toString('latin1')));
    socket.on('error', () => resolve(said));
    socket.on('close', () => resolve(said));
  });
  expect(plain).not.toContain('200');
  const spoken = (maxVersion: 'TLSv1.1' | 'TLSv1.2') => new Promise<string>((resolve) => {
    const socket = connect({ port, host: 'localhost', ca: world.system.keys.authority.certificate, minVersion: maxVersion, maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.on('error', () => resolve('refused'));
  });
  expect(await spoken('TLSv1.1')).toBe('refused');
  expect(await spoken('TLSv1.2')).toBe('TLSv1.2');
  const { share } = await scene.send();
  const rows = await scene.sql<{ octets: Buffer }>('select octets from waybill.chunk where share = $1', [share.id]);
  expect(rows.length).toBe(2);
  for (const { octets } of rows) expect(octets.includes(CANARY)).toBe(false);
});

test('WIR CH-10: no secret stands in an answer, a log or a row, and none is taken into the directory', async () => {
  const { secret } = scene.school.keys();
  const bind = { agency: 'st-brigid-primary', contact: 'safeguarding-lead', use: 'seal' as const, certificate: secret, statement: new Uint8Array(), statementSignature: new Uint8Array() };
  await expect(world.system.registrar.bindCertificate(bind)).rejects.toThrow();
  expect(admitted({ password: 'hunter2', code: 'NO_PURPOSE' })).toEqual({ code: 'NO_PURPOSE', withheld: 1 });
  const secrets = [...spellings(Buffer.from(secret), Buffer.from(scene.school.keys().certificate.octets)), 'PRIVATE KEY', String(world.system.keys.provenance.privateKey.export({ format: 'jwk' }).d)];
  const answers = await Promise.all(['/v1/directory/agencies', '/v1/directory/agencies/st-brigid-primary/certificates', '/v1/register/export', '/.well-known/jwks.json', '/v1/mailbox'].map(async (path) => (await scene.school.get(path)).body.toString()));
  const tables = await scene.sql<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'waybill'`);
  const rows: string[] = [];
  for (const { name } of tables) rows.push(JSON.stringify(await scene.sql(`select t::text from ${name} t`)));
  for (const text of [...answers, readFileSync(world.system.logFile, 'utf8'), ...rows]) for (const each of secrets) expect(text.includes(each)).toBe(false);
  expect(answers[1]).toContain('certificate');
});

test('WIR PD-01: an outsider among the recipients refuses the share as a whole, and the answer names it', async () => {
  const outsider = 'nobody-of-ours/desk';
  const share = await scene.school.compose({ parts: REFERRAL.parts.map((part) => ({ ...part, to: { ...part.to, [outsider]: 'works-with-person' }, sealTo: [scene.certificates(FRONT_DOOR)] })) }, scene.certificates);
  const answer = await scene.school.submit(share);
  expectProblem(answer, 422, 'NO_COMMON_AGREEMENT');
  expect(JSON.stringify(answer.json)).toContain(outsider);
  expect(await scene.entries('merebrook-council', { share: share.id })).toEqual([]);
});

test.each<[string, string, object, string]>([
  ['PD-06', 'contacts', { posts: [] }, 'NO_SPOC'],
  ['PD-14', 'privacy assessment', {}, 'NO_PRIVACY_ASSESSMENT'],
])('WIR %s: no agency becomes a party without its %s', async (row, _what, _change, code) => {
  const agency = `newcomer-${row.toLowerCase()}`;
  const { registrar } = world.system;
  await registrar.admit({ agency, name: 'Newcomer', controller: { id: agency, name: 'Newcomer' }, types: ['school'], country: 'GB' });
  if (row === 'PD-14') await registrar.addContact(agency, { contact: 'office', kind: 'team', label: 'Office', posts: ['spoc', 'responsible-manager'], telephone: '+441514960901', verifiedOn: '2026-01-05' });
  const wanted = { agreement: 'wirral', entry: 'schools-and-colleges', ...(row === 'PD-06' ? { privacyAssessedOn: '2026-01-05', controlsConfirmed: true } : {}) };
  const refused: unknown = await registrar.activate(world.agreement, agency, wanted).catch((error: unknown) => error);
  expect((refused as { reasons: { code: string }[] }).reasons.map((reason) => reason.code)).toContain(code);
  expect(await scene.sql('select status from waybill.membership where agency = $1', [agency])).toEqual([]);
});


/** How octets of a secret key that its certificate does not have could stand in a text: in hexadecimal, and in Base64 at each of its three places. */
function spellings(secret: Buffer, certificate: Buffer): string[] {
  const windows = Array.from({ length: secret.length - 24 }, (_, i) => secret.subarray(i, i + 24)).filter((window) => certificate.indexOf(window) < 0);
  const [one, other] = [windows[Math.floor(windows.length / 3)], windows[Math.floor((windows.length * 2) / 3)]] as [Buffer, Buffer];
  return [one, other].flatMap((octets) => [octets.toString('hex'), ...[0, 1, 2].map((at) => octets.subarray(at, at + 21).toString('base64').slice(0, 26))]);
}
