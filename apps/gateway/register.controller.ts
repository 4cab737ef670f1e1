import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { soundAs } from '#exchange/sound';
import type { FastifyReply } from 'fastify';
import { type Asker, Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { EntryPage } from '#protocol/answers';
import { GRAMMAR } from '#protocol/grammar';
import { ControlTested, type Recorded, SubjectIndexed } from '#protocol/register';
import { EntryRefused, readEntry } from '#register/entry';
import { fits, type Format, ifFits } from '#register/entry-formats';
import type { ConsistencyFile, InclusionFile } from '#register/evidence';
import { indexesOf, indexSubject, readPage as readEntries, type Reader } from '#register/looking-up';
import { Register } from '#register/register';
import { Asking } from './agency.guard';
import { readCount, readPage } from './page';
import { requireId } from './given';
import { GatewayClock, LogKeys } from './tokens';

/** The asker's own controller's register. There is no way to name another. */
@Controller('v1/register')
export class RegisterController {
  constructor(private readonly register: Register, private readonly database: Database, private readonly logKeys: LogKeys, private readonly clock: GatewayClock) {}

  /** In the order of the log: an entry shows a moment after it was recorded, when it has its place. That they were read is recorded. */
  @Get('entries')
  entries(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<EntryPage> {
    const { limit } = readPage({ limit: query['limit'] });
    const after = query['after'] === undefined ? undefined : readCount(query, 'after');
    const reader = readReader(query);
    const looked = { about: given(query, 'about', GRAMMAR.uuid), index: given(query, 'index', GRAMMAR.digest) };
    // A search is about somebody: nobody looks for a person without a reason.
    if ((looked.about ?? looked.index) !== undefined && reader.reason === undefined) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/reason' });
    return this.database.as(asker, async (tx) => {
      const entries = await readEntries(tx, this.register, { controller: asker.controller, after, limit, reader, looked, at: this.clock.now() });
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
  async export(@Asking() asker: Asker, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const { reason = 'not-stated', ...reader } = readReader(query);
    const { controller } = asker;
    await this.database.as(asker, async (tx) => {
      const checkpoint = await this.register.latestCheckpoint(tx, asker);
      if (checkpoint) await this.register.record(tx, [{ kind: 'register-exported', controller, at: this.clock.now(), fields: { ...reader, reason, size: checkpoint.size, root: checkpoint.root.toString('hex') } }]);
    });
    const out = new PassThrough();
    const written = this.database.as(asker, (tx) => pipeline(Readable.from(this.register.exportLog(tx, { controller, vkeys: this.logKeys.of(controller) })), out));
    written.catch(() => out.destroy());
    await reply.type('application/x-ndjson').send(out);
  }

  /** Only who holds the controller's key can make an index, and only the controller finds by it. */
  @Put('subjects/:id')
  async index(@Asking() asker: Asker, @Param('id') share: string, @Body() body: unknown): Promise<SubjectIndexed> {
    const about = requireId(share);
    const { indexes } = soundAs(SubjectIndexed, { ok: true, value: body }, 'INDEX_INVALID');
    return this.database.as(asker, async (tx) => {
      if (!(await indexSubject(tx, { controller: asker.controller, about, indexes, at: this.clock.now() }))) throw new Refusal({ code: 'NOT_FOUND' });
      return { indexes: await indexesOf(tx, { controller: asker.controller, about }) };
    });
  }

  @Post('control-tests')
  @HttpCode(201)
  controlTested(@Asking() { agency, controller }: Asker, @Body() body: unknown): Promise<Recorded> {
    const { role, ...tested } = soundAs(ControlTested, { ok: true, value: body }, 'CONTROL_TEST_INVALID');
    return this.database.as({ agency, controller }, async (tx) => {
      const [entry] = await this.register.record(tx, [{ kind: 'control-tested', controller, at: this.clock.now(), fields: { ...tested, role: ifFits('role', role) } }]).catch((error: unknown) => {
        throw error instanceof EntryRefused ? new Refusal({ code: 'CONTROL_TEST_INVALID', pointer: `/${error.path}` }) : error;
      });
      if (!entry) throw new Error('an entry that was not made');
      return { entry: entry.id, leaf: entry.leaf.toString('hex') };
    });
  }
}

/** @throws Refusal QUERY_INVALID */
const readReader = (query: Record<string, unknown>): Reader => ({ reason: given(query, 'reason', GRAMMAR.code), by: given(query, 'by', GRAMMAR.contact), role: given(query, 'role', GRAMMAR.code) });

/** A value of the query that is recorded: as its grammar asks and with nothing of a person in it, or absent. @throws Refusal QUERY_INVALID */
function given(query: Record<string, unknown>, name: string, grammar: RegExp): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const format = { reason: 'code', by: 'contact', role: 'role' }[name] as Format | undefined;
  if (typeof value !== 'string' || !grammar.test(value) || (format && !fits(format, value))) throw new Refusal({ code: 'QUERY_INVALID', pointer: `/${name}` });
  return value;
}
