import { applyDecorators, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { StaffRoleCode } from '#directory/staff-roles';

interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  path: string;
  room: 'open' | 'session' | 'inbox' | 'items' | 'sending' | 'sent' | 'refusals' | 'agreements' | 'figures' | 'breaches' | 'register' | 'duties' | 'reader';
  says: string;
  /** Anybody; anybody who is signed in; these roles alone; or a page of the reader that somebody who is signed in was given a pass for. */
  may: 'anybody' | 'staff' | 'pass' | readonly StaffRoleCode[];
  /** What a browser asks by itself keeps no session alive. */
  byItself?: true;
  /** What it is about: an item that came to one agency, or a share that one sent, of neither of which anybody of another may learn by it; an entry of one controller’s register, likewise; or a request or a data breach, of which nobody may who has no part in it. */
  about?: 'item' | 'sent' | 'refusal' | 'breach' | 'entry';
}

/** Who sees items at all (AS-19). */
const SEES: readonly StaffRoleCode[] = ['front-door-worker', 'team-manager', 'practitioner', 'data-protection-officer'];
const WORKS: readonly StaffRoleCode[] = ['front-door-worker', 'team-manager', 'practitioner'];

/** Who looks at refusals, decides, and settles: for an agency, and not at its desk (RQ-09, RQ-10, RQ-12). */
const LOOKS_AFTER: readonly StaffRoleCode[] = ['statutory-partner', 'single-point-of-contact'];
/** Who reads what was refused, and says nothing of it (AU-04). */
const READS_REFUSALS: readonly StaffRoleCode[] = [...LOOKS_AFTER, 'scrutineer'];
/** Who watches over an agreement, or answers for a party of it: counts, and nothing of anybody (RV-07, AU-04). */
const WATCHES: readonly StaffRoleCode[] = ['statutory-partner', 'scrutineer', 'co-ordinator', 'single-point-of-contact', 'data-protection-officer'];
/** Who sees how long what the front door asked has been open (RQ-02): counts, and nothing of anybody. */
const COUNTS: readonly StaffRoleCode[] = ['team-manager', 'single-point-of-contact', 'data-protection-officer', 'statutory-partner', 'scrutineer', 'co-ordinator'];

/** Whom a data breach concerns: an agency's data protection officer, and those who are told of one on its behalf (BR-04). */
const TOLD_OF_BREACHES: readonly StaffRoleCode[] = ['data-protection-officer', 'single-point-of-contact', 'co-ordinator'];

/** Who answers for what an agency has on record and keeps. */
const ANSWERS_FOR_RECORDS: readonly StaffRoleCode[] = ['data-protection-officer'];

/** Every route of the console, with who may take it. What is not in this table is not there: guard and tests are made from it. */
export const ROUTES = {
  start: { method: 'GET', path: '/', room: 'open', says: 'Where to sign in', may: 'anybody' },
  accessibility: { method: 'GET', path: '/accessibility', room: 'open', says: 'Accessibility statement', may: 'anybody' },
  asset: { method: 'GET', path: '/assets/:version/:name', room: 'open', says: 'Styles, scripts and icons', may: 'anybody' },
  signIn: { method: 'GET', path: '/sign-in', room: 'open', says: 'To the identity provider', may: 'anybody' },
  signedIn: { method: 'GET', path: '/sign-in/back', room: 'open', says: 'Back from the identity provider', may: 'anybody' },
  signedOut: { method: 'GET', path: '/signed-out', room: 'open', says: 'That the session has ended', may: 'anybody' },
  signOut: { method: 'POST', path: '/sign-out', room: 'session', says: 'End the session', may: 'staff' },
  stay: { method: 'POST', path: '/stay', room: 'session', says: 'Stay signed in', may: 'staff' },
  statement: { method: 'GET', path: '/statement', room: 'session', says: 'The statement of responsibilities', may: 'staff' },
  acknowledge: { method: 'POST', path: '/statement', room: 'session', says: 'Confirm it', may: 'staff' },
  inbox: { method: 'GET', path: '/inbox', room: 'inbox', says: 'The list', may: SEES },
  inboxList: { method: 'GET', path: '/inbox/list', room: 'inbox', says: 'The list anew, for a page that is open', may: SEES, byItself: true },
  item: { method: 'GET', path: '/items/:kind/:id', room: 'items', says: 'One item with what became of it', may: SEES, about: 'item' },
  itemReason: { method: 'POST', path: '/items/:kind/:id/reason', room: 'items', says: 'Say why one looks', may: SEES, about: 'item' },
  itemClaim: { method: 'POST', path: '/items/:kind/:id/claim', room: 'items', says: 'Take it upon oneself', may: WORKS, about: 'item' },
  itemRelease: { method: 'POST', path: '/items/:kind/:id/release', room: 'items', says: 'Give it back', may: WORKS, about: 'item' },
  itemHandOver: { method: 'POST', path: '/items/:kind/:id/hand-over', room: 'items', says: 'Hand it over to a colleague', may: WORKS, about: 'item' },
  itemTriage: { method: 'POST', path: '/items/:kind/:id/triage', room: 'items', says: 'Say how pressing one finds it', may: WORKS, about: 'item' },
  itemRead: { method: 'POST', path: '/items/:kind/:id/read', room: 'items', says: 'Open it in the reader', may: SEES, about: 'item' },
  sendStart: { method: 'GET', path: '/send/:what', room: 'sending', says: 'Begin a share, or an information request: what for, about whom, to whom', may: WORKS },
  sendAbout: { method: 'POST', path: '/send/:what/about', room: 'sending', says: 'The same with what was chosen', may: WORKS },
  sendNeeds: { method: 'POST', path: '/send/:what/needs', room: 'sending', says: 'Who needs what and why, consent, the decision', may: WORKS },
  sendPlan: { method: 'POST', path: '/send/:what/plan', room: 'sending', says: 'What would go to whom, and what would not and why', may: WORKS },
  sendWrite: { method: 'POST', path: '/send/:what/write', room: 'sending', says: 'Write it in the reader, where it is sealed', may: WORKS },
  sendDrafts: { method: 'POST', path: '/send/:what/drafts', room: 'sending', says: 'Go on with what lies sealed in this browser', may: WORKS },
  sent: { method: 'GET', path: '/sent', room: 'sent', says: 'What was sent, the newest first', may: SEES },
  sentShare: { method: 'GET', path: '/sent/:id', room: 'sent', says: 'One share of the agency’s own, and what became of it', may: SEES, about: 'sent' },
  refusals: { method: 'GET', path: '/refusals', room: 'refusals', says: 'What was refused, is late or disputed, to look at or decide', may: READS_REFUSALS },
  refusal: { method: 'GET', path: '/refusals/:id', room: 'refusals', says: 'One of them, with what was said of it and who decides', may: READS_REFUSALS, about: 'refusal' },
  refusalReason: { method: 'POST', path: '/refusals/:id/reason', room: 'refusals', says: 'Say why one looks', may: READS_REFUSALS, about: 'refusal' },
  refusalState: { method: 'POST', path: '/refusals/:id/state', room: 'refusals', says: 'Say something of it, signed in the reader', may: LOOKS_AFTER, about: 'refusal' },
  disputes: { method: 'GET', path: '/disputes', room: 'refusals', says: 'Which points of contact disagree, since when, and whom to ring', may: ['co-ordinator'] },
  agreements: { method: 'GET', path: '/agreements', room: 'agreements', says: 'Agreements, and how each stands to its review', may: WATCHES },
  agreementReport: { method: 'GET', path: '/agreements/:agreement', room: 'agreements', says: 'What an agreement comes to, in counts', may: WATCHES },
  ageing: { method: 'GET', path: '/ageing', room: 'figures', says: 'How long what the organisation asked has been open, for each whom it asked', may: COUNTS },
  ageingTable: { method: 'GET', path: '/ageing.csv', room: 'figures', says: 'The same as a table for a spreadsheet', may: COUNTS },
  breaches: { method: 'GET', path: '/breaches', room: 'breaches', says: 'Data breaches that the organisation has a part in, and what comes when', may: TOLD_OF_BREACHES },
  breach: { method: 'GET', path: '/breaches/:id', room: 'breaches', says: 'One of them: hours left, who was told when, what was stated', may: TOLD_OF_BREACHES, about: 'breach' },
  breachReport: { method: 'GET', path: '/breach-report', room: 'breaches', says: 'Begin the report of a data breach: could anyone come to harm, and whom to ring', may: TOLD_OF_BREACHES },
  breachBegin: { method: 'POST', path: '/breach-report', room: 'breaches', says: 'Report it in the reader, where it is signed', may: TOLD_OF_BREACHES },
  breachState: { method: 'POST', path: '/breaches/:id/state', room: 'breaches', says: 'State something of a case, or compose the report to the regulator, in the reader', may: TOLD_OF_BREACHES, about: 'breach' },
  breachFigures: { method: 'GET', path: '/breach-figures', room: 'breaches', says: 'The organisation’s breaches in figures', may: TOLD_OF_BREACHES },
  breachTable: { method: 'GET', path: '/breach-figures/:figure', room: 'breaches', says: 'One figure as a table for a spreadsheet', may: TOLD_OF_BREACHES },
  register: { method: 'GET', path: '/register', room: 'register', says: 'The organisation’s own register: its latest entries, or what it has about something', may: ANSWERS_FOR_RECORDS },
  registerEntry: { method: 'GET', path: '/register/:id', room: 'register', says: 'One entry, and how it is proven', may: ANSWERS_FOR_RECORDS, about: 'entry' },
  registerProof: { method: 'GET', path: '/register/:id/proof', room: 'register', says: 'The same as a file', may: ANSWERS_FOR_RECORDS, about: 'entry' },
  retention: { method: 'GET', path: '/retention', room: 'register', says: 'Copies that are kept, by which rule, until when, and what holds them', may: ANSWERS_FOR_RECORDS },
  passPreflight: { method: 'OPTIONS', path: '/pass/:token/*', room: 'reader', says: 'Whether a page of the reader may ask', may: 'anybody' },
  passGet: { method: 'GET', path: '/pass/:token/*', room: 'reader', says: 'What the reader’s page asks of the gateway', may: 'pass' },
  passPut: { method: 'PUT', path: '/pass/:token/*', room: 'reader', says: 'What it states, signed', may: 'pass' },
  passPost: { method: 'POST', path: '/pass/:token/v1/*', room: 'reader', says: 'What it sends, sealed and signed', may: 'pass' },
  passPrinted: { method: 'POST', path: '/pass/:token/printed', room: 'reader', says: 'That it was printed', may: 'pass' },
  duties: { method: 'GET', path: '/duties', room: 'duties', says: 'What is due', may: 'staff' },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
export const routeOf = (name: RouteName): Route => ROUTES[name];

export const ROUTE = 'waybill:route';

/** Takes the route of this name. A handler without it is in no table, and the guard lets nobody through. */
export const On = (name: RouteName): MethodDecorator =>
  applyDecorators(RequestMapping({ path: ROUTES[name].path, method: RequestMethod[ROUTES[name].method] }), SetMetadata(ROUTE, name));
