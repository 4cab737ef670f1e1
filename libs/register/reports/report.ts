import type { ReadEntry } from '../entry';
import type { Row } from './csv';

/** An entry with its place in the log. */
export interface Located {
  index: number;
  leaf: string;
  entry: ReadEntry;
}

export interface ReportOptions {
  /** Of what came from this organisation only. */
  origin?: string | undefined;
  /** One share in so many. */
  oneIn?: number | undefined;
  at: Date;
}

/** Takes a register entry by entry, in the order of its log. */
export interface Report {
  take(located: Located): Row[];
  end(): Row[];
}

export const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);

/** What the gateway does to protect what it carries, as a record of processing names it (Article 32). */
export const MEASURES = 'sealed by the sender to named recipients; the gateway holds no key that opens it; TLS 1.2 or later both ways; payload removed after acknowledgement; append-only register that outsiders can check';
