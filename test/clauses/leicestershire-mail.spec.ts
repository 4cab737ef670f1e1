import type { Receipt, ShareTold } from '#protocol/answers';
import { read, SENDER } from '../journeys/by-mail';
import { Example, SECRET } from '../world/example';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import type { TestPartner } from '../world/partner';
import { eventually } from '../world/partnership';
import { profile } from '../world/profiles';

// What Leicestershire's text asks of addresses: those that the probation service writes to, and one's own.

const llr = profile('llr');
const FROM_PROBATION = {
  '/sender': 'national-probation-service', '/manifest/sender': { agency: 'national-probation-service', contact: 'offender-manager', role: 'probation-officer' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/accuracy/by': 'probation-officer',
  ...Object.fromEntries([0, 1, 3].map((line) => [`/lines/${line}/recipient`, { agency: 'leicester-city-council', contact: 'safeguarding-adviser' }])),
  '/lines/4/recipient': { agency: 'national-probation-service', contact: 'offender-manager' }, '/lines/4/decider': 'offender-manager', '/lines/4/role': 'probation-officer', '/lines/2': null,
};
const ADVISER = '/parties/leicester-city-council/contacts/1';
const MAILED = { [`${ADVISER}/collects`]: false, [`${ADVISER}/protections`]: [], [`${ADVISER}/sealingKey`]: 'none', [`${ADVISER}/domain`]: { tls: '1.2' }, '/parties/national-probation-service/contacts/0/domain': { tls: '1.2' } };
const BY_OWN_MAIL = { ...MAILED, '/route': { by: 'tls-domain', at: '2026-03-10T09:20:00Z' } };

test.each<[string, Record<string, unknown>, string[]]>([
  ['to an address of criminal justice secure mail it goes', {}, []],
  ['to another that was approved', { [`${ADVISER}/cjsm`]: false, [`${ADVISER}/approvedOn`]: '2026-01-12' }, []],
  ['not to one that will be approved tomorrow', { [`${ADVISER}/cjsm`]: false, [`${ADVISER}/approvedOn`]: '2026-03-11' }, ['NOT_CJSM_OR_APPROVED']],
  ['nor to one that nobody approved', { [`${ADVISER}/cjsm`]: false }, ['NOT_CJSM_OR_APPROVED']],
  ['nor in a container to such an address', { ...MAILED, [`${ADVISER}/cjsm`]: false }, ['NOT_CJSM_OR_APPROVED']],
  ['nor by mail from the service’s own premises', { ...BY_OWN_MAIL, [`${ADVISER}/cjsm`]: false }, ['NOT_CJSM_OR_APPROVED']],
])('LLR CH-07: what the probation service shares: %s', (_what, changes, codes) => {
  expect(llr.told({ ...FROM_PROBATION, ...changes }).filter((code) => code === 'NOT_CJSM_OR_APPROVED')).toEqual(codes);
});

test('LLR CH-07: nobody else is asked for such an address', () => {
  expect(llr.told({ '/parties/leicester-city-council/contacts/0/cjsm': false })).toEqual([]);
});

const OWN = { agency: 'leicestershire-police', contact: 'governance' };
const WITHIN = { '/lines/0/recipient': OWN, '/lines/2': null, '/lines/1': null, '/lines/1/recipient': OWN };
const DESK = '/parties/leicestershire-police/contacts/1';

test.each<[string, Record<string, unknown>, string]>([
  ['sealed to a desk’s key', { [`${DESK}/protections`]: ['openpgp'], [`${DESK}/sealingKey`]: 'current' }, 'mailbox openpgp'],
  ['in a container where it has none and gets mail', { [`${DESK}/collects`]: false, [`${DESK}/domain`]: { tls: '1.2' } }, 'mail aes-zip'],
  ['in a container where its own domain holds no TLS', { [`${DESK}/collects`]: false, [`${DESK}/domain`]: { tls: 'none', lapsed: true } }, 'mail aes-zip weak'],
  ['and not at all where it has neither a key nor mail', {}, 'NO_ADMITTED_CHANNEL'],
])('LLR CH-09: within one organisation as between two: %s', (_what, changes, expected) => {
  const decision = llr.decided({ ...WITHIN, ...changes });
  const [transfer] = decision.outcome === 'permitted' ? decision.transfers : [];
  expect(transfer ? [transfer.route, transfer.protection, ...(transfer.weakHop ? ['weak'] : [])].join(' ') : llr.told({ ...WITHIN, ...changes }).find((code) => code === 'NO_ADMITTED_CHANNEL')).toBe(expected);
});

describe('as it leaves', () => {
  let mail: MailDomain;
  let example: Example;
  beforeAll(async () => {
    mail = await MailDomain.start();
    const { resolver, egress, name, authorities, port } = mail.options();
    const mailed = { collects: false, mailDomain: DOMAIN };
    example = await Example.open('llr', { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } },
      (agency) => (agency === 'leicester-city-council' ? mailed : agency === 'leicestershire-police' ? { mailDomain: DOMAIN, keyless: { collects: false } } : {}));
    await eventually(async () => (await sql<{ found: boolean }>('select bool_and(found_at is not null and lapsed_at is null) as found from waybill.mail_domain where domain = $1', [DOMAIN]))[0]?.found);
  });
  afterAll(async () => {
    await example.close();
    await mail.stop();
  });
  beforeEach(() => mail.host.reset({ tls: mail.certificate }));
  const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
  const sent = (by: TestPartner, share: string) => eventually(async () => {
    const { transfers } = (await by.get(`/v1/shares/${share}`)).json as ShareTold;
    return transfers.every(({ state }) => state === 'sent') && transfers;
  });

  test('LLR CH-07: the probation service’s share goes to the approved address and to it alone; once the address is none any more nothing is decided to go, and that is on record', async () => {
    const probation = example.world.partner('national-probation-service');
    const { share } = await example.send(FROM_PROBATION);
    await sent(probation, share.id);
    expect(mail.host.commands.filter((command) => command.startsWith('RCPT'))).toEqual([`RCPT TO:<safeguarding-adviser@${DOMAIN}>`]);
    await sql(`update waybill.contact set cjsm = false where id = 'safeguarding-adviser'`);
    const refused = await probation.submit(await example.compose(FROM_PROBATION));
    expect([refused.status, (refused.json.reasons as { code: string }[]).map(({ code }) => code)]).toEqual([422, ['NOBODY_LEFT', 'NOT_CJSM_OR_APPROVED']]);
    const entries = (await sql<{ octets: Buffer }>(`select octets from waybill.entry where controller = 'ministry-of-justice'`)).map(({ octets }) => JSON.parse(octets.toString()) as { kind: string; reasons?: { code: string }[] });
    expect(entries.find(({ kind }) => kind === 'share-refused')?.reasons).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'NOT_CJSM_OR_APPROVED', clauses: ['CH-07', 'PD-20'] })]));
    expect(mail.host.messages).toHaveLength(1);
  });

  test('LLR CH-09 MN-07: mail to a desk of one’s own is a container under a subject of codes, and names nobody outside', async () => {
    const { share, containers } = await example.contained(WITHIN);
    const answer = await example.sender.submit(share);
    expect(answer.status).toBe(202);
    const [transfer] = (answer.json as Receipt).transfers;
    await sent(example.sender, share.id);
    const { headers, parts } = read(Buffer.from(mail.host.messages[0] as string, 'latin1'));
    expect(headers).toMatchObject({ To: `governance@${DOMAIN}`, Subject: `OFFICIAL-SENSITIVE llr urgent ${transfer?.transfer}` });
    expect([...parts.keys()]).toEqual(['', 'part-1.zip']);
    expect(parts.get('part-1.zip')?.equals(containers.get('part-1')?.octets ?? Buffer.alloc(0))).toBe(true);
    for (const word of [SECRET, 'MK-4410', 'protect-adult', 'names']) expect(mail.host.messages[0]).not.toContain(word);
  });
});
