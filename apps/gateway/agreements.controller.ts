import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Lifecycle } from '#partnership/lifecycle';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { AgreementList, AgreementReport, AgreementTold } from '#protocol/agreement-answers';
import { MONTH } from '#protocol/routes';
import { Asking } from './agency.guard';
import { readStatement } from './statement-form';

@Controller('v1/agreements')
export class AgreementsController {
  constructor(private readonly lifecycle: Lifecycle) {}

  @Get()
  list(@Asking() asker: Asker): Promise<AgreementList> {
    return this.lifecycle.list(asker);
  }

  @Get(':agreement')
  told(@Asking() asker: Asker, @Param('agreement') agreement: string): Promise<AgreementTold> {
    return this.lifecycle.told(asker, agreement);
  }

  @Get(':agreement/report')
  report(@Asking() asker: Asker, @Param('agreement') agreement: string, @Query() query: Record<string, unknown>): Promise<AgreementReport> {
    return this.lifecycle.report(asker, agreement, { ...readMonth(query, 'from'), ...readMonth(query, 'until') });
  }

  @Post(':agreement/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('agreement') agreement: string, @Req() request: FastifyRequest): Promise<AgreementTold> {
    return this.lifecycle.state(asker, agreement, await readStatement(request.raw));
  }
}

/** @throws Refusal QUERY_INVALID */
function readMonth<N extends string>(query: Record<string, unknown>, name: N): { [K in N]?: string } {
  const month = query[name];
  if (month === undefined) return {};
  if (typeof month !== 'string' || !MONTH.test(month)) throw new Refusal({ code: 'QUERY_INVALID', pointer: `/${name}` });
  return { [name]: month } as { [K in N]?: string };
}
