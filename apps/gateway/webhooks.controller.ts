import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Webhooks } from '#exchange/webhooks';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GRAMMAR, isOnCalendar } from '#protocol/grammar';
import { type PushesTold, type WebhookEntered, type WebhookList, type WebhookSecret, WebhookWanted } from '#protocol/webhooks';
import { Asking } from './agency.guard';
import { bodyAs } from './json-body';

@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  @Get()
  list(@Asking() asker: Asker): Promise<WebhookList> {
    return this.webhooks.list(asker);
  }

  @Put(':contact')
  @HttpCode(200)
  enter(@Asking() asker: Asker, @Param('contact') contact: string, @Body() body: unknown): Promise<WebhookEntered> {
    return this.webhooks.enter(asker, contactOf(contact), bodyAs(WebhookWanted, body, 'WEBHOOK_INVALID'));
  }

  @Delete(':contact')
  @HttpCode(204)
  remove(@Asking() asker: Asker, @Param('contact') contact: string): Promise<void> {
    return this.webhooks.remove(asker, contactOf(contact));
  }

  @Post(':contact/secret')
  @HttpCode(200)
  replaceSecret(@Asking() asker: Asker, @Param('contact') contact: string): Promise<WebhookSecret> {
    return this.webhooks.replaceSecret(asker, contactOf(contact));
  }

  @Post(':contact/replay')
  @HttpCode(202)
  replay(@Asking() asker: Asker, @Param('contact') contact: string, @Query() { since }: Record<string, unknown>): Promise<PushesTold> {
    if (typeof since !== 'string' || !GRAMMAR.instant.test(since) || !isOnCalendar(since)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/since', next: 'Say from which instant on, like 2026-03-01T09:00:00Z.' });
    return this.webhooks.replay(asker, contactOf(contact), new Date(since));
  }
}

function contactOf(text: string): string {
  if (!GRAMMAR.contact.test(text)) throw new Refusal({ code: 'NOT_FOUND' });
  return text;
}
