import { signDetached } from '#envelope/signatures';
import { MINUTE } from '#platform/clock';
import { Egress } from '#platform/egress';
import { uuid7 } from '#platform/ids';
import { ROUTES, type Route } from '#protocol/routes';
import { MailScene } from '../journeys/by-mail';
import { FRONT_DOOR, REFERRAL, transferTo } from '../journeys/referral';
import { type Answer, type Composed, fieldsOf, type FormField, type TestPartner } from '../world/partner';
import { aboutBreach, breachReport, reportBreach } from '../world/breaches';
import { day } from '#platform/clock';
import { aboutAgreement } from '../world/agreements';
import { aboutCustody } from '../world/custody';
import { aboutMembership } from '../world/memberships';
import { firstDraft, notificationForm, notifying } from '../world/notifications';
import { callMeeting, meetingCall, meetingStatement } from '../world/meetings';
import { aboutRequest, ask, asking, put } from '../world/requests';
import { askedOf, disclosure, recordDisclosure } from '../world/disclosures';
import { answerForm, matterForm, putMatter, recordRights, retentionForm, rightsForm, rightsStatementForm, takenIn } from '../world/matters';
import { notShared, proposalOf, record } from '../world/not-shared';
import { eventually } from '../world/partnership';
import { releaseOf } from '../world/releases';

// Every place at which somebody's JSON comes in, from the table of routes: fields that nobody asked for, and ways to an object's prototype.

type Json = Record<string, unknown>;
type Routed = (typeof ROUTES)[number];

let scene: MailScene;
/** Shares that were accepted: about each of them a statement may be made, were it right. The first was collected, the second can be recalled. */
let collected: { share: string; transfer: string; manifestDigest: string };
let waiting: typeof collected;
let contained: typeof collected;
let drafting: Record<string, unknown>;
beforeAll(async () => {
  scene = await MailScene.open({ perSecond: { shares: 5_000, others: 5_000 }, egress: new Egress() });
  const { id, transfer, receipt } = await scene.mailsContained();
  [collected, waiting, contained] = [await sent(), await sent(), { share: id, transfer, manifestDigest: receipt.manifestDigest }];
  expect((await scene.council.get(`/v1/mailbox/${collected.transfer}/parts/part-1`)).status).toBe(200);
  drafting = await notifying(scene, 'st-brigid-primary', 'merebrook-council');
});
const sent = async (): Promise<typeof collected> => {
  const { share, receipt } = await scene.send();
  await scene.arrived(scene.council, share.id);
  return { share: share.id, transfer: transferTo(receipt, FRONT_DOOR), manifestDigest: receipt.manifestDigest };
};
afterAll(() => scene.close());
beforeEach(() => scene.world.clock.advance(MINUTE));
afterEach(() => {
  expect(({} as Json)['polluted']).toBeUndefined();
  expect(([] as unknown as Json)['polluted']).toBeUndefined();
  expect((Object.prototype as unknown as Json)['polluted']).toBeUndefined();
});

/** One JSON text that comes in, right as it stands; `send` puts another in its place, signed where it is to be signed. */
interface Entrance {
  value: Json;
  send(text: string): Promise<Answer>;
}

const statement = (kind: string) => async (): Promise<Entrance> => {
  const [by, { transfer, ...share }] = kind === 'recalled' ? [scene.school, waiting] : [scene.council, collected];
  const about = { ...share, ...(kind === 'recalled' ? {} : { transfer }) };
  const [made] = await by.statement(kind, about, { parts: [{ name: 'part-1', author: 'bound' }], ...(kind === 'returned' ? { reason: 'not-for-us' } : kind === 'recalled' ? { reason: 'sent-in-error' } : {}) });
  const [method, path] = kind === 'recalled' ? ['POST', `/v1/shares/${share.share}/recall`] : ['PUT', `/v1/mailbox/${transfer}/${kind}`];
  return {
    value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json,
    send: async (text) => by.form(method as string, path as string, [{ name: 'statement', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: by.keys().key }) }]),
  };
};

/** Of a container: the release of its passphrase. */
const released = async (): Promise<Entrance> => {
  const [made] = await scene.school.statement('released', { share: contained.share, transfer: contained.transfer, manifestDigest: contained.manifestDigest }, { release: releaseOf(scene.world, 'reception') });
  return {
    value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json,
    send: async (text) => scene.school.form('POST', `/v1/shares/${contained.share}/releases`, [{ name: 'statement', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }]),
  };
};

const submitted = (share: Composed): Promise<Answer> => scene.school.form('POST', '/v1/shares', fieldsOf(share));
const manifest = async (): Promise<Entrance> => {
  const share = await scene.compose({ ...REFERRAL, manifest: { threads: { supersedes: uuid7() } } });
  return {
    value: JSON.parse(share.manifest.toString()) as Json,
    send: async (text) => submitted({ ...share, manifest: Buffer.from(text), signature: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }),
  };
};
const request = async (): Promise<Entrance> => {
  const share = await asking(scene, scene.school, FRONT_DOOR, { type: 'on-behalf', neededBy: '2099-01-01T00:00:00Z', authority: { kind: 'lpa', checkedBy: 'social-worker', checkedOn: '2025-11-03' } });
  return {
    value: JSON.parse(share.manifest.toString()) as Json,
    send: async (text) => put(scene.school, { ...share, manifest: Buffer.from(text), signature: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }),
  };
};
/** The same as the lines of a share: what reads them is one. */
const requestLine = async (): Promise<Entrance> => {
  const share = await asking(scene, scene.school, FRONT_DOOR);
  const { lines: _digests, ...rest } = JSON.parse(share.manifest.toString()) as Json;
  return { value: JSON.parse(share.lines[0] as string) as Json, send: async (text) => put(scene.school, await scene.school.sign(rest, share.lines.with(0, text), share.parts)) };
};
const stated = async (): Promise<Entrance> => {
  const { request } = await ask(scene, scene.school, FRONT_DOOR);
  const [made] = await aboutRequest(scene.world, scene.school, request, 'disputed');
  return {
    value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json,
    send: async (text) => scene.school.form('POST', `/v1/requests/${request}/statements`, [{ name: 'statement', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }]),
  };
};
const signedBySchool = async (text: string) => [{ name: 'statement', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }];
const reported = async (): Promise<Entrance> => {
  const [made] = await breachReport(scene.world, scene.school, { facts: { causes: ['theft'] } });
  return { value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json, send: async (text) => scene.school.form('POST', '/v1/breaches', await signedBySchool(text)) };
};
const statedOfBreach = async (): Promise<Entrance> => {
  const { breach } = await reportBreach(scene.world, scene.school);
  const [made] = await aboutBreach(scene.world, scene.school, breach, 'finding', { facts: { causes: ['theft'] } });
  return { value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json, send: async (text) => scene.school.form('POST', `/v1/breaches/${breach}/statements`, await signedBySchool(text)) };
};
/** A line of each kind; the manifest is made for the text as it is sent. */
const line = (about: string | undefined) => async (): Promise<Entrance> => {
  const share = await scene.compose();
  const lines = [...share.lines, scene.school.line(FRONT_DOOR, { about: 'alsoTold', organisations: ['merebrook-council'] })];
  const at = lines.findIndex((text) => (JSON.parse(text) as Json)['about'] === about);
  const { lines: _digests, ...rest } = JSON.parse(share.manifest.toString()) as Json;
  return { value: JSON.parse(lines[at] as string) as Json, send: async (text) => submitted(await scene.school.sign(rest, lines.with(at, text), share.parts)) };
};
const plan = async (): Promise<Entrance> => {
  const asked = { manifest: scene.school.manifestOf(), lines: [{ recipient: { agency: 'merebrook-council', contact: 'front-door' }, part: 'part-1', category: 'names', kind: 'fact', needToKnow: 'assesses-referral' }] };
  return { value: asked, send: (text) => scene.school.ask('POST', '/v1/share-plans', Buffer.from(text), { 'content-type': 'application/json' }) };
};

const decision = async (): Promise<Entrance> => {
  const { fields } = await notShared(scene.world, scene.school);
  return {
    value: JSON.parse(Buffer.from(fields[0]?.octets ?? []).toString()) as Json,
    send: async (text) => record(scene.school, { fields: [{ name: 'decision', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }] }),
  };
};
const proposal = async (): Promise<Entrance> => ({
  value: JSON.parse(proposalOf(scene.school, { agency: 'merebrook-council', contact: 'front-door' }).toString()) as Json,
  send: async (text) => record(scene.school, await notShared(scene.world, scene.school, { proposal: Buffer.from(text) })),
});
const toTell = { route: { by: 'verbal' } };
const disclosurePlan = async (): Promise<Entrance> => ({
  value: askedOf(scene.world, scene.school, toTell),
  send: (text) => scene.school.ask('POST', '/v1/disclosure-plans', Buffer.from(text), { 'content-type': 'application/json' }),
});
const disclosed = async (): Promise<Entrance> => {
  const { fields } = await disclosure(scene.world, scene.school, toTell);
  return {
    value: JSON.parse(Buffer.from(fields[0]?.octets ?? []).toString()) as Json,
    send: async (text) => recordDisclosure(scene.school, { fields: [{ name: 'disclosure', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: scene.school.keys().key }) }] }),
  };
};
const webhook = async (): Promise<Entrance> => ({
  value: { url: 'https://hooks.merebrook.example/waybill', sends: 'reference' },
  send: (text) => scene.council.ask('PUT', '/v1/webhooks/front-door', Buffer.from(text), { 'content-type': 'application/json' }),
});
const eventStream = (): Promise<Entrance> => Promise.resolve({
  value: { url: 'https://events.merebrook.example/waybill', events: ['breach-notified'] },
  send: (text) => scene.council.ask('PUT', '/v1/event-stream', Buffer.from(text), { 'content-type': 'application/json' }),
});

const duty = async (): Promise<Entrance> => {
  const { share, receipt } = await scene.send();
  const { transfer } = await scene.arrived(scene.council, share.id);
  await scene.council.state('returned', transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'cannot-open' });
  // What it leaves behind goes by itself: before anybody counts.
  await eventually(async () => (await scene.sql('select from waybill.transfer where id = $1 and payload_removed_at is not null', [transfer])).length === 1);
  const { items } = (await scene.school.get('/v1/duties?limit=100')).json as { items: { duty: string; transfer: string }[] };
  return {
    value: { because: 'shared-anew', by: { agency: 'st-brigid-primary', contact: 'safeguarding-lead' }, shownBy: share.id },
    send: (text) => scene.school.ask('POST', `/v1/duties/${items.find((item) => item.transfer === transfer)?.duty ?? ''}/closing`, Buffer.from(text), { 'content-type': 'application/json' }),
  };
};

/** A statement of those whose form may have words: as it stands, and signed anew as it is sent. */
const signedAnew = (who: TestPartner, path: string, [made]: readonly FormField[]): Entrance => ({
  value: JSON.parse(Buffer.from(made?.octets ?? []).toString()) as Json,
  send: async (text) => who.form('POST', path, [{ name: 'statement', octets: Buffer.from(text) }, { name: 'signature', octets: await signDetached({ octets: Buffer.from(text), key: who.keys().key }) }]),
});
const matter = async (): Promise<Entrance> => signedAnew(scene.council, '/v1/matters', await matterForm(scene.world, scene.council, 'consultation', collected.transfer, { fields: { right: 'access' } }));
const matterAnswer = async (): Promise<Entrance> => {
  const { matter: id } = (await putMatter(scene.world, scene.council, 'consultation', collected.transfer, { fields: { right: 'access' } })).json as { matter: string };
  return signedAnew(scene.school, `/v1/matters/${id}/answer`, await answerForm(scene.world, scene.school, id, 'no-objection'));
};
const AUTHORITY = { fields: { requester: 'parent', authority: { kind: 'parental-responsibility', checkedBy: 'social-worker', checkedOn: '2026-01-05' } } };
const rightsRequest = async (): Promise<Entrance> => signedAnew(scene.council, '/v1/rights-requests', await rightsForm(scene.world, scene.council, 'access', [collected.transfer], AUTHORITY));
const rightsClosed = async (): Promise<Entrance> => {
  const { rightsRequest: id } = (await recordRights(scene.world, scene.council, 'access', [collected.transfer], AUTHORITY)).json as { rightsRequest: string };
  return signedAnew(scene.council, `/v1/rights-requests/${id}/statements`, await rightsStatementForm(scene.world, scene.council, id, 'closed', { items: [{ transfer: collected.transfer, outcome: 'withheld', exemption: 'crime' }] }));
};
const kept = async (): Promise<Entrance> => {
  const { share, receipt } = await scene.send();
  const { transfer } = await takenIn(scene.council, share, receipt.manifestDigest);
  await eventually(async () => (await scene.sql('select from waybill.transfer where id = $1 and payload_removed_at is not null', [transfer])).length === 1);
  return signedAnew(scene.council, `/v1/retention/${transfer}/statements`, await retentionForm(scene.world, scene.council, transfer, 'justified', { reason: 'risk-remains' }));
};

const custody = async (): Promise<Entrance> => signedAnew(scene.council, '/v1/custody/front-door/statements', await aboutCustody(scene.world, scene.council, 'front-door'));

const membership = async (): Promise<Entrance> => signedAnew(scene.council, `/v1/memberships/${scene.world.agreement.id}/statements`, await aboutMembership(scene.world, scene.council, scene.world.agreement.id, 'attests', { by: { agency: scene.council.agency, contact: 'information-governance' }, attested: { what: 'privacy-notice', on: day(scene.world.clock.now()), link: 'https://merebrook.example/privacy' } }));

const notification = async (): Promise<Entrance> => signedAnew(scene.school, '/v1/notifications', await firstDraft(scene, 'st-brigid-primary', drafting));
const ofNotification = async (): Promise<Entrance> => {
  const { notification: id } = (await scene.school.form('POST', '/v1/notifications', await firstDraft(scene, 'st-brigid-primary', drafting))).json as { notification: string };
  return signedAnew(scene.school, `/v1/notifications/${id}/statements`, await notificationForm(scene, scene.school, 'drafted', id, { ...drafting, purpose: 'protect-children' }));
};

const agreement = async (): Promise<Entrance> => signedAnew(scene.council, '/v1/agreements/wirral/statements', await aboutAgreement(scene.world, scene.council, 'wirral', 'law-changed', { on: '2026-01-05' }));

const MEETS = ['merebrook-council/front-door', { 'st-brigid-primary/safeguarding-lead': 'advises' }] as const;
const meeting = async (): Promise<Entrance> => signedAnew(scene.council, '/v1/meetings', await meetingCall(scene.world, scene.council, ...MEETS));
const statedOfMeeting = async (): Promise<Entrance> => {
  const { meeting: id } = (await callMeeting(scene.world, scene.council, ...MEETS)).json as { meeting: string };
  return signedAnew(scene.council, `/v1/meetings/${id}/statements`, await meetingStatement(scene.world, scene.council, id, 'confidentiality-stated'));
};

const indexed = (): Promise<Entrance> => Promise.resolve({
  value: { indexes: ['ab'.repeat(32)] },
  send: (text) => scene.council.ask('PUT', `/v1/register/subjects/${collected.share}`, Buffer.from(text), { 'content-type': 'application/json' }),
});
const tested = (): Promise<Entrance> => Promise.resolve({
  value: { control: 'backup-restore', on: '2026-01-05', outcome: 'passed', by: 'front-door', dueAgain: '2027-01-05' },
  send: (text) => scene.council.ask('POST', '/v1/register/control-tests', Buffer.from(text), { 'content-type': 'application/json' }),
});

/** By route and, for a form, the field of it that is JSON. */
const ENTRANCES: Record<string, readonly [name: string, open: () => Promise<Entrance>][]> = {
  'planShare': [['a plan', plan]],
  'share manifest': [['a manifest', manifest]],
  'share lines': [['a part’s line', line(undefined)], ['the subject’s line', line('subject')], ['the decision’s line', line('decision')], ['a line of who is told too', line('alsoTold')]],
  'ask manifest': [['the manifest of an information request', request]],
  'ask lines': [['a line of one', requestLine]],
  'stateOfRequest statement': [['a statement about a request', stated]],
  'reportBreach statement': [['the report of a breach', reported]],
  'stateOfBreach statement': [['a statement about a breach', statedOfBreach]],
  'releasePassphrase statement': [['the release of a passphrase', released]],
  'recallShare statement': [['a recall', statement('recalled')]],
  'opened statement': [['a statement that it was opened', statement('opened')]],
  'acknowledged statement': [['an acknowledgement', statement('acknowledged')]],
  'returned statement': [['a return', statement('returned')]],
  'decideNotToShare decision': [['a decision not to share', decision]],
  'decideNotToShare proposal': [['the proposal of one', proposal]],
  'planDisclosure': [['what is to be told', disclosurePlan]],
  'recordDisclosure disclosure': [['what was told', disclosed]],
  'putMatter statement': [['a matter', matter]],
  'answerMatter statement': [['the answer to a matter', matterAnswer]],
  'recordRightsRequest statement': [['a rights request', rightsRequest]],
  'stateOfRightsRequest statement': [['what came of a rights request', rightsClosed]],
  'stateOfKept statement': [['a statement about a copy', kept]],
  'enterWebhook': [['a webhook', webhook]],
  'enterEventStream': [['a stream of events', eventStream]],
  'stateOfCustody statement': [['that somebody was given a team’s key', custody]],
  'stateOfMembership statement': [['what an agency says of its own place in an agreement', membership]],
  'draftNotification statement': [['the draft of a notification', notification]],
  'stateOfNotification statement': [['a statement about a notification', ofNotification]],
  'stateOfAgreement statement': [['that the law has changed', agreement]],
  'callMeeting statement': [['a meeting', meeting]],
  'stateOfMeeting statement': [['a statement about a meeting', statedOfMeeting]],
  'closeDuty': [['that a duty is done', duty]],
  'indexSubject': [['blind indexes of a subject', indexed]],
  'controlTested': [['that a control was tested', tested]],
};
const ALL = Object.values(ENTRANCES).flat();

test('A2, A5: no route takes JSON that is not looked at here', () => {
  const taking = (ROUTES as readonly Routed[]).flatMap((route) => {
    const { id, body } = route as Route;
    if (!body) return [];
    if ('json' in body) return [id];
    return !('form' in body) ? [] : body.form.filter(({ holds }) => holds).map(({ name }) => `${id} ${name}`);
  });
  expect(Object.keys(ENTRANCES).sort()).toEqual(taking.sort());
});

/** Every object in a JSON value, by the way to it. */
function objectsIn(value: unknown, way: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([name, inner]) => objectsIn(inner, [...way, Array.isArray(value) ? Number(name) : name]));
  return Array.isArray(value) ? inside : [way, ...inside];
}

/** The text of `value` with a member put first into the object at the end of the way: as text, so that any name can be written. */
function withMember(value: unknown, way: readonly (string | number)[], member: string): string {
  const [step, ...rest] = way;
  if (step === undefined) return `{${member}${Object.keys(value as object).length > 0 ? ',' : ''}${JSON.stringify(value).slice(1)}`;
  if (Array.isArray(value)) return `[${value.map((each, i) => (i === step ? withMember(each, rest, member) : JSON.stringify(each))).join()}]`;
  return `{${Object.entries(value as object).map(([name, each]) => `${JSON.stringify(name)}:${name === step ? withMember(each, rest, member) : JSON.stringify(each)}`).join()}}`;
}

/** Columns, states and roles that a row or a decision has and a sender may not set. */
const EXTRA = ['"state":"acknowledged"', '"toString":"x"', '"isAdmin":true', '"controller":"merebrook-council"', '"hasOwnProperty":true', '"valueOf":{}', '"then":true'];
const POLLUTING = [
  '"__proto__":{"polluted":true}', '"constructor":{"prototype":{"polluted":true}}', '"prototype":{"polluted":true}', '"\\u005f_proto__":{"polluted":true}', '"__pro\\u0074o__":{"polluted":true}', '"__proto__":[{"polluted":true}]', '"__proto__":null',
  '"x":{"__proto__":{"polluted":true}}', '"x":[{"constructor":{"prototype":{"polluted":true}}}]', '"__defineGetter__":"polluted"', '"__lookupGetter__":{"polluted":true}', '"x.__proto__.polluted":true', '"x[__proto__][polluted]":true', '"constructor.prototype.polluted":true',
];

/** So many of them are tried in what is inside. */
const INSIDE = 3;

async function refused(open: () => Promise<Entrance>, members: readonly string[]): Promise<void> {
  const { value, send } = await open();
  const before = await scene.kept();
  for (const way of objectsIn(value)) {
    for (const member of way.length === 0 ? members : members.slice(0, INSIDE)) {
      const answer = await send(withMember(value, way, member));
      expect([way.join('/'), member, answer.json?.code]).toEqual([way.join('/'), member, expect.stringMatching(/^(JSON|PLAN|MANIFEST|LINES|STATEMENT|DECISION|DISCLOSURE|WEBHOOK|DUTY_CLOSING|MATTER|RIGHTS|RETENTION|BREACH|INDEX|CONTROL_TEST|EVENT_STREAM|CUSTODY|MEMBERSHIP|NOTIFICATION|AGREEMENT_STATEMENT|MEETING)_INVALID$/)]);
      expect(answer.body.toString()).not.toMatch(/polluted|isAdmin|__proto__/);
    }
  }
  expect(await scene.kept()).toEqual(before);
  for (const [{ transfer }, state] of [[collected, 'collected'], [waiting, 'available']] as const) expect((await scene.council.get(`/v1/mailbox/${transfer}`)).json.state).toBe(state);
}

test.each(ALL)('A2: %s with a field that the protocol does not know, anywhere in it, is refused and leaves nothing', async (_name, open) => {
  await refused(open, EXTRA);
});

test.each(ALL)('A5: %s with a way to an object’s prototype, anywhere in it, is refused, and no object has gained anything', async (_name, open) => {
  await refused(open, POLLUTING);
});

test('A5: neither does a query, a path, a form’s field or a header lead there', async () => {
  for (const path of ['/v1/mailbox?__proto__[polluted]=1', '/v1/mailbox?constructor[prototype][polluted]=1', '/v1/mailbox?__proto__=polluted', '/v1/directory/agencies/__proto__/certificates', '/v1/mailbox/__proto__', '/v1/mailbox/constructor/manifest']) {
    expect((await scene.council.get(path)).status).toBeLessThan(500);
  }
  for (const name of ['__proto__', 'constructor', 'toString', 'part-__proto__']) {
    expect((await scene.school.form('POST', '/v1/shares', [{ name, octets: Buffer.from('{"polluted":true}') }])).status).toBe(422);
  }
  for (const header of ['__proto__', 'constructor']) expect((await scene.council.get('/v1/mailbox', { [header]: 'polluted' })).status).toBe(200);
});

test('A2: as they stand, without a field more, they are taken: it was the field that was refused', async () => {
  for (const [name, open] of ALL.filter(([name]) => name !== 'a return')) {
    const { value, send } = await open();
    expect([name, (await send(JSON.stringify(value))).status]).toEqual([name, /manifest|line/.test(name) ? 202 : /decision not|proposal|was told|was tested|report of a breach|^a matter|^a meeting|^a rights|^the draft/.test(name) ? 201 : 200]);
  }
});
