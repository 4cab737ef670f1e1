import { isWorking } from '#duties/calendar';
import { HOUR } from '#platform/clock';
import type { BreachTold } from '#protocol/breach-answers';
import { breachCase, codesOf, dutiesOfCase, entriesOfCase, reportBreach, stateBreach, stated } from '../world/breaches';
import { Example } from '../world/example';

// S7: the same facts under every agreement. Whoever received a share lost it, and another had it too. Only the profile differs.

interface Expected {
  tag: string;
  agreement: string;
  loser: string;
  also: string;
  owner: string;
  first: string[];
  second: string[];
  leads: string[];
  notifiers: string[];
  /** The contact of the first that is told, which is tried before any other. */
  contacts: [string];
  /** On what stands: who is told first, who else, who tells the regulator, by when. */
  standsOn: string;
}

const EXPECTED: readonly Expected[] = [
  {
    tag: 'WIR', agreement: 'wirral', loser: 'wirral-council', also: 'merseyside-police', owner: 'oak-lane-primary', first: ['oak-lane-primary'], second: ['merseyside-police'],
    leads: ['oak-lane-primary'], notifiers: ['oak-lane-primary'], contacts: ['safeguarding-lead'], standsOn: 'clause default clause statute',
  },
  {
    tag: 'WOR', agreement: 'worcestershire', loser: 'worcestershire-children-first', also: 'west-mercia-police', owner: 'health-and-care-trust', first: ['worcestershire-partnership'], second: ['health-and-care-trust', 'west-mercia-police'],
    leads: ['worcestershire-children-first', 'worcestershire-partnership'], notifiers: ['health-and-care-trust', 'west-mercia-police', 'worcestershire-children-first'], contacts: ['partnership-team'], standsOn: 'clause default statute statute',
  },
  {
    tag: 'SOL', agreement: 'solihull', loser: 'west-midlands-police', also: 'birmingham-and-solihull-icb', owner: 'solihull-council', first: ['birmingham-and-solihull-icb', 'solihull-council'], second: [],
    leads: ['west-midlands-police'], notifiers: ['birmingham-and-solihull-icb', 'solihull-council', 'west-midlands-police'], contacts: ['safeguarding-team'], standsOn: 'clause clause statute statute',
  },
  {
    tag: 'LLR', agreement: 'llr', loser: 'leicester-city-council', also: 'living-without-abuse', owner: 'leicestershire-police', first: ['leicestershire-police'], second: ['living-without-abuse'],
    leads: ['leicester-city-council', 'leicestershire-police', 'living-without-abuse'], notifiers: ['leicester-city-council'], contacts: ['governance'], standsOn: 'clause clause clause clause',
  },
  {
    tag: 'NWADCS', agreement: 'nwadcs', loser: 'fell-side-council', also: 'moss-lane-primary', owner: 'nwadcs', first: ['nwadcs'], second: ['moss-lane-primary'],
    leads: ['fell-side-council', 'moss-lane-primary', 'nwadcs'], notifiers: ['fell-side-council', 'moss-lane-primary', 'nwadcs'], contacts: ['circulation'], standsOn: 'default default clause statute',
  },
];

const told = (breach: BreachTold, wave: string): string[] => breach.notices.filter((notice) => notice.wave === wave).map(({ agency }) => agency).sort();
const having = ({ parties }: BreachTold, part: string): string[] => parties.filter(({ parts }) => parts.includes(part)).map(({ agency }) => agency).sort();
const ground = ({ rules }: BreachTold, rule: string): string => rules.find((each) => each.rule === rule)?.standsOn ?? '';

describe.each(EXPECTED)('$agreement', ({ tag, agreement, loser, also, owner, ...expected }) => {
  let example: Example;
  let breach: BreachTold;
  let share: string;
  let before: Date;
  beforeAll(async () => {
    example = await Example.open(agreement);
    while (!isWorking(example.world.clock.now())) example.world.clock.advance(HOUR);
    share = (await example.send()).share.id;
    before = example.world.clock.now();
    breach = await reportBreach(example.world, example.world.partner(loser), { shares: [share], recipients: [also] });
  });
  afterAll(() => example.close());
  const at = (agency: string) => example.world.partner(agency);

  test(`${tag} BR-01, BR-21: whoever it happened to reports it by one form, its type and its agreement decide who is told, and who raised it is on record`, async () => {
    expect(breach).toMatchObject({ agreement, type: 'wrongly-disclosed', reporter: loser, state: 'open', nearMiss: false, exercise: false });
    expect(having(breach, 'occurred')).toEqual([loser]);
    const entries = await entriesOfCase(example.world, controllerOf(loser), breach.breach);
    expect(entries[0]).toMatchObject({ kind: 'breach-reported', by: loser, where: loser, type: 'wrongly-disclosed', harm: 'no', shares: [share], statement: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test(`${tag} BR-02: from the share that was picked follows whose information it was; who else received it is added by hand`, () => {
    expect(having(breach, 'owner')).toEqual([owner]);
    expect(having(breach, 'recipient')).toEqual([also, loser].sort());
    expect(breach.shares).toEqual([share]);
  });

  test(`${tag} BR-03: whom the agreement has told first is told in the same transaction, in the breach lane, and its first reading is timed`, async () => {
    expect(told(breach, 'first')).toEqual(expected.first);
    expect(ground(breach, 'first')).toBe(expected.standsOn.split(' ')[0]);
    const [first] = expected.first as [string];
    const notice = breach.notices.find(({ agency, wave }) => agency === first && wave === 'first');
    expect(Date.parse(notice?.toldAt ?? '') - before.getTime()).toBeLessThan(60_000);
    expect(notice).not.toHaveProperty('readAt');
    expect((await dutiesOfCase(example.world, breach.breach, 'read-notice')).filter((duty) => duty.owner === first)).toEqual([expect.objectContaining({ lane: 'breach', open: true })]);
    expect((await at(first).get('/v1/breaches?open=true')).json).toMatchObject({ items: [{ breach: breach.breach }] });
  });

  test(`${tag} BR-04${tag === 'NWADCS' ? '' : ', PD-09'}: the post that is named is told before the point of contact, the manager and the co-ordinator, half an hour each, with a number to ring`, async () => {
    const [first] = expected.first as [string];
    const notice = breach.notices.find(({ agency }) => agency === first);
    expect(expected.contacts).toEqual([notice?.contact]);
    expect(notice?.telephone).toMatch(/^\+44/);
    const [row] = (await example.world.db.owner.query<{ steps: string[]; tells: string[] }>(`select steps, tells from waybill.duty where breach = $1 and owner = $2 and kind = 'read-notice'`, [breach.breach, first])).rows;
    expect(row?.steps.map(Number)).toEqual(row?.tells.map((_, i) => (i + 1) * HOUR / 2));
    expect(row?.tells.at(-1)).toBe('coordinator');
  });

  test(`${tag} BR-05: whoever else the agreement has told is told in the second wave, and the time from awareness to it is on record`, async () => {
    expect(told(breach, 'second')).toEqual(expected.second);
    expect(ground(breach, 'second')).toBe(expected.standsOn.split(' ')[1]);
    for (const agency of expected.second) {
      const entries = await entriesOfCase(example.world, controllerOf(agency), breach.breach);
      expect(entries.filter(({ kind }) => kind === 'breach-notified')).toEqual([expect.objectContaining({ wave: 'second', agency, at: expect.stringMatching(/Z$/) })]);
    }
  });

  test(`${tag} BR-10, BR-07: who leads, and who tells the regulator first, is as the agreement has it; the duty of every other controller stays visible`, async () => {
    expect(having(breach, 'lead')).toEqual(expected.leads);
    expect(having(breach, 'notifier')).toEqual(expected.notifiers);
    expect(ground(breach, 'notifiers')).toBe(expected.standsOn.split(' ')[2]);
    for (const agency of [owner, also]) await stated(example.world, at(agency), breach.breach, 'read');
    const clocks = (await dutiesOfCase(example.world, breach.breach)).filter(({ kind }) => kind === 'tell-regulator' || kind === 'own-regulator-duty');
    expect(Object.fromEntries(clocks.map((duty) => [duty.owner, duty.kind]))).toEqual(Object.fromEntries([loser, owner, also].map((agency) => [agency, expected.notifiers.includes(agency) ? 'tell-regulator' : 'own-regulator-duty'])));
  });

  test(`${tag} BR-11: each controller has 72 elapsed hours from its own awareness; where the text gives no hours, the law's apply and are marked so`, async () => {
    const now = await breachCase(at(loser), breach.breach);
    for (const agency of [loser, owner, also]) {
      const party = now.parties.find((each) => each.agency === agency);
      expect(Date.parse(party?.dueAt ?? '') - Date.parse(party?.awareAt ?? '')).toBe(72 * HOUR);
      expect(party?.hoursLeft).toBe(71);
    }
    expect(ground(now, 'hours')).toBe(expected.standsOn.split(' ')[3]);
  });

  test(`${tag} BR-19: the case says whom the agreement has bear the cost`, () => {
    const INDEMNITY: Record<string, string> = { wirral: 'mutual-receiver-liable', worcestershire: 'own-cover', solihull: 'mutual', llr: 'none', nwadcs: 'not-said' };
    expect(breach.rules.find(({ rule }) => rule === 'indemnity')?.value).toBe(INDEMNITY[agreement]);
  });

  test(`${tag} BR-20: what is told carries references only`, async () => {
    const { rows } = await example.world.db.owner.query<{ columns: string[] }>(`select array_agg(column_name::text) as columns from information_schema.columns where table_schema = 'waybill' and table_name in ('breach', 'breach_notice') and data_type = 'text'`);
    // Every one of them is a code, an id of the directory, or a version.
    expect(rows[0]?.columns.sort()).toEqual(['agency', 'agreement', 'agreement_version', 'contact', 'harm', 'reporter', 'state', 'type', 'wave']);
  });

  const FINDING = { facts: { causes: ['procedure-not-followed'], taken: ['access-withdrawn'], proposed: ['process-changed'] } };
  const involved = [...new Set([loser, owner, also])];
  const [lead] = expected.leads as [string];
  const about = (agency: string, kind: string, more: Record<string, unknown> = {}) => stateBreach(example.world, at(agency), breach.breach, kind, more);
  const saying = (agency: string, kind: string, more: Record<string, unknown> = {}) => stated(example.world, at(agency), breach.breach, kind, more);
  const close = (agency = lead) => about(agency, 'outcome', { outcome: 'closed', reasons: ['all-done'] });

  const LED = { WIR: 'WIR BR-07: the losing party cannot close the case; whoever it belongs to leads', LLR: 'LLR BR-07: everybody involved investigates and may close', WOR: 'WOR BR-07: the partnership, or the organisation where it happened, leads; nobody else closes it' } as Record<string, string>;
  test(LED[tag] ?? `${tag}: who may close the case follows from who leads it`, async () => {
    for (const agency of involved) expect(codesOf(await close(agency)).includes('NOT_YOURS_TO_STATE')).toBe(!expected.leads.includes(agency));
  });

  const GRADED = { WIR: 'WIR BR-08: the grade is fixed only once every involved party has given its view, which stays visible', LLR: 'LLR BR-08: the provider of the information assesses the risk, and its grade stands' } as Record<string, string>;
  test(GRADED[tag] ?? `${tag}: where no text says who grades, whoever leads does`, async () => {
    const fixed = { severity: 4, likelihood: 4, reasons: ['child-could-be-found'] };
    const joint = tag === 'WIR';
    const grader = tag === 'LLR' ? owner : lead;
    if (joint) {
      for (const agency of involved.slice(0, 2)) await saying(agency, 'graded', { severity: 5, likelihood: 2 });
      expect(codesOf(await about(lead, 'grade-fixed', fixed))).toEqual(['GRADE_NOT_JOINT']);
      await saying(also, 'graded', { severity: 1, likelihood: 1 });
    } else if (tag === 'LLR') {
      expect((await dutiesOfCase(example.world, breach.breach, 'assess-breach')).map(({ owner: of, open }) => [of, open])).toEqual([[owner, true]]);
      expect(codesOf(await about(loser, 'grade-fixed', fixed))).toEqual(['GRADE_NOT_JOINT']);
    }
    await saying(grader, 'grade-fixed', fixed);
    const now = await breachCase(at(loser), breach.breach);
    expect(now.grade).toBe('high');
    if (joint) expect(now.statements.filter(({ kind }) => kind === 'graded').map(({ agency }) => agency).sort()).toEqual([...involved].sort());
    expect((await dutiesOfCase(example.world, breach.breach, 'assess-breach')).filter(({ owner: of, open }) => open && of === grader)).toEqual([]);
  });

  const DECIDED = { WIR: 'WIR BR-09', LLR: 'LLR BR-09' } as Record<string, string>;
  test(`${DECIDED[tag] ?? tag}: what the law asks is asked first and the agreement's threshold second; not telling the regulator though there is a risk takes a data protection officer`, async () => {
    const [notifier] = expected.notifiers as [string];
    const no = { outcome: 'do-not-notify', agreementMet: false, reasons: ['recipient-trusted'] };
    expect(codesOf(await about(notifier, 'threshold', no))).toContain('STATEMENT_INCOMPLETE');
    expect(codesOf(await about(notifier, 'threshold', { ...no, risk: 'risk' }))).toEqual(['NOT_TOLD_WITHOUT_DPO']);
    expect(codesOf(await about(notifier, 'threshold', { ...no, risk: 'unlikely', agreementMet: true }))).toEqual(['NOT_TOLD_WITHOUT_DPO']);
    for (const agency of expected.notifiers) await saying(agency, 'threshold', { outcome: 'notify', risk: 'high-risk', agreementMet: true, reasons: ['child-could-be-found'], role: 'data-protection-officer' });
    const threshold = (await breachCase(at(loser), breach.breach)).rules.find(({ rule }) => rule === 'threshold');
    expect(threshold?.value).toBe({ WIR: 'significant-risk', LLR: 'serious-implications' }[tag as 'WIR'] ?? 'statute');
  });

  test(`${tag} BR-10: whom the agreement has tell the regulator cannot leave it to others; others record that they are not the notifier`, async () => {
    const others = involved.filter((agency) => !expected.notifiers.includes(agency));
    expect(codesOf(await about(expected.notifiers[0] as string, 'not-notifier'))).toEqual(['ANOTHER_NOTIFIES']);
    for (const agency of others) await saying(agency, 'not-notifier');
    for (const agency of expected.notifiers) await saying(agency, 'reported', { reportedAt: example.world.clock.now().toISOString(), reference: 'IC-4410/26' });
    expect((await dutiesOfCase(example.world, breach.breach)).filter(({ kind, open }) => open && (kind === 'tell-regulator' || kind === 'own-regulator-duty'))).toEqual([]);
    expect((await breachCase(at(owner), breach.breach)).parties.filter(({ reportedAt }) => reportedAt).map(({ agency }) => agency)).toEqual(expected.notifiers);
  });

  const HELP = { WIR: 'WIR BR-17', SOL: 'SOL BR-17' } as Record<string, string>;
  test(`${HELP[tag] ?? tag}: one party asks another for help, by when, and the case stays open until it is given`, async () => {
    const dueAt = new Date(example.world.clock.now().getTime() + 24 * HOUR).toISOString();
    await saying(owner, 'assistance-asked', { of: loser, dueAt, reasons: ['logs'] });
    expect(await dutiesOfCase(example.world, breach.breach, 'help-with-breach')).toEqual([expect.objectContaining({ owner: loser, open: true, due_at: new Date(dueAt) })]);
    expect(codesOf(await close())).toContain('HELP_OUTSTANDING');
    expect(codesOf(await about(loser, 'assistance-given', { answers: breach.breach }))).toEqual(['NOTHING_ASKED']);
    const asked = (await breachCase(at(loser), breach.breach)).statements.find(({ kind }) => kind === 'assistance-asked')?.id;
    await saying(loser, 'assistance-given', { answers: asked });
    expect(codesOf(await close())).not.toContain('HELP_OUTSTANDING');
    expect((await dutiesOfCase(example.world, breach.breach, 'help-with-breach')).filter(({ open }) => open)).toEqual([]);
  });

  const RECORDED = { LLR: 'LLR BR-12, BR-16', NWADCS: 'NWADCS BR-12' } as Record<string, string>;
  test(`${RECORDED[tag] ?? tag}: the case cannot be closed until each involved party has recorded what it found and what it changes`, async () => {
    for (const agency of involved) {
      expect(codesOf(await close())).toContain('FINDINGS_MISSING');
      expect(codesOf(await about(agency, 'finding', { facts: { taken: ['access-withdrawn'] } }))).toEqual(['STATEMENT_INCOMPLETE']);
      await saying(agency, 'finding', FINDING);
    }
    expect(codesOf(await close())).not.toContain('FINDINGS_MISSING');
    expect(await entriesOfCase(example.world, controllerOf(owner), breach.breach)).toContainEqual(expect.objectContaining({ kind: 'breach-stated', what: 'finding', by: loser, facts: FINDING.facts }));
  });

  const SUBJECTS = { LLR: 'LLR BR-14', NWADCS: 'NWADCS BR-14' } as Record<string, string>;
  test(`${SUBJECTS[tag] ?? tag}: before it closes it is decided whether the person is told, by whom, and if not why; that telling is unsafe is an answer with its reason, a restriction one with its ground`, async () => {
    expect(codesOf(await close())).toEqual(['SUBJECTS_NOT_DECIDED']);
    expect(codesOf(await about(owner, 'subjects', { outcome: 'unsafe', told: owner }))).toEqual(['STATEMENT_INCOMPLETE']);
    expect(codesOf(await about(owner, 'subjects', { outcome: 'restricted', told: owner }))).toEqual(['STATEMENT_INCOMPLETE']);
    await saying(owner, 'subjects', { outcome: 'restricted', ground: 'obstructs-inquiry', told: owner });
    await saying(owner, 'subjects', { outcome: 'unsafe', told: owner, reasons: ['safety-planned'], child: { responsibility: 'one-parent', isTheRisk: true } });
    expect(await entriesOfCase(example.world, controllerOf(loser), breach.breach)).toContainEqual(expect.objectContaining({ what: 'subjects', outcome: 'unsafe', responsibility: 'one-parent', isTheRisk: true }));
  });

  const ENDED = { LLR: 'LLR BR-13, BR-18: the outcome goes to all involved, each takes note, and then the case is closed; what was learnt is due at the next review of the agreement' } as Record<string, string>;
  test(ENDED[tag] ?? `${tag}: the case is closed, and what is due of it ends`, async () => {
    const answer = await close();
    expect([answer.status, answer.json]).toEqual([200, { state: tag === 'LLR' ? 'circulated' : 'closed' }]);
    const others = involved.filter((agency) => agency !== lead);
    if (tag === 'LLR') {
      expect((await dutiesOfCase(example.world, breach.breach, 'acknowledge-outcome')).map(({ owner: of }) => of)).toEqual([...others].sort());
      expect(await saying(others[0] as string, 'acknowledged')).toBe('circulated');
      expect(await saying(others[1] as string, 'acknowledged')).toBe('closed');
    }
    const left = (await dutiesOfCase(example.world, breach.breach)).filter(({ open }) => open);
    expect(left.map(({ kind }) => kind)).toEqual(['LLR', 'WIR', 'SOL'].includes(tag) ? ['bring-to-review'] : []);
    if (tag === 'LLR') expect(left[0]?.due_at.toISOString()).toBe('2028-04-01T00:00:00.000Z');
    expect(codesOf(await about(loser, 'finding', FINDING))).toEqual(['BREACH_NOT_THERE']);
  });

  const controllerOf = (agency: string): string => ({ 'leicestershire-police': 'leicestershire-chief-constable', 'merseyside-police': 'merseyside-chief-constable', 'west-mercia-police': 'west-mercia-chief-constable', 'west-midlands-police': 'west-midlands-chief-constable', 'worcestershire-partnership': 'worcestershire-county-council' })[agency] ?? agency;
});
