import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inMemory, type Scratch } from '#envelope/scratch';
import type { MailboxItem, TransferOpenedUp } from '#protocol/answers';
import { readEnvelope } from '#protocol/envelope';
import { readJson } from '#protocol/json';
import type { AccessReason } from '#protocol/access-reasons';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import { type CopyFetched, type CopyVerified, verifyCopy } from './copy';
import { newFile, type OctetsFile } from './octets-file';
import { collected, openPart, type PartSource } from './opening';
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

/** In which role something is opened, and why. */
export interface Access {
  role: string;
  justification: AccessReason;
}

/** What whoever opens a transfer takes on. */
export interface Opening {
  /** The limits within which the person agreed, where the sender says that they bind the recipient too (LB-11). */
  limits?: 'acknowledged';
  /** Where every operation on it is logged, it is not opened without (RC-08). */
  access?: Access;
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
  const { connection } = partner;
  const [told, manifest, signature, lines] = await Promise.all([
    connection.json<TransferOpenedUp>(at(transfer)),
    connection.octets(at(transfer, '/manifest'), LIMITS.manifest.value),
    connection.octets(at(transfer, '/signature'), LIMITS.signature.value),
    connection.json<string[]>(at(transfer, '/lines')),
  ]);
  if (!areLines(lines)) throw new ClientRefusal('ANSWER_INVALID', { path: at(transfer, '/lines').path });
  const fetched: CopyFetched = { told, manifest: new Uint8Array(manifest), signature: new Uint8Array(signature), lines };
  return verifyCopy(partner, transfer, fetched);
}

const at = (transfer: string, piece = ''): { path: string } => ({ path: `/v1/mailbox/${encodeURIComponent(transfer)}${piece}` });
const areLines = (lines: unknown): lines is string[] => Array.isArray(lines) && lines.every((line) => typeof line === 'string');

/**
 * Opens a transfer: its origin, its sender and its octets are verified, each part is the one that its line names and opens with our own
 * key, and nobody but the sender wrote it. Either all of that holds, or nothing is given. Collects the transfer. Touches no disk, and so
 * holds every part in memory: for large ones there is `openTo`.
 * @throws GatewayProblem, ClientRefusal with what failed, CONSENT_LIMITED with the limits while nothing is collected yet, PART_TOO_LARGE
 */
export async function open(partner: Partner, transfer: string, opening: Opening = {}): Promise<TransferOpened<PartOpened>> {
  return openHeld(partner, await inspectToOpen(partner, transfer, opening), collected(partner));
}

/** A transfer that was handed over sealed, to an endpoint or on a queue of our own. Nothing that it says of itself is believed. */
export interface HandedOver {
  transfer: string;
  /** `multipart/mixed` with its boundary. */
  contentType: string;
  octets: Uint8Array;
  provenance: string;
}

/**
 * Opens what was handed over, as `open` opens what is collected. Who vouches for its sender is asked of the gateway; every octet is one that came with it.
 * @throws GatewayProblem, ClientRefusal with what failed
 */
export async function openHandedOver(partner: Partner, { transfer, contentType, octets, provenance }: HandedOver, opening: Opening = {}): Promise<TransferOpened<PartOpened>> {
  const pieces = readEnvelope(/^multipart\/mixed; boundary=(\w+)$/.exec(contentType)?.[1] ?? '', Buffer.from(octets));
  const [manifest, signature, text] = ['manifest', 'signature', 'lines'].map((name) => pieces?.get(name));
  const lines = text && readJson(text);
  if (!manifest || !signature || !lines?.ok || !areLines(lines.value)) throw new ClientRefusal('COPY_NOT_WHOLE', { because: 'ENVELOPE_UNREADABLE' });
  const told = { ...(await partner.connection.json<TransferOpenedUp>(at(transfer))), provenance };
  const copy = await verifyCopy(partner, transfer, { told, manifest: new Uint8Array(manifest), signature: new Uint8Array(signature), lines: lines.value });
  return openHeld(partner, mayBeOpened(copy, opening), async function* (_, name) {
    yield pieces?.get(name) ?? Buffer.alloc(0);
  });
}

/** Every part in memory. */
async function openHeld(partner: Partner, copy: CopyVerified, from: PartSource): Promise<TransferOpened<PartOpened>> {
  const parts: PartOpened[] = [];
  for (const { name, category } of partsOf(copy)) {
    const { contents, author } = await openPart(partner, copy, name, { from, scratch: () => Promise.resolve(inMemory()), most: LARGEST_HELD });
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
      const { contents, author } = await openPart(partner, copy, name, { from: collected(partner), scratch, most: LIMITS.part.value });
      const path = join(folder, name);
      await rename(made.get(contents) ?? '', path);
      parts.push({ name, category, author, path, size: (await stat(path)).size });
    } finally {
      await rm(working, { recursive: true, force: true });
    }
  }
  return { copy, parts };
}

const inspectToOpen = async (partner: Partner, transfer: string, opening: Opening): Promise<CopyVerified> => mayBeOpened(await inspect(partner, transfer), opening);

function mayBeOpened(copy: CopyVerified, { limits, access }: Opening): CopyVerified {
  const { consent } = copy.read;
  if (copy.claims.handling['operationsLogged'] && !access) throw new ClientRefusal('ACCESS_NOT_STATED', {});
  // The sender signed it; the provenance says it again.
  if (limits === 'acknowledged' || !(consent?.limited || copy.claims.handling['consentLimited'])) return copy;
  const { purposes, categories, expires } = consent ?? {};
  throw new ClientRefusal('CONSENT_LIMITED', { ...(purposes && { purposes }), ...(categories && { categories }), ...(expires && { expires }) });
}

const partsOf = ({ parts }: CopyVerified): { name: string; category: string }[] =>
  [...parts.entries()].map(([name, { category }]) => ({ name, category })).sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
