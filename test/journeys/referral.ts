import { randomBytes } from 'node:crypto';
import type { Certificate } from '#envelope/certificates';
import { open } from '#envelope/sealing';
import { addressed } from '#protocol/line';
import type { MailboxItem, Receipt, ShareTold, TransferOpenedUp } from '#protocol/answers';
import { type Answer, type Composed, type SharePlan, type TestPartner } from '../world/partner';
import { eventually, type World } from '../world/partnership';

export const FRONT_DOOR = 'merebrook-council/front-door';
export const CASEWORK = 'kingfisher-families/casework';
export const NURSE = 'eastgate-health/front-door-nurse';
export const HEALTH_VISITORS = 'eastgate-health/health-visitors';

/** What stands in every sealed part of a test and must never stand anywhere else. */
export const CANARY = 'Wilhelmina Quillfeather';

/** One valid share: two parts, one recipient. Each case of a test is a small change to it. */
export const REFERRAL: SharePlan = {
  parts: [
    { category: 'names', text: `Name: ${CANARY}`, to: { [FRONT_DOOR]: 'assesses-referral' } },
    { category: 'contacts-with-service', text: `${CANARY} came to school without a coat`, to: { [FRONT_DOOR]: 'assesses-referral' } },
  ],
};

/** The same to two recipients, of whom the second has no need to know the third part. */
export const REFERRAL_TO_TWO: SharePlan = {
  parts: [
    ...REFERRAL.parts.map((part) => ({ ...part, to: { ...part.to, [CASEWORK]: 'works-with-person' } })),
    { category: 'health', text: `${CANARY} has asthma`, to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: undefined } },
  ],
};

/** As it is when nothing of a payload is there. */
export const NOTHING = { share: 0, transfer: 0, part: 0, chunk: 0, wrapped_key: 0, line: 0, sealed_digest: 0 };

export type EntryRead = { kind: string; share?: string; transfer?: string } & Record<string, unknown>;

/** The agencies of a world, and what a test asks of it again and again. */
export class Scene {
  readonly school = this.world.partner('st-brigid-primary');
  readonly council = this.world.partner('merebrook-council');
  readonly charity = this.world.partner('kingfisher-families');
  readonly trust = this.world.partner('eastgate-health');

  constructor(readonly world: World) {}

  readonly certificates = (recipient: string): Certificate => {
    const [agency, contact] = recipient.split('/') as [string, string];
    return this.world.partner(agency).keys(contact).certificate;
  };

  compose(plan: SharePlan = REFERRAL): Promise<Composed> {
    return this.school.compose(plan, this.certificates);
  }

  /** Sends a share of the school and expects it to be accepted. */
  async send(plan: SharePlan = REFERRAL): Promise<{ share: Composed; receipt: Receipt }> {
    const share = await this.compose(plan);
    const answer = await this.school.submit(share);
    if (answer.status !== 202) throw new Error(`refused: ${answer.body.toString()}`);
    return { share, receipt: answer.json as Receipt };
  }

  /** The share in somebody's mailbox. */
  arrived(at: TestPartner, share: string): Promise<MailboxItem> {
    return eventually(async () => ((await at.get('/v1/mailbox')).json.items as MailboxItem[]).find((item) => item.share === share));
  }

  async transfer(at: TestPartner, share: string): Promise<TransferOpenedUp> {
    return (await at.get((await this.arrived(at, share)).links.self)).json as TransferOpenedUp;
  }

  async told(share: string): Promise<ShareTold> {
    return (await this.school.get(`/v1/shares/${share}`)).json as ShareTold;
  }

  /** Collects a part at its recipient and opens it with a contact's key. */
  async opened(at: TestPartner, transfer: TransferOpenedUp, part: string, contact?: string, author: TestPartner = this.school): Promise<string> {
    const copy = await at.get(`/v1/mailbox/${transfer.transfer}/parts/${part}`);
    if (copy.status !== 200) throw new Error(`not served: ${copy.body.toString()}`);
    const opened = await open({ octets: copy.body, keys: [at.keys(contact).key], author: author.keys().certificate, manifest: transfer.share, part, at: this.world.clock.now() });
    if (!opened.ok) throw new Error(`not opened: ${opened.code}`);
    return Buffer.from(opened.octets).toString();
  }

  /** How many rows each table of the exchange holds: what was kept of a payload. */
  async kept(): Promise<typeof NOTHING> {
    const tables = Object.keys(NOTHING);
    const { rows } = await this.world.db.owner.query<typeof NOTHING>(`select ${tables.map((table) => `(select count(*)::int from waybill.${table}) as ${table}`).join(', ')}`);
    return rows[0] as typeof NOTHING;
  }

  /** A controller's register as its octets stand, in the order in which they were recorded, integrated or not. */
  async entries(controller: string, about: { kind?: string; share?: string } = {}): Promise<EntryRead[]> {
    const { rows } = await this.world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller]);
    return rows.map(({ octets }) => JSON.parse(octets.toString()) as EntryRead)
      .filter((entry) => (about.kind === undefined || entry.kind === about.kind) && (about.share === undefined || entry.share === about.share));
  }

  /** How many entries every register holds of one kind. */
  async counted(kind: string): Promise<Record<string, number>> {
    const { rows } = await this.world.db.owner.query<{ controller: string; entries: number }>('select controller, count(*)::int as entries from waybill.entry where kind = $1 group by controller', [kind]);
    return Object.fromEntries(rows.map(({ controller, entries }) => [controller, entries]));
  }

  sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
  }

  /** Something goes wrong in the database, or goes slowly, until it is mended. @param when like `before update on waybill.outbox for each row` @param does PL/pgSQL, for a `begin` to stand before and a `return new; end` behind */
  async trouble(when: string, does: string): Promise<() => Promise<void>> {
    const name = `trouble_${randomBytes(4).toString('hex')}`;
    await this.sql(`create function waybill.${name}() returns trigger language plpgsql as $$ begin ${does}; return new; end $$`);
    await this.sql(`create trigger ${name} ${when} execute function waybill.${name}()`);
    return async () => void (await this.sql(`drop function waybill.${name}() cascade`));
  }

  /** New transfers wait in the queue until they are let go: time for an attacker to reach the database first. */
  async holdQueue(): Promise<() => Promise<void>> {
    await this.sql(`alter table waybill.outbox alter column due_at set default clock_timestamp() + interval '1 day'`);
    return async () => {
      await this.sql('alter table waybill.outbox alter column due_at set default clock_timestamp()');
      await this.hurry();
    };
  }

  /** Hands over at once what waits for its next attempt. */
  async hurry(): Promise<void> {
    await this.sql('update waybill.outbox set due_at = clock_timestamp() where parked_reason is null');
    await this.sql(`select pg_notify('waybill_outbox', '')`);
  }
}

/** Transfer of a receipt that goes to `agency/contact`. */
export function transferTo(receipt: Receipt, recipient: string): string {
  const found = receipt.transfers.find((transfer) => addressed(transfer.recipient) === recipient);
  if (!found) throw new Error(`no transfer to ${recipient}`);
  return found.transfer;
}

/** What every refusal over HTTP has, whatever was refused. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, type: String(answer.headers['content-type']).split(';')[0], code: answer.json?.code }).toEqual({ status, type: 'application/problem+json', code });
  expect(answer.json).toMatchObject({
    type: `urn:waybill:problem:${code}`, status, title: expect.stringMatching(/./), next: expect.stringMatching(/./),
    instance: expect.stringMatching(/^urn:uuid:/), serverTime: expect.stringMatching(/Z$/), reasons: expect.arrayContaining([expect.objectContaining({ code })]),
  });
}
