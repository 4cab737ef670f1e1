import { Controller, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Passes } from '#directory/passes';
import { StaffRoll } from '#directory/staff';
import type { StaffRoleCode } from '#directory/staff-roles';
import { isWorking } from '#duties/calendar';
import { barsOf, type Looking, OFFENCE, REASONS, reasonsOf, saysTraining, untrained } from '#inbox/access';
import { referenceOf } from '#inbox/item';
import { Looks } from '#inbox/looks';
import { termsOf } from '#inbox/terms';
import { Database, type Tx } from '#platform/database';
import { Refusal as NotDone } from '#platform/refusal';
import { type Agreement, term } from '#policy/agreement';
import { isCompelled } from '#policy/conditions/answering';
import { STATING_KINDS } from '#policy/stating';
import { GRAMMAR } from '#protocol/grammar';
import type { RequestStatementKind } from '#protocol/request-statement';
import { type Refusal, refusal, type RefusalItem, refusals } from '#requests/refusals';
import type { Side } from '#requests/requests';
import { IDLE } from './limits';
import { Pages } from './pages';
import { CONCERN, decisionShown, FOUND, statementShown } from './refusals-shown';
import { On } from './routes';
import type { Session } from './sessions';
import { type Asked, SignedIn } from './staff.guard';
import { LANE_STATUS, statusOf } from './statuses';
import { ConsoleAgreements, ConsoleClock, ConsoleOrigin, ConsoleReader } from './tokens';
import { plain, timeLeft, typeSays } from './words';

/** For whom a role speaks: which sides of a request it sees, what it says of one, and in which role of the agreements' vocabulary. */
const SPEAKS: Partial<Record<StaffRoleCode, { sides: readonly Side[]; says: Partial<Record<RequestStatementKind, string>> }>> = {
  'statutory-partner': { sides: ['reviewer', 'decider'], says: { reviewed: 'statutory-safeguarding-partner', viewed: 'lead-safeguarding-partner' } },
  scrutineer: { sides: ['reviewer', 'decider'], says: {} },
  'single-point-of-contact': { sides: ['requester', 'holder'], says: { discussed: 'spoc', escalated: 'spoc', disputed: 'spoc', settled: 'spoc' } },
};
const speaks = (roles: readonly StaffRoleCode[]) => roles.flatMap((role) => SPEAKS[role] ?? []);
const sidesOf = ({ staff }: Session): Side[] => speaks(staff.roles).flatMap(({ sides }) => sides);

/** What was refused, is late or disputed: for those who look at it, decide about it, or settle it. What they say is signed in the reader. */
@Controller()
export class RefusalsController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly looks: Looks, private readonly roll: StaffRoll, private readonly passes: Passes, private readonly reader: ConsoleReader, private readonly origin: ConsoleOrigin, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock) {}

  @On('refusals')
  async list(@SignedIn() session: Session, @Res() reply: FastifyReply): Promise<void> {
    const now = this.clock.now();
    const all = await this.database.as(session.staff, (tx) => refusals(tx, session.staff.agency, sidesOf(session)));
    this.pages.send(reply, 'refusals', 'Refusals and escalations', { items: all.map((item) => ({ ...shown(item, now), href: `/refusals/${item.id}` })) }, { session });
  }

  @On('refusal')
  async show(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { staff, secondFactor } = session;
    const now = this.clock.now();
    const page = await this.database.as(staff, async (tx) => {
      const { one, looking, reason } = await this.open(tx, session, id);
      const about = { ...shown(one, now), path: `/refusals/${id}`, offence: OFFENCE };
      const bars = barsOf(looking, 'looking');
      if (bars.length > 0) return { name: 'refusal-barred', status: 403, own: { ...about, bars, training: saysTraining(untrained(looking, 'looking')) } };
      if (reason === undefined) return { name: 'refusal-reason', status: 200, own: { ...about, reasons: reasonsOf(looking.agreement).map((code) => ({ code, says: REASONS[code] })) } };
      await this.looks.record(tx, { staff, item: { kind: 'request', id }, reason, secondFactor, at: now });
      // Of our own organisation: who speaks for it, by name.
      const colleagues = (await this.roll.colleagues(tx, staff.agency, now)).filter((each) => each.roles.includes('statutory-partner'));
      return {
        name: 'refusal', status: 200,
        own: {
          ...about, notComplied: isCompelled(looking.agreement, one.row.purpose) && one.categories.some(({ answer }) => answer === 'refused'), agreementTitle: looking.agreement.terms['agreement.title'].value, categories: one.categories.map(({ category, answer }) => ({ says: plain(category), answer: answer ? plain(answer) : 'no answer yet' })),
          statements: one.statements.map(statementShown), decision: one.escalation ? decisionShown(one.escalation, { now, own: staff.agency, colleagues }) : false, says: sayable(one, staff.roles).map((kind) => FOUND[kind]), readable: this.reader.value !== undefined, commands: sayable(one, staff.roles).join(', '),
        },
      };
    });
    this.pages.send(reply, page.name, `Refusal ${referenceOf('request', id)}`, page.own, { session }, page.status);
  }

  @On('refusalReason')
  async give(@SignedIn() session: Session, @Param('id') id: string, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    await this.database.as(session.staff, async (tx) => {
      const { looking } = await this.open(tx, session, id);
      const given = reasonsOf(looking.agreement).find((code) => code === (body as { reason?: string }).reason);
      if (!given) throw new NotDone({ code: 'FORM_INVALID' });
      await this.looks.give(tx, session.staff, { kind: 'request', id }, given, this.clock.now());
    });
    void reply.redirect(`/refusals/${id}`, 303);
  }

  /** Hands the thread to the reader, where what is said of it is signed: with an address for this one request, that one page may take up. */
  @On('refusalState')
  async state(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const reader = this.reader.value;
    if (!reader) throw new NotDone({ code: 'READER_NOT_HERE' });
    const { staff, digest, secondFactor } = session;
    const { pass, one, stages } = await this.database.as(staff, async (tx) => {
      const { one, looking, reason } = await this.open(tx, session, id);
      const [bar] = barsOf(looking, 'looking');
      if (bar) throw new NotDone({ code: bar.code });
      if (reason === undefined) throw new NotDone({ code: 'REASON_FIRST' });
      if (sayable(one, staff.roles).length === 0) throw new NotDone({ code: 'NOTHING_TO_SAY' });
      const at = this.clock.now();
      await this.looks.handOver(tx, { staff, item: { kind: 'request', id }, reason, secondFactor, reader: reader.digest, at });
      return { one, pass: await this.passes.give(tx, { staff, session: digest, errand: 'state', about: id, at }), stages: term(looking.agreement, 'refusal.stages') ?? [] };
    });
    const says = Object.assign({}, ...speaks(staff.roles).map((each) => each.says)) as Partial<Record<RequestStatementKind, string>>;
    const others = one.escalation?.decision?.views.filter(({ agency }) => agency !== staff.agency).flatMap(({ agency, delegates }) => delegates.slice(0, 1).map(({ contact }) => `${agency}/${contact}`)) ?? [];
    const handed = new URLSearchParams({
      from: `${this.origin.value}/pass/${pass}`, request: id, reader: staff.name, says: sayable(one, staff.roles).map((kind) => `${kind}:${says[kind]}`).join(' '), deciders: others.join(' '),
      stages: stages.map(({ stage, between }) => `${stage}:${between}`).join(' '), back: `${this.origin.value}/refusals/${id}`, ...IDLE,
    });
    // Behind `#`, which no server sees.
    void reply.redirect(`${reader.origin}/#${handed}`, 303);
  }

  /** Fails closed, as the list does: without the agreement nobody knows who decides. */
  private agreement(id: string): Agreement {
    const agreement = this.agreements.get(id);
    if (!agreement) throw new NotDone({ code: 'AGREEMENT_NOT_HERE' });
    return agreement;
  }

  /** @throws Refusal NOT_FOUND */
  private async open(tx: Tx, session: Session, id: string): Promise<{ one: Refusal; looking: Looking; reason: string | undefined }> {
    const { staff, secondFactor } = session;
    const at = this.clock.now();
    if (!GRAMMAR.uuid.test(id)) throw new NotDone({ code: 'NOT_FOUND' });
    const one = await refusal(tx, staff.agency, id, { sides: sidesOf(session), agreement: (name) => this.agreement(name), at, atWork: isWorking(at) });
    if (!one) throw new NotDone({ code: 'NOT_FOUND' });
    const agreement = await termsOf(tx, this.agreements, { agreement: one.agreement, from: one.requester }, at);
    return { one, looking: { staff, onFile: await this.roll.onFile(tx, staff), secondFactor, agreement, atDesk: false, at }, reason: await this.looks.reason(tx, staff, { kind: 'request', id }) };
  }
}

/** What somebody in these roles may say of it as it stands. The gateway looks again, by the same table. */
export function sayable(one: Refusal, roles: readonly StaffRoleCode[]): RequestStatementKind[] {
  const kinds = new Set(speaks(roles).flatMap(({ says }) => Object.keys(says) as RequestStatementKind[]));
  const now: Partial<Record<RequestStatementKind, boolean>> = {
    escalated: one.categories.some(({ answer }) => answer === 'refused') || one.unansweredSince !== undefined,
    viewed: one.escalation?.decision !== undefined && one.escalation.decision.outcome === undefined, disputed: !one.disputed, settled: one.disputed,
  };
  return [...kinds].filter((kind) => STATING_KINDS[kind].by.some((side) => one.sides.includes(side)) && STATING_KINDS[kind].states.includes(one.state) && now[kind] !== false);
}

const shown = (item: RefusalItem, now: Date) => ({
  reference: referenceOf('request', item.id), id: item.id, requester: item.requester.name, holder: item.holder.name, typeSays: typeSays({ asked: { type: item.type, categories: [] } }), lane: LANE_STATUS[item.lane], emergency: item.urgency === 'emergency', state: statusOf(item.state),
  openedAt: item.openedAt, unanswered: item.unansweredSince ?? false, concerns: item.concerns.map((concern) => CONCERN[concern]), left: item.dueAt ? timeLeft(item.dueAt, now, item.dueAt.getTime() - item.openedAt.getTime()) : false,
});
