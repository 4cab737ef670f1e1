import { profile, profiles } from '../../test/world/profiles';
import type { RightsItemClosed, RightsRequested, RightsStated } from '#protocol/rights-request';
import type { Party } from './parties';
import { CLOSING_RIGHTS, type ClosingItem, closingItemUnmet, consultationOf, EXTENDING_RIGHTS, extendingUnmet, type Receiving, type RECEIVING_RIGHTS, receivingRightsUnmet } from './rights';

const AT = '2026-03-10T09:30:00Z';
const IDENTITY = { how: 'identity-card', by: 'social-worker', at: AT };
const AUTHORITY = { kind: 'parental-responsibility', checkedBy: 'social-worker', checkedOn: '2026-03-09' };
const COUNCIL = { types: ['local-authority'], contacts: [{ contact: 'dpo', posts: ['data-protection-officer'], from: '2020-01-01' }, { contact: 'desk', posts: [], from: '2020-01-01' }] } as unknown as Party;
const requested = (more: Partial<RightsRequested> = {}): RightsRequested => ({
  format: 'waybill-rights-request/1', id: '01890a5d-ac96-774b-bcce-b302099a8057', right: 'access', by: { agency: 'a', contact: 'b' }, role: 'social-worker', gateway: 'https://gateway.example', at: AT, receivedOn: '2026-03-10', requester: 'person', identity: IDENTITY, reference: 'AB-1234', ...more,
});
const receiving = (more: Partial<RightsRequested> = {}, party: Party | undefined = COUNCIL): Receiving => ({ agreement: profile('llr').agreement, requested: requested(more), party, at: AT });
const CHARITY = { types: ['voluntary'], contacts: [] } as unknown as Party;

test.each<[(typeof RECEIVING_RIGHTS)[number]['code'], Receiving]>([
  ['RIGHTS_CODE_UNKNOWN', receiving({ requester: 'neighbour' })],
  ['RIGHTS_CODE_UNKNOWN', receiving({ authority: { ...AUTHORITY, kind: 'hearsay' } })],
  ['RECEIVED_LATER', receiving({ receivedOn: '2026-03-11' })],
  ['NOT_A_PUBLIC_AUTHORITY', receiving({ right: 'eir' }, CHARITY)],
  ['COMPLAINT_ABOUT_WHAT', receiving({ right: 'complaint' })],
  ['COMPLAINT_ABOUT_WHAT', receiving({ about: 'disclosure' })],
])('%s: what is recorded otherwise is not met (%#)', (code, facts) => {
  expect(receivingRightsUnmet(facts).map((unmet) => unmet.code)).toEqual([code]);
});

const CONSIDERED = ['serious-harm', 'child-abuse-data', 'crime', 'third-party'];
const stated = (more: Partial<RightsStated> = {}): RightsStated => ({ format: 'waybill-rights-statement/1', id: '01890a5d-ac96-774b-bcce-b302099a8058', kind: 'closed', rightsRequest: requested().id, by: { agency: 'a', contact: 'b' }, role: 'social-worker', gateway: 'https://gateway.example', at: AT, ...more });
const closing = (item: Partial<RightsItemClosed> = {}, more: Partial<ClosingItem> = {}): ClosingItem => ({
  agreement: profile('llr').agreement, requested: requested(), stated: stated(), item: { transfer: '01890a5d-ac96-774b-bcce-b302099a8059', outcome: 'released', considered: CONSIDERED, ...item }, index: 0, doNotTell: false, consultation: 'none', party: COUNCIL, at: AT, ...more,
});

const UNMET: [(typeof CLOSING_RIGHTS)[number]['code'], ClosingItem][] = [
  ['OUTCOME_UNKNOWN', closing({ outcome: 'burnt' })],
  ['VIEW_AWAITED', closing({ weight: 'none-given' }, { consultation: 'awaited' })],
  ['WEIGHT_NOT_RECORDED', closing({}, { consultation: 'answered' })],
  ['WEIGHT_NOT_RECORDED', closing({ weight: 'none-given' }, { consultation: 'answered' })],
  ['WEIGHT_NOT_RECORDED', closing({ weight: 'followed' }, { consultation: 'overdue' })],
  ['EXEMPTIONS_NOT_CONSIDERED', closing({ considered: CONSIDERED.slice(1) })],
  ['WITHHELD_WITHOUT_EXEMPTION', closing({ outcome: 'withheld' })],
  ['WITHHELD_WITHOUT_EXEMPTION', closing({ outcome: 'neither-confirm-nor-deny', exemption: 'toString' })],
  ['DO_NOT_TELL_RELEASED', closing({}, { doNotTell: true })],
  ['DO_NOT_TELL_RELEASED', closing({}, { doNotTell: true, stated: stated({ approver: 'desk' }) })],
  ['REQUESTER_NOT_IDENTIFIED', closing({}, { requested: { ...requested(), identity: undefined as never } })],
  ['REQUESTER_NOT_IDENTIFIED', closing({}, { requested: requested({ requester: 'parent' }) })],
];

test.each(UNMET)('%s: what is closed otherwise is not met (%#)', (code, facts) => {
  expect(closingItemUnmet(facts).map((unmet) => unmet.code)).toEqual([code]);
});

test('every rule has an example that does not meet it, and one that does', () => {
  expect(new Set(UNMET.map(([code]) => code))).toEqual(new Set(CLOSING_RIGHTS.map(({ code }) => code)));
  expect(receivingRightsUnmet(receiving())).toEqual([]);
  for (const { agreement } of profiles()) {
    expect(closingItemUnmet(closing({}, { agreement }))).toEqual([]);
    expect(closingItemUnmet(closing({ weight: 'followed' }, { agreement, consultation: 'answered' }))).toEqual([]);
    expect(closingItemUnmet(closing({ outcome: 'partly', exemption: 'third-party' }, { agreement, doNotTell: true, stated: stated({ approver: 'dpo' }) }))).toEqual([]);
  }
  expect(closingItemUnmet(closing({}, { requested: requested({ requester: 'parent', authority: AUTHORITY }) }))).toEqual([]);
});

test('whoever provided something is consulted as each agreement says, and nobody waits for a view on a request of the public', () => {
  expect(Object.fromEntries(profiles().map(({ agreement }) => [agreement.id, [consultationOf(agreement, 'access'), consultationOf(agreement, 'foi'), consultationOf(agreement, 'complaint')]]))).toEqual({
    llr: ['must', 'asked', 'may'], nwadcs: ['may', 'may', 'may'], solihull: ['may', 'may', 'may'], wirral: ['may', 'may', 'may'], worcestershire: ['may', 'may', 'may'],
  });
  expect(closingItemUnmet(closing({ weight: 'none-given', outcome: 'withheld', exemption: 'foi-confidence' }, { requested: requested({ right: 'foi', requester: 'anybody' }), consultation: 'awaited' }))).toEqual([]);
});

test('it takes longer once, with a reason, and before its time is over; a complaint never', () => {
  const extending = (more: Partial<Parameters<typeof extendingUnmet>[0]> = {}) => extendingUnmet({ agreement: profile('wirral').agreement, right: 'access', stated: stated({ kind: 'extended', reason: 'complex' }), due: '2026-04-10T00:00:00Z', extended: false, at: AT, ...more }).map(({ code }) => code);
  expect(extending()).toEqual([]);
  expect([extending({ extended: true }), extending({ due: AT }), extending({ right: 'complaint' })]).toEqual([['CANNOT_BE_EXTENDED'], ['CANNOT_BE_EXTENDED'], ['CANNOT_BE_EXTENDED']]);
  expect(extending({ stated: stated({ kind: 'extended' }) })).toEqual(['EXTENDED_WITHOUT_REASON']);
  expect(EXTENDING_RIGHTS).toHaveLength(2);
});
