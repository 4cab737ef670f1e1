import { HOUR, MINUTE, SECOND } from '#platform/clock';
import type { Limit } from '#protocol/limits';

/** Every limit of the console in one place. `docs/limits.md` is written from it. */
export const CONSOLE_LIMITS = {
  idle: { value: 15 * MINUTE, unit: 'milliseconds', because: 'AS-16: who leaves the desk is signed out before anybody else sits down' },
  idleWarning: { value: 2 * MINUTE, unit: 'milliseconds', because: 'before the idle end: time to read the warning and stay (WCAG 2.2.1)' },
  session: { value: 12 * HOUR, unit: 'milliseconds', because: 'a shift, however busy: then the identity provider is asked again' },
  signIn: { value: 10 * MINUTE, unit: 'milliseconds', because: 'a password and a second factor are typed within it' },
  seen: { value: 30 * SECOND, unit: 'milliseconds', because: 'a session that was seen just now is not written again: a click costs no write' },
  refresh: { value: 15 * SECOND, unit: 'milliseconds', because: 'pause between two looks at the list by itself: an emergency is to be looked at within fifteen minutes' },
  page: { value: 50, unit: 'items', because: 'what somebody looks through before choosing' },
  form: { value: 64 * 1024, unit: 'octets', because: 'a form holds codes, and carries those of the page before along: every category to as many recipients as there may be is half of it; no words are typed in clear' },
  field: { value: 200, unit: 'octets', because: 'the longest code, address or day of a form is shorter' },
  recipients: { value: 12, unit: 'items', because: 'of a share that is put together on pages: for each of them and each category somebody says why. A circulation is sent with the command' },
  picked: { value: 20, unit: 'items', because: 'shares to pick from when a data breach is reported, the newest: they are handed over in an address, which a proxy keeps short; others are named by their number' },
  sent: { value: 50, unit: 'items', because: 'of what was sent, on one page: what somebody looks through before choosing' },
  gatewayAnswer: { value: 4 * 1024 * 1024, unit: 'octets', because: 'a plan with the certificates of as many recipients as a share may have is under a megabyte' },
  gatewayConnections: { value: 32, unit: 'connections', because: 'from the console to the gateway: what more pages of the reader ask at once waits its turn' },
  signInsPerSecond: { value: 1, unit: 'items', because: 'from one address in the long run: a team behind one address signs in within minutes' },
  signInBurst: { value: 30, unit: 'items', because: 'from one address at once: a team at the start of its shift' },
  identityProvider: { value: 10 * SECOND, unit: 'milliseconds', because: 'one question to the identity provider: who waits longer tries again' },
  identityAnswer: { value: 256 * 1024, unit: 'octets', because: 'its description and its keys are a tenth of it' },
} as const satisfies Record<string, Limit>;

/** As a page of the reader is told: after how long without a question the session ends, at the earliest, and how long before that it is said. */
export const IDLE = { idle: String(CONSOLE_LIMITS.idle.value - CONSOLE_LIMITS.seen.value), warn: String(CONSOLE_LIMITS.idleWarning.value) };
