import { signDetached } from '#envelope/signatures';
import { padded } from '#client/sealing-share';
import { DAY, day } from '#platform/clock';
import type { ListsTold } from '#protocol/list-answers';
import { atDesk, operatorsEnv, type Said } from '../world/desk';
import { Example } from '../world/example';
import { circulated, CIRCULATOR, POLICE, SCHOOL, stateOf, submitted } from '../world/notifications';
import type { Answer, Composed } from '../world/partner';
import { eventually } from '../world/partnership';

// Lists to which a co-ordinator circulates: kept at the co-ordinator's desk, shown as the agreement has it, blind to the last octet where it says so.

const atTheDesk = (example: Example, ...args: string[]): Promise<Said> => atDesk(['list', ...args], { cwd: example.world.folder, env: operatorsEnv(example.world), now: () => example.world.clock.now() });
const codesOf = (answer: Answer): string[] => ((answer.json as { reasons?: { code: string }[] }).reasons ?? []).map(({ code }) => code);

/** What stands in a line of an export. */
const entryOf = (line: string): string => Buffer.from((JSON.parse(line || '{}') as { octets?: string }).octets ?? '', 'base64').toString();

interface Seen { agency: string; contact: string; blind?: boolean }
const seenBy = async (example: Example, agency: string, name: string, on?: string): Promise<Seen[]> => {
  const { items } = (await example.world.partner(agency).get(`/v1/lists${on === undefined ? '' : `?on=${on}`}`)).json as ListsTold;
  return items.find((each) => each.name === name)?.entries ?? [];
};
const named = (seen: readonly Seen[]): string[] => seen.map(({ agency, contact }) => `${agency}/${contact}`);
const changesOf = async (example: Example, controller: string): Promise<string[]> => {
  const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where controller = $1 and kind = 'party-changed' order by id`, [controller]);
  return rows.map(({ octets }) => (JSON.parse(octets.toString()) as { change: string }).change).filter((change) => /list|left/.test(change));
};

describe('worcestershire', () => {
  const [SENDER, CHILDREN, FORCE, KEEPER] = ['health-and-care-trust', 'worcestershire-children-first', 'west-mercia-police', 'worcestershire-partnership'] as const;
  const ON = [`${SENDER}/safeguarding-nurses`, `${CHILDREN}/family-front-door`, `${FORCE}/public-protection`] as const;
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('worcestershire');
    for (const kind of ['members', 'network', 'training', 'leads']) {
      expect(await atTheDesk(example, 'make', kind, '--agreement', 'worcestershire', '--kind', kind, '--keeper', KEEPER)).toMatchObject({ exit: 0, err: '' });
      for (const who of ON) expect(await atTheDesk(example, 'enter', kind, who, '--agreement', 'worcestershire')).toMatchObject({ exit: 0, err: '' });
    }
  });
  afterAll(() => example?.close());

  const also = (agency: string, contact: string, ...organisations: string[]) => ({ recipient: { agency, contact }, about: 'alsoTold', organisations });
  const EACH_TOLD = { '/lines/5': also(CHILDREN, 'family-front-door', FORCE), '/lines/6': also(FORCE, 'public-protection', CHILDREN) };
  const withPadding = async (composed: Composed): Promise<Composed> => {
    const manifest = JSON.parse(composed.manifest.toString()) as { lines: string[] };
    const octets = Buffer.from(JSON.stringify({ ...manifest, lines: padded(manifest.lines) }));
    return { ...composed, manifest: octets, signature: await signDetached({ octets, key: example.sender.keys().key }) };
  };

  test('WOR ML-01: the whole membership sees who is on its list, with how to reach them, and what is circulated to it tells each recipient of the others; an assistant only where that member asked', async () => {
    for (const agency of [SENDER, FORCE]) expect(named(await seenBy(example, agency, 'members'))).toEqual([...ON].sort());
    expect(await seenBy(example, FORCE, 'members')).toContainEqual(expect.objectContaining({ agency: CHILDREN, label: expect.any(String) }));
    expect(await seenBy(example, FORCE, 'members')).not.toContainEqual(expect.objectContaining({ assistantOf: expect.any(String) }));
    expect(await atTheDesk(example, 'enter', 'members', `${SENDER}/governance`, '--assistant-of', 'safeguarding-nurses', '--agreement', 'worcestershire')).toMatchObject({ exit: 0 });
    expect(await seenBy(example, FORCE, 'members')).toContainEqual(expect.objectContaining({ contact: 'governance', assistantOf: 'safeguarding-nurses' }));
    const silent = await example.sender.submit(await example.compose({ '/manifest/list': 'members' }));
    expect([silent.status, codesOf(silent)]).toEqual([422, ['LIST_IS_VISIBLE']]);
    const { share } = await example.send({ '/manifest/list': 'members', ...EACH_TOLD });
    const item = await eventually(async () => ((await example.world.partner(FORCE).get('/v1/mailbox')).json.items as { share: string; transfer: string }[]).find((each) => each.share === share.id));
    expect((await example.world.partner(FORCE).get(`/v1/mailbox/${item.transfer}/lines`)).body.toString()).toContain(CHILDREN);
  });

  test.each(['network', 'training'])('WOR ML-02: on the list %s nobody sees anybody: not on the list, in what is circulated, its receipts and exports, nor by counting', async (list) => {
    expect(named(await seenBy(example, FORCE, list))).toEqual([`${FORCE}/public-protection`]);
    expect(named(await seenBy(example, KEEPER, list))).toEqual([...ON].sort());
    const counted = await example.sender.submit(await example.compose({ '/manifest/list': list }));
    expect([counted.status, codesOf(counted)]).toEqual([422, ['LIST_COUNT_SHOWS']]);
    const composed = await withPadding(await example.compose({ '/manifest/list': list, ...EACH_TOLD }));
    const answer = await example.sender.submit(composed);
    expect(answer.status).toBe(202);
    expect((answer.json as { struckOff: { reasons: { code: string }[] }[] }).struckOff.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([['LIST_IS_BLIND'], ['LIST_IS_BLIND']]);
    const force = example.world.partner(FORCE);
    const item = await eventually(async () => ((await force.get('/v1/mailbox')).json.items as { share: string; transfer: string }[]).find((each) => each.share === composed.id));
    expect((JSON.parse((await force.get(`/v1/mailbox/${item.transfer}/manifest`)).body.toString()) as { lines: string[] }).lines).toHaveLength(16);
    const envelope = (await force.get(`/v1/mailbox/${item.transfer}/envelope`)).body.toString('latin1');
    const acknowledged = await force.state('acknowledged', item.transfer, { share: composed.id, manifestDigest: (answer.json as { manifestDigest: string }).manifestDigest });
    await eventually(async () => (await example.world.db.owner.query('select from waybill.pending_leaf')).rowCount === 0);
    const exported = (await force.get('/v1/register/export?reason=audit')).body.toString().split('\n').map(entryOf).filter((entry) => entry.includes(composed.id));
    for (const octets of [(await force.get(`/v1/mailbox/${item.transfer}`)).body.toString(), envelope, acknowledged.body.toString(), ...exported]) expect(octets).not.toMatch(/worcestershire-children-first|family-front-door/);
    expect(exported.length).toBeGreaterThan(0);
  });

  test('WOR ML-03, ML-04, RR-09: a lead who opts out is written to, and shown to nobody but the keeper; on another list that is the end of it, at once and on record', async () => {
    expect(named(await seenBy(example, FORCE, 'leads'))).toEqual([...ON].sort());
    expect(await atTheDesk(example, 'opt-out', 'leads', ON[1], '--agreement', 'worcestershire')).toMatchObject({ exit: 0, out: expect.stringContaining('shown to nobody') });
    expect(named(await seenBy(example, FORCE, 'leads'))).toEqual([ON[0], ON[2]].sort());
    expect(await seenBy(example, KEEPER, 'leads')).toContainEqual(expect.objectContaining({ agency: CHILDREN, blind: true }));
    expect(named(await seenBy(example, CHILDREN, 'leads'))).toContain(ON[1]);
    expect(await atTheDesk(example, 'opt-out', 'members', ON[1], '--agreement', 'worcestershire')).toMatchObject({ exit: 0, out: expect.stringContaining('no more') });
    for (const agency of [FORCE, KEEPER, CHILDREN]) expect(named(await seenBy(example, agency, 'members'))).not.toContain(ON[1]);
    expect(await changesOf(example, CHILDREN)).toEqual(expect.arrayContaining(['list-entered', 'list-opted-out-blind', 'list-opted-out']));
  });

  test('WOR AU-06: a report on training goes to the list that the agreement has for it, and to no kind of list that it has not', async () => {
    const answer = await example.sender.submit(await withPadding(await example.compose({ '/manifest/list': 'circulation' })));
    expect([answer.status, codesOf(answer)]).toEqual([422, ['LIST_UNKNOWN']]);
    expect((await example.sender.submit(await withPadding(await example.compose({ '/manifest/list': 'training' })))).status).toBe(202);
  });

  test('WOR RT-10, ML-04: whoever leaves a post is on no list and not in the directory’s view; of the person nothing is kept but the id that records name; each list is looked through in turn', async () => {
    expect(await atTheDesk(example, 'leave', `${SENDER}/governance`)).toMatchObject({ exit: 0 });
    for (const agency of [SENDER, KEEPER]) expect(named(await seenBy(example, agency, 'members'))).not.toContain(`${SENDER}/governance`);
    const { items } = (await example.sender.get('/v1/directory/agencies')).json as { items: { agency: string; contacts: { contact: string }[] }[] };
    expect(items.find(({ agency }) => agency === SENDER)?.contacts.map(({ contact }) => contact)).toEqual(expect.not.arrayContaining(['governance']));
    const { rows } = await example.world.db.owner.query(`select label, email, telephone, until_day is not null as gone from waybill.contact where agency = $1 and id = 'governance'`, [SENDER]);
    expect(rows).toEqual([{ label: 'governance', email: null, telephone: null, gone: true }]);
    expect(await changesOf(example, SENDER)).toContain('contact-left');

    const due = async () => ((await example.world.partner(KEEPER).get('/v1/duties?limit=200')).json as { items: { kind: string; list?: string }[] }).items.filter(({ kind }) => kind === 'review-list');
    expect(await due()).toEqual([]);
    await example.world.db.owner.query(`update waybill.list set review_on = current_date where name = 'leads'`);
    await eventually(async () => (await due()).length === 1);
    expect(await atTheDesk(example, 'reviewed', 'leads', '--agreement', 'worcestershire')).toMatchObject({ exit: 0 });
    expect(await due()).toEqual([]);
  });

  test('what is none is said before anything is changed', async () => {
    for (const args of [['enter', 'leads', 'no-contact'], ['move', ON[0], '--to', 'governance', '--on', '31 March']]) expect(await atTheDesk(example, ...args, '--agreement', 'worcestershire')).toMatchObject({ exit: 2 });
    for (const args of [['opt-out', 'nothing', ON[0]], ['enter', 'nothing', ON[0]]]) expect(await atTheDesk(example, ...args, '--agreement', 'worcestershire')).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
  });
});

describe('nwadcs', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('nwadcs', {}, (agency) => (agency === POLICE ? { keyless: { keys: true } } : {}));
    expect(await atTheDesk(example, 'make', 'partners', '--agreement', 'nwadcs', '--kind', 'circulation', '--keeper', CIRCULATOR)).toMatchObject({ exit: 0, err: '' });
    for (const who of [`${SCHOOL}/safeguarding`, `${POLICE}/public-protection`]) expect(await atTheDesk(example, 'enter', 'partners', who, '--agreement', 'nwadcs', '--from', '2026-01-01')).toMatchObject({ exit: 0, err: '' });
  });
  afterAll(() => example?.close());

  test('NWADCS PD-15, ML-05: a mailbox changes from a day on; from then notifications go to the new one and not to the old; past records name the one of the day', async () => {
    const before = await circulated(example);
    const tomorrow = day(new Date(example.world.clock.now().getTime() + DAY));
    expect(await atTheDesk(example, 'move', `${POLICE}/public-protection`, '--to', 'emergency-duty', '--on', tomorrow, '--agreement', 'nwadcs')).toMatchObject({ exit: 0, err: '' });
    await circulated(example);
    example.world.clock.advance(DAY);
    const police = async (on?: string) => named(await seenBy(example, CIRCULATOR, 'partners', on)).filter((each) => each.startsWith(POLICE));
    expect([await police(), await police('2026-02-01')]).toEqual([[`${POLICE}/emergency-duty`], [`${POLICE}/public-protection`]]);
    await expect(circulated(example)).rejects.toThrow('NOT_ON_THE_LIST');
    const { notification } = await submitted(example);
    const TO_NEW = { agency: POLICE, contact: 'emergency-duty' };
    const { share } = await example.send({ '/manifest/threads': { notification }, '/lines/0/recipient': TO_NEW, '/lines/1/recipient': TO_NEW, '/lines/3/recipient': TO_NEW });
    expect((await stateOf(example, CIRCULATOR, 'circulated', notification, { share: share.id })).status).toBe(200);
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where controller = $1 and kind = 'share-sent'`, [CIRCULATOR]);
    const sent = (id: string) => rows.map(({ octets }) => octets.toString()).find((octets) => (JSON.parse(octets) as { share: string }).share === id);
    expect([sent(before.share.id)?.includes('public-protection'), sent(share.id)?.includes('public-protection'), sent(share.id)?.includes('emergency-duty')]).toEqual([true, false, true]);
    expect(await changesOf(example, 'marl-chief-constable')).toContain('list-mailbox-changed');
  });

  test('NWADCS PD-15: a mailbox on the list that could not be reached is a duty of whoever keeps the list', async () => {
    const mend = async () => ((await example.world.partner(CIRCULATOR).get('/v1/duties?limit=200')).json as { items: { kind: string; other?: string; duty: string }[] }).items.filter(({ kind }) => kind === 'mend-mailbox');
    await example.send();
    expect(await mend()).toEqual([]);
    example.world.clock.advance(29 * DAY);
    const duties = await eventually(async () => {
      const found = await mend();
      return found.some(({ other }) => other === SCHOOL) && found;
    });
    // Of whoever stands on no list nothing is asked.
    expect(duties.map(({ other }) => other)).not.toContain('fell-side-council');
    const closed = await example.world.partner(CIRCULATOR).post(`/v1/duties/${duties[0]?.duty ?? ''}/closing`, { because: 'works-again', by: { agency: CIRCULATOR, contact: 'circulation' } });
    expect(closed.status).toBe(200);
  });
});
