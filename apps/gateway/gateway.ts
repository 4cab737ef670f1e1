import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Directory } from '#directory/directory';
import type { SigningKey } from '#envelope/signing-keys';
import { Exchange } from '#exchange/exchange';
import { Mailbox } from '#exchange/mailbox';
import { Spool } from '#exchange/spool';
import { Statements } from '#exchange/statements';
import { Timeline } from '#exchange/timeline';
import type { Clock } from '#platform/clock';
import { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { Refusal } from '#platform/refusal';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import { hostOf } from '#register/checkpoint';
import { Register } from '#register/register';
import { AgencyGuard } from './agency.guard';
import { DirectoryController } from './directory.controller';
import { MailboxController } from './mailbox.controller';
import { OpenController } from './open.controller';
import { ProblemFilter } from './problem.filter';
import { RegisterController } from './register.controller';
import { SharesController } from './shares.controller';
import { type Agreements, GatewayClock, LogKeys, PublishedKeys } from './tokens';

export interface GatewayOptions {
  database: Database;
  agreements: Agreements;
  clock: Clock;
  log: Log;
  /** Our origin as partners write it, `https://gateway.example`. */
  origin: string;
  listen: { host: string; port: number };
  /** PEM. */
  tls: { key: string; certificate: string };
  key: SigningKey;
  published: PublishedKeys;
  /** Public keys under which the relay signs checkpoints. */
  logKeys: readonly KeyObject[];
  /** Folder for ciphertext on its way in. */
  spool: string;
}

export interface RunningGateway {
  port: number;
  stop(): Promise<void>;
}

@Module({})
class GatewayModule {
  static of(options: GatewayOptions, spool: Spool): DynamicModule {
    const { database, clock } = options;
    const directory = new Directory(database);
    const register = new Register();
    const rooms = { database, directory, register, clock, agreements: options.agreements, gateway: options.origin, key: options.key };
    return {
      module: GatewayModule,
      controllers: [OpenController, SharesController, MailboxController, DirectoryController, RegisterController],
      providers: [
        { provide: Database, useValue: database },
        { provide: Directory, useValue: directory },
        { provide: Register, useValue: register },
        { provide: Exchange, useValue: new Exchange(rooms) },
        { provide: Mailbox, useValue: new Mailbox(rooms) },
        { provide: Statements, useValue: new Statements(rooms) },
        { provide: Timeline, useValue: new Timeline(rooms) },
        { provide: Spool, useValue: spool },
        { provide: GatewayClock, useValue: new GatewayClock(clock) },
        { provide: PublishedKeys, useValue: options.published },
        { provide: LogKeys, useValue: new LogKeys(hostOf(options.origin), options.logKeys) },
        AgencyGuard,
      ],
    };
  }
}

/** Starts the HTTP API: TLS 1.2 or later, a client certificate asked for, every route denied without one unless it says otherwise. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const filter = new ProblemFilter(options.log, options.clock);
  const adapter: FastifyAdapter = new FastifyAdapter({
    https: { key: options.tls.key, cert: options.tls.certificate, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' },
    bodyLimit: LIMITS.plan.value,
    requestTimeout: LIMITS.uploadTotal.value,
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: 'idle',
    // A HEAD would run the handler: it would collect a transfer of which no octet is served.
    exposeHeadRoutes: false,
    // A path that cannot be read leads nowhere; Fastify's own answer would repeat it.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => filter.answer(new Refusal({ code: 'NOT_FOUND' }), request, reply),
  } as never);
  bodies(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.of(options, await Spool.open(options.spool)), adapter, { bodyParser: false, logger: false });
  app.useGlobalFilters(filter);
  app.useGlobalGuards(app.get(AgencyGuard));
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.server.headersTimeout = LIMITS.headersTimeout.value;
  fastify.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'strict-transport-security': 'max-age=31536000' });
    done(null, payload);
  });
  await app.init();
  await app.listen(options.listen.port, options.listen.host);
  const { port } = fastify.server.address() as AddressInfo;
  options.log.write('info', 'gateway.listening', { port });
  return {
    port,
    stop: async () => {
      // Who is being served is served to the end, for as long as a shutdown may wait; who only holds a connection open is not waited for.
      const deadline = setTimeout(() => fastify.server.closeAllConnections(), LIMITS.drain.value);
      await app.close();
      clearTimeout(deadline);
    },
  };
}

/** JSON is read as the wire allows it; a form is left to whoever takes it, as the stream that it is; nothing else is taken. */
function bodies(adapter: FastifyAdapter): void {
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: LIMITS.plan.value }, (_request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void) => {
    const reading = readJson(body);
    if (reading.ok) done(null, reading.value);
    else done(new Refusal({ code: 'JSON_INVALID', pointer: reading.pointer, says: `The body is not JSON as the wire allows it: ${reading.problem}.` }));
  });
  fastify.addContentTypeParser('multipart/form-data', (_request: FastifyRequest, _payload: unknown, done: (error: null) => void) => done(null));
}
