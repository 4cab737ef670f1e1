import type { TlsEvidence } from '#platform/egress';
import { readAddress } from './address';
import { ContainerMail } from './container-mail';
import { extensionsOf, failed, handOver, type Delivery, type Letter, type MailerOptions, MOST_ADDRESSES, SMTP_PORT } from './delivery';
import { recordsOf } from './domain';
import { MailFailed } from './faults';
import { addressesOf } from './reaching';
import { leastRequirement } from './requirement';
import { SmtpConnection } from './smtp/connection';
import { LARGEST_MAIL } from './smtp/octets';

/** What a hop that need hold no TLS was found to hold. */
export interface HopEvidence {
  host: string;
  /** Begun with whoever answered: nobody is proved by it. Absent: it went in clear, and only the container protected it. */
  tls?: TlsEvidence;
}

export type HopDelivery = { outcome: 'sent'; evidence: HopEvidence } | Exclude<Delivery, { outcome: 'sent' }>;

/**
 * Where an agreement lets a container go to a domain that holds no TLS (CH-04). It takes containers and nothing else: what is sealed otherwise, or not at all, has no
 * way here. TLS is begun where it is offered, of whatever sort; where it is not, or comes to nothing, it goes in clear.
 */
export class WeakHop {
  constructor(private readonly options: MailerOptions) {}

  /** Delivers once, or says why not. Never throws for what the other side does. @throws TypeError for what is no mail of containers */
  async deliver(mail: ContainerMail, { from, recorded }: { from: string; recorded?: readonly string[] }): Promise<HopDelivery> {
    const octets = ContainerMail.octetsOf(mail);
    const sender = readAddress(from);
    if (!sender.ok) return failed('bad-address');
    if (octets.length > LARGEST_MAIL) return failed('too-large');
    const rules = leastRequirement({ ...(await recordsOf(mail.to.domain, this.options)), ...(recorded ? { recorded } : {}) });
    if (!rules.ok) return failed(rules.fault);
    let last: HopDelivery = failed('not-reached');
    for (const host of rules.hosts) {
      last = await this.toHost(host, { sender: sender.address, recipient: mail.to, octets });
      if (last.outcome !== 'temporary' || last.mayHaveArrived) return last;
    }
    return last;
  }

  private async toHost(host: string, letter: Letter): Promise<HopDelivery> {
    const at = await addressesOf(host, this.options);
    if ('fault' in at) return failed(at.fault);
    let last: HopDelivery = failed('not-reached');
    for (const address of at.addresses.slice(0, MOST_ADDRESSES)) {
      last = await this.over(address, host, letter, { tls: true });
      // What TLS came to nothing with is rung once more, and not asked for it.
      if (last.outcome === 'temporary' && last.fault === 'no-tls') last = await this.over(address, host, letter, { tls: false });
      if (last.outcome === 'sent' || last.fault !== 'not-reached' || last.mayHaveArrived) return last;
    }
    return last;
  }

  private async over(address: string, host: string, letter: Letter, wanted: { tls: boolean }): Promise<HopDelivery> {
    let connection: SmtpConnection | undefined;
    const progress = { given: false };
    try {
      connection = await SmtpConnection.to({ address, port: this.options.port ?? SMTP_PORT });
      const { tls, extensions } = await this.greeted(connection, host, wanted);
      await handOver(connection, letter, { extensions, progress, requireTls: false });
      return { outcome: 'sent', evidence: { host, ...(tls ? { tls } : {}) } };
    } catch (error) {
      if (!(error instanceof MailFailed)) throw error;
      return { ...failed(error.fault, error.reply), ...(progress.given && !error.reply ? { mayHaveArrived: true as const } : {}) };
    } finally {
      connection?.close();
    }
  }

  private async greeted(connection: SmtpConnection, host: string, wanted: { tls: boolean }): Promise<{ tls?: TlsEvidence; extensions: ReadonlyMap<string, string> }> {
    const greet = async () => extensionsOf(await connection.command(`EHLO ${this.options.name}`, 250));
    const inClear = await greet();
    if (!wanted.tls || !inClear.has('STARTTLS')) return { extensions: inClear };
    await connection.command('STARTTLS', 220).catch((error: unknown) => {
      throw error instanceof MailFailed && error.reply ? new MailFailed('no-tls') : error;
    });
    const tls = await connection.unproven(host);
    return { tls, extensions: await greet() };
  }
}
