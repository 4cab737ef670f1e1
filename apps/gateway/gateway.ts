import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Breaches } from '#breach/breaches';
import { Cases } from '#breach/cases';
import { Raising } from '#breach/raising';
import { Reports } from '#breach/reports';
import { Desk } from '#duties/desk';
import { Directory } from '#directory/directory';
import { Passes } from '#directory/passes';
import { spkisOf } from '#envelope/authority-keys';
import type { SigningKey } from '#envelope/signing-keys';
import { Decisions } from '#exchange/decisions';
import { Disclosures } from '#exchange/disclosures';
import { Documents } from '#exchange/documents';
import { Exchange } from '#exchange/exchange';
import type { Committed } from '#exchange/group';
import { Mailbox } from '#exchange/mailbox';
import { Spool } from '#exchange/spool';
import { Statements } from '#exchange/statements';
import { Timeline } from '#exchange/timeline';
import { Uploads } from '#exchange/uploads';
import { EventStreams } from '#exchange/event-streams';
import { Webhooks } from '#exchange/webhooks';
import type { Clock } from '#platform/clock';
import { Database } from '#platform/database';
import { Egress } from '#platform/egress';
import type { Log } from '#platform/log';
import { Refusal } from '#platform/refusal';
import { Throttle } from '#platform/throttle';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import { APPENDED_TYPE } from '#protocol/uploads';
import { hostOf } from '#register/checkpoint';
import { Backlog } from '#queue/backlog';
import { Register } from '#register/register';
import { Ageing } from '#requests/ageing';
import { Requests } from '#requests/requests';
import { Threads } from '#requests/threads';
import { Matters } from '#rights/matters';
import { RightsRequests } from '#rights/requests';
import { Custody } from '#partnership/custody';
import { Memberships } from '#partnership/memberships';
import { Oversight } from '#partnership/oversight';
import { ListsShown } from '#partnership/lists';
import { Notifications } from '#partnership/notifications';
import { Lifecycle } from '#partnership/lifecycle';
import { Meetings } from '#partnership/meetings';
import { Retention } from '#rights/retention';
import { AgencyGuard } from './agency.guard';
import { AgreementsController } from './agreements.controller';
import { BreachesController } from './breaches.controller';
import { DecisionsController } from './decisions.controller';
import { DutiesController } from './duties.controller';
import { DirectoryController } from './directory.controller';
import { DisclosuresController } from './disclosures.controller';
import { Figures } from './figures';
import { MailboxController } from './mailbox.controller';
import { MembershipsController } from './memberships.controller';
import { MattersController } from './matters.controller';
import { ListsController } from './lists.controller';
import { NotificationsController } from './notifications.controller';
import { MeetingsController } from './meetings.controller';
import { OpenController } from './open.controller';
import { ProblemFilter } from './problem.filter';
import { type ProxyOptions, startProxyListener } from './proxy-listener';
import { RegisterController } from './register.controller';
import { RequestsController } from './requests.controller';
import { CustodyController } from './custody.controller';
import { RetentionController } from './retention.controller';
import { RightsController } from './rights.controller';
import { SharesController } from './shares.controller';
import { Submissions } from './submissions';
import { type Agreements, Allowances, ConsoleKeys, GatewayClock, GatewayOrigin, LogKeys, PublishedKeys } from './tokens';
import { UploadsController } from './uploads.controller';
import { EventStreamController } from './event-stream.controller';
import { WebhooksController } from './webhooks.controller';

export interface GatewayOptions {
  database: Database;
  agreements: Agreements;
  clock: Clock;
  log: Log;
  /** What is counted for the operator. Absent: counted, and told to nobody. */
  figures?: Figures;
  /** Our origin as partners write it, `https://gateway.example`. */
  origin: string;
  listen: { host: string; port: number };
  /** A second listener for a pinned proxy, which names the caller in a Client-Cert header. Absent: there is none, and the header is refused. */
  proxy?: ProxyOptions;
  /** PEM of the certificate that the console presents to us, pinned by its public key. Absent: no browser of staff asks anything. */
  console?: string;
  /** PEM. */
  tls: { key: string; certificate: string };
  key: SigningKey;
  published: PublishedKeys;
  /** Public keys under which the relay signs checkpoints. */
  logKeys: readonly KeyObject[];
  /** Folder for ciphertext on its way in. */
  spool: string;
  /** Requests a second that one agency may make: shares, and all else. */
  perSecond?: { shares: number; others: number };
  /** From which the secrets of webhooks are worked out; the courier has the same. Absent: nothing is pushed. */
  webhookKey?: Buffer;
  /** Where agencies have queues of their own, as they reach it. Absent: none has. */
  partnerBroker?: string;
  /** Whether a courier sends mail: what none does is no way to anybody. Absent: none does. */
  mails?: boolean;
  /** Which addresses may be entered, where not the usual. */
  egress?: Egress;
  /** Messages that may wait to be delivered before shares that do not press are answered 503. */
  outboxLimit?: number;
}

export interface RunningGateway {
  port: number;
  /** Of the listener for the proxy. */
  proxyPort?: number;
  stop(): Promise<void>;
}

@Module({})
class GatewayModule {
  static of(options: GatewayOptions, spool: Spool, figures: Figures): DynamicModule {
    const { database, clock } = options;
    const directory = new Directory(database, options.mails);
    const register = new Register();
    const rooms = { database, directory, register, clock, agreements: options.agreements, gateway: options.origin, key: options.key, committed: (group: Committed) => figures.committed(group), backlog: new Backlog(database, options.outboxLimit) };
    const exchange = new Exchange(rooms);
    const raising = new Raising(rooms);
    return {
      module: GatewayModule,
      controllers: [OpenController, SharesController, RequestsController, DecisionsController, DisclosuresController, UploadsController, MailboxController, DirectoryController, RegisterController, WebhooksController, EventStreamController, DutiesController, MattersController, RightsController, RetentionController, CustodyController, MembershipsController, NotificationsController, ListsController, AgreementsController, MeetingsController, BreachesController],
      providers: [
        { provide: Database, useValue: database },
        { provide: Directory, useValue: directory },
        { provide: Register, useValue: register },
        { provide: Exchange, useValue: exchange },
        { provide: Decisions, useValue: new Decisions({ ...rooms, exchange }) },
        { provide: Disclosures, useValue: new Disclosures({ ...rooms, exchange }) },
        { provide: Desk, useValue: new Desk(rooms) },
        { provide: Mailbox, useValue: new Mailbox(rooms) },
        { provide: Statements, useValue: new Statements({ ...rooms, returned: (...came) => raising.returned(...came) }) },
        { provide: Timeline, useValue: new Timeline(rooms) },
        { provide: Uploads, useValue: new Uploads(rooms) },
        { provide: EventStreams, useValue: new EventStreams({ ...rooms, origin: options.origin, egress: options.egress ?? new Egress(), ...(options.webhookKey ? { webhookKey: options.webhookKey } : {}) }) },
        { provide: Webhooks, useValue: new Webhooks({ ...rooms, egress: options.egress ?? new Egress(), ...(options.webhookKey ? { webhookKey: options.webhookKey } : {}), ...(options.partnerBroker === undefined ? {} : { partnerBroker: options.partnerBroker }) }) },
        { provide: Requests, useValue: new Requests(rooms) },
        { provide: Ageing, useValue: new Ageing(rooms) },
        { provide: Threads, useValue: new Threads(rooms) },
        { provide: Matters, useValue: new Matters(rooms) },
        { provide: RightsRequests, useValue: new RightsRequests(rooms) },
        { provide: Retention, useValue: new Retention(rooms) },
        { provide: Custody, useValue: new Custody(rooms) },
        { provide: Memberships, useValue: new Memberships(rooms) },
        { provide: Oversight, useValue: new Oversight(rooms) },
        { provide: ListsShown, useValue: new ListsShown(rooms) },
        { provide: Notifications, useValue: new Notifications(rooms) },
        { provide: Meetings, useValue: new Meetings(rooms) },
        { provide: Lifecycle, useValue: new Lifecycle(rooms) },
        { provide: Reports, useValue: new Reports(rooms) },
        { provide: Breaches, useValue: new Breaches(rooms) },
        { provide: Cases, useValue: new Cases(rooms) },
        { provide: Spool, useValue: spool },
        Submissions,
        { provide: GatewayOrigin, useValue: new GatewayOrigin(options.origin) },
        { provide: GatewayClock, useValue: new GatewayClock(clock) },
        { provide: PublishedKeys, useValue: options.published },
        { provide: LogKeys, useValue: new LogKeys(hostOf(options.origin), options.logKeys) },
        { provide: Allowances, useValue: allowances(options) },
        { provide: Passes, useValue: new Passes() },
        { provide: ConsoleKeys, useValue: new ConsoleKeys(options.console === undefined ? [] : spkisOf(options.console)) },
        AgencyGuard,
      ],
    };
  }
}

/** A time limit is kept to within this; Node would look twice a minute. */
const TIMEOUTS_CHECKED_MS = 2_000;
/** An hour's worth of referrals from a whole county passes in a second of it; a loop that has gone wrong does not. */
const PER_SECOND = { shares: 50, others: 100 };
/** Seconds of it that may be asked for at once: a partner's system that was down sends what has gathered. */
const BURST_S = 10;

function allowances({ database, perSecond = PER_SECOND }: GatewayOptions): Allowances {
  const throttle = (name: keyof typeof PER_SECOND): Throttle => new Throttle(database, name, { rate: perSecond[name], burst: perSecond[name] * BURST_S });
  return new Allowances(throttle('shares'), throttle('others'));
}

/** Starts the HTTP API: TLS 1.2 or later, a client certificate asked for, every route denied without one unless it says otherwise. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const figures = options.figures ?? new Figures();
  const filter = new ProblemFilter(options.log, options.clock, (refusal) => figures.refused(refusal));
  const adapter: FastifyAdapter = new FastifyAdapter({
    https: { key: options.tls.key, cert: options.tls.certificate, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', connectionsCheckingInterval: TIMEOUTS_CHECKED_MS },
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
  // Before the first decision: none names an agreement whose text is not kept.
  await new Documents(options.database).keepAgreements(options.agreements.values());
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.of(options, await Spool.open(options.spool), figures), adapter, { bodyParser: false, logger: false });
  app.useGlobalFilters(filter);
  app.useGlobalGuards(app.get(AgencyGuard));
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.server.headersTimeout = LIMITS.headersTimeout.value;
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    figures.answered(request.routeOptions?.url, reply.statusCode, reply.elapsedTime);
    done();
  });
  fastify.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'strict-transport-security': 'max-age=31536000' });
    done(null, payload);
  });
  await app.init();
  await app.listen(options.listen.port, options.listen.host);
  const { port } = fastify.server.address() as AddressInfo;
  options.log.write('info', 'gateway.listening', { port });
  const proxy = options.proxy && (await startProxyListener(options.proxy, { host: options.listen.host, tls: options.tls, serve: (request, response) => fastify.routing(request, response) }));
  if (proxy) options.log.write('info', 'gateway.listening-for-proxy', { port: proxy.port });
  return {
    port,
    ...(proxy ? { proxyPort: proxy.port } : {}),
    stop: async () => {
      // Who is being served is served to the end, for as long as a shutdown may wait; who only holds a connection open is not waited for.
      const deadline = setTimeout(() => fastify.server.closeAllConnections(), LIMITS.drain.value);
      await Promise.all([app.close(), proxy?.stop()]);
      clearTimeout(deadline);
    },
  };
}

/** JSON is read as the wire allows it; a form, or octets of an upload, are left to whoever takes them, as the stream that they are; nothing else is taken. */
function bodies(adapter: FastifyAdapter): void {
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: LIMITS.plan.value }, (_request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void) => {
    const reading = readJson(body);
    if (reading.ok) done(null, reading.value);
    else done(new Refusal({ code: 'JSON_INVALID', pointer: reading.pointer, says: `The body is not JSON as the wire allows it: ${reading.problem}.` }));
  });
  for (const streamed of ['multipart/form-data', APPENDED_TYPE]) fastify.addContentTypeParser(streamed, (_request: FastifyRequest, _payload: unknown, done: (error: null) => void) => done(null));
}
