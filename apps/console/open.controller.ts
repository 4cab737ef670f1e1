import { createHash } from 'node:crypto';
import { Controller, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { StaffRoll } from '#directory/staff';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { Throttle } from '#platform/throttle';
import { COOKIE, SESSION_COOKIE, SIGN_IN_COOKIE } from './cookies';
import { CONSOLE_LIMITS } from './limits';
import { mayTake, Pages } from './pages';
import { On, ROUTES } from './routes';
import { Sessions } from './sessions';
import { ownPath, SignIn } from './sign-in';
import { type Asked, SignedIn } from './staff.guard';
import type { Session } from './sessions';
import { ConsoleClock } from './tokens';

/** Addresses are counted in so many drawers: none is kept, and no table grows with them. */
const DRAWERS = 4_096;

/** What anybody may open, and how one gets in and out. */
@Controller()
export class OpenController {
  constructor(private readonly pages: Pages, private readonly signIns: SignIn, private readonly sessions: Sessions, private readonly throttle: Throttle, private readonly database: Database, private readonly roll: StaffRoll, private readonly clock: ConsoleClock) {}

  @On('start')
  start(@Req() { session }: Asked, @Res() reply: FastifyReply, @Query('to') to?: string): void {
    if (session) return void reply.redirect(mayTake(ROUTES.inbox.may, session.staff.roles) ? ROUTES.inbox.path : ROUTES.duties.path, 303);
    this.pages.send(reply, 'start', 'Sign in', { to: to === undefined ? '' : ownPath(to), ended: to !== undefined });
  }

  @On('accessibility')
  accessibility(@Req() { session }: Asked, @Res() reply: FastifyReply): void {
    this.pages.send(reply, 'accessibility', 'Accessibility statement', {}, { session });
  }

  @On('asset')
  asset(@Param('version') version: string, @Param('name') name: string, @Res() reply: FastifyReply): void {
    const asset = this.pages.asset(version, name);
    if (!asset) throw new Refusal({ code: 'NOT_FOUND' });
    void reply.header('cache-control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.octets);
  }

  @On('signIn')
  async signIn(@Req() request: Asked, @Res() reply: FastifyReply, @Query('to') to?: string, @Query('factor') factor?: string): Promise<void> {
    const drawer = createHash('sha256').update(request.ip).digest().readUInt16BE() % DRAWERS;
    if (!(await this.throttle.admits(String(drawer)))) throw new Refusal({ code: 'TOO_MANY_REQUESTS' });
    const { url, browser } = await this.signIns.begin(ownPath(to), { secondFactor: factor === 'second' });
    void reply.setCookie(SIGN_IN_COOKIE, browser, { ...COOKIE, maxAge: CONSOLE_LIMITS.signIn.value / 1_000 }).redirect(url.href, 303);
  }

  @On('signedIn')
  async signedIn(@Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    void reply.clearCookie(SIGN_IN_COOKIE, COOKIE);
    const ended = await this.signIns.end(request.cookies[SIGN_IN_COOKIE], /\?.*/.exec(request.url)?.[0] ?? '');
    if ('again' in ended) return void reply.setCookie(SIGN_IN_COOKIE, ended.again.browser, { ...COOKIE, maxAge: CONSOLE_LIMITS.signIn.value / 1_000 }).redirect(ended.again.url.href, 303);
    // What the browser had before ends here: no session goes from one person to another.
    const before = request.cookies[SESSION_COOKIE];
    if (before) await this.sessions.end(before);
    void reply.setCookie(SESSION_COOKIE, ended.session, COOKIE).redirect(ended.to, 303);
  }

  @On('signOut')
  async signOut(@Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    await this.sessions.end(request.cookies[SESSION_COOKIE] ?? '');
    void reply.clearCookie(SESSION_COOKIE, COOKIE).redirect(ROUTES.signedOut.path, 303);
  }

  @On('signedOut')
  signedOut(@Res() reply: FastifyReply): void {
    this.pages.send(reply, 'signed-out', 'You are signed out', {});
  }

  /** The guard has seen the session by now, which keeps it. */
  @On('stay')
  stay(@SignedIn() session: Session, @Res() reply: FastifyReply): void {
    void reply.type('application/json').send({ leftMs: session.endsAt.getTime() - this.clock.now().getTime() });
  }

  @On('statement')
  async statement(@SignedIn() session: Session, @Res() reply: FastifyReply, @Query('to') to?: string): Promise<void> {
    const { staff } = session;
    const { statementAt } = await this.database.as(staff, (tx) => this.roll.onFile(tx, staff));
    this.pages.send(reply, 'statement', 'What you are responsible for', { to: ownPath(to), statementAt: statementAt ?? false }, { session });
  }

  @On('acknowledge')
  async acknowledge(@SignedIn() session: Session, @Req() request: Asked, @Res() reply: FastifyReply): Promise<void> {
    const { staff } = session;
    await this.database.as(staff, (tx) => this.roll.acknowledge(tx, staff, this.clock.now()));
    void reply.redirect(ownPath((request.body as { to?: string }).to), 303);
  }
}
