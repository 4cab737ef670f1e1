// With what a browser of an agency's staff asks the gateway, by way of the console: a pass in the place of a client certificate.

/** The pass itself. The console writes it; from anybody else it counts for nothing. */
export const PASS_HEADER = 'waybill-pass';
/** A secret that the page has made for itself: the first that takes a pass up is the only one that has it. */
export const PAGE_HEADER = 'waybill-page';
export const PAGE_SECRET = /^[A-Za-z0-9_-]{43}$/;

const TRANSFER = '/v1/mailbox/:transfer';

const READ = [
  `GET ${TRANSFER}`, `GET ${TRANSFER}/manifest`, `GET ${TRANSFER}/signature`, `GET ${TRANSFER}/lines`, `GET ${TRANSFER}/parts/:name`,
  `PUT ${TRANSFER}/opened`, `PUT ${TRANSFER}/acknowledged`, `PUT ${TRANSFER}/returned`,
] as const;

/** What somebody may be sent to do, and every route that this takes. `:transfer` and `:id` are what the pass is about, and nothing else. */
export const ERRANDS = {
  read: READ,
  // A request is the transfer in which it came. What answers it is a share, sealed and signed in the browser.
  request: [...READ, 'GET /v1/requests/:id', 'POST /v1/requests/:id/statements', 'POST /v1/share-plans', 'POST /v1/shares', 'GET /v1/directory/agencies/:agency/certificates'],
  // Something new. The pass is about the share that is sent with it, whose id was drawn before: it is asked after, and taken back, and no other.
  send: ['POST /v1/share-plans', 'POST /v1/shares', 'POST /v1/requests', 'GET /v1/shares/:id', 'POST /v1/shares/:id/recall', 'GET /v1/directory/agencies/:agency/certificates'],
  // What whoever looks at a refusal, decides about it or is to settle it says of the request, signed.
  state: ['GET /v1/requests/:id', 'POST /v1/requests/:id/statements', 'GET /v1/directory/agencies/:agency/certificates'],
  // A data breach: its report, or what is stated of the case; and the account in words, which is a share. The pass is about the case, whose id was drawn before.
  breach: ['GET /v1/directory/agencies', 'POST /v1/breaches', 'GET /v1/breaches/:breach', 'POST /v1/breaches/:breach/statements', 'POST /v1/share-plans', 'POST /v1/shares', 'GET /v1/directory/agencies/:agency/certificates'],
} as const satisfies Record<string, readonly string[]>;
export type Errand = keyof typeof ERRANDS;

/** Whether a pass is for this. Pure. @param params of the route, as they were asked for */
export function isOnErrand({ errand, about }: { errand: Errand; about: string }, { method, route, params }: { method: string; route: string | undefined; params: Readonly<Record<string, string | undefined>> }): boolean {
  const named = params['transfer'] ?? params['id'] ?? params['breach'];
  return (ERRANDS[errand] as readonly string[]).includes(`${method} ${route ?? ''}`) && (named === undefined || named === about);
}
