import fc from 'fast-check';
import { type DomainRecords, type Found, type Mx, requirement } from './requirement';
import type { Tlsa } from './tlsa';

const HOST = 'mx1.merebrook.example';
const KEY: Tlsa = { usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(32, 1) };
const NONE = { state: 'none', secure: false } as const;
const ENFORCED: DomainRecords = {
  mx: { state: 'found', records: [{ preference: 10, host: HOST }], secure: false }, sts: { state: 'held', id: '1', policy: { mode: 'enforce', mx: [HOST], maxAge: 86_400 } }, tlsa: { [HOST]: NONE },
};

test('a policy that is enforced asks for a certificate by a public authority', () => {
  expect(requirement(ENFORCED)).toEqual({ ok: true, policyId: '1', hosts: [{ host: HOST, proofs: ['mta-sts'], certified: true, tlsa: [] }] });
});

test('signed keys alone ask for those keys, and for no authority', () => {
  const records: DomainRecords = { mx: { ...ENFORCED.mx, secure: true } as Found<Mx>, sts: { state: 'none' }, tlsa: { [HOST]: { state: 'found', records: [KEY], secure: true } } };
  expect(requirement(records)).toEqual({ ok: true, hosts: [{ host: HOST, proofs: ['dane'], certified: false, tlsa: [KEY] }] });
});

test('hosts come in the order of preference, each once looked at, and not without end', () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ preference: 30 - i, host: `mx${i}.merebrook.example` }));
  const rules = requirement({ mx: { state: 'found', records: many, secure: false }, sts: { state: 'none' }, tlsa: Object.fromEntries(many.map(({ host }) => [host, NONE])), recorded: ['*.merebrook.example'] });
  expect(rules.ok && rules.hosts.map(({ host }) => host)).toEqual(Array.from({ length: 10 }, (_, i) => `mx${29 - i}.merebrook.example`));
});

const found = <T>(records: fc.Arbitrary<T>): fc.Arbitrary<Found<T>> => fc.oneof(
  fc.record({ state: fc.constant('found' as const), records: fc.array(records, { minLength: 1, maxLength: 3 }), secure: fc.boolean() }), fc.record({ state: fc.constant('none' as const), secure: fc.boolean() }), fc.constant({ state: 'failed' as const }));
const host = fc.constantFrom(HOST, 'mx2.merebrook.example', 'mx.evil.example');
const pattern = fc.constantFrom(HOST, '*.merebrook.example');
const records: fc.Arbitrary<DomainRecords> = fc.record({
  mx: found(fc.record({ preference: fc.nat(20), host })),
  sts: fc.oneof(fc.constantFrom({ state: 'none' as const }, { state: 'failed' as const }), fc.record({ state: fc.constant('held' as const), id: fc.constant('1'), policy: fc.record({ mode: fc.constantFrom('enforce' as const, 'testing' as const, 'none' as const), mx: fc.array(pattern, { minLength: 1, maxLength: 2 }), maxAge: fc.constant(86_400) }) })),
  tlsa: fc.dictionary(host, found(fc.record({ usage: fc.nat(4), selector: fc.nat(2), matchingType: fc.nat(3), data: fc.constantFrom(Buffer.alloc(32, 1), Buffer.alloc(64, 1), Buffer.alloc(3)) }))),
  recorded: fc.array(pattern, { maxLength: 2 }),
});

test('M5, M7: whatever is found, a host is rung only when something proves it, and every proof that exists is asked for', () => {
  let rung = 0;
  fc.assert(fc.property(records, (given) => {
    const rules = requirement(given);
    if (!rules.ok) return;
    rung++;
    expect(rules.hosts.length).toBeGreaterThan(0);
    for (const rule of rules.hosts) {
      expect(rule.proofs.length).toBeGreaterThan(0);
      expect(rule.certified || rule.tlsa.length > 0).toBe(true);
      // The patterns here cover no host of the attacker's: only signed keys of its own could.
      if (rule.host === 'mx.evil.example') expect(rule.proofs).toEqual(['dane']);
      if (given.sts.state === 'held' && given.sts.policy.mode === 'enforce') expect(rule.proofs).toContain('mta-sts');
      if (given.recorded?.length) expect(rule.proofs).toContain('recorded');
      expect(given.tlsa[rule.host]?.state).not.toBe('failed');
      if (rule.tlsa.length > 0) expect(given.mx.state !== 'failed' && given.mx.secure).toBe(true);
    }
  }), { numRuns: 3_000 });
  expect(rung).toBeGreaterThan(100);
});
