import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf, PART_TYPES } from '#envelope/parts';
import type { Asker } from '#platform/database';
import type { RightsPage, RightsReceipt, RightsStands, RightsTold } from '#protocol/rights-answers';
import { RightsRequests } from '#rights/requests';
import { Asking } from './agency.guard';
import { readOpen, requireId, requireKey } from './given';
import { readPageById } from './page';
import { readStatementWithWords } from './statement-form';

@Controller('v1/rights-requests')
export class RightsController {
  constructor(private readonly rights: RightsRequests) {}

  @Post()
  @HttpCode(201)
  async record(@Asking() asker: Asker, @Req() request: FastifyRequest, @Headers('idempotency-key') idempotencyKey?: string): Promise<RightsReceipt> {
    requireKey(idempotencyKey);
    return this.rights.record(asker, { ...(await readStatementWithWords(request)), ...(idempotencyKey ? { idempotencyKey } : {}) });
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<RightsPage> {
    return this.rights.list(asker, { ...readPageById(query), open: readOpen(query) });
  }

  @Get(':rights')
  told(@Asking() asker: Asker, @Param('rights') id: string): Promise<RightsTold> {
    return this.rights.told(asker, requireId(id));
  }

  @Get(':rights/words')
  async words(@Asking() asker: Asker, @Param('rights') id: string, @Res() reply: FastifyReply): Promise<void> {
    const words = await this.rights.words(asker, requireId(id));
    await reply.type(PART_TYPES[formOf(words)]).send(words);
  }

  @Post(':rights/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('rights') id: string, @Req() request: FastifyRequest): Promise<RightsStands> {
    return this.rights.state(asker, requireId(id), await readStatementWithWords(request));
  }
}
