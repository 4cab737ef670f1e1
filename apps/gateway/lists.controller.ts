import { Controller, Get, Query } from '@nestjs/common';
import { ListsShown } from '#partnership/lists';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { isOnCalendar, GRAMMAR } from '#protocol/grammar';
import type { ListsTold } from '#protocol/list-answers';
import { Asking } from './agency.guard';

@Controller('v1/lists')
export class ListsController {
  constructor(private readonly lists: ListsShown) {}

  @Get()
  told(@Asking() asker: Asker, @Query() { on }: Record<string, unknown>): Promise<ListsTold> {
    if (on !== undefined && (typeof on !== 'string' || !GRAMMAR.day.test(on) || !isOnCalendar(on))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/on' });
    return this.lists.told(asker, on);
  }
}
