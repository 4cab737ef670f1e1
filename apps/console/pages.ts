import type { FastifyReply } from 'fastify';
import { Environment, FileSystemLoader } from 'nunjucks';
import { join } from 'node:path';
import type { Clock } from '#platform/clock';
import { type Assets, CONSOLE_FOLDER } from './assets';
import { CONSOLE_LIMITS } from './limits';
import { type RouteName, routeOf } from './routes';
import type { Session } from './sessions';
import { when } from './words';

/** What every page has besides its own. */
export interface Around {
  session?: Session | undefined;
  /** Words for the whole page: what was done, or was not. */
  told?: { says: string; good: boolean } | undefined;
}

const NAVIGATION: readonly { path: string; route: RouteName; says: string }[] = [{ path: '/inbox', route: 'inbox', says: 'Inbox' }, { path: '/send/share', route: 'sendStart', says: 'Send a share' }, { path: '/send/request', route: 'sendStart', says: 'Ask for information' }, { path: '/sent', route: 'sent', says: 'Sent' }, { path: '/refusals', route: 'refusals', says: 'Refusals and escalations' }, { path: '/disputes', route: 'disputes', says: 'Disputes' }, { path: '/agreements', route: 'agreements', says: 'Agreements' }, { path: '/ageing', route: 'ageing', says: 'What we asked' }, { path: '/breaches', route: 'breaches', says: 'Data breaches' }, { path: '/breach-figures', route: 'breachFigures', says: 'Breaches in figures' }, { path: '/register', route: 'register', says: 'Register' }, { path: '/retention', route: 'retention', says: 'What is kept, and until when' }, { path: '/duties', route: 'duties', says: 'Your duties' }];

/** Pages as HTML. Whatever is put into one is escaped; no template says otherwise. */
export class Pages {
  private readonly environment: Environment;

  constructor(private readonly assets: Assets, private readonly clock: Clock) {
    this.environment = new Environment(new FileSystemLoader(join(CONSOLE_FOLDER, 'views')), { autoescape: true, throwOnUndefined: true });
    this.environment.addFilter('when', when);
    this.environment.addFilter('iso', (at: Date) => at.toISOString());
    this.environment.addGlobal('asset', (name: string) => `/assets/${assets.version}/${name}`);
  }

  /** @param title of the page, in codes and words of ours: it stands in a browser's history */
  render(name: string, title: string, own: object, { session, told }: Around = {}): string {
    const roles = session?.staff.roles ?? [];
    const navigation = session ? NAVIGATION.filter(({ route }) => mayTake(routeOf(route).may, roles)).map(({ path, says }) => ({ href: path, says })) : [];
    return this.environment.render(`${name}.njk`, {
      title, navigation, told: told ?? false,
      session: session ? { name: session.staff.name, formToken: session.formToken, endsAt: session.endsAt, leftMs: session.endsAt.getTime() - this.clock.now().getTime(), warnMs: CONSOLE_LIMITS.idleWarning.value } : false,
      refreshMs: CONSOLE_LIMITS.refresh.value, minutes: CONSOLE_LIMITS.idle.value / 60_000, warning: CONSOLE_LIMITS.idleWarning.value / 60_000,
      ...own,
    });
  }

  send(reply: FastifyReply, name: string, title: string, own: object, around: Around = {}, status = 200): void {
    void reply.status(status).type('text/html; charset=utf-8').send(this.render(name, title, own, around));
  }

  asset(version: string, name: string): ReturnType<Assets['get']> {
    return this.assets.get(version, name);
  }
}

/** Whether somebody in these roles may take a route. */
export function mayTake(may: ReturnType<typeof routeOf>['may'], roles: readonly string[]): boolean {
  return typeof may === 'string' || may.some((role) => roles.includes(role));
}
