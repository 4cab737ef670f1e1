import { BARS } from '#inbox/access';

/** What a page says when something was not done: why, and what to do next. */
export interface PageProblem {
  status: number;
  title: string;
  says: string;
  next: string;
}

export const PAGE_PROBLEMS = {
  NOT_FOUND: { status: 404, title: 'There is nothing here', says: 'Either there never was, or it is not your team’s to see.', next: 'Go back to the list. If somebody told you of it, ask which team it came to.' },
  ROLE_MAY_NOT: { status: 403, title: 'This is not for your role', says: 'Your role does not see this part of the console.', next: 'If your work has changed, ask your manager to have your role changed.' },
  SIGN_IN_FIRST: { status: 401, title: 'Sign in first', says: 'You are not signed in, or your session has ended.', next: 'Sign in, and do it again.' },
  FORM_NOT_OURS: { status: 403, title: 'That form was not sent from here', says: 'What was sent did not come from a page of your session, and nothing was done.', next: 'Open the page again and send the form from there. If it happens again, tell your information security team.' },
  QUERY_INVALID: { status: 400, title: 'That address cannot be read', says: 'Something in the address of the page is not as the console writes it.', next: 'Go back to the list and choose from there.' },
  FORM_INVALID: { status: 400, title: 'That form cannot be read', says: 'Something that must be chosen was not, or is not one of the choices.', next: 'Go back, choose again, and send it.' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many sign-ins at once', says: 'More sign-ins were begun from your address than a team needs.', next: 'Wait a minute and sign in again.' },
  SIGN_IN_FAILED: { status: 400, title: 'You are not signed in', says: 'The sign-in was broken off, took too long, or did not come back to the browser in which it began.', next: 'Sign in again. If it happens again, tell your service desk.' },
  NOT_STAFF: { status: 403, title: 'You are not in the directory', says: 'The identity provider knows you, and the directory has nobody who signs in so and works here today.', next: 'Ask your manager to have you entered.' },
  SECOND_FACTOR_REQUIRED: { status: 403, title: 'You need a second factor', says: 'You may sign in with a second factor only, and the identity provider says of none.', next: 'Sign in again and use your second factor. If you have none, ask your service desk.' },
  MAY_NOT_WORK: { status: 403, title: 'Your role does not take items', says: 'You may see this, and not take it upon yourself.', next: 'Ask somebody who works for the team.' },
  MAY_NOT_ALLOT: { status: 403, title: 'This is somebody else’s', says: 'Only whoever has it, or a team manager, may give it back or hand it over.', next: 'Ask the colleague who has it, or a team manager.' },
  COLLEAGUE_MAY_NOT: { status: 400, title: 'That colleague cannot take it', says: 'Somebody who is to have it must work for the team for which it came.', next: 'Choose another colleague.' },
  AGREEMENT_NOT_HERE: { status: 503, title: 'The agreement is not here', says: 'What its agreement asks of whoever looks is not known here, so nobody may.', next: 'Tell the operator. If it cannot wait, ring whoever sent it.' },
  REASON_FIRST: { status: 403, title: 'Say why you look', says: 'Nothing is done about an item before somebody has said why it looks.', next: 'Open the item and choose a reason.' },
  NOTHING_TO_SAY: { status: 409, title: 'There is nothing to say of it now', says: 'It stands elsewhere than when the page was made, or it falls to somebody else.', next: 'Go back to the request and look where it stands.' },
  PASS_INVALID: { status: 403, title: 'This page may not ask any more', says: 'What it was handed is over, was taken up by another page, or its session has ended.', next: 'Go back to the console and open the item again.' },
  GATEWAY_AWAY: { status: 502, title: 'The gateway does not answer', says: 'Nothing was handed over, and nothing is lost.', next: 'Try again in a minute. If it cannot wait, ring whoever sent it.' },
  READER_NOT_HERE: { status: 503, title: 'There is no reader here', says: 'This console was told of no reader in which to open what was shared.', next: 'Open it with the command, or ask the operator.' },
  TRIAGE_REASON_MISSING: { status: 400, title: 'Say why it is less pressing', says: 'Its signs make it more pressing than you found it. To raise it needs no reason; to lower it does.', next: 'Go back, choose a reason, and save it again.' },
  NOTHING_TO_SEND_FROM: { status: 403, title: 'You cannot send anything from here', says: 'Either you work for no team in the directory, or your organisation is no active party of an agreement that is served here.', next: 'Ask your manager to have your team entered. If it cannot wait, ring whoever must know.' },
  INTERNAL: { status: 500, title: 'Something went wrong here', says: 'It was not you, and nothing was changed.', next: 'Try again in a minute. If it cannot wait, ring the front door.' },
} as const satisfies Record<string, PageProblem>;

/** Of a bar to a deed: what it says, and what lifts it. */
const BARRED = new Map(BARS.map(({ code, says, next }) => [code as string, { status: 403, title: 'You may not do this now', says, next }]));

export const pageProblemOf = (code: string): PageProblem => BARRED.get(code) ?? (Object.hasOwn(PAGE_PROBLEMS, code) ? PAGE_PROBLEMS[code as keyof typeof PAGE_PROBLEMS] : PAGE_PROBLEMS.INTERNAL);
