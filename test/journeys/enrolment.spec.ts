import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { DECLARED } from '../world/share-file';
import { Joining } from '../world/enrolment';
import { eventually } from '../world/partnership';

let joining: Joining;
beforeAll(async () => (joining = await Joining.open()));
afterAll(() => joining.close());

const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: joining.folder, encoding: 'utf8' });
const share = (name: string): string => joining.write(name, `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [], born: 2015-02-01 }
decision: { by: safeguarding-lead, role: designated-safeguarding-lead, reasons: [protects-from-harm], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: high, checklist: [how-much, fact-or-opinion, right-person, securely, openly] }
parts: [{ text: came to school without a coat, category: contacts-with-service, kind: fact }]
recipients: [{ to: merebrook-council/front-door, parts: { part-1: assesses-referral } }]
`);
const send = async (): Promise<string> => {
  const sent = await joining.at('st-brigid-primary', 'send', share('share.yaml'), '--json');
  expect(sent).toMatchObject({ exit: 0 });
  return sent.json.share;
};
const transferOf = (id: string) => eventually(async () => ((await joining.at('merebrook-council', 'mailbox', '--json')).json.items as { share: string; transfer: string }[]).find((item) => item.share === id)?.transfer);
const opens = async (id: string) => (await joining.at('merebrook-council', 'open', await transferOf(id), '--into', `opened-${id}`)).exit;

test('a council joins: keys on its own side, approved by telephone, issued, bound, finished, and its doctor is green', async () => {
  const finished = await joining.join(COUNCIL);
  expect(finished).toMatchObject({ exit: 0, err: '' });
  expect(finished.out).toMatch(/All is well\.\n$/);
  for (const name of ['client.key', 'front-door.key.pgp']) expect(statSync(join(joining.folder, 'merebrook-council', name)).mode & 0o077).toBe(0);
});

describe('a school joins, step by step', () => {
  let fingerprint: string;

  test('begin makes a request that openssl verifies, and a paper without a secret', async () => {
    const begun = await joining.begin(SCHOOL);
    expect(begun).toMatchObject({ exit: 0, err: '' });
    ({ fingerprint } = begun.json);
    expect(fingerprint).toMatch(/^([0-9A-F]{4} ){9}[0-9A-F]{4}$/);
    const verified = openssl('req', '-verify', '-noout', '-text', '-in', 'st-brigid-primary/client.csr.pem');
    expect(verified.stderr).toMatch(/verify OK/);
    expect(verified.stdout).toMatch(/Public-Key: \(3072 bit\)/);
    expect(joining.file('st-brigid-primary/enrolment.json')).not.toMatch(/PRIVATE KEY/);
    expect(await joining.begin(SCHOOL)).toMatchObject({ exit: 2 });
  });

  test('the co-ordinator approves what was read out, and gpg verifies each statement', async () => {
    expect((await joining.waybill('co-ordinator', 'show', 'st-brigid-primary/enrolment.json')).out).toContain(fingerprint);
    expect(await joining.approve('st-brigid-primary', fingerprint.toLowerCase().replaceAll(' ', '-'))).toMatchObject({ exit: 0, err: '' });
    const approval = JSON.parse(joining.file('st-brigid-primary-approval.json')) as { approved: string; signature: string; statements: { statement: string; signature: string }[] };
    const home = join(joining.folder, 'gnupg');
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...args: string[]) => spawnSync('gpg', ['--homedir', home, '--batch', '--status-fd', '1', ...args], { cwd: joining.folder, encoding: 'utf8' });
    expect(gpg('--import', 'co-ordinator/co-ordinator.cert.pgp').status).toBe(0);
    const signed = [{ octets: Buffer.from(approval.approved), signature: approval.signature }, ...approval.statements.map((each) => ({ octets: Buffer.from(each.statement, 'base64'), signature: each.signature }))];
    expect(signed).toHaveLength(3);
    for (const { octets, signature } of signed) {
      joining.write('signed', octets);
      joining.write('signed.sig', Buffer.from(signature, 'base64'));
      expect(gpg('--verify', 'signed.sig', 'signed').stdout).toMatch(new RegExp(`VALIDSIG .*${joining.coordinator}`));
    }
    expect(JSON.parse(signed[1]?.octets.toString() ?? '')).toMatchObject({ agency: 'st-brigid-primary', contact: 'safeguarding-lead', use: 'seal' });
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  });

  test('our authority issues for the approved key, and openssl verifies the chain', async () => {
    expect(await joining.issue('st-brigid-primary')).toMatchObject({ exit: 0, err: '' });
    expect(openssl('verify', '-CAfile', 'authority/authority.pem', '-purpose', 'sslclient', 'st-brigid-primary-client.pem').stdout).toMatch(/: OK/);
    expect(openssl('x509', '-noout', '-subject', '-in', 'st-brigid-primary-client.pem').stdout).toMatch(/CN ?= ?st-brigid-primary/);
    const [key, certificate] = [openssl('pkey', '-pubout', '-in', 'st-brigid-primary/client.key').stdout, openssl('x509', '-noout', '-pubkey', '-in', 'st-brigid-primary-client.pem').stdout];
    expect(certificate).toBe(key);
  });

  test('what is missing of a membership is told (PD-06, PD-14), and nothing is activated', async () => {
    expect(await joining.waybill('directory', 'bind', 'st-brigid-primary-approval.json', '--certificate', 'st-brigid-primary-client.pem')).toMatchObject({ exit: 2, err: expect.stringContaining('waybill directory enter') });
    const bare = joining.write('bare.yaml', joining.file(joining.party({ ...SCHOOL, contacts: SCHOOL.contacts.slice(0, 1) })).replace(/\n {4}privacyAssessedOn: .*/, ''));
    expect(await joining.waybill('directory', 'enter', bare)).toMatchObject({ exit: 0, err: '' });
    const refused = await joining.waybill('directory', 'activate', bare);
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/PD-06/);
    expect((await joining.waybill('directory', 'show', 'st-brigid-primary', '--json')).json.memberships).toEqual([]);
    const whole = joining.party(SCHOOL);
    expect((await joining.waybill('directory', 'enter', whole, '--json')).json).toMatchObject({ admitted: false, added: ['head-teacher'] });
  });

  test('bound, activated and finished, its doctor is green; keys that nobody read out are not pinned', async () => {
    expect(await joining.bind('st-brigid-primary')).toMatchObject({ exit: 0, err: '' });
    expect(await joining.bind('st-brigid-primary')).toMatchObject({ exit: 0, err: '' });
    expect(await joining.waybill('directory', 'activate', 'st-brigid-primary.yaml')).toMatchObject({ exit: 0, err: '' });
    const keys = await joining.gatewayKeys('st-brigid-primary');
    expect(keys).toHaveLength(2);
    expect(await joining.finish('st-brigid-primary', keys.slice(0, 1))).toMatchObject({ exit: 2 });
    expect(await joining.finish('st-brigid-primary', [...keys, 'A'.repeat(43)])).toMatchObject({ exit: 2 });
    const finished = await joining.finish('st-brigid-primary', keys);
    expect(finished).toMatchObject({ exit: 0, err: '' });
    expect(finished.out).toMatch(/All is well\.\n$/);
    expect((await joining.at('st-brigid-primary', 'doctor', '--json')).json).toMatchObject({ exit: 0, red: 0, amber: 0 });
  });

  test('each step stands in its own register', async () => {
    const { rows } = await joining.world.db.owner.query(`select kind, count(*)::int as n from waybill.entry where controller = 'st-brigid-primary' group by kind order by kind`);
    expect(rows).toEqual([{ kind: 'key-bound', n: 3 }, { kind: 'party-changed', n: 4 }]);
  });

  test('all that an agreement names is entered from one file, and entering it again changes nothing', async () => {
    const named = joining.write('parties.yaml', readFileSync('deploy/agreements/solihull/parties.yaml'));
    const entered = async () => ((await joining.waybill('directory', 'enter', named, '--json')).json as { entered: { agency: string; admitted: boolean; added: string[] }[] }).entered;
    expect(await entered()).toEqual(expect.arrayContaining([{ agency: 'west-midlands-police', admitted: true, added: [], kept: [] }]));
    expect((await entered()).filter(({ admitted }) => admitted)).toEqual([]);
    expect((await joining.waybill('directory', 'show', 'west-midlands-police', '--json')).json).toMatchObject({ controller: 'west-midlands-chief-constable', memberships: [] });
    expect(await joining.waybill('directory', 'activate', named)).toMatchObject({ exit: 2, err: expect.stringContaining('Say which: --agency') });
    const refused = await joining.waybill('directory', 'activate', named, '--agency', 'west-midlands-police');
    expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('PD-06')]);
  });

  test('what somebody looked into of a contact that is there is entered, once, and what was said before stays to be shown', async () => {
    const checked = joining.write('checked.yaml', joining.file(joining.party(SCHOOL)).replace('contact: safeguarding-lead\n', 'contact: safeguarding-lead\n    cjsm: true\n'));
    expect((await joining.waybill('directory', 'enter', checked, '--json')).json).toMatchObject({ admitted: false, added: [], checked: ['safeguarding-lead'], kept: ['head-teacher'] });
    expect((await joining.waybill('directory', 'enter', checked, '--json')).json).toMatchObject({ admitted: false, added: [], kept: expect.arrayContaining(['safeguarding-lead', 'head-teacher']) });
    const shown = await joining.waybill('directory', 'show', 'st-brigid-primary');
    expect(shown.out).toMatch(/before 20[^ ]*: contact safeguarding-lead/);
    expect((await joining.waybill('directory', 'show', 'st-brigid-primary', '--json')).json.past).toMatchObject([{ kind: 'contact', was: { id: 'safeguarding-lead', cjsm: null } }]);
  });
});

test('it shares, and the council opens', async () => {
  expect(await opens(await send())).toBe(0);
});

describe('a rotation, while shares go on', () => {
  test('of the front door’s keys: old and new open, what was sealed before opens after, and no request is refused', async () => {
    const before = await send();
    const rotated = await joining.at('merebrook-council', 'enrol', 'rotate', '--contact', 'front-door', '--json');
    expect(rotated).toMatchObject({ exit: 0, err: '' });
    const during = await send();
    expect(await joining.at('merebrook-council', 'enrol', 'finish')).toMatchObject({ exit: 2, err: expect.stringContaining('not bound yet') });
    expect(await joining.approve('merebrook-council', rotated.json.fingerprint, 'rotation.json')).toMatchObject({ exit: 0 });
    expect(await joining.waybill('directory', 'bind', 'rotation.json')).toMatchObject({ exit: 0, err: '' });
    const overlapping = await send();
    const { rows } = await joining.world.db.owner.query('select keys from waybill.wrapped_key where share = $1', [overlapping]);
    expect(rows[0].keys).toHaveLength(2);
    const finished = await joining.at('merebrook-council', 'enrol', 'finish');
    expect(finished).toMatchObject({ exit: 0, err: '' });
    for (const id of [before, during, overlapping]) expect(await opens(id)).toBe(0);
    expect((await joining.at('merebrook-council', 'ack', await transferOf(overlapping))).exit).toBe(0);
  });

  test('of the school’s client key and signing key, under load: nothing is refused, and the old certificate goes on until it is revoked', async () => {
    let going = true;
    const shares: string[] = [];
    const load = (async () => {
      while (going) shares.push(await send());
    })();
    const { fingerprint } = (await joining.at('st-brigid-primary', 'enrol', 'rotate', '--client', '--contact', 'safeguarding-lead', '--json')).json;
    expect(await joining.approve('st-brigid-primary', fingerprint)).toMatchObject({ exit: 0 });
    expect(await joining.issue('st-brigid-primary')).toMatchObject({ exit: 0 });
    expect(await joining.bind('st-brigid-primary')).toMatchObject({ exit: 0 });
    const finished = await joining.at('st-brigid-primary', 'enrol', 'finish', '--certificate', 'st-brigid-primary-client.pem');
    expect(finished).toMatchObject({ exit: 0, err: '' });
    shares.push(await send());
    going = false;
    await load;
    expect(shares.length).toBeGreaterThan(1);
    for (const id of shares) expect(await opens(id)).toBe(0);
    const { clients } = (await joining.waybill('directory', 'show', 'st-brigid-primary', '--json')).json as { clients: { client: string }[] };
    expect(clients).toHaveLength(2);
  });
});

test('a revoked client certificate is refused at its next request, its doctor says what to do, and a new one mends it', async () => {
  const own = (await joining.at('st-brigid-primary', 'doctor', '--json')).json;
  expect(own.red).toBe(0);
  const { clients } = (await joining.waybill('directory', 'show', 'st-brigid-primary', '--json')).json as { clients: { client: string; from: string }[] };
  for (const { client } of clients) expect(await joining.waybill('directory', 'revoke', '--client', client, '--reason', 'lost')).toMatchObject({ exit: 0 });
  expect(await joining.at('st-brigid-primary', 'send', 'share.yaml')).toMatchObject({ exit: 1, err: expect.stringContaining('CERTIFICATE_UNKNOWN') });
  const doctor = await joining.at('st-brigid-primary', 'doctor');
  expect(doctor.exit).toBe(1);
  expect(doctor.out).toMatch(/red {4}client certificate: the gateway does not know you \(CERTIFICATE_UNKNOWN\)\n.*waybill enrol rotate --client/);
  expect(await joining.bind('st-brigid-primary')).toMatchObject({ exit: 2, err: expect.stringContaining('was revoked') });
});

test('a party that withdraws shares under the agreement no more, and it stands in its register', async () => {
  expect(await joining.waybill('directory', 'withdraw', '--agency', 'merebrook-council', '--agreement', joining.world.agreement.id)).toMatchObject({ exit: 0 });
  expect(await joining.waybill('directory', 'withdraw', '--agency', 'merebrook-council', '--agreement', joining.world.agreement.id)).toMatchObject({ exit: 1 });
  expect((await joining.waybill('directory', 'show', 'merebrook-council', '--json')).json.memberships).toMatchObject([{ status: 'withdrawn' }]);
  const { rows } = await joining.world.db.owner.query(`select convert_from(octets, 'utf8')::jsonb ->> 'change' as change from waybill.entry where controller = 'merebrook-council' and kind = 'party-changed' order by id desc limit 1`);
  expect(rows).toEqual([{ change: 'withdrawn' }]);
});
