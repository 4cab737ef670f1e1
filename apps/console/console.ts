import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Breaches } from '#breach/breaches';
import { StaffRoll } from '#directory/staff';
import { Inbox } from '#inbox/inbox';
import { Looks } from '#inbox/looks';
import { Owners } from '#inbox/owners';
import { REQUESTS } from '#inbox/requests';
import { TRANSFERS } from '#inbox/transfers';
import { Triages } from '#inbox/triaged';
import type { Clock } from '#platform/clock';
import { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Metrics } from '#platform/metrics';
import { Refusal } from '#platform/refusal';
import { Throttle } from '#platform/throttle';
import type { Agreement } from '#policy/agreement';
import { LIMITS } from '#protocol/limits';
import { Register } from '#register/register';
import { Passes } from '#directory/passes';
import { Assets } from './assets';
import { DisputesController } from './disputes.controller';
import { DutiesController } from './duties.controller';
import { GatewayLine, type GatewayLineOptions } from './gateway-line';
import { IdentityProvider, type IdentityProviderOptions } from './identity-provider';
import { InboxController } from './inbox.controller';
import { ItemController } from './item.controller';
import { CONSOLE_LIMITS } from './limits';
import { type CONSOLE_METRICS, statusClass } from './metrics';
import { OpenController } from './open.controller';
import { PageFilter } from './page.filter';
import { Pages } from './pages';
import { PassesController } from './passes.controller';
import { Passers } from './passing';
import { protect } from './protection';
import { RegisterController } from './register.controller';
import { RefusalsController } from './refusals.controller';
import { AgeingController } from './ageing.controller';
import { BreachReportingController } from './breach-reporting.controller';
import { BreachesController } from './breaches.controller';
import { AgreementsController } from './agreements.controller';
import { SendingController } from './sending.controller';
import { SentController } from './sent.controller';
import { Sessions } from './sessions';
import { SignIn } from './sign-in';
import { StaffGuard } from './staff.guard';
import { ConsoleAgreements, ConsoleClock, ConsoleOrigin, ConsoleReader } from './tokens';

export interface ConsoleOptions {
  database: Database;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
  log: Log;
  /** Our origin as staff write it, `https://console.example`. */
  origin: string;
  listen: { host: string; port: number };
  /** PEM. */
  tls: { key: string; certificate: string };
  identity: Omit<IdentityProviderOptions, 'origin'>;
  /** The reader in which staff open what was shared, and our line to the gateway for what its pages ask. Absent: shares are opened by command. */
  reading?: { reader: { origin: string; digest: string }; gateway: GatewayLineOptions };
  /** Absent: counted for nobody. */
  metrics?: Metrics<typeof CONSOLE_METRICS>;
  /** Told of each route that is served: method and path. */
  routed?: (method: string, path: string) => void;
}

export interface RunningConsole {
  port: number;
  stop(): Promise<void>;
}

@Module({})
class ConsoleModule {
  static of({ database, agreements, clock, log, origin, identity, reading }: ConsoleOptions, pages: Pages): DynamicModule {
    const roll = new StaffRoll();
    const sessions = new Sessions({ database, roll, clock });
    const passes = new Passes();
    const provider = new IdentityProvider({ ...identity, origin });
    const throttle = new Throttle(database, 'sign-in', { rate: CONSOLE_LIMITS.signInsPerSecond.value, burst: CONSOLE_LIMITS.signInBurst.value });
    return {
      module: ConsoleModule,
      controllers: [OpenController, InboxController, ItemController, DutiesController, SendingController, SentController, RefusalsController, DisputesController, AgreementsController, AgeingController, BreachesController, RegisterController, BreachReportingController, ...(reading ? [PassesController] : [])],
      providers: [
        { provide: Database, useValue: database },
        { provide: Pages, useValue: pages },
        { provide: StaffRoll, useValue: roll },
        { provide: Sessions, useValue: sessions },
        { provide: SignIn, useValue: new SignIn({ database, provider, roll, sessions, clock, log }) },
        { provide: Throttle, useValue: throttle },
        { provide: Inbox, useValue: new Inbox([TRANSFERS, REQUESTS]) },
        { provide: Breaches, useValue: new Breaches({ database, clock, agreements }) },
        { provide: Register, useValue: new Register() },
        { provide: Owners, useValue: new Owners() },
        { provide: Looks, useValue: new Looks(new Register()) },
        { provide: Triages, useValue: new Triages(new Register()) },
        ...(reading ? [{ provide: GatewayLine, useValue: new GatewayLine(reading.gateway) }] : []),
        { provide: Passes, useValue: passes },
        { provide: ConsoleReader, useValue: new ConsoleReader(reading?.reader) },
        { provide: ConsoleClock, useValue: new ConsoleClock(clock) },
        { provide: ConsoleOrigin, useValue: new ConsoleOrigin(origin) },
        { provide: ConsoleAgreements, useValue: new ConsoleAgreements(agreements) },
        { provide: StaffGuard, useFactory: (reflector: Reflector) => new StaffGuard(reflector, sessions, new Passers({ database, passes, sessions, clock, reader: reading?.reader.origin }), new ConsoleOrigin(origin)), inject: [Reflector] },
      ],
    };
  }
}

/** Starts the pages for staff: TLS, one origin, nothing from anywhere else. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const pages = new Pages(new Assets(), options.clock);
  const filter = new PageFilter(pages, options.log);
  const adapter = new FastifyAdapter({
    https: { key: options.tls.key, cert: options.tls.certificate, minVersion: 'TLSv1.2' },
    bodyLimit: CONSOLE_LIMITS.form.value,
    requestTimeout: LIMITS.uploadIdle.value,
    routerOptions: { maxParamLength: 64 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => filter.answer(new Refusal({ code: 'NOT_FOUND' }), request, reply),
  } as never);
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.server.headersTimeout = LIMITS.headersTimeout.value;
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) options.routed?.(each, url);
  });
  protect(fastify, options.reading?.reader.origin);
  // What a page of the reader sends is left as the stream that it is.
  fastify.addContentTypeParser(['multipart/form-data', 'application/json'], (_request: FastifyRequest, _payload: unknown, done: (error: null) => void) => done(null));
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    options.metrics?.observe('waybill_pages_seconds', reply.elapsedTime / 1_000, { route: request.routeOptions?.url ?? 'none', status: statusClass(reply.statusCode) });
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(ConsoleModule.of(options, pages), adapter, { bodyParser: false, logger: false });
  await app.register(cookie as never);
  await app.register(formbody as never, { bodyLimit: CONSOLE_LIMITS.form.value } as never);
  app.useGlobalFilters(filter);
  app.useGlobalGuards(app.get(StaffGuard));
  await app.init();
  await app.listen(options.listen.port, options.listen.host);
  const { port } = fastify.server.address() as AddressInfo;
  options.log.write('info', 'console.listening', { port });
  return {
    port,
    stop: async () => {
      const deadline = setTimeout(() => fastify.server.closeAllConnections(), LIMITS.drain.value);
      await app.close();
      clearTimeout(deadline);
    },
  };
}
