import type { Egress, TlsEvidence } from '#platform/egress';
import { type MailAddress, readAddress, writtenAddress } from './address';
import { recordsOf, type Sources } from './domain';
import { MAIL_FAULTS, MailFailed, type MailFault } from './faults';
import { addressesOf } from './reaching';
import { type DomainRecords, type HostRule, type Proof, requirement, type StsState } from './requirement';
import { SmtpConnection } from './smtp/connection';
import { isMessage, LARGEST_MAIL, stuffed } from './smtp/octets';
import { isHost } from './sts';
import { failedAt, failedBefore, heldAt, type TlsSession } from './tls/sessions';

export const SMTP_PORT = 25;
/** RFC 5321, 4.5.3.2.6: a host that has it all may take its time; who hangs up early sends it twice. */
export const FINAL_REPLY_MS = 600_000;
/** Addresses of one host that are tried. */
export const MOST_ADDRESSES = 2;

/** How a message went, for the register: what an auditor asks of a channel that rests on TLS. */
export interface MailEvidence extends TlsEvidence {
  host: string;
  proofs: readonly Proof[];
  dane: 'matched' | 'none';
  /** The id of the domain's policy that was enforced. */
  policyId?: string;
  /** The host promised to pass it on under the same rules (RFC 8689). */
  requireTls: boolean;
}

export type Delivery =
  | { outcome: 'sent'; evidence: MailEvidence }
  /** `mayHaveArrived`: the connection broke between the last octet and the answer. */
  | { outcome: 'temporary' | 'permanent'; fault: MailFault; reply?: { code: number; enhanced?: string }; mayHaveArrived?: true };

export interface MailerOptions extends Omit<Sources, 'egress'> {
  egress: Pick<Egress, 'ask' | 'reaches'>;
  /** The name by which this machine is known: what it says to a host first. */
  name: string;
  /** PEM of authorities beside the machine's own. */
  authorities?: string;
  port?: number;
}

export interface Mail {
  from: string;
  /** One recipient: nobody sees another's address, and one refusal concerns one transfer. */
  to: string;
  octets: Uint8Array;
  /** Patterns of hosts that the co-ordinator recorded for the recipient's domain. */
  recorded?: readonly string[];
  /** Our own relay, which answers for where it takes the mail: the only host that is rung. */
  relay?: string;
  /** Told of every try at TLS with a host of the domain, for the report to it (RFC 8460). */
  counts?: (sessions: readonly TlsSession[]) => void;
}

/** What the hosts of one domain are held to. */
interface Held {
  sts: StsState;
  policyId?: string;
  counts: NonNullable<Mail['counts']>;
}

/** Sends sealed mail to a domain that proves which hosts are its own, and to nothing else. */
export class Mailer {
  constructor(private readonly options: MailerOptions) {
    if (!isHost(options.name)) throw new TypeError('the name of this machine is a host name, like mail.gateway.example');
  }

  /** Delivers once, or says why not. Never throws for what the other side does. */
  async deliver({ from, to, octets, recorded, relay, counts = () => undefined }: Mail): Promise<Delivery> {
    const [sender, recipient] = [readAddress(from), readAddress(to)];
    if (!sender.ok || !recipient.ok) return failed('bad-address');
    if (octets.length > LARGEST_MAIL) return failed('too-large');
    if (!isMessage(octets)) return failed('bad-message');
    const letter = { sender: sender.address, recipient: recipient.address, octets };
    if (relay !== undefined) return this.toHosts([ownRelay(relay)], letter, { sts: { state: 'none' }, counts: () => undefined });
    const records: DomainRecords = { ...(await recordsOf(recipient.address.domain, this.options)), ...(recorded ? { recorded } : {}) };
    const rules = requirement(records);
    if (rules.ok) return this.toHosts(rules.hosts, letter, { sts: records.sts, counts, ...(rules.policyId ? { policyId: rules.policyId } : {}) });
    counts(failedBefore(rules.fault, records));
    return failed(rules.fault);
  }

  private async toHosts(rules: readonly HostRule[], letter: Letter, held: Held): Promise<Delivery> {
    let last: Delivery = failed('not-reached');
    for (const rule of rules) {
      last = await this.toHost(rule, letter, held);
      if (last.outcome !== 'temporary' || last.mayHaveArrived) return last;
    }
    return last;
  }

  private async toHost(rule: HostRule, letter: Letter, held: Held): Promise<Delivery> {
    const at = await addressesOf(rule.host, this.options);
    if ('fault' in at) return failed(at.fault);
    let last: Delivery = failed('not-reached');
    for (const address of at.addresses.slice(0, MOST_ADDRESSES)) {
      last = await this.over(address, rule, letter, held);
      if (last.outcome === 'sent' || last.fault !== 'not-reached' || last.mayHaveArrived) return last;
    }
    return last;
  }

  private async over(address: string, rule: HostRule, letter: Letter, { sts, policyId, counts }: Held): Promise<Delivery> {
    let connection: SmtpConnection | undefined;
    const progress = { given: false };
    try {
      connection = await SmtpConnection.to({ address, port: this.options.port ?? SMTP_PORT });
      const { tls, extensions } = await this.secured(connection, rule).catch((error: unknown) => {
        if (error instanceof MailFailed) counts(failedAt(rule, sts, error));
        throw error;
      });
      counts(heldAt(rule, sts));
      const requireTls = extensions.has('REQUIRETLS');
      await handOver(connection, letter, { extensions, progress });
      return { outcome: 'sent', evidence: { ...tls, host: rule.host, proofs: rule.proofs, dane: rule.tlsa.length > 0 ? 'matched' : 'none', ...(policyId ? { policyId } : {}), requireTls } };
    } catch (error) {
      if (!(error instanceof MailFailed)) throw error;
      return { ...failed(error.fault, error.reply), ...(progress.given && !error.reply ? { mayHaveArrived: true as const } : {}) };
    } finally {
      connection?.close();
    }
  }

  /** In clear goes our name and the wish for TLS, and nothing else. */
  private async secured(connection: SmtpConnection, rule: HostRule): Promise<{ tls: TlsEvidence; extensions: ReadonlyMap<string, string> }> {
    const { name, authorities, now } = this.options;
    await askForTls(connection, name);
    const tls = await connection.secure(rule, { now: now(), ...(authorities ? { authorities } : {}) });
    // What was said in clear is forgotten (RFC 3207, 4.2).
    return { tls, extensions: extensionsOf(await connection.command(`EHLO ${name}`, 250)) };
  }
}

/** Nothing but its certificate says that it is ours, and nothing but its word what it does. */
const ownRelay = (host: string): HostRule => ({ host, proofs: ['recorded'], certified: true, tlsa: [] });

export interface Letter {
  sender: MailAddress;
  recipient: MailAddress;
  octets: Uint8Array;
}

/** @throws MailFailed */
export async function handOver(connection: SmtpConnection, { sender, recipient, octets }: Letter, { extensions, progress, requireTls = extensions.has('REQUIRETLS') }: { extensions: ReadonlyMap<string, string>; progress: { given: boolean }; requireTls?: boolean }): Promise<void> {
  const size = extensions.get('SIZE');
  if (size && Number(size) > 0 && octets.length > Number(size)) throw new MailFailed('too-large');
  const parameters = [...(size === undefined ? [] : [`SIZE=${octets.length}`]), ...(requireTls ? ['REQUIRETLS'] : []), ...(extensions.has('DSN') ? ['RET=HDRS'] : [])];
  await connection.command([`MAIL FROM:<${writtenAddress(sender)}>`, ...parameters].join(' '), 250);
  // RFC 3461: of what becomes of it we want to know the bad news, and not have the message back.
  await connection.command(`RCPT TO:<${writtenAddress(recipient)}>${extensions.has('DSN') ? ' NOTIFY=FAILURE,DELAY' : ''}`, 250);
  await connection.command('DATA', 354);
  progress.given = true;
  await connection.octets(stuffed(octets), 250, FINAL_REPLY_MS);
}

export const failed = (fault: MailFault, reply?: { code: number; enhanced?: string }) => ({ outcome: MAIL_FAULTS[fault].outcome, fault, ...(reply ? { reply } : {}) });

/** @throws MailFailed no-starttls, and what a connection throws */
export async function askForTls(connection: SmtpConnection, name: string): Promise<void> {
  if (!extensionsOf(await connection.command(`EHLO ${name}`, 250)).has('STARTTLS')) throw new MailFailed('no-starttls');
  await connection.command('STARTTLS', 220).catch((error: unknown) => {
    throw error instanceof MailFailed && error.reply ? new MailFailed('no-starttls', error.reply) : error;
  });
}

/** What a host offers, by keyword in capitals. */
export function extensionsOf({ lines }: { lines: readonly string[] }): ReadonlyMap<string, string> {
  return new Map(lines.slice(1).map((line) => {
    const [keyword = '', ...values] = line.trim().split(' ');
    return [keyword.toUpperCase(), values.join(' ')];
  }));
}
