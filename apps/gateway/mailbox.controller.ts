import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exactly } from '#exchange/copy-range';
import { Mailbox } from '#exchange/mailbox';
import { Statements } from '#exchange/statements';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { MailboxPage, TransferOpenedUp } from '#protocol/answers';
import { GRAMMAR } from '#protocol/grammar';
import type { StatementKind } from '#protocol/statement';
import { Asking } from './agency.guard';
import { readPage } from './page';
import { spanOf } from './range';
import { requireId } from './given';
import { readStatement } from './statement-form';

@Controller('v1/mailbox')
export class MailboxController {
  constructor(private readonly mailbox: Mailbox, private readonly statements: Statements) {}

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<MailboxPage> {
    const { contact } = query;
    if (contact !== undefined && (typeof contact !== 'string' || !GRAMMAR.contact.test(contact))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/contact' });
    return this.mailbox.list(asker, { ...readPage(query), ...(contact ? { contact } : {}) });
  }

  @Get(':transfer')
  async read(@Asking() asker: Asker, @Param('transfer') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<TransferOpenedUp> {
    const transfer = await this.mailbox.read(asker, requireId(id));
    void reply.header('provenance', transfer.provenance);
    return transfer;
  }

  @Get(':transfer/manifest')
  async manifest(@Asking() asker: Asker, @Param('transfer') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.type('application/json').send((await this.mailbox.manifest(asker, requireId(id))).manifest);
  }

  @Get(':transfer/signature')
  async signature(@Asking() asker: Asker, @Param('transfer') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.type('application/pgp-signature').send((await this.mailbox.manifest(asker, requireId(id))).signature);
  }

  @Get(':transfer/lines')
  lines(@Asking() asker: Asker, @Param('transfer') id: string): Promise<string[]> {
    return this.mailbox.lines(asker, requireId(id));
  }

  @Get(':transfer/parts/:name')
  async part(@Asking() asker: Asker, @Param('transfer') id: string, @Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!GRAMMAR.part.test(name)) throw new Refusal({ code: 'NOT_FOUND' });
    const { digest, size, type, read } = await this.mailbox.part(asker, requireId(id), name);
    const etag = `"${digest}"`;
    const span = spanOf(request.headers, { etag, size });
    if (span === 'beyond') throw new Refusal({ code: 'RANGE_NOT_SATISFIABLE', facts: { size } });
    const { from, to } = span === 'whole' ? { from: 0, to: size } : span;
    const octets = await read(from, to);
    void reply.status(span === 'whole' ? 200 : 206).type(type).headers({ etag, 'accept-ranges': 'bytes', 'content-length': String(to - from) });
    if (span !== 'whole') void reply.header('content-range', `bytes ${from}-${to - 1}/${size}`);
    await reply.send(Readable.from(exactly(octets, to - from), { objectMode: false }));
  }

  @Get(':transfer/envelope')
  async envelope(@Asking() asker: Asker, @Param('transfer') id: string, @Res() reply: FastifyReply): Promise<void> {
    const boundary = randomBytes(16).toString('hex');
    const octets = await this.mailbox.envelope(asker, requireId(id), boundary);
    await reply.type(`multipart/mixed; boundary=${boundary}`).send(Readable.from(octets, { objectMode: false }));
  }

  @Put(':transfer/opened')
  @HttpCode(200)
  opened(@Asking() asker: Asker, @Param('transfer') id: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.state(asker, id, 'opened', request);
  }

  @Put(':transfer/acknowledged')
  @HttpCode(200)
  acknowledged(@Asking() asker: Asker, @Param('transfer') id: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.state(asker, id, 'acknowledged', request);
  }

  @Put(':transfer/returned')
  @HttpCode(200)
  returned(@Asking() asker: Asker, @Param('transfer') id: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.state(asker, id, 'returned', request);
  }

  private async state(asker: Asker, id: string, kind: Exclude<StatementKind, 'recalled' | 'released'>, request: FastifyRequest): Promise<{ state: string }> {
    return this.statements.state(asker, requireId(id), kind, await readStatement(request.raw));
  }
}
