import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { readEnvelope } from '#exchange/consignment';
import { readPartOctets } from '#envelope/parts';
import { openSmime } from '#envelope/smime-opening';
import { sealSmime } from '#envelope/smime-sealing';
import { Openssl, type Person } from '../witness/openssl';
import { type SharePlan } from '../world/partner';
import { notShared, record } from '../world/not-shared';
import { eventually, openWorld } from '../world/partnership';
import { bindSmime, VISITORS_WITHOUT_OPENPGP } from '../world/smime';
import { CANARY, CASEWORK, expectProblem, HEALTH_VISITORS, REFERRAL, Scene, transferTo } from './referral';

/** Health visitors with a certificate and no OpenPGP key; a charity with both; openssl in the place of anybody's program. */
const openssl = new Openssl();
const [VISITORS, VISITORS_NEXT, CASEWORKERS, SIGNER] = [openssl.person('visitors', 'rsa'), openssl.person('visitors-next', 'P-384'), openssl.person('casework', 'P-256'), openssl.person('school', 'P-256')];

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ cast: VISITORS_WITHOUT_OPENPGP }));
  await bindSmime(scene.world, HEALTH_VISITORS, VISITORS);
  await bindSmime(scene.world, CASEWORK, CASEWORKERS);
  await bindSmime(scene.world, 'st-brigid-primary/safeguarding-lead', SIGNER, ['sign']);
});
afterAll(async () => {
  await scene.world.close();
  openssl.end();
});

const byOpenssl = (...to: Person[]) => (octets: Buffer) => openssl.encrypted(octets, to);
const cms = (text: string, to: Record<string, string>, sealed: NonNullable<SharePlan['parts'][number]['sealed']>): SharePlan => ({ parts: [{ category: 'names', text, to, sealed }] });
const copyOf = async (who: Scene['trust'], transfer: string, part = 'part-1') => (await who.get(`/v1/mailbox/${transfer}/parts/${part}`)).body;

test('WIR CH-01: what openssl seals to a certificate is accepted, recorded as S/MIME by both sides, and opened with openssl', async () => {
  const { share, receipt } = await scene.send(cms(`Name: ${CANARY}`, { [HEALTH_VISITORS]: 'assesses-referral' }, byOpenssl(VISITORS)));
  expect(receipt.transfers).toEqual([expect.objectContaining({ route: 'mailbox', protection: 'smime' })]);
  for (const [controller, kind] of [['st-brigid-primary', 'share-sent'], ['eastgate-health', 'share-announced']] as const) {
    const [entry] = await scene.entries(controller, { kind, share: share.id });
    const recorded = kind === 'share-sent' ? (entry?.['recipients'] as object[])[0] : entry;
    expect(recorded).toMatchObject({ protection: 'smime', keys: [VISITORS.certificate.names[0]?.slice(0, 16).toLowerCase()] });
  }
  const transfer = await scene.transfer(scene.trust, share.id);
  const answer = await scene.trust.get(transfer.parts[0]?.href ?? '');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/pkcs7-mime;smime-type=authEnveloped-data']);
  expect(openssl.decrypted(answer.body, VISITORS).toString()).toBe(`Name: ${CANARY}`);
  expect((await scene.trust.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
});

test('one part to two certificates: each copy names its own recipient alone, opens with its key alone, and has the digest of its line', async () => {
  const { share, receipt } = await scene.send(cms('for two', { [HEALTH_VISITORS]: 'assesses-referral', [CASEWORK]: 'works-with-person' }, byOpenssl(VISITORS, CASEWORKERS)));
  await Promise.all([scene.arrived(scene.trust, share.id), scene.arrived(scene.charity, share.id)]);
  for (const [who, to, own, other] of [[scene.trust, HEALTH_VISITORS, VISITORS, CASEWORKERS], [scene.charity, CASEWORK, CASEWORKERS, VISITORS]] as const) {
    const copy = await copyOf(who, transferTo(receipt, to));
    const read = await readPartOctets(copy, { maxOctets: 100_000, maxAddressees: 9 });
    expect(read.ok && [read.part.digest, read.part.addressees.map(({ keyId }) => keyId)]).toEqual([(JSON.parse(share.lines[0] ?? '{}') as { digest: string }).digest, [own.certificate.names[0]]]);
    expect(openssl.decrypted(copy, own).toString()).toBe('for two');
    expect(openSmime({ octets: copy, identities: [other.identity], manifest: share.id, part: 'part-1', at: new Date() })).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });
  }
  expect(await scene.sql('select part, keys from waybill.wrapped_key where share = $1 order by keys', [share.id])).toEqual([VISITORS, CASEWORKERS].map(({ certificate }) => ({ part: 'part-1', keys: [certificate.names[0]] })).sort((a, b) => ((a.keys[0] ?? '') < (b.keys[0] ?? '') ? -1 : 1)));
  expect(await scene.sql('select count(*)::int as runs from waybill.part where share = $1', [share.id])).toEqual([{ runs: 1 }]);
});

test('one share, a part in each form: the envelope says which is which, and the queue carried both unchanged', async () => {
  const { share, receipt } = await scene.send({ parts: [...REFERRAL.parts.slice(0, 1), { category: 'contacts-with-service', text: 'for the visitors', to: { [HEALTH_VISITORS]: 'assesses-referral' }, sealed: byOpenssl(VISITORS) }] });
  expect(receipt.transfers.map(({ protection }) => protection).sort()).toEqual(['openpgp', 'smime']);
  await Promise.all([scene.arrived(scene.trust, share.id), scene.arrived(scene.council, share.id)]);
  expect(await scene.opened(scene.council, await scene.transfer(scene.council, share.id), 'part-1')).toBe(`Name: ${CANARY}`);
  const { body, headers } = await scene.trust.get(`/v1/mailbox/${transferTo(receipt, HEALTH_VISITORS)}/envelope`);
  expect(body.toString('latin1')).toContain('Content-Type: application/pkcs7-mime;smime-type=authEnveloped-data\r\nContent-Disposition: attachment; name="part-2"');
  const copy = readEnvelope(/boundary=(\w+)$/.exec(String(headers['content-type']))?.[1] ?? '', body)?.get('part-2');
  expect(openssl.decrypted(copy ?? Buffer.alloc(0), VISITORS).toString()).toBe('for the visitors');
});

test('a contact that has both gets what the sender chose, and all of it in one form', async () => {
  const both = { [CASEWORK]: 'works-with-person' };
  const { receipt } = await scene.send(cms('x', both, byOpenssl(CASEWORKERS)));
  expect(receipt.transfers[0]).toMatchObject({ protection: 'smime' });
  expect((await scene.send({ parts: [{ category: 'names', text: 'x', to: both }] })).receipt.transfers[0]).toMatchObject({ protection: 'openpgp' });
  const mixed = await scene.compose({ parts: [{ category: 'names', text: 'x', to: both }, { category: 'contacts-with-service', text: 'x', to: both, sealed: byOpenssl(CASEWORKERS) }] });
  const answer = await scene.school.submit(mixed);
  expectProblem(answer, 422, 'SEALED_OTHERWISE');
  expect(answer.json.reasons).toEqual([expect.objectContaining({ part: 'part-2', recipient: CASEWORK })]);
});

test('a part that comes in pieces over several connections is accepted, cut and opened', async () => {
  const share = await scene.compose(cms('in pieces', { [HEALTH_VISITORS]: 'assesses-referral' }, byOpenssl(VISITORS, VISITORS_NEXT)));
  const octets = Buffer.from(share.parts.get('part-1') ?? []);
  const { upload } = (await scene.school.ask('POST', '/v1/uploads')).json as { upload: string };
  // The head alone is not known to be followed by anything sealed, and is not kept.
  let at = 0;
  for (const to of [300, octets.length - 5, octets.length]) {
    const { json } = await scene.school.ask('PATCH', `/v1/uploads/${upload}`, octets.subarray(at, to), { 'content-type': 'application/partial-upload', 'upload-offset': String(at) });
    at = json.offset as number;
  }
  expect(at).toBe(octets.length);
  const kept = await scene.sql<{ octets: Buffer }>('select octets from waybill.upload_chunk where upload = $1 order by seq', [upload]);
  expect(octets.subarray(octets.length - Buffer.concat(kept.map((row) => row.octets)).length).equals(Buffer.concat(kept.map((row) => row.octets)))).toBe(true);
  const fields = [{ name: 'manifest', octets: share.manifest }, { name: 'signature', octets: share.signature }, { name: 'lines', octets: Buffer.from(JSON.stringify(share.lines)) }];
  const boundary = 'pieces';
  const body = Buffer.concat([
    ...fields.flatMap((field) => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field.name}"; filename="x"\r\n\r\n`), Buffer.from(field.octets), Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="part-1"; filename="x"\r\nContent-Type: application/vnd.waybill.upload\r\n\r\n${upload}\r\n--${boundary}--\r\n`),
  ]);
  const submitted = await scene.school.ask('POST', '/v1/shares', body, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  expectProblem(submitted, 422, 'UNKNOWN_ADDRESSEE');
  await bindSmime(scene.world, HEALTH_VISITORS, VISITORS_NEXT);
  const again = await scene.school.ask('POST', '/v1/shares', body, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  expect(again.status).toBe(202);
  const transfer = await scene.transfer(scene.trust, share.id);
  const copy = await copyOf(scene.trust, transfer.transfer);
  for (const own of [VISITORS, VISITORS_NEXT]) expect(openssl.decrypted(copy, own).toString()).toBe('in pieces');
});

test('who signed inside is bound to the share and the part: read as another, it is refused', async () => {
  const { share } = await scene.send(cms('signed', { [HEALTH_VISITORS]: 'assesses-referral' }, (octets, as) => sealSmime({ octets, to: [VISITORS.certificate], signer: SIGNER.identity, ...as })));
  const transfer = await scene.transfer(scene.trust, share.id);
  const copy = await copyOf(scene.trust, transfer.transfer);
  const opening = { octets: copy, identities: [VISITORS.identity], author: [{ certificate: SIGNER.certificate }], manifest: share.id, part: 'part-1', at: scene.world.clock.now() };
  expect(openSmime(opening)).toMatchObject({ ok: true, author: 'bound', signedBy: SIGNER.certificate.fingerprint });
  expect(openSmime({ ...opening, part: 'part-2' })).toMatchObject({ ok: false, code: 'BOUND_TO_ANOTHER' });
  expect(transfer.signers.filter(({ form }) => form === 'smime').map(({ fingerprint, use }) => `${use} ${fingerprint}`)).toEqual([`sign ${SIGNER.certificate.fingerprint}`]);
});

test('words that an agency keeps may be sealed to its own certificate, and come back as they were; a container is no way to seal them', async () => {
  const made = await notShared(scene.world, scene.trust, { wordsOctets: openssl.encrypted('why not', [VISITORS]) });
  expect(await record(scene.trust, made)).toMatchObject({ status: 201 });
  const words = await scene.trust.get(`/v1/decisions/${made.id}/words`);
  expect([words.headers['content-type'], openssl.decrypted(words.body, VISITORS).toString()]).toEqual(['application/pkcs7-mime;smime-type=authEnveloped-data', 'why not']);
  expectProblem(await record(scene.trust, await notShared(scene.world, scene.trust, { wordsOctets: openssl.encrypted('x', [CASEWORKERS]) })), 422, 'WORDS_NOT_OWN');
  const container = await makeContainer({ files: [{ octets: Buffer.from('why not'), kind: 'txt' }], passphrase: newPassphrase() });
  expectProblem(await record(scene.trust, await notShared(scene.world, scene.trust, { wordsOctets: container })), 422, 'WORDS_NOT_OWN');
});

describe('a certificate that was revoked', () => {
  const waiting = async () => {
    const { share } = await scene.send(cms('x', { [HEALTH_VISITORS]: 'assesses-referral' }, byOpenssl(VISITORS)));
    return scene.transfer(scene.trust, share.id);
  };
  const revoked = async (person: Person) => {
    await scene.world.system.registrar.revokeCertificate(person.certificate.fingerprint, 'lost');
    return person;
  };

  test('holds what was sealed to it, whoever looks first, and stands in the register of its agency', async () => {
    const [asked, left] = [await waiting(), await waiting()];
    await revoked(VISITORS);
    expectProblem(await scene.trust.get(`/v1/mailbox/${asked.transfer}/parts/part-1`), 409, 'TRANSFER_HELD');
    // Nobody asks for the other: the relay finds it.
    const held = await eventually(async () => (await scene.told(left.share)).transfers.find(({ state }) => state === 'held'));
    expect(held.events.at(-1)).toMatchObject({ kind: 'held', detail: 'key-revoked' });
    expect(await scene.sql('select kind, owner from waybill.duty where transfer = any($1) and closed_at is null', [[asked.transfer, left.transfer]])).toEqual([asked, left].map(() => ({ kind: 'seal-again', owner: 'st-brigid-primary' })));
    const [bound, gone] = [await scene.entries('eastgate-health', { kind: 'key-bound' }), await scene.entries('eastgate-health', { kind: 'key-revoked' })];
    const fingerprint = VISITORS.certificate.fingerprint.toLowerCase();
    expect(bound).toEqual(expect.arrayContaining([expect.objectContaining({ contact: 'health-visitors', use: 'seal', form: 'smime', fingerprint })]));
    expect(gone).toEqual([expect.objectContaining({ contact: 'health-visitors', use: 'seal', form: 'smime', fingerprint, reason: 'lost' })]);
  });

  test('CH-15: is sealed to no more', async () => {
    const answer = await scene.school.submit(await scene.compose(cms('x', { [HEALTH_VISITORS]: 'assesses-referral' }, byOpenssl(VISITORS, VISITORS_NEXT))));
    expectProblem(answer, 422, 'KEY_NOT_VERIFIED');
    expect(answer.json.reasons).toEqual([expect.objectContaining({ cause: 'revoked', recipient: HEALTH_VISITORS, keyId: VISITORS.certificate.names[0] })]);
    await revoked(VISITORS_NEXT);
    const nobody = await scene.school.submit(await scene.compose(cms('x', { [HEALTH_VISITORS]: 'assesses-referral' }, byOpenssl(VISITORS_NEXT))));
    expectProblem(nobody, 422, 'NOBODY_LEFT');
  });
});
