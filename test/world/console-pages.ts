import { FRONT_DOOR, REFERRAL, type Scene, transferTo } from '../journeys/referral';
import { signedIn } from './console';

/** Every page that the console has, by what it shows, and as whom it is seen. */
export interface Shown {
  name: string;
  as?: string;
  path: string;
}

/** Sends what the pages are about, and says where each is. Each state of an item that has a page of its own is there. */
export async function everyPage(scene: Scene): Promise<Shown[]> {
  const transfers: string[] = [];
  for (const urgency of ['emergency', 'urgent', 'routine']) {
    const { share, receipt } = await scene.send({ ...REFERRAL, manifest: { urgency } });
    await scene.arrived(scene.council, share.id);
    transfers.push(transferTo(receipt, FRONT_DOOR));
  }
  const [emergency, urgent, routine] = transfers as [string, string, string];
  const now = scene.world.clock.now();
  for (const staff of ['mc-014', 'mc-015', 'mc-020']) await scene.sql(`insert into waybill.staff_statement (agency, staff, at) values ('merebrook-council', $1, $2)`, [staff, now]);
  for (const item of [emergency, urgent]) await scene.sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ('merebrook-council', 'transfer', $1, 'mc-014', 'works-with-person', $2)`, [item, now]);
  await scene.sql(`insert into waybill.item_owner (agency, kind, item, staff, version, since) values ('merebrook-council', 'transfer', $1, 'mc-014', 1, $2)`, [urgent, now]);
  return [
    { name: 'start', path: '/' }, { name: 'start-again', path: '/?to=%2Finbox' }, { name: 'accessibility', path: '/accessibility' }, { name: 'signed-out', path: '/signed-out' }, { name: 'sign-in-failed', path: '/sign-in/back?state=x' },
    { name: 'not-found', as: 'mc-014', path: '/no-such-page' }, { name: 'not-your-role', as: 'mc-042', path: '/inbox' },
    { name: 'inbox', as: 'mc-014', path: '/inbox' }, { name: 'inbox-empty', as: 'mc-014', path: '/inbox?owner=nobody&lane=breach' }, { name: 'inbox-of-the-agency', as: 'mc-030', path: '/inbox' },
    { name: 'item-barred', as: 'mc-016', path: `/items/transfer/${emergency}` }, { name: 'item-reason', as: 'mc-014', path: `/items/transfer/${routine}` }, { name: 'item', as: 'mc-014', path: `/items/transfer/${emergency}` }, { name: 'item-owned', as: 'mc-014', path: `/items/transfer/${urgent}` },
    { name: 'duties', as: 'mc-014', path: '/duties' }, { name: 'duties-none', as: 'mc-041', path: '/duties' }, { name: 'statement', as: 'mc-015', path: '/statement' },
  ];
}

/** The cookie of a session of this member of staff, for a browser. */
export async function cookieOf(scene: Scene, staff: string): Promise<{ name: string; value: string; url: string; secure: boolean; httpOnly: boolean }> {
  const { token } = await signedIn(scene.world, 'merebrook-council', staff, { secondFactor: true });
  return { name: '__Host-waybill', value: token, url: scene.world.system.console?.origin ?? '', secure: true, httpOnly: true };
}
