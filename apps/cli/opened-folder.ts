import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TransferOpened } from '#client/mailbox';
import { UsageError } from './io';

export function requireFree(folder: string): void {
  if (existsSync(folder)) throw new UsageError([`${folder} is there already`], 'Choose another folder with --into.');
}

/**
 * Writes an opened transfer with what proves where it came from. The folder appears when all of it is there; readable by nobody else.
 * Only called with what has passed every check.
 */
export function writeOpened(folder: string, { copy, parts }: TransferOpened): void {
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    const write = (name: string, octets: Uint8Array | string) => writeFileSync(join(making, name), octets, { mode: 0o600, flag: 'wx' });
    for (const { name, octets } of parts) write(name, octets);
    write('manifest.json', copy.manifest);
    write('manifest.sig', copy.signature);
    write('signer.pgp', copy.signer.certificate.octets);
    write('lines.json', JSON.stringify(copy.lines, undefined, 2));
    write('provenance.jws', copy.told.provenance);
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}
