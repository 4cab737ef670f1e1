import { Controller, HttpCode, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { Looks } from '#inbox/looks';
import { backOf, GatewayLine } from './gateway-line';
import { On } from './routes';
import { type Asked, WithPass } from './staff.guard';
import type { Passing } from './passing';
import { ConsoleClock } from './tokens';

/** What the reader's page asks, from its own origin, with a pass: it goes on to the gateway, which looks whether the pass is for that. */
@Controller()
export class PassesController {
  constructor(private readonly line: GatewayLine, private readonly looks: Looks, private readonly database: Database, private readonly clock: ConsoleClock) {}

  /** A browser asks first whether it may ask. */
  @On('passPreflight')
  preflight(@Res() reply: FastifyReply): void {
    void reply.status(204).send();
  }

  @On('passGet')
  get(@WithPass() passing: Passing, @Param('token') pass: string, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.onward(passing, pass, request, reply);
  }

  @On('passPut')
  put(@WithPass() passing: Passing, @Param('token') pass: string, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.onward(passing, pass, request, reply);
  }

  @On('passPost')
  post(@WithPass() passing: Passing, @Param('token') pass: string, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.onward(passing, pass, request, reply);
  }

  /** Somebody printed what it had opened. What stands on the paper only the browser knows. */
  @On('passPrinted')
  @HttpCode(204)
  async printed(@WithPass() { staff, about }: Passing): Promise<void> {
    await this.database.as(staff, (tx) => this.looks.printed(tx, staff, about, this.clock.now()));
  }

  private async onward({ page }: Passing, pass: string, { method, url, headers, raw }: Asked, reply: FastifyReply): Promise<void> {
    const [, path] = /^\/pass\/[^/]+(\/v1\/[^#]*)$/.exec(url) ?? [];
    if (path === undefined) throw new Refusal({ code: 'NOT_FOUND' });
    const answer = await this.line.ask({ method, path, pass, page, headers, body: method === 'GET' ? undefined : raw });
    await reply.status(answer.statusCode ?? 502).headers(backOf(answer)).send(answer);
  }
}
