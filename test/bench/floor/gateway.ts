import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { Pool } from 'pg';
import { readCertificate } from '#envelope/certificates';
import { verifyDetached } from '#envelope/signatures';
import { Grouping } from '#platform/grouping';
import { insertion, nameOf } from '#platform/rows';
import { readForm } from '../../../apps/gateway/form';
import { rowsOf, type Sample } from './rows';

// The floor's gateway: TLS, the form, one signature to verify, the rows, one commit for many. No policy, no gate, no register, no rule.

export interface FloorPlan {
  port: number;
  tls: { key: string; cert: string };
  /** Of the sender, base64. */
  certificate: string;
  database: { host: string; port: number; user: string; database: string };
  samples: Sample[];
  envelope: string;
  broker: { url: string; ca: string; cert: Record<'waybill-relay' | 'waybill-courier', { cert: string; key: string }> };
}

async function main(plan: FloorPlan): Promise<void> {
  const pool = new Pool({ ...plan.database, max: 16, options: '-c enable_seqscan=off' });
  const reading = await readCertificate(Buffer.from(plan.certificate, 'base64'));
  if (!reading.ok) throw new Error(reading.problem.code);
  const certificates = [reading.certificate];
  const samples = plan.samples.map((sample) => ({ ...sample, rows: sample.rows.map((row) => revived(row)) }));
  const commit = new Grouping<null, true>(async (group) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { text, values } = insertion(rowsOf(samples, group.length));
      await client.query({ name: nameOf(text), text, values });
      await client.query(`select pg_notify('floor_outbox', '')`);
      await client.query('commit');
      return group.map(() => true as const);
    } finally {
      client.release();
    }
  }, { most: 64, patience: 5, atOnce: 2 });

  const server = fastify({ https: { ...plan.tls, requestCert: true, rejectUnauthorized: false } });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
  server.post('/v1/shares', async (request, reply) => {
    const fields = new Map<string, Buffer>();
    for await (const { name, octets } of readForm(request.raw)) {
      const pieces: Buffer[] = [];
      for await (const piece of octets) pieces.push(piece);
      fields.set(name, Buffer.concat(pieces));
    }
    const verdict = await verifyDetached({ octets: fields.get('manifest') as Buffer, signature: fields.get('signature') as Buffer, certificates, at: new Date() });
    if (!verdict.ok) return reply.status(422).send({ code: verdict.problem.code });
    await commit.submit(null);
    return reply.status(202).send({ format: 'floor' });
  });
  await server.listen({ port: plan.port, host: '127.0.0.1' });
}

/** JSON has neither octets nor instants. */
export const revived = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name,
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer' ? Buffer.from((value as { data: number[] }).data)
    : typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value]));

if (require.main === module) void main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorPlan);
