import { constants } from 'node:os';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TransferOpened } from '#client/mailbox';
import { UsageError } from './io';

export function requireFree(folder: string): void {
  if (existsSync(folder)) throw new UsageError([`${folder} is there already`], 'Choose another folder with --into.');
}

/**
 * Makes a folder that appears under its name when `work` has come to its end, and not before: until then it has another that begins with
 * a dot, and nobody else may enter it. It is gone when `work` throws, or when somebody stops the command.
 */
export async function appearing<T>(folder: string, work: (making: string) => Promise<T>): Promise<T> {
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  const remove = (): void => rmSync(making, { recursive: true, force: true });
  const stopped = (signal: NodeJS.Signals): void => {
    remove();
    process.exit(128 + (constants.signals[signal] ?? 0));
  };
  for (const signal of STOPS) process.once(signal, stopped);
  try {
    const done = await work(making);
    renameSync(making, folder);
    return done;
  } catch (error) {
    remove();
    throw error;
  } finally {
    for (const signal of STOPS) process.off(signal, stopped);
  }
}

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What proves where an opened transfer came from, beside its parts. Only called with what has passed every check. */
export function writeProof(folder: string, { copy }: TransferOpened): void {
  const write = (name: string, octets: Uint8Array | string) => writeFileSync(join(folder, name), octets, { mode: 0o600, flag: 'wx' });
  write('manifest.json', copy.manifest);
  write('manifest.sig', copy.signature);
  write('signer.pgp', copy.signer.certificate.octets);
  write('lines.json', JSON.stringify(copy.lines, undefined, 2));
  write('provenance.jws', copy.told.provenance);
}
