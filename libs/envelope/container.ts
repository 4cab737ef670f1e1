import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { sha256 } from '#protocol/digest';
import type { ContainerCode } from './container-codes';
import { check } from './container/check';
import { checkPdf } from './container/pdf';
import { type FileKind, KINDS, nameOf, ZIP } from './container/format';
import { isStrongPassphrase } from './passphrase';

export type { FileKind } from './container/format';

/** 18 MB: in Base64 a mail of 25 MB, which is what most mail systems take. */
export const LARGEST = 18_000_000;
/** A share has as many parts at most. */
const MOST_FILES = 99;

/** Thrown by `makeContainer`: what was asked for cannot be made. */
export class NotContained extends Error {
  constructor(readonly code: 'WEAK_PASSPHRASE' | 'UNKNOWN_KIND' | 'EMPTY_FILE' | 'CONTAINER_TOO_LARGE') {
    super(code);
  }
}

/**
 * Seals files for somebody who has no key: a zip in which each file is encrypted with AES-256 (AE-2), uncompressed, named by number, as 7-Zip opens
 * it. Made where the sender is; a gateway never sees the passphrase. @throws NotContained
 */
export async function makeContainer({ files, passphrase }: { files: readonly { octets: Uint8Array; kind: string }[]; passphrase: string }): Promise<Uint8Array> {
  if (!isStrongPassphrase(passphrase)) throw new NotContained('WEAK_PASSPHRASE');
  if (files.length === 0 || files.length > MOST_FILES || files.reduce((sum, { octets }) => sum + octets.length, 0) > LARGEST) throw new NotContained('CONTAINER_TOO_LARGE');
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    password: passphrase, encryptionStrength: 3, level: 0, useWebWorkers: false, dataDescriptor: false, extendedTimestamp: false, useUnicodeFileNames: false, rawLastModDate: ZIP.time,
    externalFileAttributes: 0, msDosCompatible: true, keepOrder: true,
  });
  for (const [at, { octets, kind }] of files.entries()) {
    if (!isKind(kind)) throw new NotContained('UNKNOWN_KIND');
    // The library encrypts nothing as nothing.
    if (octets.length === 0) throw new NotContained('EMPTY_FILE');
    await writer.add(nameOf(at + 1, kind), new Uint8ArrayReader(octets));
  }
  const container = await writer.close();
  const checked = checkContainer(container);
  if (!checked.ok) throw checked.code === 'CONTAINER_TOO_LARGE' ? new NotContained(checked.code) : new Error(`a container that was made here is refused: ${checked.code}`);
  return container;
}

/** A PDF, however it is sealed. */
export const isPdf = (octets: Uint8Array): boolean => octets[0] === 0x25 && octets[1] === 0x50;

/**
 * Looks at a container without opening it: every file is encrypted with AES-256 (AE-2), nothing else stands in it that anybody could read, and
 * nothing outside its files; or it is a PDF that is encrypted throughout (ISO 32000-2, R6), as qpdf makes it. It cannot see whether the data are honest, nor how good the passphrase is. Never throws at what it reads.
 */
export function checkContainer(octets: Uint8Array): { ok: true; digest: string; files: number } | { ok: false; code: ContainerCode } {
  if (octets.length > LARGEST) return { ok: false, code: 'CONTAINER_TOO_LARGE' };
  const checked = isPdf(octets) ? checkPdf(octets) : check(octets, MOST_FILES);
  return checked.ok ? { ok: true, digest: sha256(octets), files: checked.files } : checked;
}

/** What a file of this name is, for the one word of it that stands in clear. */
export const kindOf = (name: string): FileKind | undefined => KINDS.find((kind) => name.toLowerCase().endsWith(`.${kind}`));

const isKind = (kind: string): kind is FileKind => (KINDS as readonly string[]).includes(kind);
