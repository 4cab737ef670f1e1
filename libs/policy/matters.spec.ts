import { profile, profiles } from '../../test/world/profiles';
import type { MatterAnswered, MatterKind, MatterPut } from '#protocol/matter';
import { type Answering, type ANSWERING_MATTERS, answeringUnmet, demandsDeletion, MATTERS, type Putting, PUTTING, puttingUnmet } from './matters';

const AT = '2026-03-10T09:30:00Z';
const put = (kind: MatterKind, more: Partial<MatterPut> = {}): MatterPut => ({
  format: 'waybill-matter/1', id: '01890a5d-ac96-774b-bcce-b302099a8057', kind, transfer: '01890a5d-ac96-774b-bcce-b302099a8058', by: { agency: 'a', contact: 'b' }, role: 'social-worker', gateway: 'https://gateway.example', at: AT,
  categories: ['names'], wrong: ['wrong-value'], source: 'subject', words: { wordsDigest: 'a'.repeat(64), sealed: 'b'.repeat(64) }, ...more,
});
const putting = (more: Partial<Putting> = {}): Putting => ({ agreement: profile('wirral').agreement, put: put('correction'), side: 'sender', circulates: false, transfer: { arrived: true, purpose: 'front-door-referral', categories: ['names', 'health'], consent: undefined }, at: AT, ...more });

const UNMET: [(typeof PUTTING)[number]['code'], Partial<Putting>][] = [
  ['NOT_YOURS_TO_PUT', { side: 'recipient' }],
  ['NOT_YOURS_TO_PUT', { put: put('passed-on') }],
  ['NOT_THE_CIRCULATOR', { put: put('concern', { reason: 'not-reviewed', source: undefined as never }), side: 'recipient' }],
  ['AUDIT_NOT_GRANTED', { put: put('audit', { manner: 'on-site', source: undefined as never }) }],
  ['NOTHING_ARRIVED', { transfer: { ...putting().transfer, arrived: false } }],
  ['MATTER_CODE_UNKNOWN', { put: put('correction', { role: 'gardener' }) }],
  ['MATTER_CODE_UNKNOWN', { put: put('correction', { source: 'gossip' }) }],
  ['MATTER_CODE_UNKNOWN', { put: put('correction', { reason: 'right-to-erasure' }) }],
  ['MATTER_INCOMPLETE', { put: put('correction', { words: undefined as never }) }],
  ['MATTER_INCOMPLETE', { put: put('approval'), side: 'recipient' }],
  ['NOT_SHARED_THERE', { put: put('correction', { categories: ['names', 'finances'] }) }],
  ['NO_CONSENT_TO_WITHDRAW', { put: put('consent-withdrawn') }],
  ['CHANGE_NOT_ALLOWED', { put: put('approval', { purpose: 'learning' }), side: 'recipient' }],
  ['DEVIATION_NOT_ALLOWED', { put: put('approval', { purpose: 'front-door-referral', recipients: ['a'], way: { channel: 'mailbox-smime', share: put('approval').id } }), side: 'recipient' }],
  ['DEVIATION_NOT_ALLOWED', { agreement: profile('llr').agreement, put: put('approval', { purpose: 'protect-adult', way: { channel: 'mailbox-smime', share: put('approval').id } }), side: 'recipient' }],
  ['ANSWER_BY_PASSED', { put: put('correction', { answerBy: '2026-03-09T09:30:00Z' }) }],
];

test.each(UNMET)('%s: what is put otherwise is not met (%#)', (code, more) => {
  expect(puttingUnmet(putting(more)).map((unmet) => unmet.code)).toEqual([code]);
});

test('every rule has an example that does not meet it; under every agreement what is sound meets them all', () => {
  expect(new Set(UNMET.map(([code]) => code))).toEqual(new Set(PUTTING.map(({ code }) => code)));
  for (const { agreement } of profiles()) expect(puttingUnmet(putting({ agreement }))).toEqual([]);
});

test('another purpose can be agreed to where the agreement lets somebody agree, and nowhere else; the same purpose to others everywhere', () => {
  const asked = (agreement: string, purpose: string) => puttingUnmet(putting({ agreement: profile(agreement).agreement, put: put('approval', { purpose }), side: 'recipient' })).map(({ code }) => code);
  expect(['nwadcs', 'wirral', 'solihull'].map((agreement) => asked(agreement, 'another'))).toEqual([['CHANGE_NOT_ALLOWED'], ['CHANGE_NOT_ALLOWED'], ['CHANGE_NOT_ALLOWED']]);
  expect(['worcestershire', 'llr'].map((agreement) => asked(agreement, 'another'))).toEqual([[], []]);
  for (const { agreement } of profiles()) expect(asked(agreement.id, 'front-door-referral')).toEqual([]);
});

const answered = (more: Partial<MatterAnswered> = {}): MatterAnswered => ({ format: 'waybill-matter-answer/1', id: '01890a5d-ac96-774b-bcce-b302099a8059', matter: put('correction').id, by: { agency: 'c', contact: 'd' }, role: 'social-worker', gateway: 'https://gateway.example', at: AT, answer: 'applied', ...more });
const REPORT = { on: '2026-03-09', digest: 'a'.repeat(64), actions: [{ action: 'staff-trained', by: '2026-04-01' }] };
const answering = (more: Partial<Answering> = {}): Answering => ({ agreement: profile('llr').agreement, matter: { kind: 'correction', demandsDeletion: false }, answered: answered(), party: undefined, shown: false, at: AT, ...more });

test.each<[(typeof ANSWERING_MATTERS)[number]['code'], Partial<Answering>]>([
  ['ANSWER_UNKNOWN', { answered: answered({ answer: 'deleted' }) }],
  ['ANSWER_UNKNOWN', { answered: answered({ answer: 'toString' }) }],
  ['ANSWER_UNKNOWN', { answered: answered({ role: 'gardener' }) }],
  ['ANSWER_WITHOUT_REASON', { answered: answered({ answer: 'not-applied' }) }],
  ['ANSWER_WITHOUT_REASON', { answered: answered({ reason: 'not-held' }) }],
  ['ANSWER_NOT_SHOWN', { matter: { kind: 'moved-area', demandsDeletion: false }, answered: answered({ answer: 'not-shared', shownBy: answered().id }) }],
  ['DELETION_DEMANDED', { matter: { kind: 'consent-withdrawn', demandsDeletion: true }, answered: answered({ answer: 'noted' }) }],
  ['AUDIT_REPORT_WRONG', { matter: { kind: 'audit', demandsDeletion: false }, answered: answered({ answer: 'reported' }) }],
  ['AUDIT_REPORT_WRONG', { answered: answered({ report: REPORT }) }],
  ['AUDIT_REPORT_WRONG', { matter: { kind: 'audit', demandsDeletion: false }, answered: answered({ answer: 'reported', report: { ...REPORT, on: '2026-03-11' } }) }],
  ['AUDIT_REPORT_WRONG', { matter: { kind: 'audit', demandsDeletion: false }, answered: answered({ answer: 'reported', report: { ...REPORT, actions: [{ action: 'gardening', by: '2026-04-01' }] } }) }],
  ['AUDIT_REPORT_WRONG', { matter: { kind: 'audit', demandsDeletion: false }, answered: answered({ answer: 'reported', report: { ...REPORT, actions: [{ action: 'staff-trained', by: '2026-02-01' }] } }) }],
  ['APPROVER_UNKNOWN', { matter: { kind: 'approval', demandsDeletion: false }, answered: answered({ answer: 'agreed', approver: 'nobody' }) }],
])('%s: an answer that is otherwise is not met (%#)', (code, more) => {
  expect(answeringUnmet(answering(more)).map((unmet) => unmet.code)).toEqual([code]);
});

test('every answer of every kind that needs a reason has a list of them, and nobody but the gateway tells that something was passed on', () => {
  expect(answeringUnmet(answering())).toEqual([]);
  expect(answeringUnmet(answering({ matter: { kind: 'moved-area', demandsDeletion: false }, answered: answered({ answer: 'shared' }), shown: true }))).toEqual([]);
  for (const [kind, { by, answers }] of Object.entries(MATTERS)) {
    expect([kind, Object.keys(answers).length > 1]).toEqual([kind, true]);
    expect([kind, by.length === 0]).toEqual([kind, kind === 'passed-on']);
  }
});

test('a withdrawn consent asks for deletion where consent was all that the copy stood on, and the agreement says so', () => {
  const share = { lawfulBasis: '6(1)(a)', consent: 'obtained' };
  expect(profiles().filter(({ agreement }) => demandsDeletion(agreement, share)).map(({ agreement }) => agreement.id)).toEqual(['llr']);
  expect(demandsDeletion(profile('llr').agreement, { ...share, lawfulBasis: '6(1)(e)' })).toBe(false);
  expect(demandsDeletion(profile('llr').agreement, { ...share, consent: 'not-sought' })).toBe(false);
});
