import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inMemory, type Scratch } from '#envelope/scratch';
import type { MailboxItem, TransferOpenedUp } from '#protocol/answers';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import { type CopyFetched, type CopyVerified, verifyCopy } from './copy';
import { newFile, type OctetsFile } from './octets-file';
import { openPart } from './opening';
import { itemsOf } from './pages';
import type { Partner } from './partner';

export interface PartVerified {
  name: string;
  category: string;
  /** `not-bound`: nothing inside says that the sender wrote it for this share; a reader must be told. */
  author: 'bound' | 'not-bound';
}

export interface PartOpened extends PartVerified {
  octets: Uint8Array;
}

export interface PartFiled extends PartVerified, OctetsFile {}

export interface TransferOpened<Part extends PartVerified = PartVerified> {
  copy: CopyVerified;
  parts: readonly Part[];
}

/** What whoever opens a transfer takes on. */
export interface Opening {
  /** The limits within which the person agreed, where the sender says that they bind the recipient too (LB-11). */
  limits?: 'acknowledged';
}

/** A part that is opened without a disk: all of it is held in memory, several times over. */
const LARGEST_HELD = 128 * 1024 * 1024;

/** All that lies ready, the most pressing first. */
export const listMailbox = (partner: Pick<Partner, 'connection'>, { contact }: { contact?: string } = {}): AsyncGenerator<MailboxItem> => itemsOf(partner, '/v1/mailbox', contact ? { contact } : {});

/**
 * Fetches and verifies a transfer without its parts. Not collected by this: until the first octet of a part is asked for, the sender may
 * still recall it. @throws GatewayProblem, ClientRefusal with what failed
 */
export async function inspect(partner: Partner, transfer: string): Promise<CopyVerified> {
  const at = (piece = '') => ({ path: `/v1/mailbox/${encodeURIComponent(transfer)}${piece}` });
  const { connection } = partner;
  const [told, manifest, signature, lines] = await Promise.all([
    connection.json<TransferOpenedUp>(at()),
    connection.octets(at('/manifest'), LIMITS.manifest.value),
    connection.octets(at('/signature'), LIMITS.signature.value),
    connection.json<string[]>(at('/lines')),
  ]);
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) throw new ClientRefusal('ANSWER_INVALID', { path: at('/lines').path });
  const fetched: CopyFetched = { told, manifest: new Uint8Array(manifest), signature: new Uint8Array(signature), lines };
  return verifyCopy(partner, transfer, fetched);
}

/**
 * Opens a transfer: its origin, its sender and its octets are verified, each part is the one that its line names and opens with our own
 * key, and nobody but the sender wrote it. Either all of that holds, or nothing is given. Collects the transfer. Touches no disk, and so
 * holds every part in memory: for large ones there is `openTo`.
 * @throws GatewayProblem, ClientRefusal with what failed, CONSENT_LIMITED with the limits while nothing is collected yet, PART_TOO_LARGE
 */
export async function open(partner: Partner, transfer: string, opening: Opening = {}): Promise<TransferOpened<PartOpened>> {
  const copy = await inspectToOpen(partner, transfer, opening);
  const parts: PartOpened[] = [];
  for (const { name, category } of partsOf(copy)) {
    const { contents, author } = await openPart(partner, copy, name, { scratch: () => Promise.resolve(inMemory()), most: LARGEST_HELD });
    const pieces: Uint8Array[] = [];
    for await (const piece of contents.read()) pieces.push(piece);
    parts.push({ name, category, author, octets: new Uint8Array(Buffer.concat(pieces)) });
  }
  return { copy, parts };
}

/**
 * The same for parts of any size, at fixed memory. Each stands in `folder`, which nobody else may enter, under its own name when all of
 * it is verified, and not before; what was decrypted until then has another name, and is gone when this throws.
 * @throws GatewayProblem, ClientRefusal with what failed, CONSENT_LIMITED with the limits while nothing is collected yet
 */
export async function openTo(partner: Partner, transfer: string, folder: string, opening: Opening = {}): Promise<TransferOpened<PartFiled>> {
  const copy = await inspectToOpen(partner, transfer, opening);
  const parts: PartFiled[] = [];
  for (const { name, category } of partsOf(copy)) {
    const working = await mkdtemp(join(folder, '.opening-'));
    try {
      let files = 0;
      const made = new Map<Scratch, string>();
      const scratch = async (): Promise<Scratch> => {
        const path = join(working, String(files++));
        const file = await newFile(path);
        made.set(file, path);
        return file;
      };
      const { contents, author } = await openPart(partner, copy, name, { scratch, most: LIMITS.part.value });
      const path = join(folder, name);
      await rename(made.get(contents) ?? '', path);
      parts.push({ name, category, author, path, size: (await stat(path)).size });
    } finally {
      await rm(working, { recursive: true, force: true });
    }
  }
  return { copy, parts };
}

async function inspectToOpen(partner: Partner, transfer: string, { limits }: Opening): Promise<CopyVerified> {
  const copy = await inspect(partner, transfer);
  const { consent } = copy.read;
  // The sender signed it; the provenance says it again.
  if (limits === 'acknowledged' || !(consent?.limited || copy.claims.handling['consentLimited'])) return copy;
  const { purposes, categories, expires } = consent ?? {};
  throw new ClientRefusal('CONSENT_LIMITED', { ...(purposes && { purposes }), ...(categories && { categories }), ...(expires && { expires }) });
}

const partsOf = ({ parts }: CopyVerified): { name: string; category: string }[] =>
  [...parts.entries()].map(([name, { category }]) => ({ name, category })).sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
