import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Memberships } from '#partnership/memberships';
import { Oversight } from '#partnership/oversight';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GRAMMAR, isOnCalendar } from '#protocol/grammar';
import type { MembershipList, OversightDigest, OwnMembership } from '#protocol/membership-answers';
import { Asking } from './agency.guard';
import { readStatement } from './statement-form';

@Controller('v1/memberships')
export class MembershipsController {
  constructor(private readonly memberships: Memberships, private readonly oversight: Oversight) {}

  @Get()
  list(@Asking() asker: Asker): Promise<MembershipList> {
    return this.memberships.list(asker);
  }

  @Post(':agreement/statements')
  @HttpCode(200)
  async state(@Asking() asker: Asker, @Param('agreement') agreement: string, @Req() request: FastifyRequest): Promise<OwnMembership> {
    if (!GRAMMAR.agreement.test(agreement)) throw new Refusal({ code: 'NOT_FOUND' });
    return this.memberships.state(asker, agreement, await readStatement(request.raw));
  }

  @Get(':agreement/oversight')
  digest(@Asking() asker: Asker, @Param('agreement') agreement: string, @Query() query: Record<string, unknown>): Promise<OversightDigest> {
    if (!GRAMMAR.agreement.test(agreement)) throw new Refusal({ code: 'NOT_FOUND' });
    const { from } = query;
    if (from !== undefined && !(typeof from === 'string' && GRAMMAR.day.test(from) && isOnCalendar(from))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/from' });
    return this.oversight.digest(asker, agreement, from === undefined ? undefined : new Date(from));
  }
}
