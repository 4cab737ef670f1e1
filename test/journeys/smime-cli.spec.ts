import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COUNCIL, SCHOOL, TRUST } from '../../apps/standalone/cast';
import { Openssl, type Person } from '../witness/openssl';
import { DECIDED, DECLARED } from '../world/share-file';
import { Joining } from '../world/enrolment';
import { eventually } from '../world/partnership';

const CANARY = 'Wilhelmina Quillfeather';
const openssl = new Openssl();
const [VISITORS, NEXT, LEAD] = [openssl.person('visitors', 'rsa'), openssl.person('next', 'P-384'), openssl.person('lead', 'P-256')];
/** Its nurse has an OpenPGP key, with which the agency signs; its health visitors have what their mail program has. */
const TRUST_BY_MAIL = { ...TRUST, contacts: TRUST.contacts.map((contact) => ({ ...contact, keys: contact.contact === 'front-door-nurse' })) };

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open();
  expect(await joining.join(COUNCIL)).toMatchObject({ exit: 0, err: '' });
});
afterAll(async () => {
  await joining.close();
  openssl.end();
});

const smime = (contact: string, { path, key }: Person): string[] => ['--smime', `${contact}=${path},${key}`];
const home = (agency: string) => JSON.parse(joining.file(`${agency}/waybill.json`)) as Record<string, unknown>;
const shareTo = (...recipients: string[]) => joining.write('share.yaml', `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}
parts: [{ text: '${CANARY} came without a coat', category: contacts-with-service, kind: fact }]
recipients: [${recipients.map((to) => `{ to: ${to}, parts: { part-1: assesses-referral } }`).join(', ')}]
`);
const sent = async (by: string, ...recipients: string[]): Promise<{ share: string; receipt: { transfers: { transfer: string; protection: string; recipient: { contact: string } }[] } }> => {
  const said = await joining.at(by, 'send', shareTo(...recipients), '--json');
  expect(said).toMatchObject({ exit: 0, err: '' });
  return said.json;
};
const transferOf = (agency: string, share: string): Promise<string> =>
  eventually(async () => ((await joining.at(agency, 'mailbox', '--json')).json.items as { share: string; transfer: string }[]).find((item) => item.share === share)?.transfer);
const opened = async (agency: string, share: string) => {
  const said = await joining.at(agency, 'open', await transferOf(agency, share), '--into', `opened-${agency}-${share}`, '--json');
  expect(said).toMatchObject({ exit: 0 });
  const { parts, warnings } = said.json as { parts: { name: string; author: string }[]; warnings: { code: string }[] };
  return { parts, warnings: warnings.map(({ code }) => code), text: readFileSync(join(joining.folder, `opened-${agency}-${share}`, parts[0]?.name ?? ''), 'utf8') };
};

test('S/MIME certificates join with their agency: shown to the co-ordinator, proved, vouched for, bound, and its doctor is green', async () => {
  expect(await joining.join(SCHOOL, ...smime('safeguarding-lead', LEAD))).toMatchObject({ exit: 0, err: '' });
  const finished = await joining.join(TRUST_BY_MAIL, ...smime('health-visitors', VISITORS));
  expect(finished).toMatchObject({ exit: 0, err: '' });
  expect(finished.out).toMatch(new RegExp(`health-visitors’s key ${VISITORS.certificate.fingerprint.slice(-16)} to seal holds[^]*All is well`));
  expect((await joining.waybill('co-ordinator', 'show', 'eastgate-health/enrolment.json')).out).toMatch(/health-visitors {2}([0-9A-F]{4} ){15}[0-9A-F]{4} {2}S\/MIME/);
  expect(home('eastgate-health')).toMatchObject({ smimeOpening: [{ certificate: 'health-visitors.smime.pem', key: 'health-visitors.smime.key' }] });
  expect(home('st-brigid-primary')).toMatchObject({ smimeSigning: { certificate: 'safeguarding-lead.smime.pem' } });
});

test('a part to both sorts of recipients goes as two, each is opened with its own key, and both know who wrote it', async () => {
  const tried = await joining.at('st-brigid-primary', 'send', shareTo('merebrook-council/front-door', 'eastgate-health/health-visitors'), '--dry-run', '--json');
  expect(tried).toMatchObject({ exit: 0 });
  const { share, receipt } = await sent('st-brigid-primary', 'merebrook-council/front-door', 'eastgate-health/health-visitors');
  expect(receipt.transfers.map(({ recipient, protection }) => [recipient.contact, protection])).toEqual([['front-door', 'openpgp'], ['health-visitors', 'smime']]);
  for (const [agency, part] of [['merebrook-council', 'part-1'], ['eastgate-health', 'part-2']] as const) {
    expect(await opened(agency, share)).toEqual({ parts: [expect.objectContaining({ name: part, author: 'bound' })], warnings: [], text: `${CANARY} came without a coat` });
  }
  const status = await joining.at('st-brigid-primary', 'status', share);
  expect(status.out).toMatch(/opened .* signed by eastgate-health, verified/);
  expect(await joining.at('eastgate-health', 'ack', await transferOf('eastgate-health', share))).toMatchObject({ exit: 0 });
});

test('who has no S/MIME certificate can seal to one, and the reader is told that nothing inside says who wrote it', async () => {
  const { share } = await sent('merebrook-council', 'eastgate-health/health-visitors');
  expect(await opened('eastgate-health', share)).toMatchObject({ parts: [{ author: 'not-bound' }], warnings: ['AUTHOR_NOT_BOUND'], text: `${CANARY} came without a coat` });
});

test('a certificate is rotated: both open until the old one is revoked, and what is sealed anew opens with the new one', async () => {
  const rotated = await joining.at('eastgate-health', 'enrol', 'rotate', ...smime('health-visitors', NEXT), '--json');
  expect(rotated).toMatchObject({ exit: 0 });
  expect(await joining.at('eastgate-health', 'enrol', 'finish')).toMatchObject({ exit: 2, err: expect.stringMatching(/not bound yet/) });
  expect(await joining.approve('eastgate-health', rotated.json.fingerprint, 'next.json')).toMatchObject({ exit: 0 });
  expect(await joining.waybill('directory', 'bind', 'next.json')).toMatchObject({ exit: 0 });
  expect(await joining.at('eastgate-health', 'enrol', 'finish')).toMatchObject({ exit: 0 });
  expect(await joining.waybill('directory', 'revoke', '--fingerprint', VISITORS.certificate.fingerprint, '--reason', 'superseded')).toMatchObject({ exit: 0 });
  const { share } = await sent('st-brigid-primary', 'eastgate-health/health-visitors');
  expect(await opened('eastgate-health', share)).toMatchObject({ parts: [{ author: 'bound' }], text: `${CANARY} came without a coat` });
});

test('a certificate that another key proves, or none, is not approved', async () => {
  const begun = await joining.at('st-brigid-primary', 'enrol', 'rotate', ...smime('safeguarding-lead', openssl.person('third', 'P-256')), '--json');
  expect(begun).toMatchObject({ exit: 0 });
  const paper = JSON.parse(joining.file('st-brigid-primary/enrolment.json')) as { smime: { certificate: string }[]; proofs: { smime: { fingerprint: string; signature: string }[] } };
  const other = openssl.person('other', 'P-256').certificate;
  const [proof] = paper.proofs.smime as [{ fingerprint: string; signature: string }];
  for (const [name, changed] of [
    ['exchanged.json', { ...paper, smime: [{ ...paper.smime[0], certificate: Buffer.from(other.octets).toString('base64') }], proofs: { ...paper.proofs, smime: [{ ...proof, fingerprint: other.fingerprint }] } }],
    ['unproven.json', { ...paper, proofs: { ...paper.proofs, smime: [] } }],
  ] as const) {
    joining.write(name, JSON.stringify(changed));
    expect(await joining.waybill('co-ordinator', 'show', name, '--json')).toMatchObject({ exit: 3, json: { problem: { code: 'ENROLMENT_NOT_PROVEN' } } });
  }
  expect(await joining.at('merebrook-council', 'enrol', 'rotate', '--smime', `front-door=${VISITORS.path},${LEAD.key}`)).toMatchObject({ exit: 2, err: expect.stringMatching(/does not belong to its certificate/) });
});
