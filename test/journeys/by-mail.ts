import { execFileSync } from 'node:child_process';
import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import type { DkimKey } from '#mail/tls/dkim';
import type { Receipt, ShareTold } from '#protocol/answers';
import { CAST } from '../../apps/standalone/cast';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import { RECEPTION, SENDER, SURGERY, TEAM } from '../world/surgery';
import type { TestPartner } from '../world/partner';
import { eventually, openWorld, type WorldPlan } from '../world/partnership';
import { CANARY, Scene } from './referral';

export { RECEPTION, SENDER, SURGERY, TEAM };
export const NOTE = `${CANARY} has asthma`;
export interface DomainFound {
  lapsed_at: Date | null;
  found_at: Date | null;
  fault: string | null;
}

type Transfer = ShareTold['transfers'][number];

/** A partnership with a courier that mails, and a partner's mail domain: DNS, policy and host over real TLS. */
export class MailScene extends Scene {
  readonly surgery: TestPartner = this.world.partner(SURGERY.agency);

  private constructor(world: Scene['world'], readonly mail: MailDomain) {
    super(world);
  }

  static async open(running: Omit<WorldPlan, 'cast' | 'mail'> = {}, reportKey?: DkimKey): Promise<MailScene> {
    const mail = await MailDomain.start();
    const { resolver, egress, name, authorities, port } = mail.options();
    const world = await openWorld({ ...running, cast: [...CAST, SURGERY], mail: { sender: SENDER, ...(reportKey ? { reportKey } : {}), mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } });
    const scene = new MailScene(world, mail);
    await scene.secure();
    return scene;
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.mail.stop();
  }

  /** How the courier last found the domain. */
  async domain(): Promise<DomainFound> {
    return (await this.sql<DomainFound>('select lapsed_at, found_at, fault from waybill.mail_domain where domain = $1', [DOMAIN]))[0] as DomainFound;
  }

  /** Has the courier look at the domain, and waits until it has. */
  async looked(): Promise<DomainFound> {
    const looks = async () => (await this.sql<{ looks: number }>('select count(*)::int as looks from waybill.mail_posture where domain = $1', [DOMAIN]))[0]?.looks ?? 0;
    const before = await looks();
    await this.sql(`update waybill.mail_domain set check_at = '2000-01-01' where domain = $1`, [DOMAIN]);
    await eventually(async () => (await looks()) > before);
    return this.domain();
  }

  /** The domain as a well-kept one is, found to be so, and nothing in the way of its mail. */
  async secure(): Promise<void> {
    this.mail.reset();
    await this.sql('delete from waybill.sts_policy');
    expect(await this.looked()).toMatchObject({ lapsed_at: null, fault: null });
  }

  readonly plan = (urgency: 'routine' | 'emergency' = 'routine') => ({ parts: [{ category: 'health', text: NOTE, to: { [TEAM]: 'works-with-person' } }], manifest: { urgency } });

  async mails(urgency: 'routine' | 'emergency' = 'routine'): Promise<{ id: string; transfer: string; receipt: Receipt }> {
    const { share, receipt } = await this.send(this.plan(urgency));
    return { id: share.id, transfer: (receipt.transfers[0] as { transfer: string }).transfer, receipt };
  }

  /** The same in a container, to a contact that has no key. */
  async mailsContained(to = RECEPTION, urgency: 'routine' | 'emergency' = 'routine'): Promise<{ id: string; transfer: string; receipt: Receipt; container: Buffer; passphrase: string }> {
    const passphrase = newPassphrase();
    const container = Buffer.from(await makeContainer({ files: [{ octets: Buffer.from(NOTE), kind: 'txt' }], passphrase }));
    const { share, receipt } = await this.send({ parts: [{ category: 'health', text: NOTE, to: { [to]: 'works-with-person' }, sealed: () => container }], manifest: { urgency } });
    return { id: share.id, transfer: (receipt.transfers[0] as { transfer: string }).transfer, receipt, container, passphrase };
  }

  async ofTransfer(share: string): Promise<Transfer> {
    return (await this.told(share)).transfers[0] as Transfer;
  }

  inState(share: string, state: string): Promise<Transfer> {
    return eventually(async () => {
      const transfer = await this.ofTransfer(share);
      return transfer.state === state && transfer;
    });
  }

  duties(kind: string): Promise<{ owner: string; owner_role: string; closed_because: string | null; transfer: string | null; domain: string | null }[]> {
    return this.sql('select owner, owner_role, closed_because, transfer, domain from waybill.duty where kind = $1 order by opened_at', [kind]);
  }
}

const READ = `
import sys, json, base64
from email import policy
from email.parser import BytesParser
m = BytesParser(policy=policy.default).parsebytes(sys.stdin.buffer.read())
print(json.dumps({"headers": dict((k, str(v)) for k, v in m.items()), "parts": [[p.get_filename() or "", base64.b64encode(p.get_payload(decode=True)).decode()] for p in m.iter_parts()]}))
`;

/** What Python's email package makes of a message. */
export function read(octets: Uint8Array): { headers: Record<string, string>; parts: Map<string, Buffer> } {
  const { headers, parts } = JSON.parse(execFileSync('python3', ['-c', READ], { input: octets }).toString()) as { headers: Record<string, string>; parts: [string, string][] };
  return { headers, parts: new Map(parts.map(([name, text]) => [name, Buffer.from(text, 'base64')])) };
}
