import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf, PART_TYPES } from '#envelope/parts';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { MatterPage, MatterStands, MatterTold } from '#protocol/matter-answers';
import { MATTER_SIDES, type MatterSide } from '#rights/matter-rows';
import { Matters } from '#rights/matters';
import { Asking } from './agency.guard';
import { readOpen, requireId } from './given';
import { readPageById } from './page';
import { readStatementWithWords } from './statement-form';

@Controller('v1/matters')
export class MattersController {
  constructor(private readonly matters: Matters) {}

  @Post()
  @HttpCode(201)
  async put(@Asking() asker: Asker, @Req() request: FastifyRequest): Promise<MatterStands> {
    return this.matters.put(asker, await readStatementWithWords(request));
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<MatterPage> {
    return this.matters.list(asker, readSide(query), { ...readPageById(query), open: readOpen(query) });
  }

  @Get(':matter')
  told(@Asking() asker: Asker, @Param('matter') id: string): Promise<MatterTold> {
    return this.matters.told(asker, requireId(id));
  }

  @Post(':matter/answer')
  @HttpCode(200)
  async answer(@Asking() asker: Asker, @Param('matter') id: string, @Req() request: FastifyRequest): Promise<MatterStands> {
    return this.matters.answer(asker, requireId(id), await readStatementWithWords(request));
  }

  @Get(':matter/words')
  words(@Asking() asker: Asker, @Param('matter') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.sealed(asker, id, 'matter', reply);
  }

  @Get(':matter/answer/words')
  answerWords(@Asking() asker: Asker, @Param('matter') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.sealed(asker, id, 'answer', reply);
  }

  private async sealed(asker: Asker, id: string, of: 'matter' | 'answer', reply: FastifyReply): Promise<void> {
    const words = await this.matters.sealedWords(asker, requireId(id), of);
    await reply.type(PART_TYPES[formOf(words)]).send(words);
  }
}

/** Without a word: what was put to the asker. @throws Refusal QUERY_INVALID */
function readSide({ as = 'answerer' }: Record<string, unknown>): MatterSide {
  if (typeof as === 'string' && Object.hasOwn(MATTER_SIDES, as)) return as as MatterSide;
  throw new Refusal({ code: 'QUERY_INVALID', pointer: '/as' });
}
