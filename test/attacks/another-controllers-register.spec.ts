import { Egress } from '#platform/egress';
import type { EntryPage } from '#protocol/answers';
import { ROUTES } from '#protocol/routes';
import { APPENDED_TYPE } from '#protocol/uploads';
import { reportBreach } from '../world/breaches';
import { aboutAgreement } from '../world/agreements';
import { aboutCustody } from '../world/custody';
import { aboutMembership } from '../world/memberships';
import { firstDraft, notifying } from '../world/notifications';
import { callMeeting, meetingStatement } from '../world/meetings';
import { ask } from '../world/requests';
import { disclosure, recordDisclosure } from '../world/disclosures';
import { answerMatter, putMatter, recordRights } from '../world/matters';
import { notShared, record } from '../world/not-shared';
import { CASEWORK, CANARY, expectProblem, FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import type { Answer, FormField, TestPartner } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { releaseOf } from '../world/releases';

/** An agency with a certificate of its own asks for what is another's, by every route that there is. */
let scene: Scene;
let share: string;
let transfer: string;
let entry: string;
let theirs: string;
let upload: string;
let decision: string;
let disclosed: string;
let requested: string;
let duty: string;
let matter: string;
let rights: string;
let breach: string;
let notification: string;
let meeting: string;
const WEBHOOK = Buffer.from(JSON.stringify({ url: 'https://hooks.merebrook.example/QX-0001', sends: 'reference' }));
const JSON_TYPE = { 'content-type': 'application/json' };
beforeAll(async () => {
  scene = new Scene(await openWorld({ egress: new Egress({ resolve: () => Promise.resolve([]) }) }));
  const sent = await scene.send({ ...REFERRAL, reference: 'QX-0001' });
  [share, transfer] = [sent.share.id, transferTo(sent.receipt, FRONT_DOOR)];
  await scene.opened(scene.council, await scene.transfer(scene.council, share), 'part-1');
  entry = sent.receipt.register.entry;
  // The outsider has something of its own to find, so that an answer without a foreign row is not an empty one.
  const own = await scene.send({ parts: [{ category: 'names', text: CANARY, to: { [CASEWORK]: 'works-with-person' } }] });
  theirs = own.share.id;
  await scene.arrived(scene.charity, theirs);
  const made = await notShared(scene.world, scene.school, { words: 'no', fields: { reference: 'QX-0001' } });
  expect((await record(scene.school, made)).status).toBe(201);
  decision = made.id;
  const told = await disclosure(scene.world, scene.school, { route: { by: 'verbal', at: scene.world.clock.now().toISOString() }, words: 'no', reference: 'QX-0001' });
  expect((await recordDisclosure(scene.school, told)).status).toBe(201);
  disclosed = told.id;
  const put = await putMatter(scene.world, scene.council, 'consultation', transfer, { fields: { right: 'access' }, words: 'no', to: [scene.school] });
  matter = (put.json as { matter: string }).matter;
  expect((await answerMatter(scene.world, scene.school, matter, 'no-objection', { words: 'no', to: [scene.council] })).status).toBe(200);
  rights = ((await recordRights(scene.world, scene.school, 'access', [transfer], { fields: { reference: 'QX-0001' }, words: 'no', to: [scene.school] })).json as { rightsRequest: string }).rightsRequest;
  meeting = ((await callMeeting(scene.world, scene.council, FRONT_DOOR, { 'st-brigid-primary/safeguarding-lead': 'advises' })).json as { meeting: string }).meeting;
  breach = (await reportBreach(scene.world, scene.school, { shares: [share] })).breach;
  requested = (await ask(scene, scene.school, FRONT_DOOR)).request;
  expect((await scene.council.ask('PUT', '/v1/webhooks/front-door', WEBHOOK, JSON_TYPE)).status).toBe(200);
  duty = ((await scene.council.get('/v1/duties')).json as { items: { duty: string }[] }).items[0]?.duty ?? '';
  upload = ((await scene.school.ask('POST', '/v1/uploads')).json as { upload: string }).upload;
  const drafting = await notifying(scene, 'st-brigid-primary', 'merebrook-council');
  notification = ((await scene.school.form('POST', '/v1/notifications', await firstDraft(scene, 'st-brigid-primary', drafting))).json as { notification: string }).notification;
  await eventually(async () => (await scene.school.get(`/v1/register/entries/${entry}/proof`)).status === 200);
  // A list shows an entry once it has its place in the log: every one of them, before anybody looks.
  await eventually(async () => (await scene.sql('select from waybill.pending_leaf')).length === 0);
});
afterAll(() => scene.world.close());

const statement = (who: TestPartner, path: string): Promise<FormField[]> => {
  const kind = path.split('/').at(-1) ?? '';
  const about = { share, manifestDigest: 'a'.repeat(64), ...(kind === 'recall' ? {} : { transfer }) };
  if (kind === 'releases') return who.statement('released', about, { release: releaseOf(scene.world, 'front-door') });
  return who.statement(kind === 'recall' ? 'recalled' : kind, about, { reason: kind === 'recall' ? 'sent-in-error' : 'not-for-us' });
};
/** An agreement names nobody: what is said under it is the asker's own. One in which it has no place shows it nothing. */
// Of one that is not there, and of one to which none of them is party.
const NO_AGREEMENT = 'no-agreement';
/** What names one thing: the ids of another's, in each place where a path has one. */
const NAMED: Record<string, () => string> = { id: () => '', share: () => share, transfer: () => transfer, name: () => 'part-1', entry: () => entry, upload: () => upload, contact: () => 'front-door', duty: () => duty, agreement: () => 'solihull', matter: () => matter, rights: () => rights, breach: () => breach, notification: () => notification, meeting: () => meeting };
const filled = (path: string): string => path.replace('/v1/memberships/{agreement}', `/v1/memberships/${NO_AGREEMENT}`).replace(/\{([a-z]+)\}/gi, (_, name: string) => (path.includes('/register/') ? entry : path.includes('/shares/') ? share : path.includes('/decisions/') ? decision : path.includes('/disclosures/') ? disclosed : path.startsWith('/v1/requests/') ? requested : (NAMED[name] ?? NAMED['transfer'])?.() || transfer));
const asked = async (who: TestPartner, method: string, url: string): Promise<Answer> => {
  if (method === 'GET' || method === 'DELETE') return who.ask(method, url);
  if (method === 'PATCH') return who.ask(method, url, Buffer.from('octets'), { 'content-type': APPENDED_TYPE, 'upload-offset': '0' });
  if (url.startsWith('/v1/webhooks/')) return method === 'PUT' ? who.ask(method, url, WEBHOOK, JSON_TYPE) : who.ask(method, url.endsWith('/replay') ? `${url}?since=2026-01-01T00:00:00Z` : url);
  if (url.startsWith('/v1/duties/')) return who.ask(method, url, Buffer.from(JSON.stringify({ because: 'shared-anew', by: { agency: who.agency, contact: who.contact } })), JSON_TYPE);
  if (url.startsWith('/v1/meetings/')) return who.form(method, url, await meetingStatement(scene.world, who, meeting, 'signed-in', { fields: { details: 'shared' } }));
  if (url.startsWith('/v1/agreements/')) return who.form(method, url, await aboutAgreement(scene.world, who, 'solihull', 'law-changed', { on: '2026-01-05' }));
  if (url.startsWith('/v1/custody/')) return who.form(method, url, await aboutCustody(scene.world, who, who.contact, { contact: 'front-door', keys: [scene.council.keys('front-door').certificate.fingerprint] }));
  if (url.startsWith('/v1/memberships/')) return who.form(method, url, await aboutMembership(scene.world, who, NO_AGREEMENT, 'withdraws'));
  if (url.startsWith('/v1/register/subjects/')) return who.ask(method, url, Buffer.from(JSON.stringify({ indexes: ['ab'.repeat(32)] })), JSON_TYPE);
  return who.form(method, url, await statement(who, url));
};
const withIds = ROUTES.filter(({ path, room }) => path.includes('{') && (room !== 'directory' || path.startsWith('/v1/custody/') || path.startsWith('/v1/memberships/')));
const OUTSIDERS = ['kingfisher-families', 'eastgate-health'];

describe.each(OUTSIDERS)('%s', (agency) => {
  test.each(withIds.map(({ method, path }) => [method, path]))('by %s %s finds nothing of another’s', async (method, path) => {
    const who = scene.world.partner(agency);
    const url = filled(path);
    const answer = await asked(who, method, url);
    expectProblem(answer, 404, 'NOT_FOUND');
    expect(answer.body.toString()).not.toMatch(/st-brigid|merebrook|QX-0001/);
  });
});

test.each<[string, string]>([['the recipient asks for the sender’s timeline', '/v1/shares/{share}'], ['the recipient asks for the sender’s entry', '/v1/register/entries/{entry}/proof']])('%s: it is not there', async (_what, path) => {
  expectProblem(await scene.council.get(path.replace('{share}', share).replace('{entry}', entry)), 404, 'NOT_FOUND');
});

test('the sender asks for the recipient’s copy, and acknowledges in its place: it is not there', async () => {
  for (const end of ['', '/manifest', '/lines', '/parts/part-1', '/envelope']) expectProblem(await scene.school.get(`/v1/mailbox/${transfer}${end}`), 404, 'NOT_FOUND');
  expectProblem(await scene.school.form('PUT', `/v1/mailbox/${transfer}/acknowledged`, await statement(scene.school, '/acknowledged')), 404, 'NOT_FOUND');
  expect((await scene.told(share)).transfers[0]?.state).toBe('collected');
});

/** Routes that name nothing: each is the asker's own list. */
const LISTS = ['/v1/mailbox', '/v1/register/entries', '/v1/register/export', '/v1/register/checkpoint', '/v1/decisions', '/v1/disclosures', '/v1/requests', '/v1/webhooks', '/v1/duties', '/v1/matters', '/v1/rights-requests', '/v1/retention', '/v1/breaches', '/v1/custody', '/v1/memberships', '/v1/meetings', '/v1/requests/ageing', '/v1/lists', '/v1/notifications', '/v1/notifications/placement?register=ofsted-social-care&number=SC123456'];
/** What one of them holds of its own, where it is not the share itself. */
const HOLDS: Record<string, string> = { '/v1/register/export': 'kingfisher-families', '/v1/duties': '"kind":"collect"' };

test.each(LISTS)('%s is one’s own, and holds no foreign row', async (path) => {
  const own: Record<string, RegExp> = { 'kingfisher-families': /merebrook|QX-0001/, 'eastgate-health': /merebrook|st-brigid|kingfisher|QX-0001/ };
  for (const agency of OUTSIDERS) {
    const { status, body, json } = await scene.world.partner(agency).get(path);
    expect(status).toBe(200);
    const octets = path.endsWith('/entries') ? (json as EntryPage).items.map((item) => Buffer.from(item.octets ?? '', 'base64').toString()).join('\n') : body.toString();
    expect(octets).not.toMatch(own[agency] as RegExp);
    expect(octets).not.toContain(share);
    if (agency === 'kingfisher-families' && path !== '/v1/register/checkpoint' && !['/v1/decisions', '/v1/disclosures', '/v1/requests', '/v1/webhooks', '/v1/matters', '/v1/rights-requests', '/v1/retention', '/v1/breaches', '/v1/custody', '/v1/memberships', '/v1/meetings', '/v1/requests/ageing'].includes(path) && !path.startsWith('/v1/notifications') && path !== '/v1/lists') expect(octets).toContain(HOLDS[path] ?? theirs);
  }
});

test('consistency is of one’s own log: the sizes of another’s name nothing', async () => {
  // What was read before is on record, and has its place: none of the sizes becomes one’s own while they are asked for.
  await eventually(async () => (await scene.sql('select from waybill.pending_leaf limit 1')).length === 0);
  const sizes = await scene.sql<{ size: string; controller: string }>('select size, controller from waybill.checkpoint order by size');
  const own = new Set(sizes.filter(({ controller }) => controller === 'eastgate-health').map(({ size }) => size));
  const foreign = sizes.filter(({ size }) => !own.has(size));
  expect(foreign.length).toBeGreaterThan(0);
  for (const { size } of foreign) expectProblem(await scene.trust.get(`/v1/register/consistency?from=${size}&to=${size}`), 404, 'NOT_FOUND');
});

test('no route is without its cell', () => {
  const covered = new Set([...withIds.map(({ path }) => path), ...LISTS.map((path) => path.split('?')[0] ?? path), '/v1/register/consistency']);
  // What is everybody's to read, and what only ever writes in the asker's own name.
  const others = ROUTES.map(({ path }) => path).filter((path) => !covered.has(path)).sort();
  expect(others).toEqual(['/.well-known/jwks.json', '/.well-known/waybill.json', '/health/live', '/health/ready', '/v1/agreements', '/v1/directory/agencies', '/v1/directory/agencies/{agency}/certificates', '/v1/directory/enrolment', '/v1/disclosure-plans', '/v1/event-stream', '/v1/event-stream', '/v1/event-stream', '/v1/event-stream/keys', '/v1/event-stream/verification', '/v1/register/control-tests', '/v1/share-plans', '/v1/shares', '/v1/uploads']);
});
