import * as fc from 'fast-check';
import type { Staff } from '#directory/staff';
import { planned } from '#duties/duties';
import type { Tx } from '#platform/database';
import { LANES } from '#queue/lanes';
import { Inbox } from './inbox';
import { cursorOf, inOrder, type Item, LOOK_WITHIN_MS, type Place, readCursor } from './item';
import type { ItemSource, Wanted } from './source';

// The list puts what comes from several rooms into one order. Here two made-up rooms stand for them; the database has its own tests.

const SOME_DAY = Date.UTC(2026, 0, 31);
const item = (kind: Item['kind'], n: number, place: Partial<Place> = {}): Item => ({
  kind, id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, reference: `X-${n}`, lane: 'routine', urgency: 'routine', rank: 1, agreement: 'a', from: { agency: 'school', name: 'School' }, contact: 'front-door',
  arrivedAt: new Date(0), dueAt: new Date(SOME_DAY + n * 1_000), state: 'available', copy: 'available', version: 0, ...place,
});
const asked: Wanted[] = [];
const source = (kind: Item['kind'], items: readonly Item[]): ItemSource => ({
  kind,
  page: (_tx, wanted, after, limit) => {
    asked.push(wanted);
    return Promise.resolve([...items].sort(inOrder).filter((each) => after === undefined || inOrder(each, after) > 0).slice(0, limit));
  },
  counts: () => Promise.resolve(Object.fromEntries(LANES.map((lane) => [lane, { open: items.filter((each) => each.lane === lane).length, unowned: 0 }])) as never),
  find: (_tx, { contacts }, id) => Promise.resolve(items.find((each) => each.id === id && (contacts === undefined || contacts.includes(each.contact)))),
});
const tx = {} as Tx;
const worker: Staff = { agency: 'council', controller: 'council', id: 'mc-014', name: 'x', roles: ['front-door-worker'], contacts: ['front-door'], secondFactor: false };

test('lane comes first, then a front door’s request, then the time that is left', async () => {
  const all = [item('transfer', 1, { lane: 'routine' }), item('request', 2, { lane: 'routine', rank: 0, dueAt: new Date(SOME_DAY + 9e9) }), item('transfer', 3, { lane: 'emergency', dueAt: new Date(SOME_DAY + 8e9) }), item('transfer', 4, { lane: 'urgent' }), item('request', 5, { lane: 'emergency' })];
  const { items } = await new Inbox([source('transfer', all.filter(({ kind }) => kind === 'transfer')), source('request', all.filter(({ kind }) => kind === 'request'))]).page(tx, worker, { owned: 'anybody' }, { limit: 10 });
  expect(items.map(({ reference }) => reference)).toEqual(['X-5', 'X-3', 'X-4', 'X-2', 'X-1']);
});

test('from whichever rooms, in pages of whatever length, each item is seen once and in order', () =>
  fc.assert(fc.asyncProperty(fc.uniqueArray(fc.record({ n: fc.nat(10_000), request: fc.boolean(), lane: fc.constantFrom(...LANES), rank: fc.constantFrom(0 as const, 1 as const), due: fc.nat(50) }), { selector: ({ n }) => n, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), async (made, limit) => {
    const all = made.map(({ n, request, lane, rank, due }) => item(request ? 'request' : 'transfer', n, { lane, rank: request ? rank : 1, dueAt: new Date(SOME_DAY + due * 1_000) }));
    const inbox = new Inbox([source('transfer', all.filter(({ kind }) => kind === 'transfer')), source('request', all.filter(({ kind }) => kind === 'request'))]);
    const seen: Item[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: Awaited<ReturnType<Inbox['page']>> = await inbox.page(tx, worker, { owned: 'anybody' }, { limit, ...(next ? { after: readCursor(next) } : {}) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items);
      next = page.next;
    }
    expect(seen).toEqual([...all].sort(inOrder));
  })));

test('a place is read back from its cursor, and what is no place is refused', () => {
  const place: Place = { lane: 'urgent', rank: 0, dueAt: new Date('2026-01-31T09:30:00.000Z'), id: '01890a5d-ac96-774b-bcce-b302099a8057' };
  expect(readCursor(cursorOf(place))).toEqual(place);
  for (const bad of ['', 'x', Buffer.from('sideways_1_2026-01-31T09:30:00.000Z_01890a5d-ac96-774b-bcce-b302099a8057').toString('base64url'), Buffer.from('urgent_1_2026-02-31T09:30:00.000Z_01890a5d-ac96-774b-bcce-b302099a8057').toString('base64url'), Buffer.from(`urgent_1_2026-01-31T09:30:00.000Z_'; drop`).toString('base64url')]) expect(() => readCursor(bad)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }));
});

test('a worker asks for its own teams, a data protection officer for all, and who sees no items for nothing', async () => {
  const inbox = new Inbox([source('transfer', [item('transfer', 1)])]);
  asked.length = 0;
  await inbox.page(tx, worker, { owned: 'anybody', contact: 'another-team' }, { limit: 5 });
  await inbox.page(tx, worker, { owned: 'anybody' }, { limit: 5 });
  await inbox.page(tx, { ...worker, roles: ['data-protection-officer'] }, { owned: 'anybody' }, { limit: 5 });
  expect((await inbox.page(tx, { ...worker, roles: ['co-ordinator', 'scrutineer'] }, { owned: 'anybody' }, { limit: 5 })).items).toEqual([]);
  expect(asked.map(({ contacts }) => contacts)).toEqual([[], ['front-door'], undefined]);
  await expect(inbox.find(tx, { ...worker, contacts: [] }, 'transfer', item('transfer', 1).id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('what one team has open is not told to another that asks in the same moment', async () => {
  const inbox = new Inbox([source('transfer', [item('transfer', 1)]), { ...source('request', []), counts: (_tx, { contacts }) => Promise.resolve(Object.fromEntries(LANES.map((lane) => [lane, { open: contacts?.length ?? 99, unowned: 0 }])) as never) }]);
  const of = async (staff: Staff) => (await inbox.counts(tx, staff)).urgent.open;
  expect([await of(worker), await of({ ...worker, contacts: ['a', 'b'] }), await of({ ...worker, roles: ['data-protection-officer'] }), await of({ ...worker, roles: ['scrutineer'] })]).toEqual([1, 2, 99, 0]);
});

test.each(LANES)('what came in the lane %s is due to be looked at when somebody is first reminded of it', (lane) => {
  expect(LOOK_WITHIN_MS[lane]).toBe(planned({ kind: 'collect', lane, at: new Date(0) }).steps[0]);
});
