import { type Browser, chromium } from 'playwright-core';

/** Debian's own; `npm test` installs it. Nothing of it calls home. */
const CHROMIUM = '/usr/bin/chromium';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'] });
