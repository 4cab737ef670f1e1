import type { Browser } from 'playwright-core';
import type { Person } from '../../apps/standalone/staff';
import { Scene } from '../journeys/referral';
import { hostReader, type Origin } from '../reader/origins';
import { teamKey, type TeamKey } from '../reader/team-key';
import { openBrowser } from '../world/browser';
import { openWorld } from '../world/partnership';

/** A world whose staff read in a browser: the console, the reader beside it, and the file of one team's key. */
export interface ReadingDesk {
  scene: Scene;
  browser: Browser;
  reader: Origin;
  key: TeamKey;
  close(): Promise<void>;
}

/** @param staff who has read this year's statement, all of them of `agency`, whose key it is */
export async function openReadingDesk({ agency, staff, people }: { agency: string; staff: readonly string[]; people?: readonly Person[] }): Promise<ReadingDesk> {
  const closing: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.reverse()) await each();
  };
  try {
    const reader = await hostReader();
    closing.push(() => reader.close());
    const scene = new Scene(await openWorld({ console: { reader: reader.origin, ...(people ? { people } : {}) } }));
    closing.push(() => scene.world.close());
    const key = await teamKey(scene.world, scene.world.partner(agency));
    closing.push(() => key.remove());
    for (const each of staff) await scene.sql('insert into waybill.staff_statement (agency, staff, at) values ($1, $2, $3)', [agency, each, scene.world.clock.now()]);
    const browser = await openBrowser();
    closing.push(() => browser.close());
    return { scene, browser, reader, key, close };
  } catch (error) {
    await close();
    throw error;
  }
}
