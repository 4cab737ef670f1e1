import pino, { type DestinationStream, type Logger } from 'pino';
import { LogPipe } from './log-pipe';

/**
 * What a log line may hold: an event's name and these fields, each of them an id, a code or a number. Anything else does not
 * reach the line, so that no mistake of ours writes about a person.
 */
const FIELDS = {
  agency: /^[a-z0-9-]{1,63}$/,
  controller: /^[a-z0-9-]{1,63}$/,
  share: /^[0-9a-f-]{36}$/,
  transfer: /^[0-9a-f-]{36}$/,
  request: /^[0-9a-f-]{36}$/,
  code: /^[A-Za-z0-9_ -]{1,64}$/,
  error: /^[A-Za-z0-9_]{1,64}$/,
  process: /^[a-z]{1,20}$/,
  /** A member of staff by its number, never by name. */
  staff: /^[a-z]{1,12}-[0-9]{2,8}$/,
  lane: /^[a-z]{1,12}$/,
  method: /^[A-Z]{1,7}$/,
  /** The route's template, never the path that was asked for. */
  route: /^[a-z0-9/:{}._-]{1,120}$/i,
  status: Number.isFinite,
  count: Number.isFinite,
  port: Number.isFinite,
  ms: Number.isFinite,
  octets: Number.isFinite,
} as const;

export type LogFields = { [Field in keyof typeof FIELDS]?: (typeof FIELDS)[Field] extends RegExp ? string : number };
export type Level = 'info' | 'warn' | 'error';

export interface Log {
  /** @param event a dotted name, `share.accepted` */
  write(level: Level, event: string, fields?: LogFields): void;
}

export function openLog(process: string, to: DestinationStream = logPipe(process)): Log {
  const logger: Logger = pino({ base: { process }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, to);
  return { write: (level, event, fields = {}) => logger[level](admitted(fields), event) };
}

/** Standard error, as a pipe that may break. */
export const logPipe = (process: string, fd = 2): LogPipe =>
  new LogPipe(fd, (count) => `${JSON.stringify({ level: 'error', time: new Date().toISOString(), process, count, msg: 'log.lost' })}\n`);

/** Fields by name and by shape; what does not fit is counted, never shown. */
export function admitted(fields: Record<string, unknown>): Record<string, string | number> {
  const out: Record<string, string | number> = {};
  let withheld = 0;
  for (const [name, value] of Object.entries(fields)) {
    const shape = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : undefined;
    const fits = shape instanceof RegExp ? typeof value === 'string' && shape.test(value) : shape?.(value) === true;
    if (fits) out[name] = value as string | number;
    else if (value !== undefined) withheld++;
  }
  return withheld > 0 ? { ...out, withheld } : out;
}

/** A class name tells the operator what went wrong; a message may quote what was sent. */
export const errorName = (error: unknown): string => (error instanceof Error ? (/^[A-Za-z0-9_]{1,64}$/.test(error.name) ? error.name : 'Error') : typeof error);

export const silent: Log = { write: () => undefined };
