import { uuid7 } from '#platform/ids';
import { profile, reasonsOf } from '../world/profiles';
import { Example } from '../world/example';
import { answerMatter, putMatter, takenIn } from '../world/matters';
import type { Answer } from '../world/partner';
import { bindSmime } from '../world/smime';
import { Openssl } from '../witness/openssl';

// CH-11: where no way stands that the agreement admits, the originator may agree in writing that one share goes another. Nothing goes in clear by it, and to no key that nobody verified.

const [POLICE, CITY, CHARITY] = ['leicestershire-police', 'leicester-city-council', 'living-without-abuse'] as const;
const TO_CHARITY = { agency: CHARITY, contact: 'outreach' };
const codesOf = (answer: Answer): string[] => ((answer.json as { reasons?: { code: string }[] }).reasons ?? []).map(({ code }) => code).filter((code) => code !== 'NOBODY_LEFT');

describe('what the sender shares first is its own', () => {
  const ONLY_SMIME = { protections: ['smime'], sealingKey: 'none', smimeKey: 'current' };
  const keys = (had: Record<string, unknown>) => Object.fromEntries(Object.entries(had).map(([field, value]) => [`/parties/${CHARITY}/contacts/0/${field}`, value]));
  const STATED = { channel: 'mailbox-smime', reason: 'recipient-cannot-now', approver: 'line-manager' };
  /** How the charity gets it, or why it does not. */
  const told = (changes: Record<string, unknown>, agreement = 'llr'): string => {
    const decision = profile(agreement).decided(changes);
    const transfer = decision.outcome === 'permitted' ? decision.transfers.find(({ recipient }) => recipient.agency === CHARITY) : undefined;
    return transfer ? [transfer.route, transfer.protection, transfer.instead?.why].filter(Boolean).join(' ') : reasonsOf(decision).filter(({ recipient }) => recipient?.agency === CHARITY).map(({ code, awaits }) => [code, awaits].filter(Boolean).join(' awaits ')).join(', ');
  };

  test.each<[string, Record<string, unknown>, string]>([
    ['goes where its sender states why, and which second person approved it', { ...keys(ONLY_SMIME), '/manifest/way': STATED }, 'mailbox smime deviation'],
    ['not without a reason', { ...keys(ONLY_SMIME), '/manifest/way': { ...STATED, reason: undefined } }, 'NO_ADMITTED_CHANNEL'],
    ['not without a second person', { ...keys(ONLY_SMIME), '/manifest/way': { ...STATED, approver: undefined } }, 'NO_ADMITTED_CHANNEL'],
    ['not without being stated at all', keys(ONLY_SMIME), 'NO_ADMITTED_CHANNEL'],
    ['not to a certificate that nobody verified', { ...keys({ ...ONLY_SMIME, smimeKey: 'unverified' }), '/manifest/way': STATED }, 'NO_ADMITTED_CHANNEL, KEY_NOT_VERIFIED'],
    ['not where an admitted way stands', { ...keys({ ...ONLY_SMIME, protections: ['openpgp', 'smime'], sealingKey: 'current' }), '/manifest/way': STATED }, 'NO_ADMITTED_CHANNEL'],
  ])('LLR CH-11: %s', (_what, changes, expected) => {
    expect(told(changes)).toBe(expected);
  });

  test('and under an agreement that says nothing of it nobody can agree to it', () => {
    const wor = profile('worcestershire');
    const permitted = wor.decided();
    const [first] = permitted.outcome === 'permitted' ? permitted.transfers : [];
    const { agency = '', contact } = first?.recipient ?? {};
    const at = `/parties/${agency}/contacts/${wor.cases.world.parties[agency]?.contacts.findIndex((each) => each.contact === contact)}`;
    const decision = wor.decided({ [`${at}/protections`]: ['smime'], [`${at}/sealingKey`]: 'none', [`${at}/smimeKey`]: 'current', '/manifest/way': STATED });
    expect(reasonsOf(decision).filter(({ recipient }) => recipient?.agency === agency).map(({ code }) => code)).toEqual(['NO_ADMITTED_CHANNEL']);
  });
});

describe('what is passed on is another’s', () => {
  const openssl = new Openssl();
  const OUTREACH = openssl.person('outreach', 'P-256');
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('llr', {}, (agency) => (agency === CHARITY ? { keys: false } : {}));
    await bindSmime(example.world, `${CHARITY}/outreach`, OUTREACH);
  });
  afterAll(async () => {
    await example.close();
    openssl.end();
  });
  const at = (agency: string) => example.world.partner(agency);
  const sealed = (octets: Buffer) => openssl.encrypted(octets, [OUTREACH]);
  /** The city council passes on what the police shared with it, to a charity that has a certificate and no OpenPGP key. */
  const passedOn = async (previous: string, id: string, more: Record<string, unknown> = {}): Promise<Answer> => at(CITY).submit(await example.compose({
    '/sender': CITY, '/manifest/sender': { agency: CITY, contact: 'safeguarding-team', role: 'social-worker' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/threads': { previous }, '/manifest/consent': { status: 'not-sought', reason: 'not-reasonably-expected', limited: false },
    '/lines/0/recipient': TO_CHARITY, '/lines/3/recipient': TO_CHARITY, '/lines/4/recipient': { agency: CITY, contact: 'safeguarding-team' }, '/lines/4/decider': 'safeguarding-team', '/lines/4/role': 'social-worker', '/lines/2': null, '/lines/1': null, ...more,
  }, { id, sealed }));

  test('LLR CH-11: it waits and names the controller to ask; what that agrees to in writing opens the one way for the one share, and both registers hold it', async () => {
    const { share, receipt } = await example.send({ '/lines/2': null });
    const { transfer } = await takenIn(at(CITY), share, receipt.manifestDigest);
    const { purpose } = JSON.parse(share.manifest.toString()) as { purpose: string };
    const [id, another] = [uuid7(), uuid7()];
    const waits = await passedOn(share.id, id);
    expect(waits.json).toMatchObject({ reasons: expect.arrayContaining([expect.objectContaining({ code: 'NO_ADMITTED_CHANNEL', clauses: expect.arrayContaining(['CH-11']), awaits: 'leicestershire-chief-constable' })]) });
    // Nobody agrees for whoever shared it first, with reason and approver neither.
    expect(codesOf(await passedOn(share.id, id, { '/manifest/way': { channel: 'mailbox-smime', reason: 'recipient-cannot-now', approver: 'line-manager' } }))).toEqual(['NO_ADMITTED_CHANNEL']);

    const way = { channel: 'mailbox-smime', share: id };
    expect(codesOf(await putMatter(example.world, at(CITY), 'approval', transfer, { fields: { purpose, way } }))).toEqual(['DEVIATION_NOT_ALLOWED']);
    expect(codesOf(await putMatter(example.world, at(CITY), 'approval', transfer, { fields: { purpose, recipients: [CHARITY], way: { ...way, channel: 'pigeon' } } }))).toEqual(['MATTER_CODE_UNKNOWN']);
    const { matter } = (await putMatter(example.world, at(CITY), 'approval', transfer, { fields: { purpose, recipients: [CHARITY], way } })).json as { matter: string };
    expect(codesOf(await passedOn(share.id, id))).toEqual(['NO_ADMITTED_CHANNEL']);
    expect((await answerMatter(example.world, at(POLICE), matter, 'agreed', { fields: { approver: 'governance' } })).status).toBe(200);

    expect(codesOf(await passedOn(share.id, another))).toEqual(['NO_ADMITTED_CHANNEL']);
    const accepted = await passedOn(share.id, id);
    expect([accepted.status, accepted.json]).toEqual([202, expect.objectContaining({ transfers: [expect.objectContaining({ route: 'mailbox', protection: 'smime' })] })]);
    const recorded = await example.recordedBy(CITY, 'share-sent');
    expect(recorded.find((entry) => entry['share'] === id)).toMatchObject({ recipients: [{ agency: CHARITY, protection: 'smime', instead: { why: 'deviation', matter } }] });
    for (const agency of [POLICE, CITY]) expect(await example.recordedBy(agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'approval', way }));
  });
});
