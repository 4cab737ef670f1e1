import fc from 'fast-check';
import { party } from '../../test/attacks/envelope/forge';
import type { Agreement } from '#policy/agreement';
import { DAY } from '#platform/clock';
import { type AgencyFacts, partiesOf, POSTURE_HOLDS_DAYS } from './facts';

const AGENCY = 'merebrook-council';
/** When its certificate is made (`forge.ts`), a moment before and after it is bound, and when anything of it ends. */
const MADE = Date.parse('2025-03-02T09:30:00Z');
const [THERE, BOUND, UNBOUND, GONE] = [MADE - 7_000, MADE + 5_000, MADE + 9_000, MADE + 20_000] as const;
const EXPIRES_S = 15;
/** When what was found of its mail domain is too old. */
const STALE = MADE + 12_000;

async function facts(): Promise<AgencyFacts> {
  const { certificate } = await party(AGENCY, { expiresAfter: EXPIRES_S });
  const bound = (from: number, until: number) => ({ row: { agency: AGENCY, contact: 'front-door', use: 'seal', from_at: new Date(from), until_at: new Date(until), revoked_at: null }, form: 'openpgp', certificate });
  return {
    row: { id: AGENCY, types: ['local-authority'], public_authority: null, country: 'GB', from_at: new Date(THERE), until_at: new Date(GONE), mail_domains: [], version: '1' },
    controller: { id: AGENCY, name: 'Merebrook Council' },
    contacts: [{ id: 'front-door', agency: AGENCY, kind: 'team', posts: [], cjsm: null, collects: true, email: 'front-door@merebrook.example', from_day: '2025-01-01' }],
    memberships: [],
    attestations: [],
    domains: [{ agency: AGENCY, domain: 'merebrook.example', hosts: [], government: false, tls: '1.3', found_at: new Date(STALE - POSTURE_HOLDS_DAYS * DAY), lapsed_at: null, fault: null }],
    certificates: [bound(BOUND, UNBOUND), bound(UNBOUND + 2_000, GONE + 60_000)],
  } as unknown as AgencyFacts;
}

const at = (agency: AgencyFacts, instant: number) =>
  partiesOf({ agreement: { id: 'example' } as Agreement, under: { version: '1', around: [] }, agencies: new Map([[AGENCY, agency]]), sought: [AGENCY] }, new Date(instant)).party(AGENCY);

test('a party that was made before stands at every instant as one that is made for it', async () => {
  const kept = await facts();
  const turns = [THERE, MADE, BOUND, UNBOUND, UNBOUND + 2_000, MADE + EXPIRES_S * 1_000, STALE, GONE];
  const instant = fc.oneof(fc.integer({ min: THERE - 10_000, max: GONE + 10_000 }), fc.tuple(fc.constantFrom(...turns), fc.integer({ min: -1, max: 1 })).map(([turn, off]) => turn + off));
  const seen = new Set<string>();
  fc.assert(fc.property(instant, (when) => {
    const party = at(kept, when);
    expect(party).toEqual(at({ ...kept }, when));
    seen.add(party?.contacts[0]?.sealingKey ?? 'not there');
    if (party) seen.add(party.contacts[0]?.domain?.lapsed ? 'lapsed' : 'secure');
  }), { numRuns: 500 });
  expect([...seen].sort()).toEqual(['current', 'expired', 'lapsed', 'not there', 'secure', 'unverified']);
});

test('between two turns it is the same object', async () => {
  const kept = await facts();
  expect(at(kept, BOUND + 1)).toBe(at(kept, BOUND + 2));
  expect(at(kept, BOUND + 1)).not.toBe(at(kept, BOUND - 1));
});
