import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf, PART_TYPES } from '#envelope/parts';
import { Decisions, type NotSharedSent } from '#exchange/decisions';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import type { DecisionsTold, NotSharedPage, NotSharedReceipt } from '#protocol/own-answers';
import { Asking } from './agency.guard';
import { readNamed } from './form';
import { readPageById } from './page';
import { requireId, requireKey } from './given';

@Controller('v1/decisions')
export class DecisionsController {
  constructor(private readonly decisions: Decisions) {}

  @Post()
  @HttpCode(201)
  async record(@Asking() asker: Asker, @Req() request: FastifyRequest, @Headers('idempotency-key') idempotencyKey?: string): Promise<NotSharedReceipt> {
    requireKey(idempotencyKey);
    return this.decisions.record(asker, { ...(await readDecision(request)), ...(idempotencyKey ? { idempotencyKey } : {}) });
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<NotSharedPage> {
    return this.decisions.list(asker, readPageById(query));
  }

  @Get(':id')
  told(@Asking() asker: Asker, @Param('id') id: string): Promise<DecisionsTold> {
    return this.decisions.told(asker, requireId(id));
  }

  @Get(':id/words')
  async words(@Asking() asker: Asker, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const words = await this.decisions.words(asker, requireId(id));
    await reply.type(PART_TYPES[formOf(words)]).send(words);
  }
}

const FIELDS = { decision: LIMITS.json.value, signature: LIMITS.signature.value, words: LIMITS.words.value, proposal: LIMITS.plan.value } as const;

/** @throws Refusal */
async function readDecision(request: FastifyRequest): Promise<NotSharedSent> {
  const { decision, signature, ...more } = await readNamed(request, FIELDS);
  if (!decision) throw new Refusal({ code: 'DECISION_INVALID', says: 'The decision is missing.' });
  if (!signature) throw new Refusal({ code: 'SIGNATURE_MISSING' });
  return { decision, signature, ...more };
}
