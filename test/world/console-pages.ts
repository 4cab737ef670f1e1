import { CASEWORK, FRONT_DOOR, REFERRAL, type Scene, transferTo } from '../journeys/referral';
import { reportBreach, stated } from './breaches';
import { answerWith, ask, stateOf } from './requests';
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
  const { request, composed } = await ask(scene, scene.school, FRONT_DOOR);
  await scene.arrived(scene.council, composed.id);
  const own = await scene.council.compose({ parts: ['names', 'health'].map((category) => ({ category, text: 'x', to: { 'st-brigid-primary/safeguarding-lead': category === 'names' ? 'works-with-person' : undefined } })), manifest: { urgency: 'urgent' } }, scene.certificates);
  await scene.council.submit(own);
  await scene.arrived(scene.school, own.id);
  const now = scene.world.clock.now();
  for (const staff of ['mc-014', 'mc-015', 'mc-020', 'mc-031', 'mc-040']) await scene.sql(`insert into waybill.staff_statement (agency, staff, at) values ('merebrook-council', $1, $2)`, [staff, now]);
  for (const item of [emergency, urgent]) await scene.sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ('merebrook-council', 'transfer', $1, 'mc-014', 'works-with-person', $2)`, [item, now]);
  await scene.sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ('merebrook-council', 'request', $1, 'mc-014', 'works-with-person', $2)`, [request, now]);
  await scene.sql(`insert into waybill.item_triage (agency, kind, item, level, by_table, signals, reason, staff, at) values ('merebrook-council', 'request', $1, 'amber', 'red', '{under-one,missing}', 'known-to-us', 'mc-014', $2)`, [request, now]);
  await scene.sql(`insert into waybill.item_owner (agency, kind, item, staff, version, since) values ('merebrook-council', 'transfer', $1, 'mc-014', 1, $2)`, [urgent, now]);
  const asked = await ask(scene, scene.council, CASEWORK);
  const reasons = { category: 'reasons', text: 'her safety was considered', to: { [FRONT_DOOR]: 'assesses-referral' } };
  await answerWith(scene, scene.charity, asked.request, { parts: [reasons], manifest: { answers: { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true } } });
  await stateOf(scene.world, scene.council, asked.request, 'disputed');
  await scene.sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ('merebrook-council', 'request', $1, 'mc-040', 'statutory-function', $2)`, [asked.request, now]);
  const [misdirected] = transfers;
  const { rows: [sent] } = await scene.world.db.owner.query<{ share: string }>('select share from waybill.transfer where id = $1', [misdirected]);
  const { breach } = await reportBreach(scene.world, scene.school, { harm: 'yes', shares: [sent?.share], facts: { causes: ['wrong-recipient'] } });
  await stated(scene.world, scene.council, breach, 'read');
  for (const staff of ['mc-030', 'mc-042']) await scene.sql(`insert into waybill.staff_statement (agency, staff, at) values ('merebrook-council', $1, $2) on conflict do nothing`, [staff, now]);
  return [
    { name: 'start', path: '/' }, { name: 'start-again', path: '/?to=%2Finbox' }, { name: 'accessibility', path: '/accessibility' }, { name: 'signed-out', path: '/signed-out' }, { name: 'sign-in-failed', path: '/sign-in/back?state=x' },
    { name: 'not-found', as: 'mc-014', path: '/no-such-page' }, { name: 'not-your-role', as: 'mc-042', path: '/inbox' },
    { name: 'inbox', as: 'mc-014', path: '/inbox' }, { name: 'inbox-empty', as: 'mc-014', path: '/inbox?owner=nobody&lane=breach' }, { name: 'inbox-of-the-agency', as: 'mc-030', path: '/inbox' },
    { name: 'item-barred', as: 'mc-016', path: `/items/transfer/${emergency}` }, { name: 'item-reason', as: 'mc-014', path: `/items/transfer/${routine}` }, { name: 'item', as: 'mc-014', path: `/items/transfer/${emergency}` }, { name: 'item-owned', as: 'mc-014', path: `/items/transfer/${urgent}` }, { name: 'item-request', as: 'mc-014', path: `/items/request/${request}` }, { name: 'inbox-requests', as: 'mc-014', path: '/inbox?kind=request' },
    { name: 'send', as: 'mc-014', path: '/send/share' }, { name: 'ask', as: 'mc-014', path: '/send/request' }, { name: 'ask-for-more', as: 'mc-014', path: `/send/request?kind=transfer&item=${emergency}` }, { name: 'pass-on', as: 'mc-014', path: `/send/share?kind=transfer&item=${emergency}` },
    { name: 'send-nothing-from-here', as: 'mc-040', path: '/send/share' }, { name: 'sent', as: 'mc-014', path: '/sent' }, { name: 'sent-none', as: 'mc-015', path: '/sent?after=MjAyMC0wMS0wMVQwMDowMDowMC4wMDBaXzAxODkwYTVkLWFjOTYtNzc0Yi1iY2NlLWIzMDIwOTlhODA1Nw' }, { name: 'sent-share', as: 'mc-014', path: `/sent/${own.id}` },
    { name: 'refusals', as: 'mc-031', path: '/refusals' }, { name: 'refusal-reason', as: 'mc-031', path: `/refusals/${asked.request}` }, { name: 'refusal', as: 'mc-040', path: `/refusals/${asked.request}` }, { name: 'ageing', as: 'mc-041', path: '/ageing' }, { name: 'agreements', as: 'mc-041', path: '/agreements' }, { name: 'agreement-report', as: 'mc-041', path: '/agreements/wirral' },
    { name: 'breaches', as: 'mc-030', path: '/breaches' }, { name: 'breaches-none', as: 'mc-031', path: '/breaches?all=1&after=00000000-0000-7000-8000-000000000000' }, { name: 'breach', as: 'mc-030', path: `/breaches/${breach}` }, { name: 'breach-figures', as: 'mc-042', path: '/breach-figures' },
    { name: 'duties-of-a-breach', as: 'mc-030', path: '/duties' }, { name: 'duties', as: 'mc-014', path: '/duties' }, { name: 'duties-none', as: 'mc-041', path: '/duties' }, { name: 'statement', as: 'mc-015', path: '/statement' },
  ];
}

/** The cookie of a session of this member of staff, for a browser. */
export async function cookieOf(scene: Scene, staff: string): Promise<{ name: string; value: string; url: string; secure: boolean; httpOnly: boolean }> {
  const { token } = await signedIn(scene.world, 'merebrook-council', staff, { secondFactor: true });
  return { name: '__Host-waybill', value: token, url: scene.world.system.console?.origin ?? '', secure: true, httpOnly: true };
}
