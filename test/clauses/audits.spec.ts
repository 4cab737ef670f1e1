import { Example } from '../world/example';
import { thread } from '../world/requests';

// An audit by several agencies: one sample, put to each of them; each answers for its own case against its own records.

const REVIEWED = { '/lines/0/needToKnow': 'reviews-case', '/lines/1/needToKnow': 'reviews-case', '/lines/2/needToKnow': 'reviews-case' };

describe.each([
  { tag: 'WIR', agreement: 'wirral', purpose: 'multi-agency-audit', changes: {}, first: { agency: 'wirral-council', contact: 'front-door' }, role: 'social-worker', more: {} },
  { tag: 'WOR', agreement: 'worcestershire', purpose: 'case-file-audit', changes: { '/manifest/consent': null }, first: { agency: 'worcestershire-children-first', contact: 'family-front-door' }, role: 'social-worker', more: {} },
  { tag: 'SOL', agreement: 'solihull', purpose: 'multi-agency-audit', changes: {}, first: { agency: 'west-midlands-police', contact: 'public-protection' }, role: 'police-officer', more: { '/manifest/legalGateway': 'common-law-policing' } },
])('$tag', ({ tag, agreement, purpose, changes, first, role, more }) => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open(agreement, {}, () => ({ mailDomain: undefined }));
  });
  afterAll(() => example.close());

  test(`${tag} AU-01: a sample is put to several parties in one request under the purpose of an audit; each answers for its case, and what one answers changes nothing of the others`, async () => {
    const { receipt } = await example.ask({
      '/manifest/purpose': purpose, ...REVIEWED, ...changes, '/lines/1/category': 'question', '/lines/0/category': 'question', '/lines/2/category': 'question',
      '/manifest/asks': { type: 'audit', categories: [{ category: 'names', needToKnow: 'reviews-case' }, { category: 'health', needToKnow: 'reviews-case' }] },
    });
    expect(receipt.transfers.length).toBeGreaterThan(1);
    const of = (agency: string) => receipt.transfers.find(({ recipient }) => recipient.agency === agency)?.transfer ?? '';
    const others = receipt.transfers.filter(({ recipient }) => recipient.agency !== first.agency);
    const asker = { agency: example.sender.agency, contact: example.sender.contact };
    for (const { transfer, recipient } of receipt.transfers) expect(await thread(example.world.partner(recipient.agency), transfer)).toMatchObject({ type: 'audit', purpose, state: 'asked' });

    await example.send({
      '/manifest/purpose': purpose, ...REVIEWED, ...changes, ...more, '/sender': first.agency, '/manifest/sender': { ...first, role }, '/manifest/threads': { request: of(first.agency) },
      '/manifest/answers': { categories: [{ category: 'names', answer: 'confirmed' }, { category: 'health', answer: 'differs' }] },
      '/lines/0/recipient': asker, '/lines/1/recipient': asker, '/lines/3/recipient': asker, '/lines/4/recipient': first, '/lines/4/decider': first.contact, '/lines/4/role': role, '/lines/2': null,
    });
    expect(await thread(example.sender, of(first.agency))).toMatchObject({ type: 'audit', state: 'answered', categories: [{ category: 'names', answer: 'confirmed' }, { category: 'health', answer: 'differs' }] });
    for (const { transfer } of others) expect(await thread(example.sender, transfer)).toMatchObject({ type: 'audit', state: 'asked' });
  });
});
