import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Desk } from '#duties/desk';
import { soundAs } from '#exchange/sound';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { DutyClosing, type DutyClosed, type DutyPage } from '#protocol/duties';
import { GRAMMAR } from '#protocol/grammar';
import { Asking } from './agency.guard';
import { readPageById } from './page';
import { requireId } from './given';

@Controller('v1/duties')
export class DutiesController {
  constructor(private readonly desk: Desk) {}

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<DutyPage> {
    const { role } = query;
    if (role !== undefined && (typeof role !== 'string' || !GRAMMAR.code.test(role))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/role' });
    return this.desk.list(asker, { ...readPageById(query), role });
  }

  @Post(':duty/closing')
  @HttpCode(200)
  close(@Asking() asker: Asker, @Param('duty') duty: string, @Body() body: unknown): Promise<DutyClosed> {
    const closing = soundAs(DutyClosing, { ok: true, value: body }, 'DUTY_CLOSING_INVALID');
    return this.desk.close(asker, requireId(duty), closing);
  }
}
