import { readFileSync } from 'node:fs';
import { SIXTH } from '../../deploy/scripts/sixth-agreement';
import { term } from './agreement';
import { loadAgreement } from './load';
import { asPartyWishes, underSecurityNeeds } from './security-needs';

const NEEDS = `  specificSecurityNeeds:
    clause: D
    value:
      allowed: true
      profiles:
        - entry: police
          says: what comes from the police stays in the country
          from: 2025-06-01
          terms:
            transfer.regions: { value: { regions: [UK] }, clause: D.1 }
            channel.email.accepted: { value: [approved-address], clause: D.2 }
record:`;

function loaded(text: string) {
  const loading = loadAgreement({ file: 'sixth', text });
  if (!loading.ok) throw new Error(JSON.stringify(loading.errors));
  return loading.agreement;
}
const agreement = loaded(SIXTH.replace('record:', NEEDS));
const AT = '2026-03-10T09:30:00Z';

test('what comes from a party with needs of its own goes under those beside the agreement’s', () => {
  const theirs = underSecurityNeeds(agreement, 'police', AT);
  expect(theirs.terms['transfer.regions']).toEqual({ value: { regions: ['UK'] }, clause: 'D.1' });
  expect(term(theirs, 'channel.email.accepted')).toEqual(['approved-address']);
  expect(term(theirs, 'onward.rule')).toBe('intent-known');
  expect(term(agreement, 'transfer.regions')).toBeUndefined();
});

test.each<[string, string | undefined, string]>([
  ['from another party', 'charities', AT],
  ['from nobody on the list', undefined, AT],
  ['before the needs take effect', 'police', '2025-05-31T23:59:59Z'],
])('what comes %s goes under the agreement alone', (_what, entry, at) => {
  expect(underSecurityNeeds(agreement, entry, at)).toBe(agreement);
});

test('where the agreement does not admit them, needs of a party change nothing, and are there to be told as advice', () => {
  const closed = loaded(SIXTH.replace('record:', NEEDS.replace('allowed: true', 'allowed: false')));
  expect(underSecurityNeeds(closed, 'police', AT)).toBe(closed);
  expect(asPartyWishes(closed, 'police', AT)?.terms['transfer.regions']).toEqual({ value: { regions: ['UK'] }, clause: 'D.1' });
  expect([asPartyWishes(closed, 'charities', AT), asPartyWishes(agreement, 'police', AT)]).toEqual([undefined, undefined]);
});

test.each(['deploy/agreements/llr/agreement.yaml'])('the security profile of %s asks for named persons, a second factor, and stays in the country', (file) => {
  const llr = loaded(readFileSync(file, 'utf8'));
  const theirs = underSecurityNeeds(llr, 'probation', AT);
  expect([term(theirs, 'access.namedPersons'), term(theirs, 'access.mfa'), term(theirs, 'transfer.regions')?.regions, term(theirs, 'min.linking'), term(theirs, 'min.duplication')]).toEqual(['required', 'required', ['UK'], 'none', 'none']);
  expect([term(llr, 'access.mfa'), term(llr, 'transfer.regions')]).toEqual([undefined, undefined]);
});
