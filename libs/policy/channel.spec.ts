import fc from 'fast-check';
import { loadFolders } from '#partnership/agreements';
import type { Agreement } from './agreement';
import { type ChannelChoice, chooseChannel } from './channel';
import type { ChannelQuestion, End } from './channels/question';
import { CHANNEL_CODES, channelOf, TLS_VERSIONS } from './vocabulary/channels';

const agreements = loadFolders('deploy/agreements').map(({ loading }) => {
  if (!loading.ok) throw new Error('an agreement does not load');
  return loading.agreement;
});

const standing = fc.constantFrom('current', 'unverified', 'expired', 'revoked', 'weak', 'none' as const);
const ends: fc.Arbitrary<End> = fc.record({
  mailbox: fc.boolean(),
  keys: fc.record({ openpgp: standing, smime: standing }, { requiredKeys: [] }),
  domain: fc.record({ tls: fc.constantFrom(...TLS_VERSIONS), lapsed: fc.boolean(), government: fc.boolean() }),
  service: fc.boolean(),
  registered: fc.subarray(CHANNEL_CODES),
  types: fc.subarray(['police', 'health-provider', 'school']),
}, { requiredKeys: [] }) as fc.Arbitrary<End>;
/** The agreement by its place, so that what fails can be read. */
const questions = fc.record({ place: fc.nat(agreements.length - 1), from: ends, to: ends, sensitive: fc.boolean(), emergency: fc.boolean() });
const chosen = ({ place, ...asked }: { place: number } & Omit<ChannelQuestion, 'agreement'>) => chooseChannel({ agreement: agreements[place] as Agreement, ...asked });
const asked = fc.record({ channel: fc.constantFrom(...CHANNEL_CODES), reason: fc.constant('recipient-cannot-now'), approver: fc.constant('head') }, { requiredKeys: ['channel'] });

const admitted = ({ verdicts }: ChannelChoice) => verdicts.filter(({ reasons }) => reasons.length === 0).map(({ channel }) => channel);

test('whatever is asked for and whoever approves, what is chosen stands: no key that does not, no domain below the minimum but for a container', () => {
  fc.assert(fc.property(questions, asked, (question, wish) => {
    const choice = chosen({ ...question, asked: wish });
    if (choice.outcome === 'none') return expect(choice.reasons.length).toBeGreaterThan(0);
    expect(admitted(choice)).toContain(choice.channel);
    const { protection, route } = channelOf(choice.channel);
    if (protection === 'openpgp' || protection === 'smime') expect(question.to.keys?.[protection]).toBe('current');
    const { tls, lapsed } = question.to.domain ?? {};
    if (route === 'mail' && choice.channel !== 'mail-container') expect([lapsed !== true, tls === '1.2' || tls === '1.3']).toEqual([true, true]);
    expect(choice.weakHop && choice.channel !== 'mail-container').toBe(false);
    return undefined;
  }), { numRuns: 2_000 });
});

test('what one end gains never makes the way weaker', () => {
  fc.assert(fc.property(questions, ends, (question, gained) => {
    const before = chosen(question);
    // It gains keys and a mailbox; a worse domain would be a loss.
    const keys = Object.fromEntries((['openpgp', 'smime'] as const).map((kind) => [kind, question.to.keys?.[kind] === 'current' ? 'current' : gained.keys?.[kind]]).filter(([, key]) => key !== undefined));
    const after = chosen({ ...question, to: { ...question.to, mailbox: question.to.mailbox || (gained.mailbox ?? false), keys, service: question.to.service || (gained.service ?? false) } });
    if (before.outcome === 'none') return;
    expect(after.outcome).toBe('chosen');
    if (after.outcome === 'chosen' && !question.from.domain?.government) expect(CHANNEL_CODES.indexOf(after.channel)).toBeLessThanOrEqual(CHANNEL_CODES.indexOf(before.channel));
  }), { numRuns: 2_000 });
});

test('what is sensitive goes no way on which what is not would not go', () => {
  fc.assert(fc.property(questions, (question) => {
    const [sensitive, others] = [true, false].map((each) => chosen({ ...question, sensitive: each })) as [ChannelChoice, ChannelChoice];
    if (sensitive.outcome === 'chosen') expect(others.outcome).toBe('chosen');
  }), { numRuns: 2_000 });
});

test('every reason says what it stands on and what to do next', () => {
  fc.assert(fc.property(questions, asked, (question, wish) => {
    for (const { reasons } of chosen({ ...question, asked: wish }).verdicts) for (const { standing: { says }, next } of reasons) expect([says, next]).not.toContain('');
  }), { numRuns: 300 });
});

test('an agreement that forbids nothing and admits everything still has no way in clear', () => {
  const lax: Agreement = { ...(agreements[0] as Agreement), terms: { ...(agreements[0] as Agreement).terms, 'channel.passwordFallback': { value: 'to-insecure-mail', clause: '§1' } } };
  const choice = chooseChannel({ agreement: lax, from: { domain: { tls: 'none' } }, to: { domain: { tls: 'none' } }, sensitive: false, emergency: true });
  expect(choice).toMatchObject({ outcome: 'chosen', channel: 'mail-container', weakHop: true });
});
