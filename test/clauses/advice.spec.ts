import { Example } from '../world/example';
import { profile, reasonsOf } from '../world/profiles';

// In doubt one asks before one shares: whom, when, what it came to, and without saying who it is about. And who is to hear of significant harm hears of it. Each agreement in its own words.

const DAY_OF_ADVICE = '2026-03-09';

/** Per agreement: with whom its text says that a doubt is talked over, and whether it is asked of another agency without identity. */
const ADVICE = [
  { tag: 'WIR', agreement: 'wirral', method: 'governance-lead-consulted', role: 'governance-lead', to: ['practitioner', 'governance-lead'], anonymised: true },
  { tag: 'SOL', agreement: 'solihull', method: 'governance-lead-consulted', role: 'governance-lead', to: ['practitioner', 'governance-lead'], anonymised: false },
  { tag: 'LLR', agreement: 'llr', method: 'line-manager-consulted', role: 'line-manager', to: ['line-manager', 'safeguarding-lead'], anonymised: false },
] as const;

/** Categories that tell who somebody is, in the part that goes to each recipient. */
const named = (category: string) => ({ '/lines/0/category': category, '/lines/1/category': category });

test.each(ADVICE)('$tag DS-08: in doubt advice is sought of whom the text names; a decision that says it was, and not with whom and when, is told so', ({ agreement, method, role, to }) => {
  const { agreement: text, told } = profile(agreement);
  expect(text.terms['decision.adviceRoute']?.value).toMatchObject({ to: [...to] });
  expect(told({ '/lines/4/method': method })).toEqual(['warns CONSULTATION_NOT_NAMED']);
  expect(told({ '/lines/4/method': method, '/lines/4/consulted': { role, on: DAY_OF_ADVICE } })).toEqual([]);
  expect(told({ '/lines/4/method': 'professional-judgement' })).toEqual([]);
});

test.each(ADVICE)('$tag DS-08: another agency that is asked for advice is told who the person is as the text has it', ({ agreement, anonymised }) => {
  const { decided, told, reached } = profile(agreement);
  for (const category of ['names', 'birth-and-death', 'addresses', 'contact-and-next-of-kin', 'family']) {
    const asked = { '/manifest/advice': {}, ...named(category) };
    const codes = told(asked);
    expect([category, codes.includes('ADVICE_NOT_ANONYMOUS')]).toEqual([category, anonymised]);
    if (!anonymised) continue;
    expect(reached(asked)).toEqual([]);
    expect(reasonsOf(decided(asked)).find(({ code }) => code === 'ADVICE_NOT_ANONYMOUS')).toMatchObject({ clauses: ['DS-08'] });
    for (const identityNeeded of [undefined, 'because']) expect([identityNeeded, told({ ...asked, '/manifest/advice': { identityNeeded } }).includes('ADVICE_NOT_ANONYMOUS')]).toEqual([identityNeeded, true]);
    expect(told({ ...asked, '/manifest/advice': { identityNeeded: 'already-known' } })).not.toContain('ADVICE_NOT_ANONYMOUS');
  }
  expect(told({ '/manifest/advice': {}, '/lines/0/category': 'health', '/lines/1/category': 'health', '/lines/2/category': 'health' })).not.toContain('ADVICE_NOT_ANONYMOUS');
});

test.each(ADVICE)('$tag DS-08: a case that another agency is asked about has neither reference nor thread, and its sender confirms that the text says of nobody who it is; one’s own advisers need not know either', ({ agreement, anonymised }) => {
  const { decided, told, reached, cases } = profile(agreement);
  const text = { '/lines/0/category': 'health', '/lines/1/category': 'health', '/lines/2/category': 'health' };
  const asked = (advice: object, more: object = {}) => ({ '/manifest/advice': advice, ...text, ...more });
  const cause = (changes: object): unknown => reasonsOf(decided({ ...changes })).find(({ code }) => code === 'ADVICE_NOT_PSEUDONYMOUS')?.cause;
  const previous = { '/manifest/threads': { previous: '01890a5d-ac96-774b-bcce-b302099a8056' } };
  // Whose case it is stays in the sender's own record.
  const { agency, contact } = cases.world.manifest.sender as { agency: string; contact: string };
  const kept = { '/lines/3/recipient': { agency, contact } };
  const pseudonymous = asked({ pseudonymous: true }, kept);
  if (!anonymised) {
    for (const changes of [asked({}), asked({}, { '/lines/3': null }), asked({}, previous)]) expect(told(changes).filter((code) => /ADVI[CS]E/.test(code))).toEqual([]);
    return;
  }
  expect([asked({ pseudonymous: true }), asked({ pseudonymous: true }, { ...previous, ...kept }), asked({}, kept), asked({ pseudonymous: false }, kept)].map(cause)).toEqual(['reference', 'thread', 'not-confirmed', 'not-confirmed']);
  expect([told(pseudonymous), reached(pseudonymous).length]).toEqual([[], reached().length]);
  expect(told(asked({ identityNeeded: 'records-compared' }))).not.toContain('ADVICE_NOT_PSEUDONYMOUS');
  // A person before a process: in an emergency the front door is asked all the same.
  expect(told({ ...asked({}), '/manifest/urgency': 'emergency' })).toContain('warns ADVICE_NOT_PSEUDONYMOUS');
  const own = { '/lines/0/recipient': { agency, contact } };
  expect(told({ '/manifest/advice': {}, ...own })).toContain('warns ADVISER_NEED_NOT_KNOW');
  expect(told({ ...pseudonymous, ...own })).not.toContain('warns ADVISER_NEED_NOT_KNOW');
});

/** What the sender's register says of the decision of a share with this decision line. */
async function recorded(example: Example, decision: Record<string, unknown>): Promise<unknown> {
  const { share, receipt } = await example.send(Object.fromEntries(Object.entries(decision).map(([field, value]) => [`/lines/4/${field}`, value])));
  for (const { recipient } of receipt.transfers) {
    // With whom a decision was talked over is the sender's alone to know.
    for (const entry of await example.recordedBy(recipient.agency, 'share-announced')) expect(entry).not.toHaveProperty('decision');
  }
  const entries = await example.recordedBy(example.sender.agency, 'share-sent');
  return entries.find((entry) => entry['share'] === share.id)?.['decision'];
}

describe.each(ADVICE)('$agreement', ({ tag, agreement, method, role }) => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open(agreement);
  });
  afterAll(() => example.close());

  const consulted = () => ({ role, on: example.world.clock.now().toISOString().slice(0, 10), contact: example.sender.contact });

  test(`${tag} DS-08: what the advice came to stands with the decision in the sender’s register and in no recipient’s, also where the decision departs from it`, async () => {
    for (const advised of ['share', 'share-less', 'do-not-share']) {
      expect(await recorded(example, { method, consulted: { ...consulted(), advised } })).toMatchObject({ method, consulted: { ...consulted(), advised } });
    }
  });

  if (tag !== 'LLR') return;

  test('LLR DS-15: a manager or safeguarding lead who was asked where signs are subtle stands on the decision by role, directory entry and day; that sharing is in proportion is said as well', async () => {
    for (const [how, asked] of [['line-manager-consulted', 'line-manager'], ['safeguarding-lead-consulted', 'designated-safeguarding-lead']]) {
      const line = { method: how, consulted: { ...consulted(), role: asked }, risk: 'low', necessary: true };
      expect(await recorded(example, line)).toMatchObject({ method: how, consulted: { ...consulted(), role: asked } });
    }
    expect(profile('llr').told({ '/lines/4/method': 'safeguarding-lead-consulted' })).toEqual(['warns CONSULTATION_NOT_NAMED']);
    expect(profile('llr').told({ '/lines/4/risk': 'low', '/lines/4/necessary': null })).toContain('NECESSITY_NOT_STATED');
  });

  test('LLR DS-11: significant harm of which neither local authority nor police would hear is warned of before it is sent, until the decision says how they hear of it; that reason is on record', async () => {
    const { agreement: text, decided, told } = profile('llr');
    expect(text.terms['decision.harmRecipients']?.value).toEqual(['local-authority', 'police']);
    const TO_CHARITY = { agency: 'living-without-abuse', contact: 'outreach' };
    const toCharityAlone = (decision: Record<string, unknown>) => ({ '/lines/0/recipient': TO_CHARITY, '/lines/3/recipient': TO_CHARITY, ...Object.fromEntries(Object.entries(decision).map(([field, value]) => [`/lines/4/${field}`, value])), '/lines/2': null, '/lines/1': null });
    expect(told(toCharityAlone({ significantHarm: true }))).toEqual(['warns HARM_NOT_TOLD']);
    expect(decided(toCharityAlone({ significantHarm: true })).warnings.find(({ code }) => code === 'HARM_NOT_TOLD')).toMatchObject({ clauses: ['DS-11'], next: expect.stringContaining('harmToldOtherwise') });
    for (const harmToldOtherwise of ['told-already', 'told-by-telephone', 'told-by-another', 'recipient-decides']) expect(told(toCharityAlone({ significantHarm: true, harmToldOtherwise }))).toEqual([]);
    expect(told(toCharityAlone({ significantHarm: true, harmToldOtherwise: 'somebody-will' }))).toContain('warns HARM_NOT_TOLD');
    expect(told(toCharityAlone({}))).toEqual([]);
    // The council hears of it, and nothing is warned of.
    expect(told({ '/lines/4/significantHarm': true })).toEqual([]);

    const { receipt } = await example.send(toCharityAlone({ significantHarm: true }));
    expect(receipt.warnings.map(({ code }) => code)).toContain('HARM_NOT_TOLD');
    expect(await recorded(example, { significantHarm: true, harmToldOtherwise: 'told-by-telephone' })).toMatchObject({ significantHarm: true, harmToldOtherwise: 'told-by-telephone' });
  });
});
