import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Egress } from '#platform/egress';
import type { HeldPolicy, PolicyStore } from '#mail/domain';
import { Mailer, type MailerOptions } from '#mail/delivery';
import { Resolver } from '#mail/resolver';
import { type HostKey, mailAuthority, mailCertificate } from './mail-certificates';
import { MailHost } from './mail-host';
import { NameServer } from './name-server';

export const DOMAIN = 'merebrook.example';
export const HOST = 'mx1.merebrook.example';
export const TO = `front-door@${DOMAIN}`;
export const FROM = 'gateway@waybill.example';
const STS_HOST = `mta-sts.${DOMAIN}`;

export const LETTER = Buffer.from('From: <gateway@waybill.example>\r\nSubject: sealed\r\n\r\nhQEMA sealed octets\r\n');
export const policyText = ({ mode = 'enforce', mx = [HOST], age = 604_800 }: { mode?: string; mx?: readonly string[]; age?: number } = {}): string =>
  ['version: STSv1', `mode: ${mode}`, ...mx.map((each) => `mx: ${each}`), `max_age: ${age}`, ''].join('\r\n');

export const daneEe = (certificate: string) => ({ usage: 3, selector: 1, matchingType: 1, certificate: createHash('sha256').update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })).digest() });

export class Policies implements PolicyStore {
  readonly held = new Map<string, HeldPolicy>();
  get(domain: string): Promise<HeldPolicy | undefined> {
    return Promise.resolve(this.held.get(domain));
  }
  put(domain: string, held: HeldPolicy): Promise<void> {
    this.held.set(domain, held);
    return Promise.resolve();
  }
}

/** A mail domain of a partner: DNS, a policy over HTTPS, a host; and our side that sends to it. Only names and addresses are made up. */
export class MailDomain {
  readonly policies = new Policies();
  now = new Date();
  policy: { status: number; headers?: Record<string, string>; text: string } = { status: 200, text: policyText() };
  policyAsked = 0;
  /** What was posted to its web server. */
  posted: { type: string; octets: Buffer }[] = [];
  postedStatus = 200;
  /** Where `mta-sts.` leads. */
  policyAt: readonly string[] = ['127.0.0.1'];

  private constructor(readonly names: NameServer, readonly host: MailHost, private readonly web: Server, readonly authority: HostKey, readonly certificate: HostKey) {}

  static async start(): Promise<MailDomain> {
    const authority = mailAuthority();
    const certificate = mailCertificate(authority, { hosts: [HOST, STS_HOST] });
    const web = createServer(certificate);
    const domain = new MailDomain(await NameServer.start(), await MailHost.start({ tls: certificate }), web, authority, certificate);
    web.on('request', (request, response) => {
      if (request.method === 'POST') {
        const pieces: Buffer[] = [];
        request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
          domain.posted.push({ type: request.headers['content-type'] ?? '', octets: Buffer.concat(pieces) });
          response.writeHead(domain.postedStatus).end();
        });
        return;
      }
      domain.policyAsked++;
      response.writeHead(domain.policy.status, { 'content-type': 'text/plain', ...domain.policy.headers }).end(domain.policy.text);
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    domain.reset();
    return domain;
  }

  /** As a well-kept domain is: DNS without DNSSEC, and a policy that is enforced. */
  reset(): void {
    this.names.clear();
    this.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }] });
    this.names.set(HOST, 'A', { data: ['127.0.0.1'] });
    this.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { data: ['v=STSv1; id=20261128T1;'] });
    this.host.reset({ tls: this.certificate });
    this.policies.held.clear();
    [this.posted, this.postedStatus] = [[], 200];
    [this.now, this.policyAsked, this.policyAt, this.policy] = [new Date(), 0, ['127.0.0.1'], { status: 200, text: policyText() }];
  }

  async stop(): Promise<void> {
    this.web.close();
    await Promise.all([this.names.stop(), this.host.stop()]);
  }

  mailer(places: { reach?: readonly string[]; port?: number } = {}): Mailer {
    return new Mailer(this.options(places));
  }

  options({ reach = ['127.0.0.0/8'], port = this.host.port }: { reach?: readonly string[]; port?: number } = {}): MailerOptions {
    const webPort = (this.web.address() as AddressInfo).port;
    const egress = new Egress({ permit: reach, authorities: this.authority.cert, ports: [webPort], resolve: () => Promise.resolve(this.policyAt) });
    return {
      // A test may not listen on 443; all else of the address stays.
      egress: { ask: (url, what) => egress.ask(url.replace(`${STS_HOST}/`, `${STS_HOST}:${webPort}/`), what), reaches: (address) => egress.reaches(address) },
      resolver: new Resolver({ host: '127.0.0.1', port: this.names.port }), policies: this.policies, now: () => this.now, name: 'courier.waybill.example', authorities: this.authority.cert, port,
    };
  }

  deliver(to: string = TO, octets: Uint8Array = LETTER, recorded?: readonly string[]) {
    return this.mailer().deliver({ from: FROM, to, octets, ...(recorded ? { recorded } : {}) });
  }
}
