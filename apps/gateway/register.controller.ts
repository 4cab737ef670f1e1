import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Asker, Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { EntryPage } from '#protocol/answers';
import { readEntry } from '#register/entry';
import type { ConsistencyFile, InclusionFile } from '#register/evidence';
import { Register } from '#register/register';
import { Asking } from './agency.guard';
import { readCount, readPage } from './page';
import { requireId } from './given';
import { LogKeys } from './tokens';

/** The asker's own controller's register. There is no way to name another. */
@Controller('v1/register')
export class RegisterController {
  constructor(private readonly register: Register, private readonly database: Database, private readonly logKeys: LogKeys) {}

  /** In the order of the log: an entry shows a moment after it was recorded, when it has its place. */
  @Get('entries')
  entries(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<EntryPage> {
    const { limit } = readPage({ limit: query['limit'] });
    const after = query['after'] === undefined ? undefined : readCount(query, 'after');
    return this.database.as(asker, async (tx) => {
      const entries = await this.register.integrated(tx, { controller: asker.controller, after, limit });
      const items = entries.map(({ index, id, leaf, octets }) => {
        const { kind, at } = (octets && readEntry(octets)) ?? { kind: 'disposed', at: '' };
        return { index, id, kind, at, leaf: leaf.toString('hex'), octets: octets?.toString('base64') ?? null };
      });
      const last = items.at(-1);
      return { items, ...(items.length === limit && last ? { next: String(last.index) } : {}) };
    });
  }

  @Get('checkpoint')
  async checkpoint(@Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    const checkpoint = await this.database.as(asker, (tx) => this.register.latestCheckpoint(tx, asker));
    if (!checkpoint) throw new Refusal({ code: 'NOT_FOUND', next: 'Ask again in a second: nothing has been integrated yet.' });
    await reply.type('text/plain; charset=utf-8').send(checkpoint.note);
  }

  @Get('entries/:id/proof')
  async proof(@Asking() asker: Asker, @Param('id') id: string): Promise<InclusionFile> {
    const proof = await this.database.as(asker, (tx) => this.register.proofOf(tx, { controller: asker.controller, entry: requireId(id) }));
    if (!proof) throw new Refusal({ code: 'NOT_FOUND', next: 'If the entry is a second old, ask again: it is not integrated yet.' });
    return proof;
  }

  @Get('consistency')
  async consistency(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<ConsistencyFile> {
    const [from, to] = [readCount(query, 'from'), readCount(query, 'to')];
    const proof = await this.database.as(asker, (tx) => this.register.consistency(tx, { controller: asker.controller, from, to }));
    if (!proof) throw new Refusal({ code: 'NOT_FOUND', next: 'Name two sizes of which a checkpoint was published, the smaller first.' });
    return proof;
  }

  /** One transaction from the first line to the last, so that the export is of one moment however long it is read. */
  @Get('export')
  async export(@Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    const out = new PassThrough();
    const written = this.database.as(asker, (tx) => pipeline(Readable.from(this.register.exportLog(tx, { controller: asker.controller, vkeys: this.logKeys.of(asker.controller) })), out));
    written.catch(() => out.destroy());
    await reply.type('application/x-ndjson').send(out);
  }
}
