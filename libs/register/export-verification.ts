import { verifyCheckpoint } from './checkpoint';
import { LogCheck } from './log-check';
import { type ExportLine, linesOf, readLine } from './export';
import { type Finding, firstOf, type WarningCode } from './findings';
import { parseVkey } from './vkey';

export interface ExportReport {
  /** Every entry is the one that was signed, none is missing, and the log is the one whose checkpoint was held. */
  holds: boolean;
  origin?: string;
  /** Entries read. */
  size: number;
  /** Root over them, hexadecimal. */
  root?: string;
  /** Checkpoints whose signature and root are right. */
  checkpoints: number;
  /**
   * Entries from `from` (inclusive) to `to` (exclusive) came after the checkpoint held outside: of these alone could the gateway still show others something else.
   * Absent where none was held.
   */
  window?: { from: number; to: number };
  first?: Finding;
  findings: readonly Finding[];
  warnings: readonly Finding<WarningCode>[];
}

export interface ExportTrust {
  /** Keys that the caller has pinned; one after another where the gateway has changed its key. */
  vkeys: string | readonly string[];
  /** A checkpoint kept outside the gateway. Without it, nobody can tell a log from a shorter or another one that the gateway has signed. */
  heldCheckpoint?: string | undefined;
  /** How far back the time of an entry may lie behind the latest before it. */
  toleranceMs?: number;
}

/** Entries are integrated in any order within a batch, and a batch may wait; more than this is worth a question. */
const TOLERANCE_MS = 15 * 60_000;

/**
 * Checks a whole register while reading it once; memory does not grow with the log.
 * Anything in the stream is a finding and not an exception; only a failing stream throws.
 */
export async function verifyExport(stream: AsyncIterable<string | Uint8Array>, { vkeys, heldCheckpoint, toleranceMs = TOLERANCE_MS }: ExportTrust): Promise<ExportReport> {
  const log = new LogCheck(toleranceMs);
  const held = heldCheckpoint === undefined ? undefined : verifyCheckpoint(heldCheckpoint, vkeys);
  if (held) log.expect(held);
  const origins = [vkeys].flat().map((vkey) => parseVkey(vkey)?.name);

  let origin: string | undefined;
  let ended = false;
  const take = (line: ExportLine | undefined): void => {
    if (!line || ended || (line.is === 'header') !== (origin === undefined)) return log.unreadable();
    switch (line.is) {
      case 'header': {
        ({ origin } = line.header);
        return log.begin(line.header, origins);
      }
      case 'leaf': return log.leaf(line);
      case 'node': return log.node(line);
      case 'checkpoint': return log.checkpoint(verifyCheckpoint(line.note, vkeys));
      case 'end': {
        ended = true;
        return log.compareCounts(line);
      }
    }
  };

  for await (const text of linesOf(stream)) {
    take(readLine(text));
    if (log.hopeless) break;
  }
  if (!log.hopeless) log.end({ ended });
  const first = firstOf(log.findings);
  const summary = log.summary();
  const window = held?.ok ? { from: held.checkpoint.size, to: Math.max(summary.size, held.checkpoint.size) } : undefined;
  return { holds: first === undefined, ...(origin === undefined ? {} : { origin }), ...summary, ...(window && { window }), ...(first ? { first } : {}), findings: log.findings, warnings: log.warnings };
}

