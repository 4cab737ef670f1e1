import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { writeHome } from '../../apps/standalone/home';
import { atDesk } from '../world/desk';
import type { TestPartner } from '../world/partner';
import type { World } from '../world/partnership';

/** The locked file with which a team opens what was shared in its browsers, made as whoever keeps the agency's keys makes it. */
export interface TeamKey {
  file: string;
  passphrase: string;
  /** Chooses the file, types its words, and goes on. */
  unlock(page: Page, words?: string): Promise<void>;
  remove(): void;
}

export async function teamKey(world: World, who: TestPartner): Promise<TeamKey> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-key-'));
  const { system, agreement, coordinator } = world;
  await writeHome(join(folder, 'home'), who.own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  const made = await atDesk(['reader', 'key', 'team.key', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => world.clock.now() });
  if (made.exit !== 0) throw new Error(made.err);
  const { passphrase } = made.json as { passphrase: string };
  const file = join(folder, 'team.key');
  return {
    file, passphrase,
    unlock: async (page, words = passphrase) => {
      await page.locator('#file').setInputFiles(file);
      await page.locator('#passphrase').fill(words);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
