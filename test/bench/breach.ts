import { createWriteStream, mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { openLog } from '#platform/log';
import { type Courier, startCourier } from '../../apps/courier/courier';
import { CAST } from '../../apps/standalone/cast';
import { reportBreach } from '../world/breaches';
import setUp from '../world/global-setup';
import tearDown from '../world/global-teardown';
import { DOMAIN, MailDomain } from '../world/mail-domain';
import { eventually, openWorld, type World } from '../world/partnership';
import { SENDER, SURGERY, TEAM } from '../world/surgery';
import { percentile } from './usage';

// `npm run bench:breach`: from the report of a breach to its first notice, where nothing waits, and with ten thousand routine transfers in the queue: on record, on the list of
// duties of whoever is told, and at the mail host of a contact that collects nothing. CI does not run it.

const QUEUED = Number(process.env['WAYBILL_BENCH_QUEUED'] ?? 10_000);
const REPORTS = 20;
const AT_ONCE = 16;
const FRONT_DOOR = 'merebrook-council/front-door';

type Sql = <T extends object>(text: string, values?: unknown[]) => Promise<T[]>;

async function main(): Promise<void> {
  mkdirSync(join('.waybill', 'test'), { recursive: true });
  await setUp();
  const mail = await MailDomain.start();
  const { resolver, egress, name, authorities, port } = mail.options();
  const mails = { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } };
  const world = await openWorld({ cast: [...CAST, SURGERY], without: ['courier'], mail: mails, perSecond: { shares: 100_000, others: 100_000 } });
  const takeUp = (): Promise<Courier> => startCourier({
    database: world.system.database('courier'), clock: world.clock, log: openLog('courier', createWriteStream(join(world.folder, 'courier.log'), { flags: 'a' })),
    mail: mails,
  });
  let courier = await takeUp();
  try {
    const sql: Sql = async <T extends object>(text: string, values: unknown[] = []) => (await world.db.owner.query<T>(text, values)).rows;
    await eventually(async () => (await sql<{ found: boolean }>('select found_at is not null and lapsed_at is null as found from waybill.mail_domain where domain = $1', [DOMAIN]))[0]?.found);
    const lost = await sent(world, TEAM, 'works-with-person');
    await eventually(async () => (await sql('select from waybill.outbox')).length === 0);
    const alone = await reports(world, mail, lost, sql);
    await courier.stop();
    let left = QUEUED;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await sent(world, FRONT_DOOR, 'assesses-referral');
    }));
    courier = await takeUp();
    console.table({ 'nothing queued': alone, [`${QUEUED.toLocaleString('en-GB')} queued`]: await reports(world, mail, lost, sql) });
    console.log(`ms from the report, p50 / most of ${REPORTS} reports; ${cpus().length} × ${cpus()[0]?.model ?? ''}; ${new Date().toISOString().slice(0, 10)}`);
  } finally {
    await courier.stop();
    await world.close();
    await mail.stop();
    await tearDown();
  }
}

async function sent(world: World, to: string, need: string): Promise<string> {
  const school = world.partner('st-brigid-primary');
  const [agency = '', contact = ''] = to.split('/');
  const share = await school.compose({ parts: [{ category: 'health', text: 'a word', to: { [to]: need } }] }, () => world.partner(agency).keys(contact).certificate);
  const answer = await school.submit(share);
  if (answer.status !== 202) throw new Error(`refused: ${answer.body.toString()}`);
  return share.id;
}

/** One after the other, as fast as they go. */
async function reports(world: World, mail: MailDomain, lost: string, sql: Sql): Promise<Record<string, string>> {
  const [school, surgery] = [world.partner('st-brigid-primary'), world.partner(SURGERY.agency)];
  const queued = async (): Promise<string> => String((await sql<{ left: number }>('select count(*)::int as left from waybill.outbox where parked_reason is null'))[0]?.left ?? 0);
  const before = await queued();
  const took: Record<'on record' | 'on the list of duties' | 'at the mail host', number[]> = { 'on record': [], 'on the list of duties': [], 'at the mail host': [] };
  for (let n = 0; n < REPORTS; n++) {
    const began = performance.now();
    const { breach } = await reportBreach(world, school, { shares: [lost], recipients: [SURGERY.agency] });
    took['on record'].push(performance.now() - began);
    await eventually(async () => ((await surgery.get('/v1/duties?limit=100')).json.items as { breach?: string }[]).some((duty) => duty.breach === breach));
    took['on the list of duties'].push(performance.now() - began);
    await eventually(() => Promise.resolve(mail.host.messages.some((message) => message.includes(breach))));
    took['at the mail host'].push(performance.now() - began);
  }
  return { ...Object.fromEntries(Object.entries(took).map(([what, ms]) => [what, `${percentile(ms, 0.5).toFixed(0)} / ${Math.max(...ms).toFixed(0)}`])), 'queued at the first, at the last': `${before}, ${await queued()}` };
}

void main();
