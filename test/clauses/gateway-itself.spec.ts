import { readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Database } from '#platform/database';
import { admitted } from '#platform/log';
import type { Receipt } from '#protocol/answers';
import { Example, SECRET } from '../world/example';
import { eventually } from '../world/partnership';

// How the gateway itself is reached and what it lets out, while the permitted share of an agreement's own examples goes through it.

describe.each([['WIR', 'wirral'], ['LLR', 'llr']])('%s', (tag, agreement) => {
  let example: Example;
  let receipt: Receipt;
  beforeAll(async () => {
    example = await Example.open(agreement, {}, () => ({ mailDomain: undefined }));
    const sent = await example.send();
    receipt = sent.receipt;
    for (const { transfer, recipient } of receipt.transfers) {
      const partner = example.world.partner(recipient.agency);
      await eventually(async () => (await partner.get(`/v1/mailbox/${transfer}`)).status === 200);
      expect((await partner.get(`/v1/mailbox/${transfer}/parts/part-1`)).status).toBe(200);
      expect((await partner.state('acknowledged', transfer, { share: sent.share.id, manifestDigest: receipt.manifestDigest }, { passOnTo: [] })).status).toBe(200);
    }
  });
  afterAll(() => example.close());
  const rowsOf = async (table: string): Promise<string[]> => (await example.world.db.owner.query<{ row: string }>(`select t::text as row from waybill.${table} t`)).rows.map(({ row }) => row);
  const tables = async (): Promise<string[]> => (await example.world.db.owner.query<{ tablename: string }>(`select tablename from pg_tables where schemaname = 'waybill' order by 1`)).rows.map(({ tablename }) => tablename);

  test(`${tag} CH-08: it does not start on a database that it would reach without TLS`, async () => {
    await expect(Database.open('gateway', { host: 'database.example', port: 5432, database: 'waybill' })).rejects.toThrow(/without TLS/);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)(`${tag} CH-08: it does not speak %s`, async (version) => {
    const { port, keys } = example.world.system;
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ host: 'localhost', port, ca: keys.authority.certificate, minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }, () => resolve(socket.getProtocol() ?? ''));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'refused'));
    });
    expect(outcome).toMatch(/^(ERR_SSL|EPROTO|ECONNRESET)/);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(`${tag} CH-08: it speaks %s`, async (version) => {
    const { port, keys } = example.world.system;
    const socket = connect({ host: 'localhost', port, ca: keys.authority.certificate, minVersion: version, maxVersion: version });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  test(`${tag} CH-08: it answers nobody in clear`, async () => {
    const answer = await new Promise<string>((resolve) => {
      request({ host: 'localhost', port: example.world.system.port, path: '/health/live' }, (response) => resolve(String(response.statusCode))).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'refused')).end();
    });
    expect(answer).toMatch(/^(ECONNRESET|HPE_|EPIPE)/);
  });

  test(`${tag} CH-08: what it keeps of a payload is sealed: no row holds a word of it`, async () => {
    const hex = Buffer.from(SECRET).toString('hex');
    await example.send();
    expect((await rowsOf('chunk')).length).toBeGreaterThan(0);
    for (const table of await tables()) for (const row of await rowsOf(table)) expect([table, row.includes(SECRET) || row.includes(hex)]).toEqual([table, false]);
  });

  test(`${tag} CH-10: no secret and no private key stands in an answer, a log line or a row`, async () => {
    const { keys, logFile, registrar } = example.world.system;
    const { sender } = example;
    const first = receipt.transfers[0];
    const recipient = example.world.partner(first?.recipient.agency ?? '');
    const folder = join(example.world.folder, 'keys');
    const files = readdirSync(folder).filter((file) => file.endsWith('.key')).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(files.length).toBeGreaterThan(0);
    const pems = [...files, keys.server.key, keys.authority.key, sender.own.client.key, recipient.own.client.key];
    const bodies = pems.map((pem) => pem.replace(/-----[^-]+-----|\s/g, '').slice(-40));
    const d = [keys.provenance, keys.checkpoint].map(({ privateKey }) => privateKey.export({ format: 'jwk' }).d ?? '');
    const needles = ['PRIVATE KEY', '"d":', ...bodies, ...d, ...d.map((each) => Buffer.from(each, 'base64url').toString('hex'))];
    expect(needles.every((needle) => needle.length > 3)).toBe(true);
    const secrets = (text: string): string[] => needles.filter((needle) => text.includes(needle));
    expect(secrets(pems[0] ?? '')).not.toEqual([]);
    // A log takes fields from a list, and the directory takes certificates: neither takes a secret, whoever hands it one.
    expect(admitted({ password: 'hunter2', code: 'NO_PURPOSE' })).toEqual({ code: 'NO_PURPOSE', withheld: 1 });
    const bind = { agency: sender.agency, contact: sender.contact, use: 'seal' as const, statement: new Uint8Array(), statementSignature: new Uint8Array() };
    await expect(registrar.bindCertificate({ ...bind, certificate: sender.keys().secret })).rejects.toMatchObject({ reasons: [{ says: expect.stringMatching(/secret/i) }] });

    const paths = ['/.well-known/jwks.json', '/health/ready', '/v1/directory/agencies', `/v1/directory/agencies/${sender.agency}/certificates`, '/v1/register/entries', '/v1/register/export', '/v1/mailbox', `/v1/mailbox/${first?.transfer}`, '/v1/nothing'];
    for (const path of paths) expect([path, secrets((await recipient.get(path)).body.toString())]).toEqual([path, []]);
    expect(secrets(readFileSync(logFile, 'utf8'))).toEqual([]);
    for (const table of await tables()) for (const row of await rowsOf(table)) expect([table, secrets(row)]).toEqual([table, []]);
  });
});
