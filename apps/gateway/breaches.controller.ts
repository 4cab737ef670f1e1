import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Breaches } from '#breach/breaches';
import { Cases } from '#breach/cases';
import { Reports } from '#breach/reports';
import type { Asker } from '#platform/database';
import type { BreachPage, BreachTold } from '#protocol/breach-answers';
import { Asking } from './agency.guard';
import { readOpen, requireId } from './given';
import { readPageById } from './page';
import { readStatement } from './statement-form';

@Controller('v1/breaches')
export class BreachesController {
  constructor(private readonly reports: Reports, private readonly breaches: Breaches, private readonly cases: Cases) {}

  @Post()
  @HttpCode(201)
  async report(@Asking() asker: Asker, @Req() request: FastifyRequest): Promise<BreachTold> {
    const { breach } = await this.reports.report(asker, await readStatement(request.raw));
    return this.breaches.told(asker, breach);
  }

  @Get()
  list(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<BreachPage> {
    return this.breaches.list(asker, { ...readPageById(query), open: readOpen(query) });
  }

  @Get(':breach')
  told(@Asking() asker: Asker, @Param('breach') breach: string): Promise<BreachTold> {
    return this.breaches.told(asker, requireId(breach));
  }

  @Post(':breach/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('breach') breach: string, @Req() request: FastifyRequest): Promise<{ state: string }> {
    return this.cases.state(asker, requireId(breach), await readStatement(request.raw));
  }
}
