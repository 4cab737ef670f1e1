import { sha256 } from '#protocol/digest';
import { isPartLine, type PartLine } from '#protocol/line';
import { requireCaseNamesNobody } from './advising';
import type { ShareDescription } from './description';
import { drafted, LARGEST_PART, requireNobodyNamed } from './drafting';
import { padded } from './sealing-share';

const AT = new Date('2026-03-02T09:30:00Z');
const GATEWAY = 'https://gateway.example';
const SHARE: ShareDescription = {
  agreement: { id: 'example', version: '1' }, sender: { agency: 'st-brigid-primary', contact: 'safeguarding-lead' }, purpose: 'front-door-referral', urgency: 'routine', handling: { doNotTellSubject: true },
  subject: { reference: 'WQ-1', known: { names: ['Wilhelmina Quillfeather'] } },
  decision: { by: 'safeguarding-lead', role: 'headteacher', reasons: ['protects-from-harm'], words: { text: 'it is not safe', to: { 'merebrook-council/front-door': { needToKnow: 'assesses-referral' } } } },
  parts: [{ octets: Buffer.from('a'), category: 'names' }, { octets: Buffer.from('b'), category: 'health', kind: 'opinion' }],
  recipients: [
    { agency: 'merebrook-council', contact: 'front-door', parts: { 'part-1': { needToKnow: 'assesses-referral' }, 'part-2': { needToKnow: 'assesses-referral' } }, seesDecision: true },
    { agency: 'kingfisher-families', contact: 'casework', parts: { 'part-1': {} }, seesSubject: false },
  ],
  alsoTold: true,
};

const places = ({ lines }: ReturnType<typeof drafted>) => lines.map((line) => `${line.recipient.agency} ${line.part ?? line.about}`);

test('a line is one part to one recipient; the reference, the decision and who else is told go to whom the sender says', () => {
  expect(places(drafted(SHARE, GATEWAY, AT))).toEqual([
    'merebrook-council part-1', 'merebrook-council part-2', 'merebrook-council subject', 'merebrook-council alsoTold',
    'kingfisher-families part-1', 'kingfisher-families alsoTold',
    'st-brigid-primary decision', 'merebrook-council decision',
    'st-brigid-primary part-3', 'merebrook-council part-3',
  ]);
});

test('DS-08: whoever is asked for advice does not learn whose case it is, unless the share says why it has to; the sender’s own record does', () => {
  const learn = (advice: ShareDescription['advice']): string[] => drafted({ ...SHARE, ...(advice ? { advice } : {}) }, GATEWAY, AT).lines.filter(({ about }) => about === 'subject').map(({ recipient }) => recipient.agency);
  expect([learn(undefined), learn({ pseudonymous: true }), learn({ identityNeeded: 'already-known' })]).toEqual([['merebrook-council'], ['st-brigid-primary'], ['merebrook-council']]);
});

test('DS-08: a case on which advice is asked for names nobody whom its sender knows by name, day of birth or postcode; what asks with a reason may', async () => {
  const known = { names: ['Wilhelmina Quillfeather'], born: ['2017-04-09'], postcodes: ['CH41 1AA'] };
  const asking = (text: string, advice: ShareDescription['advice']): Promise<void> => requireCaseNamesNobody({ ...(advice ? { advice } : {}), subject: { known }, parts: [{ octets: Buffer.from('nothing'), category: 'health' }, { octets: Buffer.from(text), category: 'health' }] });
  for (const [text, holds] of [['What would you do for WILHELMINA?', 'name'], ['Born on 9 April 2017.', 'date of birth'], ['Lives in ch41 1aa', 'postcode']]) {
    await expect(asking(text as string, { pseudonymous: true })).rejects.toMatchObject({ code: 'CASE_NAMES_PERSON', facts: { parts: ['part-2'], holds: [holds] } });
    await expect(asking(text as string, { identityNeeded: 'already-known' })).resolves.toBeUndefined();
    await expect(asking(text as string, undefined)).resolves.toBeUndefined();
  }
  await expect(asking('A child of primary age came without a coat. What would you do?', { pseudonymous: true })).resolves.toBeUndefined();
});

test('the words of the decision are a part of their own, and its line holds no more than their salted digest', () => {
  const { lines, parts } = drafted(SHARE, GATEWAY, AT);
  const { category, octets: words } = parts.get('part-3') ?? {};
  const octets = words as Uint8Array;
  expect(category).toBe('reasons');
  expect(Buffer.from(octets).toString()).toMatch(/^[0-9a-f]{32}\nit is not safe$/);
  expect(lines.filter((line) => line.about === 'decision')).toEqual([expect.objectContaining({ wordsDigest: sha256(octets) }), expect.objectContaining({ wordsDigest: sha256(octets) })]);
  expect(lines.find((line) => line.part === 'part-3' && line.recipient.agency === 'st-brigid-primary')).toMatchObject({ needToKnow: 'keeps-record' });
});

test('each line has a salt of its own, and no field that was not given', () => {
  const { lines } = drafted(SHARE, GATEWAY, AT);
  expect(new Set(lines.map((line) => line.salt)).size).toBe(lines.length);
  const first = lines[0] as unknown as PartLine;
  expect(isPartLine(first) && Object.keys(first).sort()).toEqual(['category', 'needToKnow', 'part', 'recipient', 'salt']);
});

test.each<[string, Partial<ShareDescription>, RegExp]>([
  ['free text as a purpose', { purpose: 'because Jane is at risk' }, /^\/purpose: /],
  ['a part that nobody gets', { parts: [...SHARE.parts, { octets: Buffer.from('c'), category: 'names' }] }, /nobody gets part-3/],
  ['a part that is not there', { recipients: [{ agency: 'a1', contact: 'c1', parts: { 'part-7': {} } }] }, /there is no such part/],
  ['no recipient', { recipients: [] }, /nobody gets/],
  ['a recipient twice', { recipients: [...SHARE.recipients, ...SHARE.recipients] }, /stands twice/],
  ['a reference that is a sentence', { subject: { reference: 'the girl in year 3', known: {} } }, /reference must be a reference/],
])('refuses a share with %s, with the place', (_, change, says) => {
  expect(() => drafted({ ...SHARE, ...change }, GATEWAY, AT)).toThrow(expect.objectContaining({ code: 'SHARE_INVALID', facts: { places: expect.arrayContaining([expect.stringMatching(says)]) } }));
});

test('a part that the gateway would not take is not sealed', () => {
  const octets = { path: '/nowhere', size: LARGEST_PART + 1 };
  expect(() => drafted({ ...SHARE, parts: [{ octets, category: 'names' }, ...SHARE.parts.slice(1)] }, GATEWAY, AT)).toThrow(expect.objectContaining({ code: 'PART_TOO_LARGE' }));
});

test('MN-06: what is sealed may name the person, what is not may not', () => {
  const named = { ...SHARE, subject: { reference: 'QUILL-1', known: { names: ['Wil Quill'] } } };
  expect(() => requireNobodyNamed(SHARE, drafted(SHARE, GATEWAY, AT))).not.toThrow();
  expect(() => requireNobodyNamed(named, drafted(named, GATEWAY, AT))).toThrow(expect.objectContaining({ code: 'IDENTIFIER_IN_CLEAR', facts: { fields: ['/lines/reference'], holds: ['name'] } }));
});

test.each([[1, 16], [15, 16], [16, 16], [17, 32], [1_000, 1_024]])('%i digests are padded to %i, sorted', (count, expected) => {
  const digests = padded(Array.from({ length: count }, (_, i) => sha256(String(i))));
  expect(digests).toHaveLength(expected);
  expect(digests).toEqual([...digests].sort());
  expect(digests).toEqual(expect.arrayContaining([sha256('0'), sha256(String(count - 1))]));
});
