import fc from 'fast-check';
import type { Facts } from '#directory/facts';
import { judge, type Submission } from './group';

/** Just what is judged of a submission. */
const submission = ({ sender, share, key, digests, versions, under = '1' }: { sender: string; share: string; key?: string; digests: string[]; versions: Record<string, string | undefined>; under?: string }): Submission => ({
  share: { sender: { agency: sender, controller: sender }, head: { manifest: { id: share } }, parts: new Map(digests.map((digest, i) => [`part-${i + 1}`, { digest }])) } as unknown as Submission['share'],
  entries: [],
  ...(key ? { idempotencyKey: key } : {}),
  facts: {
    agreement: { id: 'agreement' }, under: { version: under, around: [] }, sought: Object.keys(versions),
    agencies: new Map(Object.entries(versions).flatMap(([agency, version]) => (version === undefined ? [] : [[agency, { row: { version } }]]))),
  } as unknown as Facts,
});
const NOTHING = { agencies: ['a 3', 'b 7'], agreements: ['agreement 1'], shares: [], keys: [], digests: [] };
const SOUND = { sender: 'a', share: 's-1', digests: ['d-1'], versions: { a: '3', b: '7' } };
const verdict = (change: Partial<Parameters<typeof submission>[0]>, found: Partial<typeof NOTHING | Record<string, string[]>> = {}) => judge([submission({ ...SOUND, ...change })], { ...NOTHING, ...found } as never).verdicts[0];

test.each<[string, string | undefined, string]>([
  ['what it rests on stands', verdict({}), 'committed'],
  ['an agency has changed', verdict({ versions: { a: '3', b: '6' } }), 'stale'],
  ['an agency has gone', verdict({ versions: { a: '3', b: '7', c: '1' } }), 'stale'],
  ['an agency that was not there still is not', verdict({ versions: { a: '3', z: undefined } }), 'committed'],
  ['an agency that was not there has come', verdict({ versions: { a: '3', b: undefined } }), 'stale'],
  ['the agreement’s parties have changed', verdict({ under: '0' }), 'stale'],
  ['its id is taken', verdict({}, { shares: ['a s-1'] }), 'known'],
  ['another sender has the same id', verdict({}, { shares: ['b s-1'] }), 'committed'],
  ['its key is taken', verdict({ key: 'k' }, { keys: ['a k'] }), 'known'],
  ['another agency has the same key', verdict({ key: 'k' }, { keys: ['b k'] }), 'committed'],
  ['its sealed part came from another', verdict({}, { digests: ['d-1 b'] }), 'known'],
  ['its sealed part came from itself', verdict({}, { digests: ['d-1 a'] }), 'committed'],
])('where %s', (_where, found, expected) => expect(found).toBe(expected));

test('of any number alike in one group, at most one stands, and every digest that is written is one sender’s', () => {
  const one = fc.record({ sender: fc.constantFrom('a', 'b'), share: fc.constantFrom('s-1', 's-2', 's-3'), key: fc.option(fc.constantFrom('k-1', 'k-2'), { nil: undefined }), digests: fc.array(fc.constantFrom('d-1', 'd-2', 'd-3'), { maxLength: 2 }) });
  fc.assert(fc.property(fc.array(one, { maxLength: 12 }), (several) => {
    const submissions = several.map(({ key, ...each }) => submission({ ...each, ...(key ? { key } : {}), versions: { a: '3' } }));
    const { verdicts, digests } = judge(submissions, NOTHING);
    const stands = several.filter((_, i) => verdicts[i] === 'committed');
    const distinct = (names: readonly (string | undefined)[]) => expect(new Set(names).size).toBe(names.length);
    distinct(stands.map(({ sender, share }) => `${sender} ${share}`));
    distinct(stands.flatMap(({ sender, key }) => (key ? [`${sender} ${key}`] : [])));
    for (const { sender, digests: own } of stands) for (const digest of own) expect(digests.get(digest)).toBe(sender);
    if (several.length > 0) expect(verdicts[0]).toBe('committed');
  }));
});
