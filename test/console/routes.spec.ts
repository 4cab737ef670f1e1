import { STAFF_ROLE_CODES, type StaffRoleCode } from '#directory/staff-roles';
import { DAY } from '#platform/clock';
import { PROTECTION } from '../../apps/console/protection';
import { mayTake } from '../../apps/console/pages';
import { ROUTE_NAMES, type RouteName, routeOf } from '../../apps/console/routes';
import { PEOPLE, type Person } from '../../apps/standalone/staff';
import { FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import { ask, type Page, type Signed, signedIn } from '../world/console';
import { openWorld } from '../world/partnership';

// Every route of the console × every role × every party, made from the route table: what is not allowed is denied, whoever asks.

/** Somebody in each role at each of the other agencies, and at the council itself for another team than the front door. */
const PARTIES: Readonly<Record<string, string>> = { 'st-brigid-primary': 'safeguarding-lead', 'kingfisher-families': 'casework', 'eastgate-health': 'health-visitors', 'merebrook-council': 'information-governance' };
const idOf = (agency: string, role: StaffRoleCode): string => `${agency[0]}x-${900 + STAFF_ROLE_CODES.indexOf(role)}`;
const everybody: Person[] = Object.entries(PARTIES).flatMap(([agency, contact]) => STAFF_ROLE_CODES.map((role) => ({ agency, staff: idOf(agency, role), name: `${role} there`, roles: [role], contacts: [contact] })));
/** In each role for the front door itself. */
const own: Person[] = STAFF_ROLE_CODES.map((role, i) => ({ agency: 'merebrook-council', staff: `own-${800 + i}`, name: `${role} here`, roles: [role], contacts: ['front-door'] }));

/** What is sent, and what somebody who may gets. A route that is not here has no cell, and fails. */
const CELLS: Record<RouteName, { form?: Record<string, string>; path?: string; gives: number }> = {
  start: { gives: 303 }, accessibility: { gives: 200 }, asset: { path: '/assets/none/none', gives: 404 }, signIn: { gives: 303 }, signedIn: { path: '/sign-in/back?code=x&state=y', gives: 400 }, signedOut: { gives: 200 },
  signOut: { gives: 303 }, stay: { gives: 201 }, statement: { gives: 200 }, acknowledge: { form: { to: '/duties' }, gives: 303 },
  inbox: { gives: 200 }, inboxList: { gives: 200 }, item: { gives: 200 }, itemReason: { form: { reason: 'works-with-person' }, gives: 303 },
  itemClaim: { form: { version: '0' }, gives: 303 }, itemRelease: { form: { version: '1' }, gives: 303 }, itemHandOver: { form: { version: '0', to: 'own-800' }, gives: 303 }, duties: { gives: 200 },
};

let scene: Scene;
let item: string;
const routed = new Set<string>();
const sessions = new Map<string, Signed>();
const sessionOf = async (agency: string, id: string): Promise<Signed> => {
  const known = sessions.get(id) ?? (await signedIn(scene.world, agency, id));
  sessions.set(id, known);
  return known;
};

beforeAll(async () => {
  scene = new Scene(await openWorld({ console: { people: [...PEOPLE, ...everybody, ...own], routed: (method, path) => routed.add(`${method} ${path}`) } }));
  const { share, receipt } = await scene.send(REFERRAL);
  item = transferTo(receipt, FRONT_DOOR);
  await scene.arrived(scene.council, share.id);
});
afterAll(() => scene.world.close());

const take = async (name: RouteName, as?: Signed): Promise<Page> => {
  const { method, path } = routeOf(name);
  const cell = CELLS[name];
  return ask(scene.world, method, cell.path ?? path.replace(':kind', 'transfer').replace(':id', item), { ...(as ? { as } : {}), ...(cell.form ? { form: cell.form } : {}) });
};

test('the console serves the routes of the table and no other, and each has a cell', () => {
  expect([...routed].sort()).toEqual(ROUTE_NAMES.map((name) => `${routeOf(name).method} ${routeOf(name).path}`).sort());
  expect(Object.keys(CELLS).sort()).toEqual([...ROUTE_NAMES].sort());
});

test('a handler that takes no route of the table is let through by nobody', async () => {
  expect((await ask(scene.world, 'GET', '/no-such-page', { as: await sessionOf('merebrook-council', 'mc-014') })).status).toBe(404);
});

test.each(ROUTE_NAMES.filter((name) => routeOf(name).may !== 'anybody'))('%s: nobody takes it without a session', async (name) => {
  const page = await take(name);
  expect([page.status, page.headers['location'] ?? '']).toEqual(routeOf(name).method === 'GET' && name !== 'inboxList' ? [303, expect.stringMatching(/^\/\?to=/)] : [401, '']);
});

describe.each(Object.keys(PARTIES))('somebody of %s', (agency) => {
  const foreign = ROUTE_NAMES.filter((name) => routeOf(name).about === 'item').flatMap((name) => STAFF_ROLE_CODES.map((role) => [name, role] as const));
  test.each(foreign)('%s as %s: of another’s item nobody learns that it is there', async (name, role) => {
    const page = await take(name, await sessionOf(agency, idOf(agency, role)));
    // A data protection officer of the agency sees what came to any of its teams.
    const sees = agency === 'merebrook-council' && role === 'data-protection-officer' && mayTake(routeOf(name).may, [role]);
    if (sees) expect(page.status).not.toBe(404);
    else expect([page.status, page.body.includes(item.slice(-8).toUpperCase())]).toEqual([mayTake(routeOf(name).may, [role]) ? 404 : 403, false]);
  });

  test('its list holds nothing of the item', async () => {
    for (const role of STAFF_ROLE_CODES.filter((each) => mayTake(routeOf('inbox').may, [each]) && !(agency === 'merebrook-council' && each === 'data-protection-officer'))) {
      for (const name of ['inbox', 'inboxList'] as const) expect([role, (await take(name, await sessionOf(agency, idOf(agency, role)))).body.includes(item)]).toEqual([role, false]);
    }
  });
});

describe.each(STAFF_ROLE_CODES)('%s of the team that it came to', (role) => {
  test.each(ROUTE_NAMES.filter((name) => !['item', 'itemReason', 'itemClaim', 'itemRelease', 'itemHandOver'].includes(name)))('%s', async (name) => {
    const session = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf(role)}`);
    expect((await take(name, session)).status).toBe(mayTake(routeOf(name).may, [role]) ? CELLS[name].gives : 403);
  });

  test('takes an item on, gives it back and hands it over if its role works, looks at it if its role sees, and else does neither', async () => {
    const session = await signedIn(scene.world, 'merebrook-council', `own-${800 + STAFF_ROLE_CODES.indexOf(role)}`);
    await take('acknowledge', session);
    await scene.sql('delete from waybill.item_owner');
    const steps = ['itemReason', 'item', 'itemClaim', 'itemRelease'] as const;
    for (const name of steps) expect([name, (await take(name, session)).status]).toEqual([name, mayTake(routeOf(name).may, [role]) ? CELLS[name].gives : 403]);
    await scene.sql('delete from waybill.item_owner');
    const handed = await take('itemHandOver', session);
    // What nobody has is handed over by a manager alone.
    expect(handed.status).toBe(role === 'team-manager' ? 303 : 403);
  });
});

describe('a form', () => {
  const forms = ROUTE_NAMES.filter((name) => routeOf(name).method === 'POST');
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
    const page = await ask(scene.world, 'POST', routeOf(name).path.replace(':kind', 'transfer').replace(':id', item), { as, form: { ...CELLS[name].form, ...form }, ...(headers ? { headers } : {}) });
    expect([page.status, page.body]).toEqual([403, expect.stringContaining('FORM_NOT_OURS')]);
  });
});

test('every answer keeps others out: policy, frames, caches; a page’s scripts and styles are files of this origin', async () => {
  const as = await sessionOf('merebrook-council', 'mc-014');
  for (const page of [await ask(scene.world, 'GET', '/'), await ask(scene.world, 'GET', '/inbox', { as }), await ask(scene.world, 'GET', '/no-such-page'), await ask(scene.world, 'POST', '/stay', {})]) {
    expect(page.headers).toMatchObject({ ...PROTECTION, 'cache-control': 'no-store' });
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|\*|data:|http/);
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

test.each(['/inbox?owner=everyone', '/inbox?lane=sideways', '/inbox?after=%00', '/inbox?owner=mine&owner=nobody', '/items/transfer/1', '/items/ghost/01890a5d-ac96-774b-bcce-b302099a8057', '/items/transfer/01890a5d-ac96-774b-bcce-b302099a8057'])('%s is answered with a page that says what to do', async (path) => {
  const page = await ask(scene.world, 'GET', path, { as: await signedIn(scene.world, 'merebrook-council', 'mc-014') });
  expect([page.status < 500, page.status >= 400, page.body]).toEqual([true, true, expect.stringContaining('What to do:')]);
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/%0d%0aset-cookie:x', 'javascript:alert(1)'])('nobody is sent on to %s', async (to) => {
  const page = await ask(scene.world, 'POST', '/statement', { as: await signedIn(scene.world, 'merebrook-council', 'mc-014'), form: { to } });
  expect([page.status, String(page.headers['location']).replace('/%0d%0aset-cookie:x', '/')]).toEqual([303, '/']);
});
