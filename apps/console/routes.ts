import { applyDecorators, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { StaffRoleCode } from '#directory/staff-roles';

interface Route {
  method: 'GET' | 'POST';
  path: string;
  room: 'open' | 'session' | 'inbox' | 'items' | 'duties';
  says: string;
  /** Anybody; anybody who is signed in; or these roles alone. */
  may: 'anybody' | 'staff' | readonly StaffRoleCode[];
  /** What a browser asks by itself keeps no session alive. */
  byItself?: true;
  /** What it is about: an item of one agency, which nobody of another may learn of. */
  about?: 'item';
}

/** Who sees items at all (AS-19). */
const SEES: readonly StaffRoleCode[] = ['front-door-worker', 'team-manager', 'practitioner', 'data-protection-officer'];
const WORKS: readonly StaffRoleCode[] = ['front-door-worker', 'team-manager', 'practitioner'];

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
  duties: { method: 'GET', path: '/duties', room: 'duties', says: 'What is due', may: 'staff' },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
export const routeOf = (name: RouteName): Route => ROUTES[name];

export const ROUTE = 'waybill:route';

/** Takes the route of this name. A handler without it is in no table, and the guard lets nobody through. */
export const On = (name: RouteName): MethodDecorator =>
  applyDecorators(RequestMapping({ path: ROUTES[name].path, method: ROUTES[name].method === 'GET' ? RequestMethod.GET : RequestMethod.POST }), SetMetadata(ROUTE, name));
