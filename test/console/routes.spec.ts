import { STAFF_ROLE_CODES, type StaffRoleCode } from '#directory/staff-roles';
import { DAY } from '#platform/clock';
import { PROTECTION } from '../../apps/console/protection';
import { mayTake } from '../../apps/console/pages';
import { ROUTE_NAMES, type RouteName, routeOf } from '../../apps/console/routes';
import { PEOPLE, type Person } from '../../apps/standalone/staff';
import { CASEWORK, FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import { ask, type Page, type Signed, signedIn } from '../world/console';
import { reportBreach } from '../world/breaches';
import { lookedAfter } from '../world/agreements';
import { eventually, openWorld } from '../world/partnership';
import { answerWith, ask as askFor } from '../world/requests';

// Every route of the console × every role × every party, made from the route table: what is not allowed is denied, whoever asks.

/** Somebody in each role at each of the other agencies, and at the council itself for another team than the front door. */
const PARTIES: Readonly<Record<string, string>> = { 'st-brigid-primary': 'safeguarding-lead', 'kingfisher-families': 'casework', 'eastgate-health': 'health-visitors', 'merebrook-council': 'information-governance' };
const idOf = (agency: string, role: StaffRoleCode): string => `${agency[0]}x-${900 + STAFF_ROLE_CODES.indexOf(role)}`;
const everybody: Person[] = Object.entries(PARTIES).flatMap(([agency, contact]) => STAFF_ROLE_CODES.map((role) => ({ agency, staff: idOf(agency, role), name: `${role} there`, roles: [role], contacts: [contact] })));
/** In each role for the front door itself. */
const own: Person[] = STAFF_ROLE_CODES.map((role, i) => ({ agency: 'merebrook-council', staff: `own-${800 + i}`, name: `${role} here`, roles: [role], contacts: ['front-door'] }));

// What is sent from where, as whom and with which words: test/console/sending.spec.ts.
/** What is sent, and what somebody who may gets. A route that is not here has no cell, and fails. */
const FROM = { agreement: 'wirral', team: 'front-door' };
const CELLS: Record<RouteName, { form?: Record<string, string>; path?: string; gives: number }> = {
  sendStart: { path: '/send/share', gives: 200 }, sendAbout: { path: '/send/share/about', form: FROM, gives: 200 }, sendNeeds: { path: '/send/share/needs', form: FROM, gives: 400 }, sendPlan: { path: '/send/request/plan', form: FROM, gives: 400 }, sendWrite: { path: '/send/share/write', form: FROM, gives: 400 },
  sent: { gives: 200 }, sentShare: { gives: 200 }, sendDrafts: { path: '/send/share/drafts', form: FROM, gives: 303 },
  start: { gives: 303 }, accessibility: { gives: 200 }, asset: { path: '/assets/none/none', gives: 404 }, signIn: { gives: 303 }, signedIn: { path: '/sign-in/back?code=x&state=y', gives: 400 }, signedOut: { gives: 200 },
  signOut: { gives: 303 }, stay: { gives: 201 }, statement: { gives: 200 }, acknowledge: { form: { to: '/duties' }, gives: 303 },
  inbox: { gives: 200 }, inboxList: { gives: 200 }, item: { gives: 200 }, itemReason: { form: { reason: 'works-with-person' }, gives: 303 },
  itemClaim: { form: { version: '0' }, gives: 303 }, itemRelease: { form: { version: '1' }, gives: 303 }, itemHandOver: { form: { version: '0', to: 'own-800' }, gives: 303 }, duties: { gives: 200 },
  refusals: { gives: 200 }, refusal: { gives: 200 }, refusalReason: { form: { reason: 'statutory-function' }, gives: 303 }, refusalState: { form: {}, gives: 303 }, disputes: { gives: 200 }, agreements: { gives: 200 }, agreementReport: { path: '/agreements/wirral', gives: 200 }, ageing: { gives: 200 }, ageingTable: { gives: 200 },
  breaches: { gives: 200 }, breach: { gives: 200 }, breachReport: { gives: 200 }, breachBegin: { form: { harm: 'no', agreement: 'wirral' }, gives: 303 }, breachState: { form: {}, gives: 303 }, breachFigures: { gives: 200 }, breachTable: { path: '/breach-figures/kinds', gives: 200 },
  register: { path: '/register?reason=audit', gives: 200 }, registerEntry: { gives: 200 }, registerProof: { gives: 200 }, retention: { gives: 200 },
  itemTriage: { form: { signals: 'under-one' }, gives: 303 }, itemRead: { form: {}, gives: 303 }, passPreflight: { path: '/pass/none/v1/mailbox/none', gives: 204 }, passGet: { path: '/pass/none/v1/mailbox/none', gives: 403 }, passPut: { path: '/pass/none/v1/mailbox/none/opened', gives: 403 }, passPost: { path: '/pass/none/v1/shares', gives: 403 }, passPrinted: { path: '/pass/none/printed', gives: 403 },
};

/** Where nobody answers: what is handed over there is looked at in test/console/reading.spec.ts. */
const READER = 'https://reader.example';

let scene: Scene;
let item: string;
/** A request of the council's that was refused: the council asked, and looks at the refusal as a statutory partner. */
let refused: string;
/** A share that the front door itself sent. */
let ours: string;
/** A data breach that the council reported, in which no other has a part. */
let breach: string;
/** An entry of the council's register. */
let entry: string;
const routed = new Set<string>();
const sessions = new Map<string, Signed>();
const sessionOf = async (agency: string, id: string): Promise<Signed> => {
  const known = sessions.get(id) ?? (await signedIn(scene.world, agency, id));
  sessions.set(id, known);
  return known;
};

beforeAll(async () => {
  scene = new Scene(await openWorld({ console: { people: [...PEOPLE, ...everybody, ...own], reader: READER, routed: (method, path) => routed.add(`${method} ${path}`) } }));
  const { share, receipt } = await scene.send(REFERRAL);
  item = transferTo(receipt, FRONT_DOOR);
  await scene.arrived(scene.council, share.id);
  ({ request: refused } = await askFor(scene, scene.council, CASEWORK));
  const reasons = { category: 'reasons', text: 'her safety was considered', to: { [FRONT_DOOR]: 'assesses-referral' } };
  const { answer } = await answerWith(scene, scene.charity, refused, { parts: [reasons], manifest: { answers: { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true } } });
  expect(answer.status).toBe(202);
  const own_ = await scene.council.compose({ parts: [{ category: 'names', text: 'x', to: { 'st-brigid-primary/safeguarding-lead': 'works-with-person' } }] }, scene.certificates);
  expect((await scene.council.submit(own_)).status).toBe(202);
  ours = own_.id;
  ({ breach } = await reportBreach(scene.world, scene.council));
  entry = await eventually(async () => (await scene.sql<{ entry: string }>(`select l.entry from waybill.leaf l where l.controller = 'merebrook-council' order by l.index limit 1`))[0]?.entry);
});
afterAll(() => scene.world.close());

const idOfWhat = (name: RouteName): string => ({ sent: ours, refusal: refused, breach, item, entry })[routeOf(name).about ?? 'item'];
const placeOf = (name: RouteName): string => CELLS[name].path ?? routeOf(name).path.replace(':kind', 'transfer').replace(':id', idOfWhat(name));
const take = async (name: RouteName, as?: Signed): Promise<Page> => {
  const { method } = routeOf(name);
  const cell = CELLS[name];
  return ask(scene.world, method, placeOf(name), { ...(as ? { as } : {}), ...(cell.form ? { form: cell.form } : {}) });
};

test('the console serves the routes of the table and no other, and each has a cell', () => {
  expect([...routed].sort()).toEqual(ROUTE_NAMES.map((name) => `${routeOf(name).method} ${routeOf(name).path}`).sort());
  expect(Object.keys(CELLS).sort()).toEqual([...ROUTE_NAMES].sort());
});

test('a handler that takes no route of the table is let through by nobody', async () => {
  expect((await ask(scene.world, 'GET', '/no-such-page', { as: await sessionOf('merebrook-council', 'mc-014') })).status).toBe(404);
});

test.each(ROUTE_NAMES.filter((name) => !['anybody', 'pass'].includes(String(routeOf(name).may))))('%s: nobody takes it without a session', async (name) => {
  const page = await take(name);
  expect([page.status, page.headers['location'] ?? '']).toEqual(routeOf(name).method === 'GET' && name !== 'inboxList' ? [303, expect.stringMatching(/^\/\?to=/)] : [401, '']);
});

describe.each(Object.keys(PARTIES))('somebody of %s', (agency) => {
  const foreign = ROUTE_NAMES.filter((name) => ['item', 'sent', 'entry'].includes(routeOf(name).about ?? '')).flatMap((name) => STAFF_ROLE_CODES.map((role) => [name, role] as const));
  test.each(foreign)('%s as %s: of what is another’s nobody learns that it is there', async (name, role) => {
    const page = await take(name, await sessionOf(agency, idOf(agency, role)));
    // A data protection officer of the agency sees what came to any of its teams.
    const sees = agency === 'merebrook-council' && role === 'data-protection-officer' && mayTake(routeOf(name).may, [role]);
    if (sees) expect(page.status).not.toBe(404);
    else expect([page.status, page.body.includes(idOfWhat(name).slice(-8).toUpperCase())]).toEqual([mayTake(routeOf(name).may, [role]) ? 404 : 403, false]);
  });

  const elsewhere = ROUTE_NAMES.filter((name) => routeOf(name).about === 'refusal').flatMap((name) => STAFF_ROLE_CODES.map((role) => [name, role] as const));
  test.each(elsewhere)('%s as %s: of a refusal in which its organisation has no part from where it stands nobody learns', async (name, role) => {
    const page = await take(name, await sessionOf(agency, idOf(agency, role)));
    // The council asked, and looks at refusals; the charity was asked: each for itself, whoever speaks for it.
    const speaks = (agency === 'merebrook-council' && mayTake(routeOf(name).may, [role])) || (agency === 'kingfisher-families' && role === 'single-point-of-contact');
    if (speaks) expect(page.status).not.toBe(404);
    else expect([page.status, page.body.includes(refused.slice(-8).toUpperCase())]).toEqual([mayTake(routeOf(name).may, [role]) ? 404 : 403, false]);
  });

  const cases = ROUTE_NAMES.filter((name) => routeOf(name).about === 'breach').flatMap((name) => STAFF_ROLE_CODES.map((role) => [name, role] as const));
  test.each(cases)('%s as %s: of a data breach in which its organisation has no part nobody learns', async (name, role) => {
    const page = await take(name, await sessionOf(agency, idOf(agency, role)));
    const may = mayTake(routeOf(name).may, [role]);
    if (agency === 'merebrook-council' && may) expect(page.status).toBe(CELLS[name].gives);
    else expect([page.status, page.body.includes(breach.slice(-8).toUpperCase())]).toEqual([may ? 404 : 403, false]);
    if (agency !== 'merebrook-council') for (const list of ['breaches', 'breachFigures'] as const) expect((await take(list, await sessionOf(agency, idOf(agency, role)))).body).not.toContain(breach);
  });

  test('its lists hold nothing of it', async () => {
    for (const role of STAFF_ROLE_CODES.filter((each) => mayTake(routeOf('inbox').may, [each]) && !(agency === 'merebrook-council' && each === 'data-protection-officer'))) {
      for (const name of ['inbox', 'inboxList', 'sent'] as const) expect([role, name, new RegExp(`${item}|${ours}`).test((await take(name, await sessionOf(agency, idOf(agency, role)))).body)]).toEqual([role, name, false]);
    }
  });
});

describe.each(STAFF_ROLE_CODES)('%s of the team that it came to', (role) => {
  test.each(ROUTE_NAMES.filter((name) => routeOf(name).about === undefined && routeOf(name).may !== 'pass'))('%s', async (name) => {
    const session = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf(role)}`);
    expect((await take(name, session)).status).toBe(mayTake(routeOf(name).may, [role]) ? CELLS[name].gives : 403);
  });

  test('takes an item on, gives it back and hands it over if its role works, looks at it if its role sees, and else does neither', async () => {
    const session = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf(role)}`);
    await take('acknowledge', session);
    await scene.sql('delete from waybill.item_owner');
    const steps = ['itemReason', 'item', 'itemRead', 'itemTriage', 'itemClaim', 'itemRelease'] as const;
    for (const name of steps) expect([name, (await take(name, session)).status]).toEqual([name, mayTake(routeOf(name).may, [role]) ? CELLS[name].gives : 403]);
    await scene.sql('delete from waybill.item_owner');
    const handed = await take('itemHandOver', session);
    // What nobody has is handed over by a manager alone.
    expect(handed.status).toBe(role === 'team-manager' ? 303 : 403);
  });
});

test.each(STAFF_ROLE_CODES)('%s of the organisation that asked looks at a refusal, and says something of it in the reader, if its role speaks for the organisation', async (role) => {
  const session = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf(role)}`);
  await take('acknowledge', session);
  for (const name of ['refusalReason', 'refusal', 'refusalState'] as const) expect([name, (await take(name, session)).status]).toEqual([name, mayTake(routeOf(name).may, [role]) ? CELLS[name].gives : 403]);
});

test('WIR AU-04: the independent scrutineer reads how the agreement stands, its report and what was refused, by codes; says nothing of it, and is shown no item and no word', async () => {
  const as = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf('scrutineer')}`);
  await take('acknowledge', as);
  await lookedAfter(scene.world);
  expect((await take('agreements', as)).body).toMatch(/Review overdue since 2021-07-01/);
  expect((await take('agreementReport', as)).body).toMatch(/Nothing here is about anybody[^]*information requests, by urgency/);
  const queue = await take('refusals', as);
  expect(queue.body).toContain(refused.slice(-8).toUpperCase());
  await take('refusalReason', as);
  for (const page of [queue, await take('refusal', as)]) expect([page.status, /her safety was considered/.test(page.body)]).toEqual([200, false]);
  for (const name of ['refusalState', 'inbox', 'item', 'sent'] as const) expect([name, (await take(name, as)).status]).toEqual([name, 403]);
});

test.each(ROUTE_NAMES.filter((name) => routeOf(name).may === 'pass'))('%s: nobody takes it without a pass, however signed in, and from another origin than the reader’s', async (name) => {
  const as = await sessionOf('merebrook-council', 'mc-014');
  for (const headers of [{}, { origin: 'https://elsewhere.example' }, { origin: READER }, { origin: READER, 'waybill-page': 'x'.repeat(43) }] as Record<string, string>[]) {
    const page = await ask(scene.world, routeOf(name).method, CELLS[name].path ?? '', { as, headers });
    expect([page.status, JSON.parse(page.body)]).toEqual([403, expect.objectContaining({ code: 'PASS_INVALID' })]);
  }
});

describe('a form', () => {
  const forms = ROUTE_NAMES.filter((name) => routeOf(name).method === 'POST' && routeOf(name).may !== 'pass');
  const bent: [string, (as: Signed) => { headers?: Record<string, string>; form?: Record<string, string> }][] = [
    ['without its token', () => ({ form: { formToken: '' } })],
    ['with another session’s token', () => ({ form: { formToken: [...sessions.values()][0]?.formToken ?? 'x' } })],
    ['from another origin', () => ({ headers: { origin: 'https://elsewhere.example' } })],
    ['from no origin that can be told', () => ({ headers: { origin: 'null' } })],
    ['from a page of another site', () => ({ headers: { 'sec-fetch-site': 'cross-site' } })],
    ['from a neighbour under the same domain', () => ({ headers: { 'sec-fetch-site': 'same-site' } })],
  ];
  test.each(forms.flatMap((name) => bent.map(([what, bend]) => [name, what, bend] as const)))('%s %s does nothing', async (name, _what, bend) => {
    const as = await signedIn(scene.world, 'merebrook-council', 'mc-014');
    const { form, headers } = bend(as);
    const page = await ask(scene.world, 'POST', placeOf(name), { as, form: { ...CELLS[name].form, ...form }, ...(headers ? { headers } : {}) });
    expect([page.status, page.body]).toEqual([403, expect.stringContaining('FORM_NOT_OURS')]);
  });
});

test('every answer keeps others out: policy, frames, caches; a page’s scripts and styles are files of this origin', async () => {
  const as = await sessionOf('merebrook-council', 'mc-014');
  for (const page of [await ask(scene.world, 'GET', '/'), await ask(scene.world, 'GET', '/inbox', { as }), await ask(scene.world, 'GET', '/no-such-page'), await ask(scene.world, 'POST', '/stay', {})]) {
    expect(page.headers).toMatchObject({ ...PROTECTION, 'content-security-policy': PROTECTION['content-security-policy']?.replace("form-action 'self'", `form-action 'self' ${READER}`), 'cache-control': 'no-store' });
    expect(String(page.headers['content-security-policy']).replace(READER, '')).not.toMatch(/unsafe|\*|data:|http/);
    expect(page.body).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son[a-z]+=|https?:\/\/(?!www\.equalityadvisoryservice)/);
    for (const [, address] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^(\/|#|https:\/\/www\.equalityadvisoryservice)/);
  }
});

test('nothing of GOV.UK’s own that is not ours to show is served: neither its font nor its crest', async () => {
  const { body } = await ask(scene.world, 'GET', '/');
  const styles = [...body.matchAll(/href="([^"]+\.css)"/g)].map(([, path]) => path ?? '');
  expect(styles).toHaveLength(3);
  for (const path of styles) {
    const css = await ask(scene.world, 'GET', path);
    expect([path, css.status, css.headers['cache-control'], /GDS Transport|@font-face|url\(/.test(css.body)]).toEqual([path, 200, 'public, max-age=31536000, immutable', false]);
  }
});

test('a session ends after fifteen minutes without a click, and what a page asks by itself is no click', async () => {
  const as = await signedIn(scene.world, 'merebrook-council', 'mc-014');
  for (let minute = 0; minute < 14; minute += 7) {
    scene.world.clock.advance(7 * 60_000);
    expect((await take('inboxList', as)).status).toBe(200);
  }
  scene.world.clock.advance(61_000);
  expect((await take('inboxList', as)).status).toBe(401);
});

test('a session ends twelve hours after its sign-in, however busy', async () => {
  const as = await signedIn(scene.world, 'merebrook-council', 'mc-014');
  for (let click = 0; click < 59; click++) {
    scene.world.clock.advance(12 * 60_000 - 1_000);
    expect((await take('duties', as)).status).toBe(200);
  }
  scene.world.clock.advance(13 * 60_000);
  expect((await take('duties', as)).status).toBe(303);
});

test('who has left is out at the next click, and of a session the database holds a digest alone', async () => {
  const as = await signedIn(scene.world, 'merebrook-council', 'mc-015');
  expect((await take('duties', as)).status).toBe(200);
  expect(await scene.sql(`select from waybill.session where token = $1`, [as.token])).toEqual([]);
  await scene.sql(`update waybill.staff set until_day = $1 where id = 'mc-015'`, [new Date(scene.world.clock.now().getTime() - 2 * DAY).toISOString().slice(0, 10)]);
  expect((await take('duties', as)).status).toBe(303);
});

test.each(['/inbox?owner=everyone', '/inbox?lane=sideways', '/inbox?after=%00', '/inbox?owner=mine&owner=nobody', '/items/transfer/1', '/items/ghost/01890a5d-ac96-774b-bcce-b302099a8057', '/items/transfer/01890a5d-ac96-774b-bcce-b302099a8057', '/refusals/1'])('%s is answered with a page that says what to do', async (path) => {
  const page = await ask(scene.world, 'GET', path, { as: await signedIn(scene.world, 'merebrook-council', 'mc-014') });
  expect([page.status < 500, page.status >= 400, page.body]).toEqual([true, true, expect.stringContaining('What to do:')]);
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/%0d%0aset-cookie:x', 'javascript:alert(1)'])('nobody is sent on to %s', async (to) => {
  const page = await ask(scene.world, 'POST', '/statement', { as: await signedIn(scene.world, 'merebrook-council', 'mc-014'), form: { to } });
  expect([page.status, String(page.headers['location']).replace('/%0d%0aset-cookie:x', '/')]).toEqual([303, '/']);
});
