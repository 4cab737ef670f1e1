import { CASEWORK, FRONT_DOOR, REFERRAL, type Scene, transferTo } from '../journeys/referral';
import { reportBreach, stated } from './breaches';
import { eventually } from './partnership';
import { answerWith, ask, stateOf } from './requests';
import { signedIn } from './console';
import { ABOUT, CHECKLIST, NEEDS } from './sending';

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
  // Of the organisation whose co-ordinator looks: it holds the post that looks after the agreement.
  await scene.sql(`update waybill.contact set posts = posts || '{business-manager}' where agency = 'merebrook-council' and id = 'front-door'`);
  await stateOf(scene.world, scene.council, asked.request, 'disputed');
  await scene.sql(`insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ('merebrook-council', 'request', $1, 'mc-040', 'statutory-function', $2)`, [asked.request, now]);
  const [misdirected] = transfers;
  const { rows: [sent] } = await scene.world.db.owner.query<{ share: string }>('select share from waybill.transfer where id = $1', [misdirected]);
  const { breach } = await reportBreach(scene.world, scene.school, { harm: 'yes', shares: [sent?.share], facts: { causes: ['wrong-recipient'] } });
  await stated(scene.world, scene.council, breach, 'read');
  for (const staff of ['mc-030', 'mc-042']) await scene.sql(`insert into waybill.staff_statement (agency, staff, at) values ('merebrook-council', $1, $2) on conflict do nothing`, [staff, now]);
  const entry = await eventually(async () => (await scene.sql<{ entry: string }>(`select l.entry from waybill.leaf l join waybill.entry e on e.id = l.entry where l.controller = 'merebrook-council' and e.kind = 'share-announced' limit 1`))[0]?.entry);
  return [
    { name: 'start', path: '/' }, { name: 'start-again', path: '/?to=%2Finbox' }, { name: 'accessibility', path: '/accessibility' }, { name: 'signed-out', path: '/signed-out' }, { name: 'sign-in-failed', path: '/sign-in/back?state=x' },
    { name: 'not-found', as: 'mc-014', path: '/no-such-page' }, { name: 'not-your-role', as: 'mc-042', path: '/inbox' },
    { name: 'inbox', as: 'mc-014', path: '/inbox' }, { name: 'inbox-empty', as: 'mc-014', path: '/inbox?owner=nobody&lane=breach' }, { name: 'inbox-of-the-agency', as: 'mc-030', path: '/inbox' },
    { name: 'item-barred', as: 'mc-016', path: `/items/transfer/${emergency}` }, { name: 'item-reason', as: 'mc-014', path: `/items/transfer/${routine}` }, { name: 'item', as: 'mc-014', path: `/items/transfer/${emergency}` }, { name: 'item-owned', as: 'mc-014', path: `/items/transfer/${urgent}` }, { name: 'item-request', as: 'mc-014', path: `/items/request/${request}` }, { name: 'inbox-requests', as: 'mc-014', path: '/inbox?kind=request' },
    { name: 'send', as: 'mc-014', path: '/send/share' }, { name: 'ask', as: 'mc-014', path: '/send/request' }, { name: 'ask-for-more', as: 'mc-014', path: `/send/request?kind=transfer&item=${emergency}` }, { name: 'pass-on', as: 'mc-014', path: `/send/share?kind=transfer&item=${emergency}` },
    { name: 'send-nothing-from-here', as: 'mc-040', path: '/send/share' }, { name: 'sent', as: 'mc-014', path: '/sent' }, { name: 'sent-none', as: 'mc-015', path: '/sent?after=MjAyMC0wMS0wMVQwMDowMDowMC4wMDBaXzAxODkwYTVkLWFjOTYtNzc0Yi1iY2NlLWIzMDIwOTlhODA1Nw' }, { name: 'sent-share', as: 'mc-014', path: `/sent/${own.id}` },
    { name: 'refusals', as: 'mc-031', path: '/refusals' }, { name: 'refusal-reason', as: 'mc-031', path: `/refusals/${asked.request}` }, { name: 'refusal', as: 'mc-040', path: `/refusals/${asked.request}` }, { name: 'ageing', as: 'mc-041', path: '/ageing' }, { name: 'disputes', as: 'mc-042', path: '/disputes' }, { name: 'agreements', as: 'mc-041', path: '/agreements' }, { name: 'agreement-report', as: 'mc-041', path: '/agreements/wirral' },
    { name: 'breaches', as: 'mc-030', path: '/breaches' }, { name: 'breaches-none', as: 'mc-031', path: '/breaches?all=1&after=00000000-0000-7000-8000-000000000000' }, { name: 'breach', as: 'mc-030', path: `/breaches/${breach}` }, { name: 'breach-report', as: 'mc-030', path: '/breach-report' }, { name: 'breach-figures', as: 'mc-042', path: '/breach-figures' },
    { name: 'register', as: 'mc-030', path: '/register' }, { name: 'register-latest', as: 'mc-030', path: '/register?reason=audit' }, { name: 'register-about', as: 'mc-030', path: `/register?reason=audit&about=${own.id}` }, { name: 'register-nothing', as: 'mc-030', path: '/register?reason=audit&about=00000000-0000-7000-8000-000000000000' }, { name: 'register-entry', as: 'mc-030', path: `/register/${entry}?reason=audit` }, { name: 'retention', as: 'mc-030', path: '/retention' },
    { name: 'duties-of-a-breach', as: 'mc-030', path: '/duties' }, { name: 'duties', as: 'mc-014', path: '/duties' }, { name: 'duties-none', as: 'mc-041', path: '/duties' }, { name: 'statement', as: 'mc-015', path: '/statement' },
  ];
}

/** A page that comes only after something was sent. */
export interface Posted {
  name: string;
  as: string;
  path: string;
  fields: Readonly<Record<string, string | readonly string[]>>;
  /** The status of what is seen at last, and what it says. */
  gives: number;
  says: RegExp;
}

/** What the front door sends to the school. */
const TO_SCHOOL = 'st-brigid-primary/safeguarding-lead';
const OUR_ABOUT = { ...ABOUT, team: 'front-door', role: 'front-door-worker', to: TO_SCHOOL };
const OUR_NEEDS = { ...Object.fromEntries(Object.entries(NEEDS).filter(([name]) => !name.startsWith('need.'))), [`need.names.${TO_SCHOOL}`]: 'works-with-person', checklist: CHECKLIST };

/** Each form that answers with a page of its own: with what was forgotten, with what was done, and with why not. In this order, about what `everyPage` sent. */
export function everyPosted(pages: readonly Shown[]): Posted[] {
  const at = (name: string): string => pages.find((each) => each.name === name)?.path ?? '';
  const [item, asked] = [at('item'), at('refusal')];
  const worker = (name: string, path: string, fields: Posted['fields'], gives: number, says: RegExp): Posted => ({ name, as: 'mc-014', path, fields, gives, says });
  return [
    worker('about-again', '/send/share/about', OUR_ABOUT, 200, /Go on/),
    worker('about-forgotten', '/send/share/needs', { agreement: 'wirral', team: 'front-door' }, 400, /Nothing is lost\. Before you go on:/),
    worker('needs', '/send/share/needs', OUR_ABOUT, 200, /Show what would go to whom/),
    worker('needs-forgotten', '/send/share/plan', OUR_ABOUT, 400, /Nothing is lost\. Before you go on:/),
    worker('plan', '/send/share/plan', { ...OUR_ABOUT, ...OUR_NEEDS }, 200, /What would go to whom/),
    worker('nothing-to-write', '/send/share/write', { agreement: 'wirral', team: 'front-door' }, 400, /What to do/),
    worker('another-team', '/send/share/about', { agreement: 'wirral', team: 'casework' }, 400, /What to do/),
    worker('no-reason-given', `${at('item-reason')}/reason`, {}, 400, /What to do/),
    worker('triaged', `${item}/triage`, { signals: 'under-one' }, 200, /Saved\. Its place on the list/),
    worker('taken', `${item}/claim`, { version: '0' }, 200, /This is now yours/),
    worker('taken-before', `${item}/claim`, { version: '0' }, 409, /Somebody was quicker/),
    worker('handed-to-nobody', `${item}/hand-over`, { version: '1', to: 'nobody' }, 400, /What to do/),
    worker('given-back', `${item}/release`, { version: '1' }, 200, /It is back on the list/),
    { name: 'look-without-reason', as: 'mc-031', path: `${asked}/reason`, fields: {}, gives: 400, says: /What to do/ },
    { name: 'say-before-reason', as: 'mc-031', path: `${asked}/state`, fields: {}, gives: 403, says: /What to do/ },
    { name: 'breach-without-its-first-question', as: 'mc-030', path: '/breach-report', fields: { agreement: 'wirral' }, gives: 400, says: /Nothing is lost\. Before you go on:/ },
    { name: 'statement-confirmed', as: 'mc-015', path: '/statement', fields: { to: '/duties' }, gives: 200, says: /Your duties/ },
    { name: 'not-from-our-page', as: 'mc-015', path: '/stay', fields: { formToken: 'x' }, gives: 403, says: /What to do/ },
    { name: 'signed-out-by-oneself', as: 'mc-015', path: '/sign-out', fields: {}, gives: 200, says: /You are signed out/ },
  ];
}

/** The cookie of a session of this member of staff, for a browser. */
export async function cookieOf(scene: Scene, staff: string): Promise<{ name: string; value: string; url: string; secure: boolean; httpOnly: boolean }> {
  const { token } = await signedIn(scene.world, 'merebrook-council', staff, { secondFactor: true });
  return { name: '__Host-waybill', value: token, url: scene.world.system.console?.origin ?? '', secure: true, httpOnly: true };
}
