import { Controller, Get } from '@nestjs/common';
import type { PublishedKey } from '#envelope/signing-keys';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { Open } from './agency.guard';
import { PublishedKeys } from './tokens';

/** What anybody may ask: the public keys, and whether we live. */
@Controller()
@Open()
export class OpenController {
  constructor(private readonly published: PublishedKeys, private readonly database: Database) {}

  @Get('.well-known/jwks.json')
  keys(): { keys: readonly PublishedKey[] } {
    return { keys: this.published.keys };
  }

  @Get('health/live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(): Promise<{ status: 'ready' }> {
    await this.database.source.query('select 1').catch(() => {
      throw new Refusal({ code: 'UNDECIDED', says: 'The database does not answer.' });
    });
    return { status: 'ready' };
  }
}
