import { Controller, Get, Param, Query } from '@nestjs/common';
import { type AgencyTold, Directory } from '#directory/directory';
import { type Asker, Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { CertificateTold } from '#protocol/answers';
import { GRAMMAR } from '#protocol/grammar';
import { Asking } from './agency.guard';
import type { EnrolmentTold } from '#protocol/published';
import { readPage } from './page';
import { GatewayClock, LogKeys } from './tokens';

@Controller('v1/directory')
export class DirectoryController {
  constructor(private readonly directory: Directory, private readonly database: Database, private readonly logKeys: LogKeys, private readonly clock: GatewayClock) {}

  @Get('agencies')
  agencies(@Asking() asker: Asker, @Query() query: Record<string, unknown>): Promise<{ items: AgencyTold[]; next?: string }> {
    const page = readPage(query);
    return this.database.as(asker, async (tx) => {
      const items = await this.directory.agencies(tx, page, this.clock.now());
      const last = items.at(-1);
      return { items, ...(items.length === page.limit && last ? { next: last.agency } : {}) };
    });
  }

  @Get('agencies/:agency/certificates')
  certificates(@Asking() asker: Asker, @Param('agency') agency: string): Promise<{ items: CertificateTold[] }> {
    if (!GRAMMAR.agency.test(agency)) throw new Refusal({ code: 'NOT_FOUND' });
    return this.database.as(asker, async (tx) => ({ items: await this.directory.certificates(tx, [agency]) }));
  }

  /** A partner's own enrolment: what `waybill enrol finish` and `waybill doctor` ask. */
  @Get('enrolment')
  enrolment(@Asking() asker: Asker): Promise<EnrolmentTold> {
    return this.database.as(asker, async (tx) => ({ ...(await this.directory.enrolment(tx, asker)), logKeys: this.logKeys.of(asker.controller) }));
  }
}
