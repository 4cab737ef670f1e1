import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Receipt } from '#protocol/answers';
import type { RequestPage, RequestTold } from '#protocol/request-answers';
import type { AgeingReport } from '#protocol/ageing';
import { Ageing } from '#requests/ageing';
import { Requests, type Side, SIDES } from '#requests/requests';
import { Threads } from '#requests/threads';
import { Asking } from './agency.guard';
import { readOpen, requireId } from './given';
import { readPage } from './page';
import { readStatement } from './statement-form';
import { Submissions } from './submissions';

@Controller('v1/requests')
export class RequestsController {
  constructor(private readonly submissions: Submissions, private readonly requests: Requests, private readonly threads: Threads, private readonly ageing: Ageing) {}

  @Post()
  @HttpCode(202)
  ask(@Asking() asker: Asker, @Req() request: FastifyRequest, @Headers('idempotency-key') idempotencyKey?: string): Promise<Receipt> {
    return this.submissions.accept(asker, request, { asks: true, idempotencyKey });
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<RequestPage> {
    return this.requests.list(asker, readSide(query), { ...readPage(query), open: readOpen(query) });
  }

  @Get('ageing')
  report(@Asking() asker: Asker): Promise<AgeingReport> {
    return this.ageing.report(asker);
  }

  @Get(':id')
  told(@Asking() asker: Asker, @Param('id') id: string): Promise<RequestTold> {
    return this.requests.told(asker, requireId(id));
  }

  @Post(':id/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('id') id: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.threads.state(asker, requireId(id), await readStatement(request.raw));
  }
}

/** Without a word: what the asker was asked. @throws Refusal QUERY_INVALID */
function readSide({ as = 'holder' }: Record<string, unknown>): Side {
  if (typeof as === 'string' && Object.hasOwn(SIDES, as)) return as as Side;
  throw new Refusal({ code: 'QUERY_INVALID', pointer: '/as' });
}
