import { join } from 'node:path';
import { formOf, readPartOctets } from '#envelope/parts';
import type { Agreement } from '#policy/agreement';
import { loadFolder } from '#partnership/agreements';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { SENDER } from '../journeys/by-mail';
import { Example, SECRET } from '../world/example';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { profile } from '../world/profiles';
import { filesUnder, foundIn, spellings } from '../world/searching';

// Where what was shared comes to lie: at the gateway sealed, and at its recipient in a system and not in somebody's own mailbox.

const tags = readTags().agreements;

describe.each(['WOR', 'LLR'])('%s', (tag) => {
  let mail: MailDomain;
  let example: Example;
  beforeAll(async () => {
    mail = await MailDomain.start();
    const { resolver, egress, name, authorities, port } = mail.options();
    // What goes by mail waits here: it is at rest.
    example = await Example.open(tags.get(tag) as string, { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } }, { collects: false, keys: false, mailDomain: DOMAIN });
    await eventually(async () => (await sql<{ found: boolean }>('select bool_and(found_at is not null and lapsed_at is null) as found from waybill.mail_domain where domain = $1', [DOMAIN]))[0]?.found);
  });
  afterAll(async () => {
    await example.close();
    await mail.stop();
  });
  const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);

  test(`${tag} AS-08: every octet of a part that lies here is sealed; no file of the database or of the installation holds a word of it`, async () => {
    mail.host.behaviour = { ...mail.host.behaviour, replies: { RCPT: '451 4.7.1 try again later\r\n' } };
    const { share, containers } = await example.contained();
    expect((await example.sender.submit(share)).status).toBe(202);
    await eventually(async () => (await sql<{ tried: number }>('select count(*)::int as tried from waybill.event where kind = $1', ['deferred']))[0]?.tried);
    const stored = await sql<{ part: string; octets: Buffer }>('select part, octets from waybill.chunk where share = $1 order by part', [share.id]);
    expect(stored.map(({ part }) => part)).toEqual([...containers.keys()].sort());
    for (const { octets } of stored) {
      expect(formOf(octets)).toBe('container');
      expect(await readPartOctets(octets, { maxOctets: octets.length, maxAddressees: 1 })).toMatchObject({ ok: true });
    }
    await sql('checkpoint');
    const [{ data, oid }] = (await sql<{ data: string; oid: number }>(`select current_setting('data_directory') as data, oid from pg_database where datname = current_database()`)) as [{ data: string; oid: number }];
    const files = [join(data, 'base', String(oid)), join(data, 'pg_wal'), example.world.folder].flatMap(filesUnder);
    // Where the search looks is where things are.
    expect(files.some((file) => foundIn(file, [Buffer.from(share.id)]))).toBe(true);
    const words = [SECRET, ...[...containers.values()].map(({ passphrase }) => passphrase)].flatMap(spellings);
    expect(files.filter((file) => foundIn(file, words))).toEqual([]);
  });

  test(`${tag} AS-08: what its text says of where copies may lie stands in its profile`, () => {
    const loading = loadFolder(`deploy/agreements/${tags.get(tag)}`);
    const { terms } = (loading as { agreement: Agreement }).agreement;
    const [own] = terms['party.specificSecurityNeeds']?.value.profiles ?? [];
    const said = terms['access.atRest'] ?? own?.terms['access.atRest'];
    expect(said).toMatchObject(tag === 'WOR' ? { value: 'encrypted', clause: '§8a' } : { value: 'whenever-possible', clause: 'App C k' });
  });
});

const POLICE = '/parties/merseyside-police/contacts/0';
const MAILED = { [`${POLICE}/collects`]: false, [`${POLICE}/domain`]: { tls: '1.2' } };

test.each<[string, Record<string, unknown>, string[]]>([
  ['a team’s mailbox', MAILED, []],
  ['one that a case system reads', { ...MAILED, [`${POLICE}/kind`]: 'mailbox' }, []],
  ['one person’s own', { ...MAILED, [`${POLICE}/kind`]: 'person' }, ['PERSONAL_MAILBOX']],
  ['one person’s own, in a container', { ...MAILED, [`${POLICE}/kind`]: 'person', [`${POLICE}/protections`]: [], [`${POLICE}/sealingKey`]: 'none' }, ['PERSONAL_MAILBOX']],
  ['one person who collects here', { [`${POLICE}/kind`]: 'person' }, []],
])('WIR AS-13: what is mailed goes to a system: %s', (_what, changes, codes) => {
  expect(profile('wirral').told(changes)).toEqual(codes);
});

test('WIR AS-13: an emergency to the front door is not stopped by whose mailbox it is', () => {
  const door = '/parties/wirral-council/contacts/0';
  const changes = { '/manifest/urgency': 'emergency', [`${door}/kind`]: 'person', [`${door}/collects`]: false, [`${door}/domain`]: { tls: '1.2' } };
  expect(profile('wirral').told(changes)).toEqual(['warns PERSONAL_MAILBOX']);
});

test('where the agreement says nothing of systems, one person’s mailbox is as good as a team’s', () => {
  const person = '/parties/living-without-abuse/contacts/0';
  expect(profile('llr').told({ [`${person}/kind`]: 'person', [`${person}/collects`]: false, [`${person}/domain`]: { tls: '1.2' } })).toEqual([]);
});
