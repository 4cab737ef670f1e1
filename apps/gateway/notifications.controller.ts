import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Notifications } from '#partnership/notifications';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GRAMMAR } from '#protocol/grammar';
import { PROVIDER_NUMBER } from '#protocol/notification';
import type { NotificationPage, NotificationTold, PlacementTold } from '#protocol/notification-answers';
import { Asking } from './agency.guard';
import { requireId } from './given';
import { readPageById } from './page';
import { readStatement } from './statement-form';

@Controller('v1/notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  @Post()
  @HttpCode(201)
  async draft(@Asking() asker: Asker, @Req() request: FastifyRequest): Promise<NotificationTold> {
    return this.notifications.draft(asker, await readStatement(request.raw));
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<NotificationPage> {
    return this.notifications.list(asker, readPageById(query));
  }

  @Get('placement')
  placement(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<PlacementTold> {
    return this.notifications.placement(asker, readProvider(query));
  }

  @Get(':notification')
  told(@Asking() asker: Asker, @Param('notification') id: string): Promise<NotificationTold> {
    return this.notifications.told(asker, requireId(id));
  }

  @Post(':notification/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('notification') id: string, @Req() request: FastifyRequest): Promise<NotificationTold> {
    return this.notifications.state(asker, requireId(id), await readStatement(request.raw));
  }
}

/** One provider at a time: there is no way to ask for several. @throws Refusal QUERY_INVALID */
function readProvider({ register, number }: Record<string, unknown>): { register: string; number: string } {
  if (typeof register !== 'string' || !GRAMMAR.code.test(register)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/register' });
  if (typeof number !== 'string' || !PROVIDER_NUMBER.test(number)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/number' });
  return { register, number };
}
