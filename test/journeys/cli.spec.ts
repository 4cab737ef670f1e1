import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PinsFile } from '#client/pins';
import { Egress } from '#platform/egress';
import { bind, newKeys } from '../../apps/standalone/partnership';
import { writeHome } from '../../apps/standalone/home';
import { run } from '../../apps/cli/run';
import { DECIDED, DECLARED } from '../world/share-file';
import { eventually, openWorld, type World } from '../world/partnership';
import { ownPort } from '../world/ports';

const CANARY = 'Wilhelmina Quillfeather';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld({ egress: new Egress({ resolve: () => Promise.resolve([]) }) });
  folder = mkdtempSync(join(tmpdir(), 'waybill-cli-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'merebrook-council', 'kingfisher-families']) {
    await writeHome(join(folder, agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  }
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command as an agency would at its desk. */
async function waybill(agency: string, ...args: string[]) {
  const said = { out: '', err: '' };
  const exit = await run(args, {
    out: (text) => void (said.out += text), err: (text) => void (said.err += text), outOctets: (octets) => void (said.out += Buffer.from(octets).toString('utf8')),
    watched: false, cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => world.clock.now(),
  });
  return { exit, ...said, get json() { return JSON.parse(said.out); } };
}

const REFERRAL = `${DECLARED}
subject:
  reference: WQ-2041
  band: under-16
  names: [${CANARY}]
  born: 2015-02-01
${DECIDED}  words: { text: ${CANARY} said that it is not safe at home }
parts:
  - { text: 'Name: ${CANARY}', category: names, kind: fact }
  - { text: came to school without a coat, category: contacts-with-service, kind: fact }
recipients:
  - to: merebrook-council/front-door
    parts: { part-1: assesses-referral, part-2: assesses-referral }
  - to: kingfisher-families/casework
    parts: { part-1: works-with-person }
`;

function shareFile(name: string, change: (text: string) => string = (text) => text): string {
  mkdirSync(join(folder, 'shares'), { recursive: true });
  writeFileSync(join(folder, 'shares', name), change(REFERRAL));
  return join('shares', name);
}

const mailboxOf = (agency: string, share: string) =>
  eventually(async () => (await waybill(agency, 'mailbox', '--json')).json.items.find((item: { share: string }) => item.share === share) as { transfer: string } | undefined);


/** What earlier tests ended is removed by the relay, and recorded, in its own time. */
const settled = () => eventually(async () => (await world.db.owner.query('select from waybill.transfer where ended_at is not null and payload_removed_at is null')).rowCount === 0);

const send = async (name: string, change?: (text: string) => string, ...more: string[]) => waybill('st-brigid-primary', 'send', shareFile(name, change), '--json', ...more);

test('a school refers, the front door opens and acknowledges, and the school sees its word for it', async () => {
  const sent = await send('referral.yaml');
  expect(sent).toMatchObject({ exit: 0, err: '' });
  const { share } = sent.json;

  const { transfer } = await mailboxOf('merebrook-council', share);
  const opened = await waybill('merebrook-council', 'open', transfer, '--into', 'referral', '--json');
  expect(opened).toMatchObject({ exit: 0, err: '' });
  expect(opened.json).toMatchObject({ doNotTellSubject: true, parts: [{ name: 'part-1', author: 'bound' }, { name: 'part-2', author: 'bound' }] });
  expect(readFileSync(join(folder, 'referral', 'part-1'), 'utf8')).toBe(`Name: ${CANARY}`);
  expect(statSync(join(folder, 'referral', 'part-1')).mode & 0o077).toBe(0);
  expect(opened.out).not.toContain(CANARY);

  expect(await waybill('merebrook-council', 'ack', transfer, '--pass-on-to', 'none')).toMatchObject({ exit: 0, out: `${transfer} is acknowledged.\n` });
  const status = await waybill('st-brigid-primary', 'status', share);
  expect(status).toMatchObject({ exit: 0, err: '' });
  expect(status.out).toMatch(/acknowledged {2}merebrook-council\/front-door/);
  expect(status.out).toMatch(/acknowledged .* signed by merebrook-council, verified; will pass it on to nobody/);
  expect(status.out).toMatch(/opened .* signed by merebrook-council, verified/);
  expect(await waybill('merebrook-council', 'ack', transfer)).toMatchObject({ exit: 0 });
  expect((await waybill('merebrook-council', 'verify', 'referral/provenance.jws')).out).toContain(`Good: share ${share}, from st-brigid-primary`);

  const receipt = join('st-brigid-primary', 'sent', share, 'receipt.json');
  expect((await eventually(async () => {
    const verified = await waybill('st-brigid-primary', 'verify', receipt);
    return verified.exit === 0 && verified;
  })).out).toMatch(/Good: .* records it/);
  const exported = await waybill('st-brigid-primary', 'register', 'export', 'register.ndjson', '--json');
  expect(exported).toMatchObject({ exit: 0, json: { holds: true } });
  expect(readFileSync(join(folder, 'register.ndjson'), 'utf8')).not.toContain('Quillfeather');
  const held = keep('held.txt', pinsOf('st-brigid-primary').checkpoint ?? '');
  expect(await waybill('st-brigid-primary', 'register', 'verify')).toMatchObject({ exit: 0 });
  expect(await waybill('st-brigid-primary', 'register', 'verify', 'register.ndjson', '--held', held)).toMatchObject({ exit: 0 });
});

test('the words of a decision go to the sender’s own keeping, and their salted digest is on record', async () => {
  const { share } = (await send('words.yaml')).json;
  const { transfer } = await mailboxOf('st-brigid-primary', share);
  const opened = await waybill('st-brigid-primary', 'open', transfer, '--stdout', 'part-3');
  expect(opened.out).toMatch(new RegExp(`^[0-9a-f]{32}\n${CANARY} said that it is not safe at home$`));
  const lines = JSON.parse(readFileSync(join(folder, 'st-brigid-primary', 'sent', share, 'lines.json'), 'utf8')).map((text: string) => JSON.parse(text));
  expect(lines.find((line: { about?: string }) => line.about === 'decision').wordsDigest).toBe(createHash('sha256').update(opened.out).digest('hex'));
});

test('a dry run shows each line with its decision, and leaves no trace', async () => {
  await settled();
  const before = await world.db.owner.query('select (select count(*) from waybill.share) + (select count(*) from waybill.entry) as n');
  const tried = await waybill('st-brigid-primary', 'send', shareFile('dry.yaml', (text) => text.replace('part-1: works-with-person', 'part-1: because-i-say-so')), '--dry-run');
  expect(tried.exit).toBe(7);
  expect(tried.out).toContain('Nothing was sealed and nothing was sent.');
  expect(tried.out).toMatch(/goes {6}merebrook-council\/front-door {2}part-1/);
  expect(tried.out).toMatch(/does not {2}kingfisher-families\/casework {2}part-1\n {4}[A-Z_]+ \([A-Z]{2}-[0-9]{2}[^)]*\): not met: .*\n {4}Next: /);
  expect((await world.db.owner.query('select (select count(*) from waybill.share) + (select count(*) from waybill.entry) as n')).rows).toEqual(before.rows);
});

test('what an agreement does not permit for one recipient goes to the others, and the exit code says so', async () => {
  const change = (text: string) => text.replace('part-1: works-with-person', 'part-1: because-i-say-so');
  const sent = await send('partly.yaml', change);
  expect(sent).toMatchObject({ exit: 7, json: { leftOut: [{ recipient: 'kingfisher-families/casework', part: 'part-1' }], receipt: { struckOff: [] } } });
  const proposed = await send('proposed.yaml', change, '--all-proposed');
  expect(proposed).toMatchObject({ exit: 7, json: { receipt: { struckOff: [{ recipient: { agency: 'kingfisher-families' } }] } } });
  expect(await send('all.yaml', change, '--all-proposed', '--all-or-nothing')).toMatchObject({ exit: 1, json: { problem: { code: 'NOT_PERMITTED' } } });
});

test('who else is told is told as it is true: an organisation that the share does not reach is not named', async () => {
  const toldOf = async (name: string, change: (text: string) => string) => {
    const { share } = (await send(name, (text) => change(`${text}alsoTold: true\n`))).json;
    const { transfer } = await mailboxOf('merebrook-council', share);
    const { lines } = (await waybill('merebrook-council', 'open', transfer, '--into', `told-${share}`, '--json')).json;
    return lines.filter((line: { about?: string }) => line.about === 'alsoTold').flatMap((line: { organisations: string[] }) => line.organisations);
  };
  expect(await toldOf('both.yaml', (text) => text)).toEqual(['kingfisher-families']);
  expect(await toldOf('one-of-three.yaml', (text) => text.replace('alsoTold', '  - to: eastgate-health/health-visitors\n    parts: { part-1: because-i-say-so }\nalsoTold'))).toEqual(['kingfisher-families']);
  expect(await toldOf('alone.yaml', (text) => text.replace('part-1: works-with-person', 'part-1: because-i-say-so'))).toEqual([]);
});

test('MN-06: the person’s name, date of birth or initials with a date in clear are found before anything is sent', async () => {
  const entries = () => world.db.owner.query('select count(*) from waybill.entry');
  await settled();
  const before = (await entries()).rows;
  for (const reference of ['WILHELMINA-1', 'WQ-01022015', 'W-QUILLFEATHER']) {
    const sent = await send('named.yaml', (text) => text.replace('WQ-2041', reference));
    expect(sent).toMatchObject({ exit: 6, json: { problem: { code: 'IDENTIFIER_IN_CLEAR', facts: { fields: ['/lines/reference'] } } } });
    expect(sent.out + sent.err).not.toMatch(/wilhelmina|quillfeather|2015/i);
  }
  expect((await entries()).rows).toEqual(before);
});

test('an emergency says to ring 999 and the front door: in a dry run, in the receipt, for programs, and when nobody answers', async () => {
  const urgent = (text: string) => text.replace('urgency: urgent', 'urgency: emergency');
  const door = { ring: '999', frontDoors: expect.arrayContaining([{ agency: 'merebrook-council', contact: 'front-door', telephone: '+441514960101' }]) };
  const tried = await waybill('st-brigid-primary', 'send', shareFile('urgent.yaml', urgent), '--dry-run');
  for (const said of [tried.out]) expect(said).toMatch(/999[^]*Do not wait for this to be read[^]*\+441514960101/);
  expect((await send('urgent.yaml', urgent, '--dry-run')).json.emergency).toMatchObject(door);
  expect((await send('urgent.yaml', urgent)).json.emergency).toMatchObject(door);
  const sent = await waybill('st-brigid-primary', 'send', shareFile('urgent.yaml', urgent));
  expect(sent.err).toMatch(/EMERGENCY {2}Ring 999[^]*Do not wait for this to be read[^]*\+441514960101/);
  expect((await waybill('st-brigid-primary', 'send', 'shares/named-urgent.yaml'))).toMatchObject({ exit: 2 });
  const named = await send('named-urgent.yaml', (text) => urgent(text).replace('WQ-2041', 'WILHELMINA-1'));
  expect(named).toMatchObject({ exit: 6, json: { emergency: door } });
});

test('a recall takes back what nobody collected, and a return gives back what cannot be opened', async () => {
  const { share } = (await send('recalled.yaml')).json;
  await mailboxOf('merebrook-council', share);
  expect(await waybill('st-brigid-primary', 'recall', share, '--reason', 'sent-in-error')).toMatchObject({ exit: 0 });
  expect((await waybill('st-brigid-primary', 'status', share, '--json')).json).toMatchObject({ open: false });

  const again = (await send('returned.yaml')).json;
  const { transfer } = await mailboxOf('merebrook-council', again.share);
  expect(await waybill('merebrook-council', 'return', transfer, '--reason', 'not-for-us')).toMatchObject({ exit: 0 });
  expect(await waybill('st-brigid-primary', 'status', again.share)).toMatchObject({ exit: 0, out: expect.stringMatching(/returned {6}merebrook-council\/front-door .* not-for-us/) });
  expect(await waybill('st-brigid-primary', 'recall', again.share, '--reason', 'because')).toMatchObject({ exit: 2 });
});

describe('an operator who meddles', () => {
  const as = (sql: string, ...values: unknown[]) => world.db.owner.query(sql, values);
  const waiting = async (name: string): Promise<{ share: string; transfer: string }> => {
    const { share } = (await send(name)).json;
    return { share, ...(await mailboxOf('merebrook-council', share)) };
  };
  const refused = async (transfer: string, code: string, because?: string) => {
    const opened = await waybill('merebrook-council', 'open', transfer, '--into', `meddled-${transfer}`, '--json');
    expect(opened).toMatchObject({ exit: 3, json: { problem: { code, ...(because ? { facts: { because } } : {}) } } });
    expect(readdirSync(folder).filter((name) => name.includes('meddled'))).toEqual([]);
    expect(opened.out).not.toContain('Quillfeather');
  };

  test('with an octet of the ciphertext', async () => {
    const { share, transfer } = await waiting('octet.yaml');
    await as(`update waybill.chunk set octets = set_byte(octets, length(octets) - 9, get_byte(octets, length(octets) - 9) # 1) where share = $1 and part = 'part-2'`, share);
    await refused(transfer, 'COPY_NOT_WHOLE', 'DIGEST_MISMATCH');
  });

  test('with the manifest', async () => {
    const { share, transfer } = await waiting('manifest.yaml');
    await as(`update waybill.share set manifest = convert_to(replace(convert_from(manifest, 'utf8'), '"doNotTellSubject":true', '"doNotTellSubject":false'), 'utf8') where id = $1`, share);
    await refused(transfer, 'SENDER_NOT_PROVEN');
  });

  test('with a line', async () => {
    const { transfer } = await waiting('line.yaml');
    await as(`update waybill.line set octets = replace(octets, '"kind":"fact"', '"kind":"opinion"') where transfer = $1`, transfer);
    await refused(transfer, 'COPY_NOT_WHOLE', 'LINE_NOT_IN_MANIFEST');
  });

  test('by keeping a line back', async () => {
    const { transfer } = await waiting('kept-back.yaml');
    await as(`delete from waybill.line where transfer = $1 and octets like '%"about":"subject"%'`, transfer);
    await refused(transfer, 'PROVENANCE_MISMATCH');
  });

  test('by passing one transfer off as another', async () => {
    const [one, other] = [await waiting('one.yaml'), await waiting('other.yaml')];
    await as('update waybill.transfer set provenance = (select provenance from waybill.transfer where id = $1) where id = $2', one.transfer, other.transfer);
    await refused(other.transfer, 'PROVENANCE_MISMATCH');
  });

  test('by swapping the key that the sender is to seal to', async () => {
    const own = world.partner('kingfisher-families').keys().certificate;
    const { rows } = await as(`select fingerprint, octets from waybill.certificate where agency = 'merebrook-council' and use = 'seal'`);
    await as(`update waybill.certificate set octets = $1 where agency = 'merebrook-council' and use = 'seal'`, Buffer.from(own.octets));
    const sent = await send('swapped.yaml');
    expect(sent).toMatchObject({ exit: 3, json: { problem: { code: 'KEY_NOT_VOUCHED', facts: { recipients: ['merebrook-council/front-door'], because: ['STATEMENT_FOR_ANOTHER'] } } } });
    const tried = await send('swapped.yaml', undefined, '--dry-run');
    expect(tried).toMatchObject({ exit: 3, json: { problem: { code: 'KEY_NOT_VOUCHED' } } });
    await as(`update waybill.certificate set octets = $1 where agency = 'merebrook-council' and use = 'seal'`, rows[0].octets);
  });

  test('by saying that the recipient acknowledged', async () => {
    const { share, transfer } = await waiting('said.yaml');
    await as(`update waybill.transfer set state = 'acknowledged', ended_at = now(), end_reason = 'acknowledged' where id = $1`, transfer);
    expect(await waybill('st-brigid-primary', 'status', share, '--json')).toMatchObject({ exit: 3, json: { problem: { code: 'STATEMENT_NOT_TRUSTED', facts: { because: 'STATEMENT_MISSING' } } } });
  });

  test('with the register', async () => {
    await eventually(async () => (await waybill('kingfisher-families', 'register', 'verify')).exit === 0);
    await as('begin');
    await as('set local session_replication_role = replica');
    await as(`update waybill.entry set octets = convert_to(replace(convert_from(octets, 'utf8'), '"kingfisher-families"', '"kingfisher-familles"'), 'utf8') where controller = 'kingfisher-families'`);
    await as('commit');
    const verified = await waybill('kingfisher-families', 'register', 'verify');
    expect(verified.exit).toBe(3);
    expect(verified.out).toMatch(/NOT TRUSTED[^]*the entry was altered/);
  });
});

test('a home that others can read is warned of', async () => {
  chmodSync(join(folder, 'merebrook-council'), 0o755);
  expect((await waybill('merebrook-council', 'mailbox')).err).toContain('chmod 700');
  chmodSync(join(folder, 'merebrook-council'), 0o700);
});

test('a gateway of another authority is not spoken to, and one that is gone is told apart', async () => {
  const other = join(folder, 'elsewhere');
  cpSync(join(folder, 'st-brigid-primary'), other, { recursive: true });
  writeFileSync(join(other, 'ca.pem'), world.partner('merebrook-council').own.client.certificate);
  expect(await waybill('elsewhere', 'mailbox')).toMatchObject({ exit: 3, err: expect.stringContaining('TLS_NOT_TRUSTED') });
  const home = JSON.parse(readFileSync(join(other, 'waybill.json'), 'utf8'));
  const origin = `https://localhost:${await ownPort()}`;
  writeFileSync(join(other, 'waybill.json'), JSON.stringify({ ...home, gateway: origin }));
  writeFileSync(join(other, 'pins.json'), JSON.stringify({ ...pinsOf('st-brigid-primary'), gateway: origin }));
  const gone = await waybill('elsewhere', 'send', shareFile('gone.yaml', (text) => text.replace('urgency: urgent', 'urgency: emergency')), '--json');
  expect(gone).toMatchObject({ exit: 4, json: { problem: { code: 'UNREACHABLE' }, emergency: { ring: '999', frontDoors: [expect.objectContaining({ telephone: '+441514960101' }), expect.anything()] } } });
});

describe('docs/examples/gpg-and-curl.md, as it stands', () => {
  const text = readFileSync(join(process.cwd(), 'docs', 'examples', 'gpg-and-curl.md'), 'utf8');
  const script = (section: string): string => [...(text.split(/^## /m).find((each) => each.startsWith(section)) ?? '').matchAll(/^```bash\n([^]*?)^```$/gm)].map(([, block]) => block).join('\n');
  const bash = (section: string, agency: string, env: Record<string, string>) => new Promise<{ exit: number | null; out: string; err: string }>((resolve) => {
    const said = { out: '', err: '' };
    const { PATH = '', HOME = '' } = process.env;
    const shared = { PREMISES: join(folder, agency), GATEWAY: world.system.origin, COORDINATOR: world.coordinator.certificate.fingerprint, AGREEMENT: world.agreement.id, AGREEMENT_VERSION: world.agreement.version };
    const child = spawn('bash', ['-c', script(section)], { cwd: folder, env: { PATH, HOME, LC_ALL: 'C', ...shared, ...env } });
    child.stdout.on('data', (piece) => void (said.out += piece));
    child.stderr.on('data', (piece) => void (said.err += piece));
    child.on('close', (exit) => resolve({ exit, ...said }));
  });

  test.each([[1_024], [20 * 1024 * 1024]])('sends %i octets, and collects and acknowledges them', async (size) => {
    const octets = randomBytes(size);
    writeFileSync(join(folder, 'referral.bin'), octets);
    const sent = await bash('Sending', 'st-brigid-primary', { FILE: 'referral.bin' });
    expect(sent).toMatchObject({ exit: 0 });
    const share = sent.out.trim();
    await mailboxOf('merebrook-council', share);
    const collected = await bash('Collecting', 'merebrook-council', { SHARE: share, INTO: `gpg-${size}` });
    expect(collected).toMatchObject({ exit: 0, out: '{"state":"acknowledged"}', err: expect.not.stringContaining('bound') });
    expect(readFileSync(join(folder, `gpg-${size}`, 'part-1')).equals(octets)).toBe(true);
    expect(await waybill('st-brigid-primary', 'status', share)).toMatchObject({ exit: 0, out: expect.stringContaining('acknowledged') });
  });

  test('what it sends, the command opens as the sender’s own; what the command sends, it opens', async () => {
    const sent = await bash('Sending', 'st-brigid-primary', { FILE: keep('referral.txt', CANARY) });
    const { transfer } = await mailboxOf('merebrook-council', sent.out.trim());
    expect((await waybill('merebrook-council', 'open', transfer, '--into', 'by-gpg', '--json')).json.parts).toMatchObject([{ name: 'part-1', author: 'bound' }]);
    expect(readFileSync(join(folder, 'by-gpg', 'part-1'), 'utf8')).toBe(CANARY);

    const { share } = (await send('for-gpg.yaml')).json;
    await mailboxOf('merebrook-council', share);
    expect(await bash('Collecting', 'merebrook-council', { SHARE: share, INTO: 'for-gpg' })).toMatchObject({ exit: 0, err: expect.not.stringContaining('bound') });
    expect(readFileSync(join(folder, 'for-gpg', 'part-1'), 'utf8')).toBe(`Name: ${CANARY}`);
  });

  test('it stops at a co-ordinator, and at a key, that is not the one', async () => {
    keep('referral.txt', CANARY);
    expect(await bash('Sending', 'st-brigid-primary', { FILE: 'referral.txt', COORDINATOR: 'A'.repeat(40) })).toMatchObject({ exit: 3, err: expect.stringContaining('not the one that was read to you') });
    const { rows } = await world.db.owner.query(`select octets from waybill.certificate where agency = 'merebrook-council' and contact = 'front-door' and use = 'seal'`);
    const swap = (octets: Uint8Array) => world.db.owner.query(`update waybill.certificate set octets = $1 where agency = 'merebrook-council' and contact = 'front-door' and use = 'seal'`, [Buffer.from(octets)]);
    await swap(world.partner('kingfisher-families').keys().certificate.octets);
    expect(await bash('Sending', 'st-brigid-primary', { FILE: 'referral.txt' })).toMatchObject({ exit: 3, err: expect.stringContaining('vouches for no key') });
    await swap(rows[0].octets);
  });

  test('it stops at a copy that was tampered with, and nothing is written', async () => {
    const { share } = (await send('tampered-for-gpg.yaml')).json;
    await mailboxOf('merebrook-council', share);
    await world.db.owner.query(`update waybill.chunk set octets = set_byte(octets, length(octets) - 9, get_byte(octets, length(octets) - 9) # 1) where share = $1 and part = 'part-2'`, [share]);
    expect(await bash('Collecting', 'merebrook-council', { SHARE: share, INTO: 'tampered' })).toMatchObject({ exit: 3, err: expect.stringContaining('part-2 is not the one') });
    expect(readdirSync(join(folder, 'tampered'))).toEqual([]);
  });
});

test('keys: a new one is told of, one that nobody vouches for stops a share, and an emergency still reaches the front door', async () => {
  const now = world.clock.now();
  const until = new Date(now.getTime() + 86_400_000);
  const { agency, contact } = { agency: 'merebrook-council', contact: 'front-door' };
  const { certificate } = await newKeys('Merebrook Council, front door, new key');
  for (const use of ['seal', 'sign'] as const) await bind(world.system.registrar, world.coordinator, { agency, contact, use, certificate, from: now, until });
  const sent = await send('renewed.yaml');
  expect(sent).toMatchObject({ exit: 0, json: { warnings: [{ code: 'KEY_CHANGED', says: expect.stringContaining(certificate.fingerprint) }] } });
  expect((await send('renewed.yaml')).json.warnings).toEqual([]);

  const charity = world.partner('kingfisher-families').keys();
  const swap = (octets: Uint8Array) => world.db.owner.query(`update waybill.certificate set octets = $1 where agency = 'kingfisher-families' and use = 'seal'`, [Buffer.from(octets)]);
  await swap(certificate.octets);
  expect(await send('unvouched.yaml')).toMatchObject({ exit: 3, json: { problem: { code: 'KEY_NOT_VOUCHED', facts: { recipients: ['kingfisher-families/casework'] } } } });
  const urgent = await send('unvouched.yaml', (text) => text.replace('urgency: urgent', 'urgency: emergency'));
  expect(urgent).toMatchObject({ exit: 7, json: { warnings: expect.arrayContaining([expect.objectContaining({ code: 'KEY_NOT_VOUCHED' })]), receipt: { transfers: expect.arrayContaining([expect.objectContaining({ recipient: { agency, contact } })]) } } });
  expect(JSON.stringify(urgent.json.receipt.transfers)).not.toContain('kingfisher-families');
  await swap(charity.certificate.octets);
});

test('a share by a key that was revoked since is not opened', async () => {
  const lead = world.partner('kingfisher-families');
  writeFileSync(join(folder, 'shares', 'by-charity.yaml'), REFERRAL.replace(/by: safeguarding-lead/, 'by: casework').replace(/ {2}- to: kingfisher-families\/casework\n.*\n/, '').replace(/ {2}words:.*\n/, ''));
  const sent = await waybill('kingfisher-families', 'send', 'shares/by-charity.yaml', '--json');
  expect(sent).toMatchObject({ exit: 0 });
  const { transfer } = await mailboxOf('merebrook-council', sent.json.share);
  await world.db.owner.query(`update waybill.certificate set revoked_at = now() where fingerprint = $1 and use = 'sign'`, [lead.keys().certificate.fingerprint]);
  expect(await waybill('merebrook-council', 'open', transfer, '--json')).toMatchObject({ exit: 3, json: { problem: { code: 'SENDER_NOT_PROVEN' } } });
});

test('an emergency that nobody collected in time is not done: the exit code says so, and the number to ring', async () => {
  const { share } = (await send('late.yaml', (text) => text.replace('urgency: urgent', 'urgency: emergency'))).json;
  expect(await waybill('st-brigid-primary', 'status', share)).toMatchObject({ exit: 0 });
  world.clock.advance(16 * 60_000);
  const late = await eventually(async () => {
    const told = await waybill('st-brigid-primary', 'status', share);
    return told.exit === 5 && told;
  });
  expect(late.out).toMatch(/^Ring 999[^]*Not collected in time. RING \+441514960101/);
});

const pinsOf = (agency: string): PinsFile => JSON.parse(readFileSync(join(folder, agency, 'pins.json'), 'utf8')) as PinsFile;

function keep(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

test('an endpoint is entered, shown without its secret, given another, asked to be told again, and removed; what is wrong is said with what to do', async () => {
  const council = (...args: string[]) => waybill('merebrook-council', 'webhook', ...args);
  const URL_OF = 'https://cases.merebrook.example/waybill';
  const entered = await council('set', 'front-door', URL_OF, '--sends', 'envelope', '--json');
  expect([entered.exit, entered.json.secret]).toEqual([0, expect.stringMatching(/^whsec_/)]);
  const listed = await council('list');
  expect(listed.out).toContain(`front-door  envelope  ${URL_OF}`);
  expect(listed.out).not.toContain('whsec_');
  const replaced = await council('secret', 'front-door', '--json');
  expect(replaced.json).toMatchObject({ secret: expect.stringMatching(/^whsec_/), previousUntil: expect.any(String) });
  expect(replaced.json.secret).not.toBe(entered.json.secret);
  expect((await council('replay', 'front-door', '--since', '2026-01-01T00:00:00Z', '--json')).json).toMatchObject({ contact: 'front-door', pushes: expect.any(Number) });
  expect((await council('replay', 'front-door', '--since', 'yesterday')).err).toContain('--since is no instant');
  expect((await council('set', 'front-door', 'http://cases.merebrook.example/')).err).toContain('Give an https address');
  expect((await council('remove', 'front-door')).exit).toBe(0);
  expect((await council('list')).out).toContain('You have no endpoint, and no queue.');
});
