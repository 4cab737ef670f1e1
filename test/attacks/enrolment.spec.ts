import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { Joining } from '../world/enrolment';
import { outsideCertificate } from '../world/outside';

// Who stands between a partner, the co-ordinator and the operator, and exchanges what travels.

let joining: Joining;
const fingerprints = new Map<string, string>();
beforeAll(async () => {
  joining = await Joining.open();
  for (const plan of [SCHOOL, COUNCIL]) {
    fingerprints.set(plan.agency, (await joining.begin(plan)).json.fingerprint);
    expect(await joining.approve(plan.agency, fingerprints.get(plan.agency) ?? '')).toMatchObject({ exit: 0 });
    expect(await joining.waybill('directory', 'enter', joining.party(plan))).toMatchObject({ exit: 0 });
  }
  expect(await joining.issue(SCHOOL.agency)).toMatchObject({ exit: 0 });
  expect(await joining.issue(COUNCIL.agency)).toMatchObject({ exit: 0 });
});
afterAll(() => joining.close());

const [SCHOOLS, COUNCILS] = ['st-brigid-primary-approval.json', 'merebrook-council-approval.json'];
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test bends another place
type Paper = any;
const bent = (name: string, change: (paper: Paper) => unknown, out = 'bent.json'): string => {
  const paper = JSON.parse(joining.file(name)) as Paper;
  return joining.write(out, JSON.stringify(change(paper) ?? paper));
};
const approve = (file: string, typed: string) => joining.waybill('co-ordinator', 'approve', file, '--keys', 'co-ordinator', '--fingerprint', typed, '--until', joining.day(1), '--out', `out-${Math.random()}.json`, '--json');
const issue = (file: string) => joining.waybill('authority', 'issue', file, '--authority', 'authority', '--out', `out-${Math.random()}.pem`, '--json');
const bind = (file: string, certificate = 'st-brigid-primary-client.pem') => joining.waybill('directory', 'bind', file, '--certificate', certificate, '--json');
const bound = async () => (await joining.world.db.owner.query('select (select count(*)::int from waybill.certificate) + (select count(*)::int from waybill.client_certificate) as n')).rows[0].n as number;
const problem = (code: string, more: object = {}) => ({ json: { problem: { code, ...more } } });
const enrolmentIn = (paper: Paper): Paper => JSON.parse(Buffer.from(paper.enrolment, 'base64').toString());
const put = (paper: Paper, enrolment: Paper): void => void (paper.enrolment = Buffer.from(JSON.stringify(enrolment)).toString('base64'));

afterEach(async () => expect(await bound()).toBe(0));

describe('the enrolment on its way to the co-ordinator', () => {
  const OWN = 'st-brigid-primary/enrolment.json';
  const typed = () => fingerprints.get('st-brigid-primary') ?? '';

  test('altered by one space, it has another fingerprint than was read out', async () => {
    expect(await approve(joining.write('spaced.json', `${joining.file(OWN)} `), typed())).toMatchObject({ exit: 3, ...problem('FINGERPRINT_DIFFERS') });
  });

  test.each<[string, (enrolment: Paper, council: Paper) => unknown]>([
    ['another agency’s name', (enrolment) => (enrolment.agency = 'merebrook-council')],
    ['another gateway', (enrolment) => (enrolment.gateway = 'https://elsewhere.example')],
    ['another’s OpenPGP certificate', (enrolment, council) => (enrolment.contacts[0].certificate = council.contacts[0].certificate)],
    ['another’s request', (enrolment, council) => (enrolment.client = council.client)],
    ['another’s request with its proof', (enrolment, council) => { enrolment.client = council.client; enrolment.proofs.client = council.proofs.client; }],
    ['another’s certificate with its proof', (enrolment, council) => { enrolment.contacts[0].certificate = council.contacts[0].certificate; enrolment.proofs.contacts[0].signature = council.proofs.contacts[0].signature; }],
    ['no proof', (enrolment) => (enrolment.proofs = { contacts: [] })],
  ])('with %s it is refused, even where somebody reads out its fingerprint', async (_what, change) => {
    const council = JSON.parse(joining.file('merebrook-council/enrolment.json')) as Paper;
    const file = bent(OWN, (enrolment) => void change(enrolment, council));
    const shown = await joining.waybill('co-ordinator', 'show', file, '--json');
    expect(shown).toMatchObject({ exit: 3, ...problem('ENROLMENT_NOT_PROVEN') });
  });

  test('with a field that nobody knows it is none', async () => {
    expect(await approve(bent(OWN, (enrolment) => ({ ...enrolment, note: 'please' })), typed())).toMatchObject({ exit: 2, ...problem('ENROLMENT_INVALID') });
  });

  test('typed in short, or not at all, a fingerprint does not count', async () => {
    for (const short of ['', ' ', typed().slice(0, -1), typed().slice(0, 9), `${typed()} 0000`]) expect(await approve(OWN, short)).toMatchObject({ exit: 3, ...problem('FINGERPRINT_DIFFERS') });
  });

  test.each([['RSA of 2,048 bits', ['-newkey', 'rsa:2048']], ['a curve that is not on the list', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1']]])('a client key that is %s is not even made into an enrolment', async (_what, key) => {
    const weak = outsideCertificate('weak', { key });
    joining.write('weak.pem', weak.certificate);
    joining.write('weak.key', weak.key);
    const home = `weak-${key[1]}-${key.length}`;
    expect(await joining.at(home, 'enrol', 'begin', '--agency', 'st-brigid-primary', '--contact', 'safeguarding-lead', '--gateway', joining.world.system.origin, '--client-certificate', 'weak.pem', '--client-key', 'weak.key')).toMatchObject({ exit: 2, err: expect.stringContaining('too weak') });
  });
});

describe('the approval on its way to the operator', () => {
  test.each<[string, (paper: Paper, council: Paper) => unknown, string, number]>([
    ['about another agency', (paper) => (paper.approved = paper.approved.replaceAll('st-brigid-primary', 'merebrook-council')), 'APPROVAL_NOT_SIGNED', 3],
    ['with a later end', (paper) => (paper.approved = paper.approved.replace(/"until":"20\d\d/, '"until":"2099')), 'APPROVAL_NOT_SIGNED', 3],
    ['with another’s signature', (paper, council) => (paper.signature = council.signature), 'APPROVAL_NOT_SIGNED', 3],
    ['with another’s enrolment', (paper, council) => (paper.enrolment = council.enrolment), 'APPROVAL_MISMATCH', 3],
    ['with another request in its enrolment', (paper, council) => { const own = enrolmentIn(paper); own.client = enrolmentIn(council).client; put(paper, own); }, 'APPROVAL_MISMATCH', 3],
    ['with the enrolment written otherwise', (paper) => put(paper, enrolmentIn(paper)), 'APPROVAL_MISMATCH', 3],
    ['with another’s statements', (paper, council) => (paper.statements = council.statements.map((each: Paper) => ({ ...each, contact: 'safeguarding-lead' }))), 'APPROVAL_MISMATCH', 3],
    ['with its statements exchanged', (paper) => ([paper.statements[0].use, paper.statements[1].use] = ['sign', 'seal']), 'APPROVAL_MISMATCH', 3],
    ['without a statement', (paper) => paper.statements.pop(), 'APPROVAL_MISMATCH', 3],
  ])('%s it is neither issued for nor bound', async (_what, change, code, exit) => {
    const council = JSON.parse(joining.file(COUNCILS)) as Paper;
    const file = bent(SCHOOLS, (paper) => void change(paper, council));
    expect(await issue(file)).toMatchObject({ exit, ...problem(code) });
    expect(await bind(file)).toMatchObject({ exit, ...problem(code) });
  });

  test('by a co-ordinator whose key is not the pinned one it counts for nothing, though it brings that key along', async () => {
    expect(await joining.waybill('co-ordinator', 'keys', '--keys', 'impostor')).toMatchObject({ exit: 0 });
    expect(await joining.waybill('co-ordinator', 'approve', 'st-brigid-primary/enrolment.json', '--keys', 'impostor', '--fingerprint', fingerprints.get('st-brigid-primary') ?? '', '--until', joining.day(1), '--out', 'impostor.json')).toMatchObject({ exit: 0 });
    expect(await issue('impostor.json')).toMatchObject({ exit: 3, ...problem('APPROVAL_NOT_SIGNED') });
    expect(await bind('impostor.json')).toMatchObject({ exit: 3, ...problem('APPROVAL_NOT_SIGNED') });
    const finished = await joining.at('st-brigid-primary', 'enrol', 'finish', '--certificate', 'st-brigid-primary-client.pem', '--ca', 'ca.pem', '--approval', 'impostor.json', '--co-ordinator', joining.coordinator, '--json');
    expect(finished).toMatchObject({ exit: 3, ...problem('FINGERPRINT_DIFFERS') });
  });

  test('of one agency, it does not bind the certificate of another', async () => {
    expect(await bind(SCHOOLS, 'merebrook-council-client.pem')).toMatchObject({ exit: 3, ...problem('CERTIFICATE_NOT_APPROVED') });
  });

  test('that a co-ordinator is pinned needs the fingerprint that was read out', async () => {
    expect(await joining.waybill('directory', 'pin', 'impostor/co-ordinator.cert.pgp', '--fingerprint', joining.coordinator, '--json')).toMatchObject({ exit: 3, ...problem('FINGERPRINT_DIFFERS') });
  });
});

test('the name in a request means nothing: the certificate is in the name of whom the co-ordinator approved', async () => {
  const { X509Certificate } = await import('node:crypto');
  const { makeRequest } = await import('#envelope/certificate-request');
  const { generateKeyPair, readPrivateKey } = await import('#envelope/private-keys');
  const { makeEnrolment } = await import('#enrolment/enrolment');
  const { fingerprintOf } = await import('#enrolment/fingerprint');
  const client = await makeRequest('merebrook-council');
  const pair = await generateKeyPair({ name: 'front-door of merebrook-council', algorithm: 'curve25519-legacy' });
  const octets = await makeEnrolment({ agency: 'st-brigid-primary', gateway: joining.world.system.origin, client, contacts: [{ contact: 'safeguarding-lead', certificate: pair.certificate, key: await readPrivateKey(pair.privateKey) }] }, new Date());
  joining.write('named.json', octets);
  expect(await joining.waybill('co-ordinator', 'approve', 'named.json', '--keys', 'co-ordinator', '--fingerprint', fingerprintOf(octets), '--until', joining.day(1), '--out', 'named-approval.json')).toMatchObject({ exit: 0 });
  expect(await joining.waybill('authority', 'issue', 'named-approval.json', '--authority', 'authority', '--out', 'named.pem')).toMatchObject({ exit: 0 });
  expect(new X509Certificate(joining.file('named.pem')).subject).toBe('CN=st-brigid-primary');
});

test('a key that others can read is not signed with', async () => {
  const key = join(joining.folder, 'co-ordinator/co-ordinator.key.pgp');
  chmodSync(key, 0o644);
  expect(await approve('st-brigid-primary/enrolment.json', fingerprints.get('st-brigid-primary') ?? '')).toMatchObject({ exit: 2, json: { problem: { next: expect.stringContaining('chmod 600') } } });
  chmodSync(key, 0o600);
  const authority = join(joining.folder, 'authority/authority.key');
  chmodSync(authority, 0o640);
  expect(await issue(SCHOOLS)).toMatchObject({ exit: 2 });
  chmodSync(authority, 0o600);
});

test('nothing that was made is written over', async () => {
  writeFileSync(join(joining.folder, 'taken.json'), 'mine');
  expect(await joining.waybill('co-ordinator', 'keys', '--keys', 'co-ordinator')).toMatchObject({ exit: 2 });
  expect(await joining.waybill('authority', 'init', '--out', 'authority', '--name', 'x', '--until', joining.day(1), '--co-ordinator', 'co-ordinator/co-ordinator.cert.pgp', '--fingerprint', joining.coordinator)).toMatchObject({ exit: 2 });
});
