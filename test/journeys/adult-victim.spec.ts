import type { PlanAnswer, Receipt, ShareTold } from '#protocol/answers';
import { askedOf } from '../world/disclosures';
import { Example, SECRET } from '../world/example';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import type { TestPartner } from '../world/partner';
import { eventually } from '../world/partnership';
import { MINUTE } from '#platform/clock';
import { SENDER } from './by-mail';
import { expectProblem } from './referral';

// Scenario S5: the police refer an adult victim to a charity that runs no client, by mail. Both domains hold TLS; the message is sealed all the same.

const CHARITY = { agency: 'living-without-abuse', contact: 'outreach' };
const COUNCIL = { agency: 'leicester-city-council', contact: 'safeguarding-team' };
const line = (part: number, category: string, justification?: string) => ({ recipient: CHARITY, part: `part-${part}`, category, needToKnow: 'works-with-person', kind: 'fact', source: 'own-record', ...(justification && { justification }) });
const REFERRAL = { '/lines/5': line(3, 'alleged-perpetrator', 'shows-risk'), '/lines/6': line(4, 'contact-and-next-of-kin', 'safe-contact'), '/lines/7': line(5, 'photos-of-injuries') };
const FROM_CHARITY = {
  '/sender': CHARITY.agency, '/manifest/sender': { ...CHARITY, role: 'practitioner' }, '/manifest/accuracy/by': 'practitioner', '/lines/4/recipient': CHARITY, '/lines/4/decider': CHARITY.contact, '/lines/4/role': 'practitioner', '/lines/2': null,
};

let mail: MailDomain;
let example: Example;
let charity: TestPartner;
let sent: { id: string; receipt: Receipt };
beforeAll(async () => {
  mail = await MailDomain.start();
  const { resolver, egress, name, authorities, port } = mail.options();
  example = await Example.open('llr', { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } },
    (agency) => ({ [CHARITY.agency]: { collects: false, mailDomain: DOMAIN }, 'leicestershire-police': { mailDomain: DOMAIN } })[agency] ?? {});
  charity = example.world.partner(CHARITY.agency);
  await eventually(async () => (await sql<{ found: boolean }>('select bool_and(found_at is not null and lapsed_at is null) as found from waybill.mail_domain where domain = $1', [DOMAIN]))[0]?.found);
  const { share, receipt } = await example.send(REFERRAL);
  sent = { id: share.id, receipt };
});
afterAll(async () => {
  await example?.close();
  await mail?.stop();
});

const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
type Entry = Record<string, unknown> & { kind: string; share?: string };
const entries = async (controller: string, kind: string): Promise<Entry[]> =>
  (await sql<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller])).map(({ octets }) => JSON.parse(octets.toString()) as Entry).filter((entry) => entry.kind === kind);
const toCharity = () => sent.receipt.transfers.find(({ recipient }) => recipient.agency === CHARITY.agency) as Receipt['transfers'][number];
const POLICE = 'leicestershire-chief-constable';

test('LLR MN-05: photographs of her injuries stay out by themselves; how to reach her safely and whom she fears go, each justified', async () => {
  expect(sent.receipt.struckOff).toEqual([expect.objectContaining({ on: 'line', recipient: CHARITY, parts: ['part-5'], reasons: expect.arrayContaining([expect.objectContaining({ code: 'CATEGORY_EXCLUDED' })]) })]);
  expect((await entries(CHARITY.agency, 'share-announced'))[0]).toMatchObject({ share: sent.id, categories: ['alleged-perpetrator', 'contact-and-next-of-kin', 'names'] });
  expect(await sql('select name from waybill.part where share = $1 and name = $2', [sent.id, 'part-5'])).toEqual([]);
});

test('LLR LB-03 LB-04 LB-07: on the common-law power of the police, Schedule 1, paragraph 18 for an adult at risk, and no consent with its reason: so it stands in both registers', async () => {
  const right = { legalGateway: 'common-law-policing', conditions: expect.arrayContaining(['sch1-18']), consent: { status: 'not-sought', reason: 'not-reasonably-expected' }, purpose: 'protect-adult' };
  for (const [controller, kind] of [[POLICE, 'share-sent'], [CHARITY.agency, 'share-announced']] as const) expect((await entries(controller, kind))[0]).toMatchObject({ share: sent.id, ...right });
});

test('LLR CH-06 MN-07: both domains hold TLS, and the mail is sealed to the charity’s key besides; its subject is codes', async () => {
  await eventually(async () => ((await example.sender.get(`/v1/shares/${sent.id}`)).json as ShareTold).transfers.find(({ transfer }) => transfer === toCharity().transfer)?.state === 'sent');
  const [message, ...more] = mail.host.messages as [string];
  expect([more, mail.host.messagesInClear]).toEqual([[], []]);
  expect(message).toMatch(/-----BEGIN PGP MESSAGE-----/);
  expect(message).toContain(`Subject: OFFICIAL-SENSITIVE llr urgent ${toCharity().transfer}\r\n`);
  for (const word of [SECRET, 'MK-4410', 'alleged-perpetrator', 'protect-adult']) expect(message).not.toContain(word);
  expect(toCharity()).toMatchObject({ route: 'mail', protection: 'openpgp' });
  expect((await entries(CHARITY.agency, 'share-pushed'))[0]).toMatchObject({ tls: { version: 'tls-1.3', authentication: 'mta-sts' } });
});

test('LLR CH-06: from the police’s own premises over TLS alone it would be refused', async () => {
  example.world.clock.advance(10 * MINUTE);
  const asked = askedOf(example.world, example.sender, { route: { by: 'tls-domain' }, to: [`${CHARITY.agency}/${CHARITY.contact}`], category: 'health' });
  expect(JSON.stringify((await example.sender.post('/v1/disclosure-plans', asked)).json)).toContain('MESSAGE_PROTECTION_REQUIRED');
});

test('LLR LB-07: the charity claims section 115, which is for public bodies, as its own power: refused, and on record with it alone', async () => {
  const answer = await charity.submit(await example.compose({ ...FROM_CHARITY, '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115' }));
  expectProblem(answer, 422, 'GATEWAY_NOT_AVAILABLE');
  expect((await entries(CHARITY.agency, 'share-refused')).map(({ reasons }) => (reasons as { code: string }[]).map(({ code }) => code))).toEqual([expect.arrayContaining(['GATEWAY_NOT_AVAILABLE'])]);
  expect(await entries(COUNCIL.agency, 'share-refused')).toEqual([]);
});

test('LLR PU-08 RC-02: the charity acknowledges, and says that it will pass it on to nobody: the police see its signed word, and both registers hold it', async () => {
  const about = { share: sent.id, manifestDigest: sent.receipt.manifestDigest };
  expect((await charity.state('acknowledged', toCharity().transfer, about, { passOnTo: [] })).status).toBe(200);
  const told = ((await example.sender.get(`/v1/shares/${sent.id}`)).json as ShareTold).transfers.find(({ transfer }) => transfer === toCharity().transfer);
  expect(told?.state).toBe('acknowledged');
  expect(told?.statements.map(({ statement }) => JSON.parse(Buffer.from(statement, 'base64').toString()) as object)).toEqual([expect.objectContaining({ kind: 'acknowledged', passOnTo: [] })]);
  expect(await entries(CHARITY.agency, 'share-received')).toEqual([expect.objectContaining({ share: sent.id, passOn: false })]);
  expect((await entries(POLICE, 'share-acknowledged')).filter(({ by }) => by === CHARITY.agency)).toEqual([expect.objectContaining({ share: sent.id, passOn: false })]);
});

test('LLR PU-08: passed on all the same, it is told that this is not what was said', async () => {
  const onward = await example.compose({ ...FROM_CHARITY, '/manifest/legalGateway': null, '/manifest/threads': { previous: sent.id } });
  const { lines: _lines, ...manifest } = JSON.parse(onward.manifest.toString()) as Record<string, unknown>;
  const plan = (await charity.post('/v1/share-plans', { manifest, lines: onward.lines.map((text) => JSON.parse(text) as object) })).json as PlanAnswer;
  expect(plan.warnings.map(({ code }) => code)).toContain('ONWARD_NOT_AS_SAID');
});

test.each([['in what is returned', 'returned', { reason: 'not-for-us', passOnTo: [] }], ['which names no organisation', 'acknowledged', { passOnTo: ['Living Without Abuse'] }]] as const)('an answer %s is none', async (_what, kind, more) => {
  const council = example.world.partner(COUNCIL.agency);
  const transfer = sent.receipt.transfers.find(({ recipient }) => recipient.agency === COUNCIL.agency)?.transfer as string;
  expectProblem(await council.state(kind, transfer, { share: sent.id, manifestDigest: sent.receipt.manifestDigest }, more as Record<string, unknown>), 422, 'STATEMENT_INVALID');
});
