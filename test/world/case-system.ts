import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, EventPattern, type MicroserviceOptions, Payload, Server } from '@nestjs/microservices';
import { type ChannelModel, connect, type ConsumeMessage, credentials } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { open, openHandedOver, type PartOpened, type TransferOpened } from '#client/mailbox';
import type { Partner } from '#client/partner';
import { acknowledge } from '#client/statements';

/** A partner's own case system: takes what lies on its contact's queue, opens it, files it, and only then acknowledges it. Whoever runs it starts it again. */
export interface CaseSystem {
  partner: Partner;
  queue: { broker: string; name: string; tls: { ca: string; cert: string; key: string } };
  file(opened: TransferOpened<PartOpened>): Promise<void>;
}

class OwnQueue extends Server implements CustomTransportStrategy {
  private connection?: ChannelModel;
  constructor(private readonly queue: CaseSystem['queue']) { super(); }
  async listen(callback: (error?: unknown) => void): Promise<void> {
    this.connection = await connect(`${this.queue.broker}?heartbeat=10`, { ...this.queue.tls, credentials: credentials.external() } as object);
    const channel = await this.connection.createChannel();
    await channel.prefetch(4);
    await channel.consume(this.queue.name, (message) => message && void this.handle(message).then(() => channel.ack(message), () => channel.nack(message)));
    callback();
  }
  private async handle(message: ConsumeMessage): Promise<void> {
    const handler = this.getHandlerByPattern(String(message.properties.type));
    if (handler) await lastValueFrom(this.transformToObservable(await handler(message)), { defaultValue: undefined });
  }
  close = (): Promise<void> | undefined => this.connection?.close();
  on = (): void => undefined;
  unwrap = <T>(): T => this.connection as T;
}

@Controller()
class CasesController {
  constructor(@Inject('cases') private readonly cases: CaseSystem) {}
  @EventPattern('transfer.envelope')
  handedOver(@Payload() { content, properties: { contentType, headers } }: ConsumeMessage): Promise<void> {
    return this.take(openHandedOver(this.cases.partner, { transfer: String(headers?.['transfer']), contentType: String(contentType), octets: content, provenance: String(headers?.['Provenance']) }));
  }
  @EventPattern('transfer.available')
  toCollect(@Payload() { properties }: ConsumeMessage): Promise<void> {
    return this.take(open(this.cases.partner, String(properties.messageId)));
  }
  private async take(opening: Promise<TransferOpened<PartOpened>>): Promise<void> {
    const opened = await opening;
    await this.cases.file(opened);
    await acknowledge(this.cases.partner, opened.copy);
  }
}

export async function startCaseSystem(cases: CaseSystem): Promise<{ close(): Promise<void> }> {
  @Module({ controllers: [CasesController], providers: [{ provide: 'cases', useValue: cases }] })
  class CasesModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(CasesModule, { strategy: new OwnQueue(cases.queue), logger: false });
  await app.listen();
  return app;
}
