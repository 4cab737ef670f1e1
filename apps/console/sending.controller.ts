import { Controller, Inject, Optional, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Passes } from '#directory/passes';
import { StaffRoll } from '#directory/staff';
import { barsOf, saysTraining, untrained } from '#inbox/access';
import { approversOf, type Correspondent, correspondentsOf, type OwnTeam, standingOf } from '#inbox/correspondents';
import { Inbox } from '#inbox/inbox';
import { aboutOf, Looks, roleOf } from '#inbox/looks';
import { isItemKind } from '#inbox/item';
import { day } from '#platform/clock';
import { Database, type Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { GRAMMAR } from '#protocol/grammar';
import { GatewayLine } from './gateway-line';
import { IDLE } from './limits';
import { Pages } from './pages';
import { On } from './routes';
import { ABOUT, aboutForm, CARRIED } from './sending/about-form';
import { described, faultsOf, faultsOfNeeds } from './sending/description';
import { type Fault, told } from './sending/field';
import { Filled } from './sending/filled';
import { needsForm } from './sending/needs-form';
import { planShown } from './sending/plan-shown';
import { planned } from './sending/planning';
import { readWhat, type What } from './sending/what';
import type { Session } from './sessions';
import { type Asked, SignedIn } from './staff.guard';
import { ConsoleAgreements, ConsoleClock, ConsoleOrigin, ConsoleReader } from './tokens';
import { VOCABULARY_ROLES } from './words';

/** All that it depends on what a page of somebody who sends shows. */
interface Desk {
  agreement: Agreement;
  team: OwnTeam;
  correspondents: readonly Correspondent[];
  /** Contacts of our own, who can have approved it or been asked. */
  approvers: readonly string[];
  /** What keeps whoever it is from sending; of an emergency no training does. */
  bars: readonly { code: string; says: string; next: string }[];
  training: string;
}

const TITLES: Record<What, string> = { share: 'Send a share', request: 'Ask for information' };

/**
 * From the first choice to the reader, in which the words are written, sealed and signed. What was chosen is kept nowhere: each page carries the codes of the one before
 * along, and works without scripts. No word about a person is typed on any of them.
 */
@Controller()
export class SendingController {
  constructor(
    private readonly pages: Pages, private readonly database: Database, private readonly inbox: Inbox, private readonly looks: Looks, private readonly roll: StaffRoll, private readonly passes: Passes,
    private readonly reader: ConsoleReader, private readonly origin: ConsoleOrigin, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock,
    /** Where nothing is opened in a browser nothing is sealed in one. */
    @Optional() @Inject(GatewayLine) private readonly line?: GatewayLine,
  ) {}

  @On('sendStart')
  async start(@SignedIn() session: Session, @Param('what') given: string, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const what = readWhat(given);
    const from = await this.database.as(session.staff, (tx) => this.cameFrom(tx, session, what, query));
    await this.first({ session, what, reply, filled: Filled.of({ ...from, ...pick(query, ['agreement', 'team']) }) });
  }

  @On('sendAbout')
  async about(@SignedIn() session: Session, @Param('what') given: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    await this.first({ session, what: readWhat(given), reply, filled: Filled.of(body) });
  }

  @On('sendNeeds')
  async needs(@SignedIn() session: Session, @Param('what') given: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const [what, filled] = [readWhat(given), Filled.of(body)];
    const faults = faultsOf(filled, what);
    await (faults.length > 0 ? this.first({ session, what, reply, filled, faults }) : this.second({ session, what, reply, filled }));
  }

  /** The gateway decides of codes alone; what it says is shown with every reason, and leaves no trace. */
  @On('sendPlan')
  async plan(@SignedIn() session: Session, @Param('what') given: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const [what, filled] = [readWhat(given), Filled.of(body)];
    if (!this.line) throw new Refusal({ code: 'READER_NOT_HERE' });
    const before = faultsOf(filled, what);
    if (before.length > 0) return this.first({ session, what, reply, filled, faults: before });
    const faults = faultsOfNeeds(filled, what);
    if (faults.length > 0) return this.second({ session, what, reply, filled, faults });
    const now = this.clock.now();
    const id = uuid7(now.getTime());
    const { desk, pass } = await this.database.as(session.staff, async (tx) => {
      const desk = await this.desk(tx, session, filled);
      return { desk, pass: await this.passes.give(tx, { staff: session.staff, session: session.digest, errand: 'send', about: id, at: now }) };
    });
    const share = described(filled, { what, agreement: desk.agreement, agency: session.staff.agency, id, today: day(now) });
    const asked = await planned(this.line, share, pass, now);
    const plan = 'answer' in asked ? planShown(asked.draft, asked.answer, calledBy(desk)) : false;
    this.pages.send(reply, 'sending-plan', TITLES[what], {
      ...this.around(what, filled, desk), plan, problem: 'problem' in asked ? asked.problem : false, carried: filled.besides(new Set()), open: desk.bars.length === 0,
    }, { session });
  }

  /** Hands the codes to the reader, where the words are written: behind `#`, which no server sees. */
  @On('sendWrite')
  async write(@SignedIn() session: Session, @Param('what') given: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const [what, filled] = [readWhat(given), Filled.of(body)];
    if (faultsOf(filled, what).length > 0 || faultsOfNeeds(filled, what).length > 0) throw new Refusal({ code: 'FORM_INVALID' });
    await this.handOver(session, what, filled, reply, ({ agreement }, id) => {
      const { parts, ...share } = described(filled, { what, agreement, agency: session.staff.agency, id, today: day(this.clock.now()) });
      return { share: Buffer.from(JSON.stringify({ ...share, parts: parts.map(({ octets: _unwritten, ...part }) => part) })).toString('base64url') };
    });
  }

  /** Goes on with what was begun: it lies sealed in the browser, and only there. */
  @On('sendDrafts')
  async drafts(@SignedIn() session: Session, @Param('what') given: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    await this.handOver(session, readWhat(given), Filled.of(body), reply, () => ({ drafts: 'yes' }));
  }

  private async handOver({ staff, digest, secondFactor }: Session, what: What, filled: Filled, reply: FastifyReply, handing: (desk: Desk, id: string) => Record<string, string>): Promise<void> {
    const reader = this.reader.value;
    if (!reader) throw new Refusal({ code: 'READER_NOT_HERE' });
    const now = this.clock.now();
    const share = uuid7(now.getTime());
    const { desk, pass } = await this.database.as(staff, async (tx) => {
      const desk = await this.desk(tx, { staff, secondFactor }, filled);
      const [bar] = desk.bars;
      if (bar) throw new Refusal({ code: bar.code });
      await this.looks.begin(tx, { staff, share, secondFactor, reader: reader.digest, at: now });
      return { desk, pass: await this.passes.give(tx, { staff, session: digest, errand: 'send', about: share, at: now }) };
    });
    const handed = new URLSearchParams({
      from: `${this.origin.value}/pass/${pass}`, writes: share, agency: staff.agency, contact: desk.team.contact, reader: staff.name, role: VOCABULARY_ROLES[roleOf(staff)] ?? roleOf(staff), back: `${this.origin.value}/send/${what}`,
      ...IDLE, ...handing(desk, share),
    });
    void reply.redirect(`${reader.origin}/#${handed}`, 303);
  }

  private async first({ session, what, reply, filled, faults = [] }: Shown): Promise<void> {
    if (!this.reader.value) throw new Refusal({ code: 'READER_NOT_HERE' });
    const standing = await this.database.as(session.staff, (tx) => standingOf(tx, session.staff, this.agreements, this.clock.now()));
    if (standing.teams.length === 0 || standing.agreements.length === 0) throw new Refusal({ code: 'NOTHING_TO_SEND_FROM' });
    const of = (name: 'agreement' | 'team', only: string | undefined): string | undefined => filled.one(name) || only;
    const chosen = { agreement: of('agreement', single(standing.agreements)?.id), team: of('team', single(standing.teams)?.contact) };
    if (!chosen.agreement || !chosen.team) return this.pages.send(reply, 'sending-start', TITLES[what], { what, title: TITLES[what], teams: standing.teams, agreements: standing.agreements.map(({ id, terms }) => ({ id, title: terms['agreement.title'].value })), carried: filled.besides(new Set(['agreement', 'team'])) }, { session });
    const whole = Filled.of({ ...bodyOf(filled), ...chosen, role: filled.one('role') || (VOCABULARY_ROLES[roleOf(session.staff)] ?? roleOf(session.staff)) });
    const desk = await this.database.as(session.staff, (tx) => this.desk(tx, session, whole));
    const sections = aboutForm(whole, { what, agreement: desk.agreement, correspondents: desk.correspondents, approvers: desk.approvers, today: day(this.clock.now()) });
    this.pages.send(reply, 'sending-about', TITLES[what], { ...this.around(what, whole, desk), sections: told(sections, faults), faults, carried: whole.besides(new Set([...ABOUT].filter((name) => !CARRIED.has(name)))) }, { session }, faults.length > 0 ? 400 : 200);
  }

  private async second({ session, what, reply, filled, faults = [] }: Shown): Promise<void> {
    const desk = await this.database.as(session.staff, (tx) => this.desk(tx, session, filled));
    const sections = needsForm(filled, { what, agreement: desk.agreement, called: calledBy(desk), colleagues: desk.approvers, today: day(this.clock.now()) });
    const asked = new Set(sections.flatMap(({ fields }) => fields.map(({ name }) => name)));
    this.pages.send(reply, 'sending-needs', TITLES[what], { ...this.around(what, filled, desk), sections: told(sections, faults), faults, carried: filled.besides(asked) }, { session }, faults.length > 0 ? 400 : 200);
  }

  private around(what: What, filled: Filled, { agreement, team, bars, training }: Desk): object {
    return {
      what, title: TITLES[what], path: `/send/${what}`, emergency: filled.one('urgency') === 'emergency', agreement: { id: agreement.id, title: agreement.terms['agreement.title'].value }, team, bars, training, passesOn: filled.one('previous') !== '', replaces: filled.one('supersedes') !== '',
    };
  }

  /** @throws Refusal FORM_INVALID where the team or the agreement is not theirs */
  private async desk(tx: Tx, { staff, secondFactor }: Pick<Session, 'staff' | 'secondFactor'>, filled: Filled): Promise<Desk> {
    const now = this.clock.now();
    const { teams, agreements } = await standingOf(tx, staff, this.agreements, now);
    const agreement = agreements.find(({ id }) => id === filled.one('agreement'));
    const team = teams.find(({ contact }) => contact === filled.one('team'));
    if (!agreement || !team) throw new Refusal({ code: 'FORM_INVALID' });
    const looking = { staff, onFile: await this.roll.onFile(tx, staff), secondFactor, agreement, atDesk: team.atDesk, at: now };
    // A person before a process: for want of a course nobody keeps an emergency to itself.
    const bars = barsOf(looking, 'working').filter(({ code }) => filled.one('urgency') !== 'emergency' || (code !== 'TRAINING_MISSING' && code !== 'GUIDANCE_MISSING'));
    return { agreement, team, correspondents: await correspondentsOf(tx, staff, agreement, now), approvers: await approversOf(tx, staff.agency, now), bars, training: saysTraining([...untrained(looking, 'looking'), ...untrained(looking, 'working')]) };
  }

  /** What an item that somebody came from says of what is sent: to whom a question goes, or which share is passed on. @throws Refusal NOT_FOUND, REASON_FIRST */
  private async cameFrom(tx: Tx, { staff }: Session, what: What, query: Record<string, unknown>): Promise<Record<string, string>> {
    const { kind, item: id, supersedes } = query;
    if (typeof supersedes === 'string' && GRAMMAR.uuid.test(supersedes) && what === 'share') return { supersedes };
    if (typeof kind !== 'string' || typeof id !== 'string') return {};
    if (!isItemKind(kind) || !GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
    const item = await this.inbox.find(tx, staff, kind, id);
    if ((await this.looks.reason(tx, staff, item)) === undefined) throw new Refusal({ code: 'REASON_FIRST' });
    const { fields } = await aboutOf(tx, item);
    return {
      agreement: item.agreement, ...(staff.contacts.includes(item.contact) ? { team: item.contact } : {}), ...(item.purpose ? { purpose: item.purpose } : {}), ...(item.doNotTell ? { doNotTell: 'yes' } : {}), urgency: item.urgency,
      ...(what === 'request' ? (item.from.contact ? { to: `${item.from.agency}/${item.from.contact}` } : {}) : fields.share ? { previous: fields.share } : {}),
    };
  }
}

interface Shown {
  session: Session;
  what: What;
  reply: FastifyReply;
  filled: Filled;
  faults?: readonly Fault[];
}

const calledBy = ({ correspondents }: Desk) => (address: string): string => {
  const found = correspondents.find((each) => each.address === address);
  return found ? `${found.agency}, ${found.says}` : address;
};

const single = <T>(all: readonly T[]): T | undefined => (all.length === 1 ? all[0] : undefined);

const bodyOf = (filled: Filled): Record<string, string[]> => Object.fromEntries([...Map.groupBy(filled.besides(new Set()), ({ name }) => name)].map(([name, fields]) => [name, fields.map(({ value }) => value)]));

const pick = (query: Record<string, unknown>, names: readonly string[]): Record<string, unknown> => Object.fromEntries(names.flatMap((name) => (typeof query[name] === 'string' ? [[name, query[name]]] : [])));
