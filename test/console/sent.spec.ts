import { FRONT_DOOR, REFERRAL_TO_TWO, Scene } from '../journeys/referral';
import { ask, signedIn } from '../world/console';
import { openWorld } from '../world/partnership';
import { received } from '../world/requests';

// What became of what an agency itself sent, in plain words, with what vouches for it.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ console: {} }));
});
afterAll(() => scene?.world.close());

const page = async (path: string, agency = 'st-brigid-primary', staff = 'sb-001'): Promise<string> => {
  const { status, body } = await ask(scene.world, 'GET', path, { as: await signedIn(scene.world, agency, staff) });
  return `${status} ${body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')}`;
};

test('S1: whoever sent a share sees at each recipient what became of it, who signed that with which key, what did not go and why, and where it stands in the register', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  await scene.arrived(scene.council, share.id);
  await scene.arrived(scene.charity, share.id);
  await received(scene, scene.council, scene.school, share, receipt.manifestDigest, 'front-door');
  const told = await page(`/sent/${share.id}`);
  expect(told).toMatch(/Kingfisher Family Support, Casework team New It lies in its mailbox here[^]*It reached the recipient’s mailbox/);
  expect(told).toMatch(/Merebrook Council, Integrated Front Door Acknowledged[^]*The recipient collected it, over TLS with its own certificate[^]*It was acknowledged, signed by merebrook-council: its copy is now the recipient’s/);
  for (const evidence of [scene.council.keys('front-door').certificate.fingerprint, scene.school.keys().certificate.fingerprint, receipt.manifestDigest, receipt.register.entry, 'NEED_TO_KNOW_MISSING']) expect(told).toContain(evidence);
  expect(await page('/sent')).toContain(`Share S-${share.id.slice(-8).toUpperCase()}`);
});

test('another team of the same agency, and the recipient, see nothing of what was sent; the agency’s data protection officer sees all', async () => {
  const own = await scene.council.compose({ parts: [{ category: 'names', text: 'x', to: { 'st-brigid-primary/safeguarding-lead': 'works-with-person' } }] }, scene.certificates);
  expect((await scene.council.submit(own)).status).toBe(202);
  const reference = own.id.slice(-8).toUpperCase();
  expect([(await page('/sent', 'merebrook-council', 'mc-014')).includes(reference), (await page('/sent', 'merebrook-council', 'mc-030')).includes(reference), (await page('/sent')).includes(reference)]).toEqual([true, true, false]);
  expect([(await page(`/sent/${own.id}`)).slice(0, 3), (await page(`/sent/${own.id}`, 'merebrook-council', 'mc-030')).slice(0, 3)]).toEqual(['404', '200']);
  await scene.sql(`update waybill.staff set contacts = '{emergency-duty-team}' where id = 'mc-015'`);
  expect([(await page('/sent', 'merebrook-council', 'mc-015')).includes(reference), (await page(`/sent/${own.id}`, 'merebrook-council', 'mc-015')).slice(0, 3)]).toEqual([false, '404']);
});

test('a page holds so many and leads to the next, and each share stands on one of them', async () => {
  await scene.sql(`insert into waybill.share (sender, id, controller, manifest_digest, manifest, signature, signer, signer_certificate, agreement, agreement_version, urgency, accepted_at, receipt, previous)
    select sender, gen_random_uuid(), controller, encode(sha256(n::text::bytea), 'hex'), manifest, signature, signer, signer_certificate, agreement, agreement_version, urgency, accepted_at - n * interval '1 minute', receipt, null from waybill.share, generate_series(1, 60) n where sender = 'st-brigid-primary' limit 60`);
  const links = async (path: string): Promise<{ ids: string[]; next: string | undefined }> => {
    const { body } = await ask(scene.world, 'GET', path, { as: await signedIn(scene.world, 'st-brigid-primary', 'sb-001') });
    return { ids: [...body.matchAll(/href="\/sent\/([0-9a-f-]{36})"/g)].map(([, id]) => id ?? ''), next: /href="(\/sent\?after=[^"]+)" rel="next"/.exec(body)?.[1] };
  };
  const first = await links('/sent');
  const second = await links(first.next ?? '');
  expect([first.ids.length, second.ids.length, second.next, new Set([...first.ids, ...second.ids]).size]).toEqual([50, 11, undefined, 61]);
  expect((await page('/sent?after=nowhere')).slice(0, 3)).toBe('400');
});

test('a front door’s address is nobody’s to guess: what is no id is not found', async () => {
  for (const id of ['1', FRONT_DOOR.replace('/', '-'), '01890a5d-ac96-774b-bcce-b302099a8057']) expect((await page(`/sent/${id}`)).slice(0, 3)).toBe('404');
});
