/** PostgreSQL's classes 08 (connection), 53 (resources), 57 (shutting down), and what Node says of a connection that is not there. */
const OUTAGE = /^(08|53|57)|^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH)/;
// A connection that breaks under a transaction is told of in several ways, by whoever notices it next.
const LOST = /terminated|not queryable|already released|connection timeout|timeout exceeded when trying to connect|not connected|Driver not Connected/i;

/** The database, or the way to it, is away: nothing was done, and the same may be tried again. */
export function isOutage(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && OUTAGE.test(code)) || (code === undefined && typeof message === 'string' && LOST.test(message));
}
