import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Directory } from '#directory/directory';
import { Exchange } from '#exchange/exchange';
import { readPlan } from '#exchange/proposal';
import { Statements } from '#exchange/statements';
import { Timeline } from '#exchange/timeline';
import { type Asker, Database } from '#platform/database';
import type { PlanAnswer, Receipt, ShareTold } from '#protocol/answers';
import { Asking } from './agency.guard';
import { requireId } from './given';
import { tellPlan } from './plans';
import { readStatement } from './statement-form';
import { Submissions } from './submissions';

@Controller('v1')
export class SharesController {
  constructor(
    private readonly exchange: Exchange,
    private readonly statements: Statements,
    private readonly timeline: Timeline,
    private readonly submissions: Submissions,
    private readonly directory: Directory,
    private readonly database: Database,
  ) {}

  @Post('share-plans')
  @HttpCode(200)
  async plan(@Asking() asker: Asker, @Body() body: unknown): Promise<PlanAnswer> {
    const proposal = readPlan(body);
    const { decision, frontDoors } = await this.exchange.plan(asker, proposal);
    const agencies = [...new Set(proposal.lines.map((line) => line.recipient.agency))];
    const certificates = await this.database.as(asker, (tx) => this.directory.certificates(tx, agencies, 'seal'));
    return tellPlan(proposal, decision, certificates, frontDoors);
  }

  @Post('shares')
  @HttpCode(202)
  async share(@Asking() asker: Asker, @Req() request: FastifyRequest, @Headers('idempotency-key') idempotencyKey?: string): Promise<Receipt> {
    return this.submissions.accept(asker, request, { asks: false, idempotencyKey });
  }

  @Get('shares/:id')
  told(@Asking() asker: Asker, @Param('id') id: string): Promise<ShareTold> {
    return this.timeline.share(asker, requireId(id));
  }

  @Post('shares/:id/recall')
  @HttpCode(200)
  async recall(@Asking() asker: Asker, @Param('id') id: string, @Req() request: FastifyRequest): Promise<{ recalled: string[]; tooLate: string[] }> {
    return this.statements.recall(asker, requireId(id), await readStatement(request.raw));
  }

  @Post('shares/:id/releases')
  @HttpCode(200)
  async release(@Asking() asker: Asker, @Param('id') id: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.statements.release(asker, requireId(id), await readStatement(request.raw));
  }
}
