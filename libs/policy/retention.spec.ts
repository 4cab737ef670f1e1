import { profile, profiles } from '../../test/world/profiles';
import type { RetentionKind, RetentionStated } from '#protocol/retention';
import { term } from './agreement';
import { RETAINING, type Retaining, retainingUnmet, ruleFor, rulesOf } from './retention';

const AT = '2026-03-10T09:30:00Z';
const facts = (agreement: string, kind: RetentionKind, stated: Partial<RetentionStated> = {}, more: Partial<Retaining> = {}): Retaining => ({
  agreement: profile(agreement).agreement, held: false, disposed: false, at: AT,
  stated: { format: 'waybill-retention/1', id: '01890a5d-ac96-774b-bcce-b302099a8057', kind, transfer: '01890a5d-ac96-774b-bcce-b302099a8058', by: { agency: 'a', contact: 'b' }, role: 'social-worker', gateway: 'https://gateway.example', at: AT, ...stated },
  rule: ruleFor(profile(agreement).agreement, 'whatever'), ...more,
});
const CASE = { what: 'case-data', months: 180, from: 'case-closed', fixed: true, startFixed: true };
const DISPOSED = { method: 'media-destroyed', on: '2026-03-10' };

const UNMET: [(typeof RETAINING)[number]['code'], Retaining][] = [
  ['RETENTION_CODE_UNKNOWN', facts('llr', 'held', { reason: 'because' })],
  ['RETENTION_CODE_UNKNOWN', facts('llr', 'justified', { reason: 'evidence-police' })],
  ['RETENTION_CODE_UNKNOWN', facts('llr', 'ruled', { months: 2, what: 'gossip' })],
  ['RETENTION_INCOMPLETE', facts('llr', 'disposed', { on: '2026-03-10' })],
  ['RULE_OF_THE_AGREEMENT', facts('worcestershire', 'ruled', { months: 12 }, { rule: CASE })],
  ['RULE_SAYS_NOTHING', facts('llr', 'ruled')],
  ['RULE_SAYS_NOTHING', facts('llr', 'ruled', { months: 2, indefinite: true, reason: 'ongoing-risk', reviewMonths: 2 })],
  ['INDEFINITE_WITHOUT_REVIEW', facts('wirral', 'ruled', { indefinite: true, reason: 'ongoing-risk' })],
  ['EVENT_OF_ANOTHER_RULE', facts('worcestershire', 'started', { event: 'received', on: '2026-03-10' }, { rule: CASE })],
  ['EVENT_OF_ANOTHER_RULE', facts('nwadcs', 'ruled', { months: 2, event: 'received' })],
  ['NOT_YET', facts('llr', 'disposed', { ...DISPOSED, on: '2026-03-11' })],
  ['DISPOSAL_HELD', facts('llr', 'disposed', DISPOSED, { held: true })],
  ['METHOD_NOT_OF_THE_AGREEMENT', facts('llr', 'disposed', { ...DISPOSED, method: 'cross-cut-shredding' })],
  ['DISPOSED_ALREADY', facts('llr', 'lifted', {}, { disposed: true })],
];

test.each(UNMET)('%s: what is stated otherwise is not met (%#)', (code, stated) => {
  expect(retainingUnmet(stated).map((unmet) => unmet.code)).toEqual([code]);
});

test('every rule has an example that does not meet it, and a disposal in a way of the agreement meets them all', () => {
  expect(new Set(UNMET.map(([code]) => code))).toEqual(new Set(RETAINING.map(({ code }) => code)));
  expect(['nwadcs', 'wirral', 'worcestershire', 'solihull', 'llr'].map((agreement) => retainingUnmet(facts(agreement, 'disposed', DISPOSED)))).toEqual([[], [], [], [], []]);
});

test('no purpose of any agreement is without a rule, and each rule has the event that starts it', () => {
  for (const { agreement } of profiles()) {
    for (const { code } of term(agreement, 'agreement.purposes')) expect([agreement.id, code, ruleFor(agreement, code)]).toEqual([agreement.id, code, expect.objectContaining({ what: expect.any(String), from: expect.any(String) })]);
    for (const rule of rulesOf(agreement)) expect([agreement.id, rule.what, rule.fixed ? rule.months : 0]).toEqual([agreement.id, rule.what, expect.any(Number)]);
  }
});
