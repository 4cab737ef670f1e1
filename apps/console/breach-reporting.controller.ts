import { Controller, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Breaches } from '#breach/breaches';
import { membersOf, protectorsOf, telephoneOf } from '#breach/members';
import { Passes } from '#directory/passes';
import type { Staff } from '#directory/staff';
import { standingOf } from '#inbox/correspondents';
import { sharesLately } from '#inbox/lately';
import { Database, type Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { GRAMMAR } from '#protocol/grammar';
import { CONSOLE_LIMITS, IDLE } from './limits';
import { Pages } from './pages';
import { On, routeOf } from './routes';
import { Fields } from './sending/field';
import { Filled } from './sending/filled';
import type { Session } from './sessions';
import { type Asked, SignedIn } from './staff.guard';
import { ConsoleAgreements, ConsoleClock, ConsoleOrigin, ConsoleReader } from './tokens';
import { VOCABULARY_ROLES, when } from './words';

const HARMS = [
  ['yes', 'Yes, somebody could: it holds an address, a placement, or who told or saw something'], ['unknown', 'I do not know: that counts as yes'], ['no', 'No, nobody could'],
] as const;

/**
 * Where the report of a data breach begins: with the person, before the data. All else is asked, signed and sealed in the reader; what is handed over are codes, ids and what
 * can be picked, behind `#`, which no server sees.
 */
@Controller()
export class BreachReportingController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly breaches: Breaches, private readonly passes: Passes, private readonly reader: ConsoleReader, private readonly origin: ConsoleOrigin, private readonly agreements: ConsoleAgreements, private readonly clock: ConsoleClock) {}

  @On('breachReport')
  async question(@SignedIn() session: Session, @Query() { share, agreement }: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const chosen = typeof share === 'string' && GRAMMAR.uuid.test(share) ? share : '';
    await this.asked(session, Filled.of({ ...(chosen && { share: chosen }), ...(typeof agreement === 'string' && { agreement }) }), reply, []);
  }

  /** Hands over to the reader, with the answer; where it is not *no*, the reader tells the police and the front door before it asks anything else. */
  @On('breachBegin')
  async begin(@SignedIn() session: Session, @Req() { body }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const filled = Filled.of(body);
    const [harm] = HARMS.flatMap(([code]) => (filled.one('harm') === code ? [code] : []));
    const now = this.clock.now();
    const { agreements } = await this.database.as(session.staff, (tx) => standingOf(tx, session.staff, this.agreements, now));
    const agreement = agreements.length === 1 ? agreements[0] : agreements.find(({ id }) => id === filled.one('agreement'));
    if (harm === undefined || agreement === undefined) {
      return this.asked(session, filled, reply, [...(harm === undefined ? [{ field: 'f-harm', says: 'Say whether anyone could come to harm' }] : []), ...(agreement === undefined ? [{ field: 'f-agreement', says: 'Choose the agreement that it concerns' }] : [])]);
    }
    await this.handOver(session, uuid7(now.getTime()), reply, { harm, agreement: `${agreement.id}/${agreement.version}`, chosen: filled.one('share'), near: filled.has('nearMiss') ? 'yes' : 'no' }, '/breaches');
  }

  /** @throws Refusal NOT_FOUND for whoever has no part in it */
  @On('breachState')
  async state(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    if (!GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
    await this.breaches.told(session.staff, id);
    await this.handOver(session, id, reply, {}, `/breaches/${id}`);
  }

  private async handOver({ staff, digest }: Session, breach: string, reply: FastifyReply, more: Record<string, string>, back: string): Promise<void> {
    const reader = this.reader.value;
    if (!reader) throw new Refusal({ code: 'READER_NOT_HERE' });
    const { pass, shares } = await this.database.as(staff, async (tx) => ({
      pass: await this.passes.give(tx, { staff, session: digest, errand: 'breach', about: breach, at: this.clock.now() }), shares: await sharesLately(tx, staff, CONSOLE_LIMITS.picked.value),
    }));
    const listed = shares.map(({ share, sent, others, at }) => [share, `${when(at)}, ${sent ? 'to' : 'from'} ${others.join(', ')}`]);
    const handed = new URLSearchParams({ from: `${this.origin.value}/pass/${pass}`, breach, reader: staff.name, role: speaksAs(staff), back: `${this.origin.value}${back}`, shares: Buffer.from(JSON.stringify(listed)).toString('base64url'), ...IDLE, ...more });
    void reply.redirect(`${reader.origin}/#${handed}`, 303);
  }

  private async asked(session: Session, filled: Filled, reply: FastifyReply, faults: { field: string; says: string }[]): Promise<void> {
    const now = this.clock.now();
    const { agreements, numbers } = await this.database.as(session.staff, async (tx) => {
      const { agreements } = await standingOf(tx, session.staff, this.agreements, now);
      return { agreements, numbers: await Promise.all(agreements.map((agreement) => this.numbers(tx, session.staff, agreement))) };
    });
    const fields = new Fields(filled);
    const error = (id: string): string | false => faults.find(({ field }) => field === id)?.says ?? false;
    const form = [
      { ...fields.radios('harm', 'Could anyone come to harm because of this?', HARMS), error: error('f-harm') },
      ...(agreements.length === 1 ? [] : [{ ...fields.select('agreement', 'Under which agreement the information was shared', agreements.map(({ id, terms }) => [id, terms['agreement.title'].value])), error: error('f-agreement') }]),
      fields.tick('nearMiss', 'It nearly happened, and did not'),
    ];
    this.pages.send(reply, 'breach-report', 'Report a data breach', { faults, fields: form, share: filled.one('share'), numbers: [...new Map(numbers.flat().map((each) => [each.agency, each])).values()], readable: this.reader.value !== undefined, here: agreements.length > 0 }, { session }, faults.length > 0 ? 400 : 200);
  }

  /** Whom to ring under an agreement: those who can protect somebody, each with its number. */
  private async numbers(tx: Tx, { agency }: Staff, agreement: Agreement): Promise<{ agency: string; telephone: string | false }[]> {
    const members = await membersOf(tx, agreement.id, [agency], this.clock.now());
    const protectors = protectorsOf(agreement, members, { reporter: agency, occurred: agency, owners: [], recipients: [] });
    return protectors.map((each) => ({ agency: each, telephone: telephoneOf(members.get(each), undefined) ?? false }));
  }
}

/** In which role of the agreements' vocabulary somebody speaks of a breach: of several the first that may. */
function speaksAs({ roles }: Staff): string {
  const may = routeOf('breach').may as readonly string[];
  const role = may.find((each) => (roles as readonly string[]).includes(each)) ?? '';
  return VOCABULARY_ROLES[role] ?? role;
}
