import { Controller, Get } from '@nestjs/common';
import type { PublishedKey } from '#envelope/signing-keys';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { GatewayTold } from '#protocol/published';
import { VERSION, WIRE_FORMATS } from '#protocol/version';
import { Open } from './agency.guard';
import { GatewayClock, GatewayOrigin, PublishedKeys } from './tokens';

/** What anybody may ask: the public keys, and whether we live. */
@Controller()
@Open()
export class OpenController {
  constructor(private readonly published: PublishedKeys, private readonly database: Database, private readonly origin: GatewayOrigin, private readonly clock: GatewayClock) {}

  @Get('.well-known/jwks.json')
  keys(): { keys: readonly PublishedKey[] } {
    return { keys: this.published.keys };
  }

  @Get('.well-known/waybill.json')
  gateway(): GatewayTold {
    return { format: 'waybill-gateway/1', gateway: this.origin.value, version: VERSION, formats: WIRE_FORMATS, serverTime: this.clock.now().toISOString() };
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
