import 'reflect-metadata';
import { type ArgumentsHost, Catch, Controller, Module, type DynamicModule, type RpcExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { NoticeMails } from '#breach/notice-mails';
import { Directory } from '#directory/directory';
import { Domains } from '#directory/domains';
import { HeldPolicies } from '#directory/policies';
import { TlsReports } from '#directory/tls-reports';
import { Delivery } from '#exchange/delivery';
import { EventPushes } from '#exchange/event-pushes';
import { Mailings, type MailSender, releaseHeld } from '#exchange/mailings';
import { byAmqp } from '#exchange/push-by-amqp';
import { byHttp } from '#exchange/push-by-http';
import { Pushes } from '#exchange/pushes';
import { Mailer, type MailerOptions } from '#mail/delivery';
import { postureOf } from '#mail/probing';
import type { DkimKey } from '#mail/tls/dkim';
import { WeakHop } from '#mail/weak-hop';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Egress } from '#platform/egress';
import { errorName, type Log } from '#platform/log';
import type { BrokerStatus } from '#queue/broker';
import { type Message, type Outcome, PATTERN } from '#queue/message';
import { type PartnerQueueOutcomes, PartnerQueues } from '#queue/partner-queues';
import { PostgresTransport } from '#queue/postgres-transport';
import { RabbitTransport } from '#queue/rabbit-transport';
import type { BrokerAddress } from '#queue/settings';
import { Register } from '#register/register';
import { startTakingUp } from './taking-up';

export interface CourierOptions {
  database: Database;
  clock: Clock;
  log: Log;
  /** RabbitMQ carries the queue. Absent: PostgreSQL does. */
  broker?: BrokerAddress;
  /** What agencies have pushed to endpoints of their own. Absent: nothing is. */
  push?: { egress: Egress; webhookKey: Buffer };
  /** On which agencies have queues of their own; its virtual hosts are theirs. Absent: nothing is laid on any. */
  partnerBroker?: BrokerAddress;
  /** What goes by mail. Absent: another courier sends it. */
  mail?: { sender: MailSender; mailer: Omit<MailerOptions, 'policies' | 'now'>; reportKey?: DkimKey };
}

export interface Courier {
  /** How it stands with the broker, where there is one. */
  status?: BrokerStatus;
  /** What came of laying messages on partners' own queues, where there are some. */
  partnerQueues?: PartnerQueueOutcomes;
  stop(): Promise<void>;
}

@Controller()
class DeliveriesController {
  constructor(private readonly delivery: Delivery) {}

  /** The queue may hand us a message twice: a transfer moves once, whatever is handed over. */
  @EventPattern(PATTERN)
  deliver(@Payload() messages: Message[]): Promise<Outcome[]> {
    return this.delivery.deliver(messages);
  }
}

/** What went wrong reaches the transport as it is: Nest would put a sentence in its place, and the transport could not tell an outage from a fault. */
@Catch()
class Unchanged implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

@Module({})
class CourierModule {
  static with(delivery: Delivery): DynamicModule {
    return { module: CourierModule, controllers: [DeliveriesController], providers: [{ provide: Delivery, useValue: delivery }] };
  }
}

/** Takes transfers off the queue and lays them into mailboxes, and tells those who want to be told. */
export async function startCourier(options: CourierOptions): Promise<Courier> {
  const { database, log, broker } = options;
  const rooms = { database, clock: options.clock, directory: new Directory(database), register: new Register() };
  const delivery = new Delivery(rooms);
  const settling = { database, log, setAside: delivery.setAside.bind(delivery) };
  const strategy = broker ? new RabbitTransport({ ...settling, broker }) : new PostgresTransport({ ...settling, fill: (transfers) => delivery.fillings(transfers) });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(CourierModule.with(delivery), { strategy, logger: false });
  app.useGlobalFilters(new Unchanged());
  await app.listen();
  const queues = options.partnerBroker && new PartnerQueues(options.partnerBroker);
  const ways = { ...(options.push ? { http: byHttp({ ...rooms, ...options.push }) } : {}), ...(queues ? { amqp: byAmqp({ ...rooms, queues, log }) } : {}) };
  const loops = [
    ...(Object.keys(ways).length > 0 ? [startTakingUp(new Pushes({ ...rooms, ways }), (error) => log.write('error', 'courier.push-failed', { error: errorName(error) }))] : []),
    ...(options.push ? [startTakingUp(new EventPushes({ ...rooms, ...options.push }), (error) => log.write('error', 'courier.push-failed', { error: errorName(error) }))] : []),
    ...(options.mail ? mailing(rooms, options.mail, log) : []),
  ];
  return {
    ...(strategy instanceof RabbitTransport ? { status: strategy.brokerStatus } : {}),
    ...(queues ? { partnerQueues: queues.outcomes } : {}),
    stop: async () => {
      await Promise.all([app.close(), ...loops.map((loop) => loop.stop())]);
      await queues?.close();
    },
  };
}

function mailing(rooms: { database: Database; clock: Clock; directory: Directory; register: Register }, { sender, mailer: options, reportKey }: NonNullable<CourierOptions['mail']>, log: Log) {
  const { database, clock } = rooms;
  const mailer: MailerOptions = { ...options, policies: new HeldPolicies(database), now: () => clock.now() };
  const sending = new Mailer(mailer);
  const reports = new TlsReports({ database, clock, resolver: options.resolver, egress: options.egress, mailer: sending, from: sender.from, ...(reportKey ? { key: reportKey } : {}) });
  const domains = new Domains({ database, clock, look: (domain, recorded) => postureOf(domain, { ...mailer, recorded }), restored: releaseHeld });
  return [
    startTakingUp(new Mailings({ ...rooms, mailer: sending, weakHop: new WeakHop(mailer), sender }), (error) => log.write('error', 'courier.mail-failed', { error: errorName(error) })),
    startTakingUp(new NoticeMails({ ...rooms, mailer: sending, sender }), (error) => log.write('error', 'courier.mail-failed', { error: errorName(error) })),
    startTakingUp(domains, (error) => log.write('error', 'courier.domain-failed', { error: errorName(error) })),
    startTakingUp(reports, (error) => log.write('error', 'courier.report-failed', { error: errorName(error) })),
  ];
}
