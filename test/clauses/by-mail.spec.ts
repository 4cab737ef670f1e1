import { readTags } from '../../deploy/scripts/clauses/catalogue';
import type { ShareTold } from '#protocol/answers';
import { SENDER } from '../journeys/by-mail';
import { Example, SECRET } from '../world/example';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import { eventually } from '../world/partnership';

// Each agreement's own example, to recipients that get mail: what is sent is sealed itself, whatever its domain holds, and shows nothing.

/** The row that says of each agreement how mail is protected. */
const ROW: Record<string, string> = { NWADCS: 'AS-01', WIR: 'CH-01', WOR: 'CH-02', SOL: 'CH-01', LLR: 'CH-06' };

describe.each([...readTags().agreements])('%s', (tag, agreement) => {
  let mail: MailDomain;
  let example: Example;
  beforeAll(async () => {
    mail = await MailDomain.start();
    const { resolver, egress, name, authorities, port } = mail.options();
    example = await Example.open(agreement, { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } }, { collects: false, mailDomain: DOMAIN });
    await eventually(async () => (await sql<{ found: boolean }>('select bool_and(found_at is not null and lapsed_at is null) as found from waybill.mail_domain where domain = $1', [DOMAIN]))[0]?.found);
  });
  afterAll(async () => {
    await example.close();
    await mail.stop();
  });
  const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);

  test(`${tag} ${ROW[tag]}: mail is sealed to the recipient’s key though its domain holds TLS, to each by itself, and both registers hold how it went`, async () => {
    const { share, receipt } = await example.send();
    expect(receipt.transfers.map(({ route, protection }) => [route, protection])).toEqual(receipt.transfers.map(() => ['mail', 'openpgp']));
    const told = await eventually(async () => {
      const { transfers } = (await example.sender.get(`/v1/shares/${share.id}`)).json as ShareTold;
      return transfers.every(({ state }) => state === 'sent') && transfers;
    });
    expect(mail.host.messages).toHaveLength(told.length);
    expect(mail.host.commands.filter((command) => command.startsWith('RCPT')).sort()).toEqual(told.map(({ recipient: { contact } }) => `RCPT TO:<${contact}@${DOMAIN}>`).sort());
    for (const message of mail.host.messages) expect(message).toMatch(/-----BEGIN PGP MESSAGE-----/);
    for (const { transfer } of told) {
      const pushed = (await sql<{ octets: Buffer }>('select octets from waybill.entry')).map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['kind'] === 'share-pushed' && entry['transfer'] === transfer);
      expect(pushed).toEqual([1, 2].map(() => expect.objectContaining({ route: 'mail', tls: expect.objectContaining({ version: 'tls-1.3', authentication: 'mta-sts' }) })));
    }
  });

  test(`${tag} MN-07: its subject is classification, agreement, urgency and reference, and nothing outside tells why, what or about whom`, async () => {
    mail.host.reset({ tls: mail.certificate });
    const { share, receipt } = await example.send({ '/manifest/classification': null });
    await eventually(() => Promise.resolve(mail.host.messages.length === receipt.transfers.length));
    const manifest = JSON.parse(share.manifest.toString()) as Record<string, string>;
    const reference = share.lines.map((text) => (JSON.parse(text) as { reference?: string }).reference).find(Boolean);
    const subjects = mail.host.messages.map((message) => /^Subject: (.*)\r$/m.exec(message)?.[1]);
    expect(subjects.sort()).toEqual(receipt.transfers.map(({ transfer, lane }) => `OFFICIAL-SENSITIVE ${agreement} ${lane} ${transfer}`).sort());
    for (const message of mail.host.messages) {
      const clear = message.replace(/-----BEGIN PGP MESSAGE-----[^]*-----END PGP MESSAGE-----/, '');
      for (const word of [manifest['purpose'], manifest['legalGateway'], reference, SECRET, SECRET.split(' ')[1], 'manifest', 'provenance']) if (word) expect(clear).not.toContain(word);
    }
  });
});
