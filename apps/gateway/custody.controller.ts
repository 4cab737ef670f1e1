import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Custody } from '#partnership/custody';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { CustodyList, CustodyTold } from '#protocol/custody-answers';
import { GRAMMAR } from '#protocol/grammar';
import { Asking } from './agency.guard';
import { readStatement } from './statement-form';

@Controller('v1/custody')
export class CustodyController {
  constructor(private readonly custody: Custody) {}

  @Get()
  list(@Asking() asker: Asker): Promise<CustodyList> {
    return this.custody.list(asker);
  }

  @Post(':contact/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('contact') contact: string, @Req() request: FastifyRequest): Promise<CustodyTold> {
    if (!GRAMMAR.contact.test(contact)) throw new Refusal({ code: 'NOT_FOUND' });
    return this.custody.state(asker, contact, await readStatement(request.raw));
  }
}
