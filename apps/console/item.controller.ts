import { Controller, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Passes } from '#directory/passes';
import { StaffRoll } from '#directory/staff';
import { allots, works } from '#directory/staff-roles';
import { barsOf, type Looking, OFFENCE, REASONS, reasonsOf, saysTraining, untrained, warnings } from '#inbox/access';
import { Inbox } from '#inbox/inbox';
import { isItemKind, type Item } from '#inbox/item';
import { Looks, roleOf } from '#inbox/looks';
import { type Change, Owners } from '#inbox/owners';
import { storyOf } from '#inbox/story';
import { managersOf, teamOf, termsOf } from '#inbox/terms';
import { readFound, Triages } from '#inbox/triaged';
import { Database, type Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { isCompelled } from '#policy/conditions/answering';
import { purposeOf, term } from '#policy/agreement';
import { triageFields, triageShown } from './triage-shown';
import { IDLE } from './limits';
import { On } from './routes';
import { Pages } from './pages';
import type { Session } from './sessions';
import { type Asked, SignedIn } from './staff.guard';
import { LANE_STATUS, statusOf, TRIAGE_STATUS } from './statuses';
import { ConsoleAgreements, ConsoleClock, ConsoleOrigin, ConsoleReader } from './tokens';
import { eventSays, plain, timeLeft, typeSays, VOCABULARY_ROLES } from './words';

interface Opened {
  item: Item;
  looking: Looking;
  team: Awaited<ReturnType<typeof teamOf>>;
  reason: string | undefined;
}

/** One item: why somebody looks, what became of it, and who has it. No octet of what is sealed is here. */
@Controller()
export class ItemController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly inbox: Inbox, private readonly owners: Owners, private readonly looks: Looks, private readonly triages: Triages, private readonly roll: StaffRoll, private readonly passes: Passes, private readonly reader: ConsoleReader, private readonly origin: ConsoleOrigin, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock) {}

  @On('item')
  async show(@SignedIn() session: Session, @Param() at: Params, @Query('told') told: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { staff, secondFactor } = session;
    const now = this.clock.now();
    const page = await this.database.as(staff, async (tx) => {
      const opened = await this.open(tx, session, at);
      const { item, looking, team, reason } = opened;
      const about = { ...shown(item, now), team, offence: OFFENCE };
      const bars = barsOf(looking, 'looking');
      if (bars.length > 0) return { name: 'item-barred', status: 403, own: { ...about, bars, training: saysTraining(untrained(looking, 'looking')), onDuty: await this.roll.onDuty(tx, [item.contact], now) } };
      if (reason === undefined) return { name: 'item-reason', status: 200, own: { ...about, reasons: reasonsOf(looking.agreement).map((code) => ({ code, says: REASONS[code] })) } };
      await this.looks.record(tx, { staff, item, reason, secondFactor, at: now });
      const story = await storyOf(tx, item.id);
      const colleagues = (await this.roll.colleagues(tx, staff.agency, now)).filter((each) => each.id !== item.owner?.staff && works(each.roles) && each.contacts.includes(item.contact));
      return {
        name: 'item', status: 200,
        own: {
          ...about, purposeSays: purposeOf(looking.agreement, item.purpose)?.says ?? item.purpose ?? 'not stated', agreementTitle: looking.agreement.terms['agreement.title'].value, reasonSays: REASONS[reason as keyof typeof REASONS] ?? reason,
          story: story.map((each) => ({ ...each, says: eventSays(each.what, each.signed?.agency), signed: each.signed ?? false })), warnings: warnings(looking), bars: barsOf(looking, 'working'), training: saysTraining(untrained(looking, 'working')),
          isOpen: isOpen(item), colleagues, mayWork: works(staff.roles), mayGive: item.owner !== undefined && (item.owner.staff === staff.id || allots(staff.roles)), mine: item.owner?.staff === staff.id, readable: this.reader.value !== undefined && isReadable(item), triage: triageShown(item.triage), triageFields: triageFields(item.triage),
          asked: item.asked ? { type: typeSays(item), categories: item.asked.categories.map(({ category, answer }) => ({ says: plain(category), answer: answer ? plain(answer) : 'no answer yet' })), answerBy: item.asked.answerBy ?? false } : false,
        },
      };
    });
    this.pages.send(reply, page.name, `Item ${'reference' in page.own ? String(page.own.reference) : ''}`, page.own, { session, told: TOLD[told ?? ''] }, page.status);
  }

  @On('itemReason')
  async give(@SignedIn() session: Session, @Param() at: Params, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const { reason } = body as { reason?: string };
    await this.database.as(session.staff, async (tx) => {
      const { item, looking } = await this.open(tx, session, at);
      const given = reasonsOf(looking.agreement).find((code) => code === reason);
      if (!given) throw new Refusal({ code: 'FORM_INVALID' });
      await this.looks.give(tx, session.staff, item, given, this.clock.now());
    });
    void reply.redirect(pathOf(at), 303);
  }

  /** Hands the item to the reader: by an address for this one item, that one page may take up, within minutes. */
  @On('itemRead')
  async read(@SignedIn() session: Session, @Param() at: Params, @Res() reply: FastifyReply): Promise<void> {
    const reader = this.reader.value;
    if (!reader) throw new Refusal({ code: 'READER_NOT_HERE' });
    const { staff, digest, secondFactor } = session;
    const { pass, answers, managers, checklist, compelled } = await this.database.as(staff, async (tx) => {
      const { item, looking, reason } = await this.open(tx, session, at);
      const [bar] = barsOf(looking, 'looking');
      if (bar) throw new Refusal({ code: bar.code });
      if (reason === undefined) throw new Refusal({ code: 'REASON_FIRST' });
      if (!isReadable(item)) throw new Refusal({ code: 'NOT_FOUND' });
      const now = this.clock.now();
      await this.looks.handOver(tx, { staff, item, reason, secondFactor, reader: reader.digest, at: now });
      // Who may look, and not work, is given nothing to answer with.
      const answers = item.kind === 'request' && works(staff.roles) && barsOf(looking, 'working').length === 0;
      const pass = await this.passes.give(tx, { staff, session: digest, errand: answers ? 'request' : 'read', about: item.id, at: now });
      return { pass, answers, managers: await managersOf(tx, staff.agency, now), checklist: term(looking.agreement, 'decision.checklist') ?? [], compelled: isCompelled(looking.agreement, item.purpose ?? '') };
    });
    const handed = new URLSearchParams({ from: `${this.origin.value}/pass/${pass}`, transfer: at.id, reader: staff.name, role: VOCABULARY_ROLES[roleOf(staff)] ?? roleOf(staff), managers: managers.join(' '), checklist: checklist.join(' '), ...(answers ? { answers: 'yes' } : {}), ...(compelled ? { compelled: 'yes' } : {}), back: `${this.origin.value}${pathOf(at)}`, ...IDLE });
    // Behind `#`, which no server sees.
    void reply.redirect(`${reader.origin}/#${handed}`, 303);
  }

  @On('itemClaim')
  claim(@SignedIn() session: Session, @Param() at: Params, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.changing({ session, at, request, reply }, 'claimed', (tx, item, seen) => this.owners.claim(tx, session.staff, item, seen, this.clock.now()));
  }

  /** Of two at once the later stands, and both are on record. */
  @On('itemTriage')
  async triage(@SignedIn() session: Session, @Param() at: Params, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const found = readFound(body as Record<string, unknown>);
    await this.database.as(session.staff, async (tx) => {
      const { item, looking, reason } = await this.open(tx, session, at);
      const [bar] = barsOf(looking, 'working');
      if (bar) throw new Refusal({ code: bar.code });
      if (reason === undefined) throw new Refusal({ code: 'REASON_FIRST' });
      if (!isOpen(item)) throw new Refusal({ code: 'NOT_FOUND' });
      await this.triages.save(tx, { staff: session.staff, item, found, desk: await this.roll.deskTerms(tx, item.contact), at: this.clock.now() });
    });
    void reply.redirect(`${pathOf(at)}?told=triaged`, 303);
  }

  @On('itemRelease')
  release(@SignedIn() session: Session, @Param() at: Params, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.changing({ session, at, request, reply }, 'released', (tx, item, seen) => this.owners.release(tx, session.staff, item, seen, this.clock.now()));
  }

  @On('itemHandOver')
  handOver(@SignedIn() session: Session, @Param() at: Params, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    return this.changing({ session, at, request, reply }, 'handed-over', async (tx, item, seen) => {
      const to = await this.roll.member(tx, String((request.body as { to?: unknown }).to), this.clock.now());
      if (!to) throw new Refusal({ code: 'COLLEAGUE_MAY_NOT' });
      return this.owners.handOver(tx, session.staff, item, { to, seen, at: this.clock.now() });
    });
  }

  private async changing({ session, at, request, reply }: { session: Session; at: Params; request: Asked; reply: FastifyReply }, told: string, work: (tx: Tx, item: Item, seen: number) => Promise<Change>): Promise<void> {
    const seen = Number((request.body as { version?: unknown }).version);
    if (!Number.isSafeInteger(seen) || seen < 0) throw new Refusal({ code: 'FORM_INVALID' });
    const { change, item } = await this.database.as(session.staff, async (tx) => {
      const { item, looking, reason } = await this.open(tx, session, at);
      const [bar] = barsOf(looking, 'working');
      if (bar) throw new Refusal({ code: bar.code });
      if (reason === undefined) throw new Refusal({ code: 'REASON_FIRST' });
      return { item, change: await work(tx, item, seen) };
    });
    if (change.done) return void reply.redirect(`${pathOf(at)}?told=${told}`, 303);
    this.pages.send(reply, 'item-taken', `Item ${item.reference}`, { ...shown(item, this.clock.now()), owner: change.owner ?? false }, { session }, 409);
  }

  /** @throws Refusal NOT_FOUND */
  private async open(tx: Tx, { staff, secondFactor }: Session, { kind, id }: Params): Promise<Opened> {
    if (!isItemKind(kind) || !/^[0-9a-f-]{36}$/.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
    const now = this.clock.now();
    const item = await this.inbox.find(tx, staff, kind, id);
    const team = await teamOf(tx, staff.agency, item.contact);
    const looking = { staff, onFile: await this.roll.onFile(tx, staff), secondFactor, agreement: await termsOf(tx, this.agreements, item, now), atDesk: team.atDesk, at: now };
    return { item, looking, team, reason: await this.looks.reason(tx, staff, item) };
  }
}

interface Params {
  kind: string;
  id: string;
}

const pathOf = ({ kind, id }: Params): string => `/items/${kind}/${id}`;

/** What has a copy that can still be opened or answered. */
const isReadable = ({ copy }: Item): boolean => ['available', 'collected'].includes(copy);

/** What is still to be dealt with. */
const isOpen = ({ state }: Item): boolean => ['available', 'collected', 'asked', 'answering'].includes(state);

const TOLD: Readonly<Record<string, { says: string; good: boolean }>> = {
  claimed: { says: 'This is now yours.', good: true },
  triaged: { says: 'Saved. Its place on the list, and the time that is left, follow from it.', good: true },
  released: { says: 'It is back on the list, for whoever takes it next.', good: true },
  'handed-over': { says: 'It is handed over.', good: true },
};

const shown = (item: Item, now: Date) => ({
  item, path: pathOf(item), reference: item.reference, lane: LANE_STATUS[item.lane], state: statusOf(item.state), left: timeLeft(item.dueAt, now, item.dueAt.getTime() - item.arrivedAt.getTime()), level: item.triage ? TRIAGE_STATUS[item.triage.level] : false, emergency: item.urgency === 'emergency', owner: item.owner ?? false,
});
