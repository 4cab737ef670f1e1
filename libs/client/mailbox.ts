import { readSealedOctets } from '#envelope/gate';
import { open as openPart } from '#envelope/sealing';
import type { MailboxItem, MailboxPage, TransferOpenedUp } from '#protocol/answers';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import { type CopyFetched, type CopyVerified, verifyCopy } from './copy';
import { LARGEST_PART } from './drafting';
import { nowOf, type Partner } from './partner';

export interface PartOpened {
  name: string;
  category: string;
  octets: Uint8Array;
  /** `not-bound`: nothing inside says that the sender wrote it for this share; a reader must be told. */
  author: 'bound' | 'not-bound';
}

export interface TransferOpened {
  copy: CopyVerified;
  parts: readonly PartOpened[];
}

/** Sealed octets beyond the plain ones: wrapped keys, signature, padding. */
const SEALING_OVERHEAD = 1024 * 1024;
const LARGEST_SEALED = LARGEST_PART + SEALING_OVERHEAD;

/** All that lies ready, the most pressing first. */
export async function* listMailbox(partner: Pick<Partner, 'connection'>, { contact }: { contact?: string } = {}): AsyncGenerator<MailboxItem> {
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ ...(contact ? { contact } : {}), ...(after ? { after } : {}) }).toString();
    const page = await partner.connection.json<MailboxPage>({ path: `/v1/mailbox${query ? `?${query}` : ''}` });
    if (!Array.isArray(page.items)) throw new ClientRefusal('ANSWER_INVALID', { path: '/v1/mailbox' });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

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
 * key, and nobody but the sender wrote it. Either all of that holds, or nothing is given. Collects the transfer.
 * @throws GatewayProblem, ClientRefusal with what failed
 */
export async function open(partner: Partner, transfer: string): Promise<TransferOpened> {
  const copy = await inspect(partner, transfer);
  const parts: PartOpened[] = [];
  for (const name of [...copy.parts.keys()].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const sealed = await partner.connection.octets({ path: `/v1/mailbox/${encodeURIComponent(transfer)}/parts/${name}` }, LARGEST_SEALED);
    parts.push(await opened(partner, copy, name, new Uint8Array(sealed)));
  }
  return { copy, parts };
}

async function opened(partner: Partner, copy: CopyVerified, name: string, sealed: Uint8Array): Promise<PartOpened> {
  const { digest = '', category = '' } = copy.parts.get(name) ?? {};
  const gated = await readSealedOctets(sealed, { maxOctets: LARGEST_SEALED, maxAddressees: LIMITS.addressees.value });
  if (!gated.ok) throw new ClientRefusal('COPY_NOT_WHOLE', { part: name, because: gated.problem.code });
  if (gated.part.digest !== digest) throw new ClientRefusal('COPY_NOT_WHOLE', { part: name, because: 'DIGEST_MISMATCH' });
  const result = await openPart({ octets: sealed, keys: partner.openingKeys, author: copy.signer.certificate, manifest: copy.read.id, part: name, at: nowOf(partner), maxOctets: LARGEST_SEALED });
  if (result.ok) return { name, category, octets: result.octets, author: result.author };
  switch (result.code) {
    case 'AUTHOR_MISMATCH':
    case 'BOUND_TO_ANOTHER':
      throw new ClientRefusal('AUTHOR_MISMATCH', { part: name, because: result.code });
    case 'CANNOT_OPEN':
    case 'NOT_SEALED':
    case 'TOO_LARGE':
      throw new ClientRefusal('CANNOT_OPEN', { part: name, because: result.code });
  }
}
