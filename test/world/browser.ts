import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { World } from './partnership';

/** Chromium as staff have it, without what only a window on a desk needs: it starts sooner and takes a fifth less. Flags: as root in a container, and it asks nobody on the network for anything. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'] });

/** Somebody at a desk, with a browser that knows nothing of anybody else's. */
export class Seat {
  private constructor(private readonly world: World, readonly context: BrowserContext, readonly page: Page) {}

  static async at(browser: Browser, world: World, options: BrowserContextOptions = {}): Promise<Seat> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', timezoneId: 'Europe/London', viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(30_000);
    return new Seat(world, context, await context.newPage());
  }

  get origin(): string {
    const { console } = this.world.system;
    if (!console) throw new Error('a world without a console');
    return console.origin;
  }

  /** @returns the status of the page */
  async go(path: string): Promise<number> {
    return (await this.page.goto(`${this.origin}${path}`))?.status() ?? 0;
  }

  /** Signs in as one of the sandbox, as a person does: by links and buttons. */
  async signIn(staff: string, { factor = 'one' }: { factor?: 'one' | 'two' } = {}): Promise<void> {
    if ((await this.context.cookies(this.origin)).every(({ name }) => name !== '__Host-waybill') || !this.page.url().startsWith(this.origin)) await this.go('/');
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.choose(staff, factor);
  }

  /** At the sandbox's sign-in. */
  async choose(staff: string, factor: 'one' | 'two' = 'one'): Promise<void> {
    await this.page.getByRole('button', { name: `Sign in as ${staff}${factor === 'two' ? ' with a second factor' : ''}`, exact: true }).click();
  }

  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }

  text(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
