import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';

/** What PostgreSQL itself takes; the password is random and long, so that more would only slow each connection down. */
const ITERATIONS = 4_096;
/** 24 characters of base64 are 144 bits. A password that a person thought of is not one for a machine. */
const SHORTEST = 24;

/**
 * Sets the password of each process's role from a file of its name in `folder`, and says of which. Set as a SCRAM verifier that is made
 * here: neither the password nor anything that it can be found from passes over the wire or stands in the server's log.
 * @param owner a role that may alter the others
 * @throws Error when a password is too short or not plain ASCII: then none is set
 */
export async function setRolePasswords(owner: ClientConfig, folder: string): Promise<string[]> {
  const client = new Client(owner);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(`select rolname as name from pg_roles where rolname like 'waybill\\_%' and rolname <> current_user order by 1`);
    const given = rows.filter(({ name }) => existsSync(join(folder, name))).map(({ name }) => ({ name, password: readFileSync(join(folder, name), 'utf8').replace(/\r?\n$/, '') }));
    // RFC 4013: of other characters there are several spellings, and the two sides must take the same.
    const poor = given.filter(({ password }) => password.length < SHORTEST || !/^[\x21-\x7e]+$/.test(password));
    if (poor.length > 0) throw new Error(`The password of ${poor.map(({ name }) => name).join(', ')} is too short or not plain: make it with \`openssl rand -base64 24\`.`);
    for (const { name, password } of given) await client.query(`alter role ${name} password '${scramVerifier(password)}'`);
    return given.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** RFC 5803 as PostgreSQL keeps it: what a server needs to check a password, and cannot use to be its owner. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const of = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(of('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${of('Server Key').toString('base64')}`;
}
