import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, connect, credentials } from 'amqplib';
import { HOUR } from '#platform/clock';
import { type Holder, placeOf } from '#queue/partner-topology';
import { run } from '../../apps/cli/run';
import { issue, type Issued } from '../../libs/envelope/authority';
import type { Node } from './broker';
import { readPool } from './tls';

/** A certificate for a contact's own queue, by the broker's authority. */
export const certificateFor = (holder: Holder): Promise<Issued> =>
  issue(readPool().authority, placeOf(holder), { from: new Date(Date.now() - HOUR), until: new Date(Date.now() + 24 * HOUR) });

/** Admits a contact to a broker as its operator does: with `waybill broker admit`, whose output is imported. */
export async function admitted(node: Node, holder: Holder, known?: Issued): Promise<Issued> {
  const issued = known ?? (await certificateFor(holder));
  const folder = mkdtempSync(join(tmpdir(), 'waybill-admitted-'));
  try {
    writeFileSync(join(folder, 'certificate.pem'), issued.certificate);
    const out = `${randomBytes(4).toString('hex')}.json`;
    let said = '';
    const io = { out: (text: string) => void (said += text), err: (text: string) => void (said += text), outOctets: () => undefined, watched: false, cwd: folder, env: {}, now: () => new Date() };
    if ((await run(['broker', 'admit', `${holder.agency}/${holder.contact}`, '--certificate', 'certificate.pem', '--out', out], io)) !== 0) throw new Error(said);
    await node.control('import_definitions', join(folder, out));
    return issued;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A connection as whoever a certificate names, into a virtual host. */
export async function connectionAs(node: Node, { certificate, key }: Issued, vhost: string): Promise<ChannelModel> {
  const tls = { ca: [readPool().authority.certificate], cert: certificate, key, credentials: credentials.external() };
  const connection = await connect(`amqps://localhost:${node.port}/${encodeURIComponent(vhost)}?heartbeat=10`, tls as object);
  connection.on('error', () => undefined);
  return connection;
}
