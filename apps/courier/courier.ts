import 'reflect-metadata';
import { Controller, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { Directory } from '#directory/directory';
import { Delivery } from '#exchange/delivery';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Message, Outcome } from '#queue/message';
import { PostgresTransport } from '#queue/postgres-transport';
import { Register } from '#register/register';

export interface CourierOptions {
  database: Database;
  clock: Clock;
  log: Log;
}

@Controller()
class DeliveriesController {
  constructor(private readonly delivery: Delivery) {}

  /** The queue may hand us a message twice: a transfer moves once, whatever is handed over. */
  @EventPattern('transfer.due')
  deliver(@Payload() message: Message): Promise<Outcome> {
    return this.delivery.deliver(message);
  }
}

@Module({})
class CourierModule {
  static with(delivery: Delivery): DynamicModule {
    return { module: CourierModule, controllers: [DeliveriesController], providers: [{ provide: Delivery, useValue: delivery }] };
  }
}

/** Takes transfers off the queue and lays them into mailboxes. */
export async function startCourier(options: CourierOptions): Promise<{ stop(): Promise<void> }> {
  const delivery = new Delivery({ ...options, directory: new Directory(options.database), register: new Register() });
  const strategy = new PostgresTransport({ database: options.database, log: options.log, fill: (transfer) => delivery.envelopeOf(transfer), setAside: (transfer, code) => delivery.setAside(transfer, code) });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(CourierModule.with(delivery), { strategy, logger: false });
  await app.listen();
  return { stop: () => app.close() };
}
