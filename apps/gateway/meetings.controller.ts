import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Meetings } from '#partnership/meetings';
import type { Asker } from '#platform/database';
import type { MeetingPage, MeetingTold } from '#protocol/meeting-answers';
import { Asking } from './agency.guard';
import { requireId } from './given';
import { readPageById } from './page';
import { readStatement, readStatementWithWords } from './statement-form';

@Controller('v1/meetings')
export class MeetingsController {
  constructor(private readonly meetings: Meetings) {}

  @Post()
  @HttpCode(201)
  async call(@Asking() asker: Asker, @Req() request: FastifyRequest): Promise<MeetingTold> {
    return this.meetings.call(asker, await readStatement(request.raw));
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<MeetingPage> {
    return this.meetings.list(asker, readPageById(query));
  }

  @Get(':meeting')
  told(@Asking() asker: Asker, @Param('meeting') id: string): Promise<MeetingTold> {
    return this.meetings.told(asker, requireId(id));
  }

  @Post(':meeting/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('meeting') id: string, @Req() request: FastifyRequest): Promise<MeetingTold> {
    return this.meetings.state(asker, requireId(id), await readStatementWithWords(request));
  }
}
