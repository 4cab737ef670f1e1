import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asker } from '#platform/database';
import type { RetentionItem, RetentionPage, RetentionTold } from '#protocol/retention-answers';
import { Retention } from '#rights/retention';
import { Asking } from './agency.guard';
import { requireId } from './given';
import { readPageById } from './page';
import { readStatementWithWords } from './statement-form';

@Controller('v1/retention')
export class RetentionController {
  constructor(private readonly retention: Retention) {}

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<RetentionPage> {
    return this.retention.list(asker, readPageById(query));
  }

  @Get(':transfer')
  told(@Asking() asker: Asker, @Param('transfer') id: string): Promise<RetentionTold> {
    return this.retention.told(asker, requireId(id));
  }

  @Post(':transfer/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('transfer') id: string, @Req() request: FastifyRequest): Promise<RetentionItem> {
    return this.retention.state(asker, requireId(id), await readStatementWithWords(request));
  }
}
