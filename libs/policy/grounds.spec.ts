import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import type { Agreement } from './agreement';
import { change, proposed } from './cases-run';
import { ADMISSION, CONDITIONS } from './conditions';
import type { AnyCondition } from './conditions/condition';
import { decide } from './decide';
import { applied, standingOf } from './grounds';
import { loadAgreement } from './load';

const loaded = (id: string) => {
  const read = (file: string) => ({ file, text: readFileSync(`deploy/agreements/${id}/${file}`, 'utf8') });
  const loading = loadAgreement({ ...read('agreement.yaml'), cases: read('cases.yaml') });
  if (!loading.ok || !loading.cases) throw new Error(`${id} does not load`);
  return { agreement: loading.agreement, world: loading.cases.world };
};
const agreements = readdirSync('deploy/agreements', { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => [name, loaded(name).agreement] as const);
const all: readonly AnyCondition[] = [...CONDITIONS, ...ADMISSION];
const { agreement: base, world } = loaded('wirral');

describe.each(agreements)('under %s', (_id, agreement) => {
  test('no cell is blank: whatever applies says what it falls on, and on what that stands', () => {
    for (const condition of all) {
      const here = applied(condition, agreement);
      if (here) expect([condition.code, here.effect, here.standing]).toEqual([condition.code, expect.stringMatching(/^(share|recipient|line|party|request|warns)$/), { on: expect.stringMatching(/^(clause|statute|technical|default)$/), says: expect.stringMatching(/\S/) }]);
    }
    expect(all.filter((condition) => applied(condition, agreement)).length).toBeGreaterThan(30);
  });

  test('nothing stops a share but its clauses, the law, and what cannot be trusted safely', () => {
    const stopping = all.filter((condition) => {
      const here = applied(condition, agreement);
      return here !== undefined && here.effect !== 'warns' && !['clause', 'statute', 'technical'].includes(here.standing.on);
    });
    expect(stopping.map(({ code }) => code)).toEqual([]);
    expect(all.every((condition) => applied(condition, agreement)?.standing.says !== '')).toBe(true);
  });
});

test('a condition that stands on nothing is told as a fault of the table, not passed', () => {
  expect(() => standingOf({ code: 'BLANK' }, base)).toThrow('BLANK stands on nothing');
  expect(() => standingOf({ code: 'BLANK', grounds: ['min.duplication'] }, base)).toThrow('BLANK stands on nothing');
});

test('a clause goes before a default, and so do a law and safety', () => {
  const agreement = { ...base, terms: { ...base.terms, 'law.art6': { value: { list: 'usual' as const, codes: ['6(1)(e)' as const] }, default: true as const, because: 'silent' } } };
  expect(standingOf({ code: 'X', grounds: ['law.art6', { statute: 'uk-gdpr-6' }] }, agreement)).toEqual({ on: 'statute', says: 'UK GDPR, Article 6(1)' });
  expect(standingOf({ code: 'X', grounds: ['law.art6', { statute: 'uk-gdpr-6' }] }, base)).toEqual({ on: 'clause', says: 'GR4' });
  expect(standingOf({ code: 'X', grounds: ['law.art6'] }, agreement)).toEqual({ on: 'default', says: 'silent' });
});

test('a clause that lists several things is a ground for what it lists, and for nothing else', () => {
  const grounds = [{ parameter: 'record.content' as const, asks: ['why'] }, { statute: 'uk-gdpr-5-2' as const }];
  const listing = (...value: ('why' | 'telephone-disclosures')[]) => ({ ...base, terms: { ...base.terms, 'record.content': { value, clause: '§7' } } });
  expect(standingOf({ code: 'X', grounds }, listing('why', 'telephone-disclosures'))).toEqual({ on: 'clause', says: '§7' });
  expect(standingOf({ code: 'X', grounds }, listing('telephone-disclosures'))).toEqual({ on: 'statute', says: 'UK GDPR, Article 5(2)' });
});

describe('PD-21: a default that fills a silence', () => {
  const filled = (allowed: boolean): Agreement => ({
    ...base,
    terms: { ...base.terms, 'header.accuracy': { value: 'supplier-confirms', default: true, because: 'the text is silent' }, 'party.specificSecurityNeeds': { value: { allowed }, clause: '§9' } },
  });
  const unchecked = (agreement: Agreement) => {
    const { parties, proposal } = proposed(agreement, change(world, { '/manifest/accuracy': null }));
    return decide(agreement, parties, proposal);
  };

  test.each([['forbids restrictions beyond its own', false], ['leaves room for some', true]])('only warns where the agreement %s', (_what, allowed) => {
    expect(unchecked(filled(allowed))).toMatchObject({ outcome: 'permitted', struckOff: [], warnings: [{ code: 'ACCURACY_NOT_CONFIRMED', standing: { on: 'default', says: 'the text is silent' } }] });
  });

  test('and what its own text says stops the share there as anywhere', () => {
    const agreement = { ...base, terms: { ...base.terms, 'party.specificSecurityNeeds': { value: { allowed: false }, clause: '§9' } } };
    expect(unchecked(agreement)).toMatchObject({ outcome: 'refused', reasons: [{ code: 'ACCURACY_NOT_CONFIRMED', standing: { on: 'clause', says: '§4.3(3)' } }] });
  });
});
