import 'reflect-metadata';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { change, ownRule, proposed, type Ran, runCases, unshown } from '#policy/cases-run';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { AnyCondition } from '#policy/conditions/condition';
import { activate } from '#policy/activate';
import { decide } from '#policy/decide';
import { profileSchema } from '#policy/schema';
import { loadFolders } from '#partnership/agreements';
import { SIXTH, SIXTH_CASES } from './sixth-agreement';

const folders = loadFolders('deploy/agreements');
const loaded = folders.map(({ id, loading }) => {
  if (!loading.ok || !loading.cases) throw new Error(`${id} does not load: ${JSON.stringify(loading)}`);
  return [id, { agreement: loading.agreement, cases: loading.cases }] as const;
});

test('the committed schema is the one of the parameter table', () => {
  expect(JSON.parse(readFileSync('deploy/agreements/agreement.schema.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(profileSchema())));
});

test.each(loaded)('%s: every example comes out as it says, and every rule is shown met and unmet', (_id, { agreement, cases }) => {
  expect(runCases(agreement, cases).filter(({ ok }) => !ok)).toEqual([]);
  expect(unshown(agreement, cases)).toEqual([]);
});

test.each(loaded)('%s: every example cites a clause that applies to it', (id, { cases }) => {
  const rows = JSON.parse(readFileSync('docs/clauses-applicability.json', 'utf8')) as { id: string; agreements: string[] }[];
  const applicable = new Set(rows.filter(({ agreements }) => agreements.includes(id)).map((row) => row.id));
  expect(cases.cases.filter(({ clause }) => !applicable.has(clause)).map(({ name }) => name)).toEqual([]);
});

describe('without one of its conditions', () => {
  const cells = loaded.flatMap(([id, { agreement, cases }]) =>
    ([CONDITIONS, ADMISSION] as unknown as AnyCondition[][]).flatMap((table) =>
      table.filter((condition) => ownRule(condition, agreement)).map((condition) => [`${id} ${condition.code} on ${condition.on}`, { agreement, cases, table, condition }] as const),
    ),
  );

  /** What is sent to nobody or unprotected is thrown, not decided: that is noticed too. */
  const otherwise = (run: () => Ran[]): boolean => {
    try {
      return run().some(({ ok }) => !ok);
    } catch {
      return true;
    }
  };

  test.each(cells)('%s: one of its own examples comes out otherwise', (_name, { agreement, cases, table, condition }) => {
    const place = table.indexOf(condition);
    table.splice(place, 1);
    try {
      expect(otherwise(() => runCases(agreement, { ...cases, cases: cases.cases.filter(({ rule }) => rule === condition.code) }))).toBe(true);
    } finally {
      table.splice(place, 0, condition);
    }
  });
});

describe('a sixth agreement', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'waybill-agreements-'));
    mkdirSync(join(root, 'riverside'));
    writeFileSync(join(root, 'riverside', 'agreement.yaml'), SIXTH);
    writeFileSync(join(root, 'riverside', 'cases.yaml'), SIXTH_CASES);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const sixth = () => {
    const [folder] = loadFolders(root);
    if (!folder?.loading.ok || !folder.loading.cases) throw new Error(JSON.stringify(folder));
    return { agreement: folder.loading.agreement, cases: folder.loading.cases };
  };
  const decided = (changes: Record<string, unknown>) => {
    const { agreement, cases } = sixth();
    const { parties, proposal } = proposed(agreement, change(cases.world, changes));
    return decide(agreement, parties, proposal);
  };
  const codes = (changes: Record<string, unknown>) => {
    const decision = decided(changes);
    return decision.outcome === 'refused' ? decision.reasons.map(({ code }) => code) : decision.struckOff.flatMap(({ reasons }) => reasons.map(({ code }) => code));
  };

  test('is a folder: it loads and decides without a line of code', () => {
    const { agreement, cases } = sixth();
    expect(runCases(agreement, cases).filter(({ ok }) => !ok)).toEqual([]);
    expect(agreement.id).toBe('riverside');
  });

  test('its terms and not those of another are enforced', () => {
    expect(codes({})).toEqual([]);
    // Closed list: no reason opens it. A life at risk does.
    expect(codes({ '/manifest/lawfulBasis': '6(1)(d)', '/lines/1/reasons': ['protects-from-harm', 'basis-explained'] })).toEqual(['BASIS_NOT_ALLOWED']);
    expect(codes({ '/manifest/lawfulBasis': '6(1)(d)', '/manifest/urgency': 'emergency' })).toEqual([]);
    // A charity gets what is justified for it; consent need not be sought first; nothing is said of informing anybody.
    expect(codes({ '/lines/0/justification': null })).toEqual(['NOBODY_LEFT']);
    expect(codes({ '/manifest/consent': null })).toEqual([]);
    // How it was decided is on record.
    expect(codes({ '/lines/1/method': null })).toEqual(['NO_DECISION']);
    expect(codes({ '/manifest/agreement': { id: 'riverside', version: '1' } })).toEqual(['AGREEMENT_VERSION_SUPERSEDED']);
    expect(decided({ '/manifest/classification': 'OFFICIAL' })).toMatchObject({ transfers: [{ handling: { classification: 'OFFICIAL-SENSITIVE' }, clause: 'B.1' }] });
  });

  test('has no front door, so an emergency bends nothing', () => {
    expect(codes({ '/manifest/urgency': 'emergency', '/manifest/purpose': null })).toEqual(['NO_PURPOSE']);
  });

  test('asks for posts of its own', () => {
    const { agreement, cases } = sixth();
    const { parties } = proposed(agreement, cases.world);
    const refuge = parties.party('willow-refuge');
    if (!refuge) throw new Error('gone');
    expect(activate(agreement, refuge, cases.world.at)).toEqual([]);
    const unreachable = { ...refuge, contacts: refuge.contacts.map(({ telephone: _telephone, ...contact }) => contact) };
    expect(activate(agreement, unreachable, cases.world.at)).toMatchObject([{ code: 'REQUIRED_CONTACT_MISSING', cause: 'breach-post' }]);
  });

  test('a folder that does not load says where and why', () => {
    mkdirSync(join(root, 'broken'));
    writeFileSync(join(root, 'broken', 'agreement.yaml'), SIXTH.replace('enforce', 'enforced'));
    mkdirSync(join(root, 'empty'));
    expect(loadFolders(root).filter(({ loading }) => !loading.ok)).toMatchObject([
      { id: 'broken', loading: { errors: [{ line: expect.any(Number), reason: expect.stringContaining('unknown code in law.gatewayCheck.value') }] } },
      { id: 'empty', loading: { errors: [{ reason: 'there is no agreement.yaml' }] } },
    ]);
  });
});
