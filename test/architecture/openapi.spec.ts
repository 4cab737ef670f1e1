import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { Ajv2020 } from 'ajv/dist/2020';
import type { AgencyTold } from '#directory/directory';
import type { PublishedKey } from '#envelope/signing-keys';
import { DUTY_CODES } from '#duties/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import { Egress } from '#platform/egress';
import type { Problem } from '#protocol/problem';
import type * as published from '#protocol/published';
import { type Route, ROUTES } from '#protocol/routes';
import type { ConsistencyFile, InclusionFile } from '#register/evidence';
import { EDGE_CODES, type ProblemBody } from '../../apps/gateway/problems';
import { problemsOf } from '../../deploy/scripts/generate/openapi';
import { type Answer, ask } from '../world/partner';
import { aboutBreach, breachReport } from '../world/breaches';
import { lookedAfter, stateOfAgreement } from '../world/agreements';
import { aboutCustody } from '../world/custody';
import { aboutMembership } from '../world/memberships';
import { firstDraft, notificationForm, notifying } from '../world/notifications';
import { callMeeting, stateOfMeeting } from '../world/meetings';
import { aboutRequest, answerWith, asking, put } from '../world/requests';
import { askedOf, disclosure, recordDisclosure } from '../world/disclosures';
import { answerForm, answerMatter, matterForm, putMatter, recordRights, retentionForm, rightsForm, stateKept, stateRights, takenIn } from '../world/matters';
import { notShared, proposalOf, record } from '../world/not-shared';
import { eventually, type World } from '../world/partnership';
import { releaseOf } from '../world/releases';
import { CASEWORK, CANARY, FRONT_DOOR, REFERRAL, REFERRAL_TO_TWO } from '../journeys/referral';
import { MailScene } from '../journeys/by-mail';
import { faultsOf } from './openapi-rules';

interface Operation {
  operationId: string;
  responses: Record<string, { content: Record<string, { schema?: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object; examples?: object[]; additionalProperties?: boolean }> };
}

// A field that a room answers with and its class does not describe, or the other way round, does not compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const same: [Same<AgencyTold, published.AgencyTold>, Same<PublishedKey, published.KeyPublished>, Same<InclusionFile, published.InclusionTold>, Same<ConsistencyFile, published.ConsistencyTold>, Same<keyof Problem, keyof ProblemBody>] = [true, true, true, true, true];

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Document;
const operations = new Map(Object.values(document.paths).flatMap((item) => Object.values(item)).map((operation) => [operation.operationId, operation]));
const described = new Set<string>();
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, validateFormats: false, allErrors: true }).addKeyword('components');

/** As the document has them, but answers are closed: a field that is answered and not described is a fault. A reason's facts are open. */
const components = {
  schemas: Object.fromEntries(Object.entries(document.components.schemas).map(([name, schema]) => [name, schema.properties && name !== 'ProblemReason' ? { ...schema, additionalProperties: false } : schema])),
};

function faults(schema: object, value: unknown): string[] {
  const validate = ajv.compile({ ...schema, components });
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
}

/** Holds an answer to what the document says of this operation at this status. */
function hold(id: string, answer: Answer, status = 200): Answer {
  expect([id, answer.status, answer.status === status ? '' : answer.body.toString()]).toEqual([id, status, '']);
  const content = operations.get(id)?.responses[status]?.content ?? {};
  const type = String(answer.headers['content-type']).split(';')[0] as string;
  expect([id, status === 204 ? Object.keys(content).length === 0 : type in content]).toEqual([id, true]);
  const schema = content[type]?.schema;
  if (schema) expect([id, faults(schema, answer.json)]).toEqual([id, []]);
  described.add(`${id} ${status}`);
  return answer;
}

let world: World;
let scene: MailScene;
const routes = new Set<string>();
/** Fastify tells of each instance that it makes: the product needs no door for this test. */
const listening = (message: unknown): void => {
  const { fastify } = message as { fastify: { addHook(name: 'onRoute', hook: (route: { method: string | string[]; url: string }) => void): void } };
  fastify.addHook('onRoute', ({ method, url }) => [method].flat().forEach((each) => routes.add(`${each} ${url}`)));
};

beforeAll(async () => {
  channel('fastify.initialization').subscribe(listening);
  scene = await MailScene.open({ egress: new Egress({ resolve: () => Promise.resolve([]) }) });
  world = scene.world;
});
afterAll(async () => {
  channel('fastify.initialization').unsubscribe(listening);
  await scene.close();
});

test('every route of the running gateway stands in the table, and every route of the table runs', () => {
  const table = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect([...routes].sort()).toEqual(table.sort());
});

test('plan, share, mailbox: what is answered is what the document says', async () => {
  const { school, council, charity } = scene;
  const [front] = FRONT_DOOR.split('/');
  const lines = [{ recipient: { agency: front, contact: 'front-door' }, part: 'part-1', category: 'names', needToKnow: 'assesses-referral', kind: 'fact' }];
  for (const urgency of ['routine', 'emergency']) hold('planShare', await school.post('/v1/share-plans', { manifest: school.manifestOf({ urgency }), lines }));
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  hold('share', await school.submit(share), 202);
  expect(faults({ $ref: '#/components/schemas/Manifest' }, JSON.parse(share.manifest.toString()))).toEqual([]);
  for (const line of share.lines) expect(faults({ $ref: '#/components/schemas/Line' }, JSON.parse(line))).toEqual([]);
  const { transfer, links } = await scene.arrived(council, share.id);
  hold('mailbox', await council.get('/v1/mailbox?limit=1'));
  expect(hold('readTransfer', await council.get(links.self)).headers['provenance']).toBeDefined();
  hold('readManifest', await council.get(`${links.self}/manifest`));
  hold('readSignature', await council.get(`${links.self}/signature`));
  hold('readLines', await council.get(`${links.self}/lines`));
  hold('collectPart', await council.get(`${links.self}/parts/part-1`));
  hold('collectPart', await council.get(`${links.self}/parts/part-1`, { range: 'bytes=10-' }), 206);
  hold('collectPart', await council.get(`${links.self}/parts/part-1`, { range: 'bytes=1000000-' }), 416);
  hold('collectEnvelope', await council.get(`${links.self}/envelope`));
  const about = { share: share.id, manifestDigest: receipt.manifestDigest };
  hold('opened', await council.state('opened', transfer, about, { parts: [{ name: 'part-1', author: 'bound' }] }));
  hold('acknowledged', await council.state('acknowledged', transfer, about));
  const theirs = await scene.arrived(charity, share.id);
  hold('returned', await charity.state('returned', theirs.transfer, about, { reason: 'not-for-us' }));
  const [statement] = await council.statement('acknowledged', { transfer, ...about });
  expect(faults({ $ref: '#/components/schemas/Statement' }, JSON.parse(Buffer.from(statement?.octets ?? []).toString()))).toEqual([]);
  hold('followShare', await school.get(`/v1/shares/${share.id}`));
  const another = await scene.send({ ...REFERRAL, manifest: { urgency: 'emergency' } });
  hold('followShare', await school.get(`/v1/shares/${another.share.id}`));
  const release = async (of: typeof about & { transfer: string }) => school.form('POST', `/v1/shares/${of.share}/releases`, await school.statement('released', of, { release: releaseOf(world, 'reception') }));
  hold('releasePassphrase', await release({ transfer, ...about }), 409);
  const contained = await scene.mailsContained();
  hold('releasePassphrase', await release({ share: contained.id, transfer: contained.transfer, manifestDigest: contained.receipt.manifestDigest }));
  hold('recallShare', await school.recall(another.share.id, another.receipt.manifestDigest));
});

test('breaches: what is answered is what the document says', async () => {
  const { world, school, council, charity } = scene;
  const { share } = await scene.send();
  const report = await breachReport(world, council, { shares: [share.id], harm: 'yes' });
  const made = hold('reportBreach', await council.form('POST', '/v1/breaches', report), 201);
  const { breach } = made.json as { breach: string };
  hold('reportBreach', await council.form('POST', '/v1/breaches', await breachReport(world, council, { type: 'mislaid' })), 422);
  hold('breaches', await school.get('/v1/breaches?limit=1'));
  hold('breaches', await school.get('/v1/breaches?open=maybe'), 400);
  hold('stateOfBreach', await school.form('POST', `/v1/breaches/${breach}/statements`, await aboutBreach(world, school, breach, 'read')));
  hold('stateOfBreach', await school.form('POST', `/v1/breaches/${breach}/statements`, await aboutBreach(world, school, breach, 'outcome', { outcome: 'closed', reasons: ['all-done'] })), 422);
  hold('readBreach', await school.get(`/v1/breaches/${breach}`));
  hold('readBreach', await charity.get(`/v1/breaches/${breach}`), 404);
});

test('requests: what is answered is what the document says', async () => {
  const { council, charity, trust } = scene;
  const composed = await asking(scene, council, 'kingfisher-families/casework', { neededBy: '2099-01-01T00:00:00Z' });
  expect(faults({ $ref: '#/components/schemas/Manifest' }, JSON.parse(composed.manifest.toString()))).toEqual([]);
  const receipt = hold('ask', await put(council, composed), 202).json as { transfers: { transfer: string }[] };
  hold('ask', await put(council, await asking(scene, council, 'kingfisher-families/casework', { manifest: { purpose: undefined } })), 422);
  const request = receipt.transfers[0]?.transfer ?? '';
  const { answer, share } = await answerWith(scene, charity, request, { parts: [{ category: 'health', text: 'x', to: { 'merebrook-council/front-door': 'assesses-referral' } }], manifest: { answers: { categories: [{ category: 'health', answer: 'given' }] } } });
  hold('share', answer, 202);
  expect(faults({ $ref: '#/components/schemas/Manifest' }, JSON.parse(share.manifest.toString()))).toEqual([]);
  hold('ageingOfRequests', await scene.council.get('/v1/requests/ageing'));
  hold('stateOfCustody', await charity.form('POST', '/v1/custody/casework/statements', await aboutCustody(world, charity, 'casework')));
  hold('stateOfCustody', await charity.form('POST', '/v1/custody/casework/statements', await aboutCustody(world, charity, 'casework', { staff: 'kf-099' })), 422);
  hold('custody', await charity.get('/v1/custody'));
  const { id } = world.agreement;
  hold('memberships', await charity.get('/v1/memberships'));
  hold('oversight', await charity.get(`/v1/memberships/${id}/oversight?from=2026-01-01`));
  hold('oversight', await charity.get(`/v1/memberships/${id}/oversight?from=lately`), 400);
  const attested = await aboutMembership(world, charity, id, 'attests', { attested: { what: 'privacy-notice', on: '2026-01-05', link: 'https://kingfisher.example/privacy' } });
  expect(faults({ $ref: '#/components/schemas/MembershipStated' }, JSON.parse(Buffer.from(attested[0]?.octets ?? []).toString()))).toEqual([]);
  hold('stateOfMembership', await charity.form('POST', `/v1/memberships/${id}/statements`, await aboutMembership(world, charity, id, 'joins', { entry: 'x-x' })), 422);
  hold('stateOfMembership', await trust.form('POST', `/v1/memberships/${id}/statements`, await aboutMembership(world, trust, id, 'withdraws')));
  hold('requests', await charity.get('/v1/requests?limit=1'));
  hold('requests', await charity.get('/v1/requests?as=nobody'), 400);
  hold('readRequest', await charity.get(`/v1/requests/${request}`));
  const scrutinised = await aboutRequest(world, charity, request, 'disputed');
  expect(faults({ $ref: '#/components/schemas/RequestStated' }, JSON.parse(Buffer.from(scrutinised[0]?.octets ?? []).toString()))).toEqual([]);
  hold('stateOfRequest', await charity.form('POST', `/v1/requests/${request}/statements`, scrutinised));
  hold('stateOfRequest', await charity.form('POST', `/v1/requests/${request}/statements`, await aboutRequest(world, charity, request, 'escalated')), 422);
  hold('readRequest', await charity.get(`/v1/requests/${request}`));
  hold('readRequest', await trust.get(`/v1/requests/${request}`), 404);
});

test('notifications about providers: what is answered is what the document says', async () => {
  const { school, council, trust } = scene;
  const drafting = await notifying(scene, school.agency, council.agency);
  const drafted = await firstDraft(scene, school.agency, drafting);
  expect(faults({ $ref: '#/components/schemas/NotificationStated' }, JSON.parse(Buffer.from(drafted[0]?.octets ?? []).toString()))).toEqual([]);
  const { notification } = hold('draftNotification', await school.form('POST', '/v1/notifications', drafted), 201).json as { notification: string };
  hold('draftNotification', await school.form('POST', '/v1/notifications', await firstDraft(scene, school.agency, { ...drafting, purpose: 'contractual-dispute' })), 422);
  hold('lists', await school.get('/v1/lists'));
  hold('lists', await school.get('/v1/lists?on=2026-02-31'), 400);
  hold('notifications', await school.get('/v1/notifications?limit=1'));
  hold('notifications', await school.get('/v1/notifications?after=x'), 400);
  hold('placement', await council.get('/v1/notifications/placement?register=ofsted-urn&number=123456'));
  hold('placement', await council.get('/v1/notifications/placement?register=ofsted-urn'), 400);
  hold('readNotification', await school.get(`/v1/notifications/${notification}`));
  hold('readNotification', await trust.get(`/v1/notifications/${notification}`), 404);
  const again = async (fields: Record<string, unknown>) => school.form('POST', `/v1/notifications/${notification}/statements`, await notificationForm(scene, school, 'drafted', notification, { ...drafting, ...fields }));
  hold('stateOfNotification', await again({ purpose: 'protect-children' }));
  hold('stateOfNotification', await again({ purpose: 'undue-influence' }), 422);
});

test('matters and rights requests: what is answered is what the document says', async () => {
  const { school, council, trust } = scene;
  const { share, receipt } = await scene.send();
  const { transfer } = await takenIn(council, share, receipt.manifestDigest);
  const said = { fields: { categories: ['names'], wrong: ['wrong-value'], source: 'subject' }, words: CANARY, to: [council] };
  const put = await matterForm(world, school, 'correction', transfer, said);
  expect(faults({ $ref: '#/components/schemas/MatterPut' }, JSON.parse(Buffer.from(put[0]?.octets ?? []).toString()))).toEqual([]);
  const { matter } = hold('putMatter', await school.form('POST', '/v1/matters', put), 201).json as { matter: string };
  hold('putMatter', await putMatter(world, council, 'correction', transfer, said), 422);
  hold('matters', await council.get('/v1/matters?limit=1&open=true'));
  hold('matters', await council.get('/v1/matters?as=nobody'), 400);
  hold('readMatter', await council.get(`/v1/matters/${matter}`));
  hold('readMatterWords', await council.get(`/v1/matters/${matter}/words`));
  hold('readMatterWords', await trust.get(`/v1/matters/${matter}/words`), 404);
  const answered = await answerForm(world, council, matter, 'applied', { words: CANARY, to: [school] });
  expect(faults({ $ref: '#/components/schemas/MatterAnswered' }, JSON.parse(Buffer.from(answered[0]?.octets ?? []).toString()))).toEqual([]);
  hold('answerMatter', await council.form('POST', `/v1/matters/${matter}/answer`, answered));
  hold('answerMatter', await answerMatter(world, council, matter, 'not-applied', { fields: { reason: 'not-held' } }), 409);
  hold('readMatter', await school.get(`/v1/matters/${matter}`));
  hold('readMatter', await trust.get(`/v1/matters/${matter}`), 404);
  hold('readMatterAnswerWords', await school.get(`/v1/matters/${matter}/answer/words`));
  hold('readMatterAnswerWords', await trust.get(`/v1/matters/${matter}/answer/words`), 404);

  const recorded = await rightsForm(world, council, 'access', [transfer], { words: CANARY, to: [council] });
  expect(faults({ $ref: '#/components/schemas/RightsRequested' }, JSON.parse(Buffer.from(recorded[0]?.octets ?? []).toString()))).toEqual([]);
  const { rightsRequest } = hold('recordRightsRequest', await council.form('POST', '/v1/rights-requests', recorded), 201).json as { rightsRequest: string };
  hold('recordRightsRequest', await recordRights(world, council, 'complaint', [transfer]), 422);
  hold('rightsRequests', await council.get('/v1/rights-requests?limit=1'));
  hold('rightsRequests', await council.get('/v1/rights-requests?open=x'), 400);
  hold('readRightsWords', await council.get(`/v1/rights-requests/${rightsRequest}/words`));
  hold('readRightsWords', await school.get(`/v1/rights-requests/${rightsRequest}/words`), 404);
  hold('stateOfRightsRequest', await stateRights(world, council, rightsRequest, 'closed', {}), 422);
  hold('stateOfRightsRequest', await stateRights(world, council, rightsRequest, 'extended', { reason: 'complex' }));
  hold('stateOfRightsRequest', await stateRights(world, council, rightsRequest, 'closed', { items: [{ transfer, outcome: 'withheld', exemption: 'crime' }] }));
  hold('stateOfRightsRequest', await stateRights(world, council, rightsRequest, 'extended', { reason: 'complex' }), 409);
  hold('readRightsRequest', await council.get(`/v1/rights-requests/${rightsRequest}`));
  hold('readRightsRequest', await school.get(`/v1/rights-requests/${rightsRequest}`), 404);

  hold('kept', await council.get('/v1/retention?limit=1'));
  hold('kept', await council.get('/v1/retention?after=x'), 400);
  const ruled = await retentionForm(world, council, transfer, 'ruled', { months: 24 });
  expect(faults({ $ref: '#/components/schemas/RetentionStated' }, JSON.parse(Buffer.from(ruled[0]?.octets ?? []).toString()))).toEqual([]);
  hold('stateOfKept', await council.form('POST', `/v1/retention/${transfer}/statements`, ruled));
  hold('stateOfKept', await stateKept(world, council, transfer, 'disposed'), 422);
  hold('readKept', await council.get(`/v1/retention/${transfer}`));
  hold('readKept', await school.get(`/v1/retention/${transfer}`), 404);
});

test('decisions: what is answered is what the document says', async () => {
  const { school } = scene;
  const proposal = proposalOf(school, { agency: 'kingfisher-families', contact: 'casework' }, { purpose: undefined });
  const made = await notShared(world, school, { words: CANARY, proposal, fields: { reasons: ['agreement-does-not-permit'] } });
  const signed = JSON.parse(Buffer.from(made.fields[0]?.octets ?? []).toString()) as unknown;
  expect(faults({ $ref: '#/components/schemas/NotShared' }, signed)).toEqual([]);
  expect(faults({ $ref: '#/components/schemas/PlanAsked' }, JSON.parse(proposal.toString()))).toEqual([]);
  hold('decideNotToShare', await record(school, made), 201);
  hold('decideNotToShare', await record(school, await notShared(world, school, { fields: { reasons: ['data-protection'] } })), 422);
  hold('decisionsNotToShare', await school.get('/v1/decisions?limit=1'));
  hold('decisionsNotToShare', await school.get('/v1/decisions?after=x'), 400);
  hold('readDecisions', await school.get(`/v1/decisions/${made.id}`));
  hold('readWords', await school.get(`/v1/decisions/${made.id}/words`));
  hold('readWords', await scene.council.get(`/v1/decisions/${made.id}/words`), 404);
});

test('disclosures: what is answered is what the document says', async () => {
  const { school } = scene;
  const route = { by: 'telephone', at: world.clock.now().toISOString(), number: '+441514960101', identity: { how: 'called-back', by: 'social-worker', at: world.clock.now().toISOString() } };
  const asked = askedOf(world, school, { route });
  expect(faults({ $ref: '#/components/schemas/DisclosureAsked' }, JSON.parse(JSON.stringify(asked)))).toEqual([]);
  hold('planDisclosure', await school.post('/v1/disclosure-plans', asked));
  hold('planDisclosure', await school.post('/v1/disclosure-plans', { ...asked, route: {} }), 422);
  const made = await disclosure(world, school, { route, words: CANARY });
  expect(faults({ $ref: '#/components/schemas/Disclosure' }, JSON.parse(Buffer.from(made.fields[0]?.octets ?? []).toString()))).toEqual([]);
  hold('recordDisclosure', await recordDisclosure(school, made), 201);
  hold('recordDisclosure', await recordDisclosure(school, await disclosure(world, school, { route, manifest: { purpose: undefined } })), 422);
  hold('disclosures', await school.get('/v1/disclosures?limit=1'));
  hold('disclosures', await school.get('/v1/disclosures?after=x'), 400);
  hold('readDisclosure', await school.get(`/v1/disclosures/${made.id}`));
  hold('readDisclosureWords', await school.get(`/v1/disclosures/${made.id}/words`));
  hold('readDisclosureWords', await scene.council.get(`/v1/disclosures/${made.id}/words`), 404);
});

test('uploads: what is answered is what the document says', async () => {
  const { school } = scene;
  const sealed = (await scene.compose()).parts.get('part-1') as Uint8Array;
  const { upload } = hold('beginUpload', await school.ask('POST', '/v1/uploads'), 201).json;
  const append = (offset: string, octets: Uint8Array) => school.ask('PATCH', `/v1/uploads/${upload}`, octets, { 'content-type': 'application/partial-upload', 'upload-offset': offset });
  hold('appendToUpload', await append('0', sealed.subarray(0, 300)));
  hold('appendToUpload', await append('0', sealed), 409);
  hold('appendToUpload', await append('x', sealed), 400);
  hold('followUpload', await school.get(`/v1/uploads/${upload}`));
  hold('followUpload', await scene.council.get(`/v1/uploads/${upload}`), 404);
  hold('dropUpload', await school.ask('DELETE', `/v1/uploads/${upload}`), 204);
});

test('agreements and meetings: what is answered is what the document says', async () => {
  const { school, council } = scene;
  hold('agreements', await council.get('/v1/agreements'));
  hold('stateOfAgreement', await stateOfAgreement(world, council, 'wirral', 'law-changed', { on: '2026-01-05' }));
  hold('stateOfAgreement', await stateOfAgreement(world, council, 'wirral', 'approved'), 422);
  hold('agreement', await council.get('/v1/agreements/wirral'));
  hold('agreement', await council.get('/v1/agreements/solihull'), 404);
  await lookedAfter(world);
  hold('agreementReport', await council.get('/v1/agreements/wirral/report?from=2026-01'));
  hold('agreementReport', await council.get('/v1/agreements/wirral/report?from=2026'), 400);
  const { meeting } = hold('callMeeting', await callMeeting(world, council, FRONT_DOOR, { 'st-brigid-primary/safeguarding-lead': 'advises' }), 201).json as { meeting: string };
  hold('callMeeting', await callMeeting(world, council, FRONT_DOOR, { 'st-brigid-primary/safeguarding-lead': 'because' }), 422);
  hold('stateOfMeeting', await stateOfMeeting(world, school, meeting, 'signed-in', { fields: { details: 'shared' }, words: CANARY, to: [council] }));
  hold('stateOfMeeting', await stateOfMeeting(world, school, meeting, 'signed-in'), 422);
  hold('meeting', await council.get(`/v1/meetings/${meeting}`));
  hold('meetings', await council.get('/v1/meetings?limit=1'));
});

test('webhooks: what is answered is what the document says', async () => {
  const { council } = scene;
  const [, contact = ''] = FRONT_DOOR.split('/');
  const put = (body: object) => council.ask('PUT', `/v1/webhooks/${contact}`, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  const wanted = { url: 'https://hooks.merebrook.example/waybill', sends: 'reference' };
  expect(faults({ $ref: '#/components/schemas/WebhookWanted' }, wanted)).toEqual([]);
  expect(hold('enterWebhook', await put(wanted)).json.secret).toBeDefined();
  hold('enterWebhook', await put({ ...wanted, url: 'http://hooks.merebrook.example/' }), 422);
  hold('webhooks', await council.get('/v1/webhooks'));
  hold('replaceWebhookSecret', await council.ask('POST', `/v1/webhooks/${contact}/secret`));
  hold('replayWebhook', await council.ask('POST', `/v1/webhooks/${contact}/replay?since=2026-01-01T00:00:00Z`), 202);
  hold('removeWebhook', await council.ask('DELETE', `/v1/webhooks/${contact}`), 204);
  hold('removeWebhook', await council.ask('DELETE', `/v1/webhooks/${contact}`), 404);
});

test('a stream of events: what is answered is what the document says', async () => {
  const { council } = scene;
  const put = (body: object) => council.ask('PUT', '/v1/event-stream', Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  const wanted = { url: 'https://events.merebrook.example/waybill', events: ['breach-notified'] };
  expect(faults({ $ref: '#/components/schemas/EventStreamWanted' }, wanted)).toEqual([]);
  hold('enterEventStream', await put(wanted));
  hold('enterEventStream', await put({ ...wanted, events: ['all'] }), 422);
  hold('eventKeys', await council.get('/v1/event-stream/keys'));
  hold('verifyEventStream', await council.ask('POST', '/v1/event-stream/verification'), 202);
  hold('eventStream', await council.get('/v1/event-stream'));
  hold('removeEventStream', await council.ask('DELETE', '/v1/event-stream'), 204);
  hold('eventStream', await council.get('/v1/event-stream'), 404);
});

test('duties: what is answered is what the document says', async () => {
  const { school, council } = scene;
  const { share, receipt } = await scene.send();
  const { transfer } = await scene.arrived(council, share.id);
  expect((await council.state('returned', transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'cannot-open' })).status).toBe(200);
  const page = hold('duties', await school.get('/v1/duties?limit=100')).json as { items: { duty: string; transfer?: string }[] };
  hold('duties', await school.get('/v1/duties?role=NO'), 400);
  const { duty = '' } = page.items.find((item) => item.transfer === transfer) ?? {};
  const close = (body: object) => school.ask('POST', `/v1/duties/${duty}/closing`, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  const closing = { because: 'shared-anew', by: { agency: school.agency, contact: school.contact }, shownBy: share.id };
  expect(faults({ $ref: '#/components/schemas/DutyClosing' }, closing)).toEqual([]);
  hold('closeDuty', await close({ ...closing, shownBy: transfer }), 422);
  hold('closeDuty', await close(closing));
  hold('closeDuty', await close({ ...closing, because: 'not-shared' }), 409);
});

test('directory, register, keys, health: what is answered is what the document says', async () => {
  const { school } = scene;
  for (const [id, path] of [['keys', '/.well-known/jwks.json'], ['live', '/health/live'], ['ready', '/health/ready'], ['gateway', '/.well-known/waybill.json'], ['enrolment', '/v1/directory/enrolment'], ['agencies', '/v1/directory/agencies?limit=2'], ['certificates', `/v1/directory/agencies/${school.agency}/certificates`]] as const) {
    hold(id, await school.get(path));
  }
  const integrated = async (least: number) => eventually(async () => {
    const page = hold('entries', await school.get('/v1/register/entries'));
    return page.json.items.length >= least && (page.json as { items: { index: number; id: string }[] });
  });
  const size = async () => Number(hold('checkpoint', await school.get('/v1/register/checkpoint')).body.toString().split('\n')[1]);
  await scene.send();
  const { items } = await integrated(1);
  const from = await size();
  await scene.send();
  await integrated(items.length + 1);
  hold('proveEntry', await school.get(`/v1/register/entries/${items[0]?.id}/proof`));
  hold('consistency', await school.get(`/v1/register/consistency?from=${from}&to=${await size()}`));
  hold('entries', await school.get('/v1/register/entries?about=nobody'), 400);
  hold('exportRegister', await school.get('/v1/register/export?reason=monitors-quality'));
  hold('exportRegister', await school.get('/v1/register/export?reason=NO'), 400);
  const put = (method: string, path: string, body: object) => school.ask(method, path, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  const { share } = await scene.send();
  hold('indexSubject', await put('PUT', `/v1/register/subjects/${share.id}`, { indexes: ['ab'.repeat(32)] }));
  hold('indexSubject', await put('PUT', `/v1/register/subjects/${share.id}`, { indexes: [] }), 422);
  hold('indexSubject', await put('PUT', '/v1/register/subjects/01890a5d-ac96-774b-bcce-b302099a8057', { indexes: ['ab'.repeat(32)] }), 404);
  hold('controlTested', await put('POST', '/v1/register/control-tests', { control: 'backup-restore', on: '2026-01-05', outcome: 'passed', by: 'front-door', dueAgain: '2027-01-05' }), 201);
  hold('controlTested', await put('POST', '/v1/register/control-tests', { control: 'backup-restore', on: '2026-02-30', outcome: 'passed', by: 'front-door', dueAgain: '2027-01-05' }), 422);
});

test('every refusal is a problem as the document has it, with a code that it names for that route', async () => {
  const { school } = scene;
  const stranger = new Agent({ ca: world.system.keys.authority.certificate });
  hold('mailbox', await ask(stranger, world.system.port, 'GET', '/v1/mailbox'), 401);
  stranger.destroy();
  hold('keys', await school.get('/.well-known/jwks.json', { 'client-cert': 'x' }), 400);
  hold('mailbox', await school.get('/v1/mailbox?limit=many'), 400);
  hold('followShare', await school.get('/v1/shares/nothing'), 404);
  hold('planShare', await school.post('/v1/share-plans', { manifest: school.manifestOf({ purpose: CANARY }), lines: [] }), 422);
  hold('planShare', await school.ask('POST', '/v1/share-plans', Buffer.from('x'), { 'content-type': 'text/plain' }), 415);
  const plain = await scene.compose(REFERRAL);
  hold('share', await school.submit({ ...plain, parts: new Map([['part-1', Buffer.from(CANARY)], ['part-2', Buffer.from(CANARY)]]) }), 422);
  hold('share', await school.submit(await scene.compose({ ...REFERRAL, manifest: { purpose: undefined } })), 422);
  hold('share', await school.submit(await scene.compose({ parts: [{ category: 'names', text: CANARY, to: { [CASEWORK]: undefined } }] })), 422);
});

test('every answer that is not a refusal was held to the document', () => {
  expect(ROUTES.flatMap((route: Route) => [route.answer, ...(route.partly ? [route.partly] : [])].map(({ status }) => `${route.id} ${status}`)).filter((each) => !described.has(each))).toEqual([]);
});

test('the document keeps to OpenAPI 3.1', () => {
  expect(faultsOf(document as never)).toEqual([]);
});

test.each<[string, (broken: never) => void, RegExp]>([
  ['another version', (broken: { openapi: string }) => void (broken.openapi = '3.0.3'), /openapi must match/],
  ['a misspelt field', (broken: { infos: object }) => void (broken.infos = {}), /additional properties/],
  ['a reference to nothing', (broken: Document) => delete broken.components.schemas['Manifest'], /Manifest leads nowhere/],
  ['a schema to which nothing refers', (broken: Document) => void (broken.components.schemas['Stray'] = {}), /nothing refers to the schema Stray/],
  ['two operations of one name', (broken: Document) => void ((broken.paths['/health/live']?.['get'] as Operation).operationId = 'ready'), /two operations are called ready/],
  ['a path that names what it does not tell of', (broken: Document) => void (broken.paths['/v1/{lost}'] = broken.paths['/health/live'] as never), /names lost and tells of nothing/],
  ['a response without a description', (broken: Document) => void ((broken.paths['/health/live']?.['get'] as Operation).responses['200'] = { content: {} }), /description/],
  ['a schema that is none', (broken: Document) => void (broken.components.schemas['Address'] = { properties: 5 } as never), /Address is no JSON Schema/],
] as never)('the rules find %s', (_what, breakIt, told) => {
  const broken = structuredClone(document);
  breakIt(broken as never);
  expect(faultsOf(broken as never).join('\n')).toMatch(told);
});

test('the classes that describe answers have the fields of what the rooms answer', () => {
  expect(same).not.toContain(false);
});

test('every example in the document fits the schema that it is an example of', () => {
  const examples = Object.entries(document.components.schemas).flatMap(([name, { examples = [] }]) => examples.map((example) => [name, example] as const));
  expect(examples.length).toBeGreaterThan(8);
  for (const [name, example] of examples) expect([name, faults({ $ref: `#/components/schemas/${name}` }, example)]).toEqual([name, []]);
});

test('every code of the exchange and the edge is told of at some route', () => {
  const told = new Set(ROUTES.flatMap((route) => problemsOf(route)));
  expect([...Object.keys(EXCHANGE_CODES), ...Object.keys(DUTY_CODES), ...Object.keys(EDGE_CODES)].filter((code) => !told.has(code))).toEqual([]);
});
