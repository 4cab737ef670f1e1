import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import type { PublishedKey } from '#envelope/signing-keys';
import { EventStreams } from '#exchange/event-streams';
import type { Asker } from '#platform/database';
import { type EventStreamTold, EventStreamWanted, type EventVerificationTold } from '#protocol/event-stream';
import { Asking } from './agency.guard';
import { bodyAs } from './json-body';

@Controller('v1/event-stream')
export class EventStreamController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  find(@Asking() asker: Asker): Promise<EventStreamTold> {
    return this.streams.find(asker);
  }

  @Get('keys')
  keys(): Promise<{ keys: PublishedKey[] }> {
    return this.streams.keys();
  }

  @Put()
  @HttpCode(200)
  enter(@Asking() asker: Asker, @Body() body: unknown): Promise<EventStreamTold> {
    return this.streams.enter(asker, bodyAs(EventStreamWanted, body, 'EVENT_STREAM_INVALID'));
  }

  @Delete()
  @HttpCode(204)
  remove(@Asking() asker: Asker): Promise<void> {
    return this.streams.remove(asker);
  }

  @Post('verification')
  @HttpCode(202)
  verify(@Asking() asker: Asker): Promise<EventVerificationTold> {
    return this.streams.verify(asker);
  }
}
