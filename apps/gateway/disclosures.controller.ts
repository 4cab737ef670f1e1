import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf, PART_TYPES } from '#envelope/parts';
import { Disclosures, readDisclosurePlan } from '#exchange/disclosures';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { PlanAnswer } from '#protocol/answers';
import { LIMITS } from '#protocol/limits';
import type { DisclosurePage, DisclosureReceipt, DisclosureTold } from '#protocol/own-answers';
import { Asking } from './agency.guard';
import { readNamed } from './form';
import { readPageById } from './page';
import { tellPlan } from './plans';
import { requireId, requireKey } from './given';

const FIELDS = { disclosure: LIMITS.plan.value, signature: LIMITS.signature.value, words: LIMITS.words.value } as const;

@Controller('v1')
export class DisclosuresController {
  constructor(private readonly disclosures: Disclosures) {}

  @Post('disclosure-plans')
  @HttpCode(200)
  async plan(@Asking() asker: Asker, @Body() body: unknown): Promise<PlanAnswer> {
    const proposal = readDisclosurePlan(body);
    const { decision, frontDoors } = await this.disclosures.plan(asker, proposal);
    // Nothing is sealed: there is nobody's key to ask for.
    return tellPlan(proposal, decision, [], frontDoors);
  }

  @Post('disclosures')
  @HttpCode(201)
  async record(@Asking() asker: Asker, @Req() request: FastifyRequest, @Headers('idempotency-key') idempotencyKey?: string): Promise<DisclosureReceipt> {
    requireKey(idempotencyKey);
    const { disclosure, signature, ...more } = await readNamed(request, FIELDS);
    if (!disclosure) throw new Refusal({ code: 'DISCLOSURE_INVALID', says: 'The disclosure is missing.' });
    if (!signature) throw new Refusal({ code: 'SIGNATURE_MISSING' });
    return this.disclosures.record(asker, { disclosure, signature, ...more, ...(idempotencyKey ? { idempotencyKey } : {}) });
  }

  @Get('disclosures')
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<DisclosurePage> {
    return this.disclosures.list(asker, readPageById(query));
  }

  @Get('disclosures/:id')
  told(@Asking() asker: Asker, @Param('id') id: string): Promise<DisclosureTold> {
    return this.disclosures.told(asker, requireId(id));
  }

  @Get('disclosures/:id/words')
  async words(@Asking() asker: Asker, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const words = await this.disclosures.words(asker, requireId(id));
    await reply.type(PART_TYPES[formOf(words)]).send(words);
  }
}
