import { readCertificate } from '#envelope/certificates';
import { publicCertificate } from '#envelope/private-keys';
import { open, seal } from '#envelope/sealing';
import type { Reader } from '#client/reader-key';
import { GRAMMAR } from '#protocol/grammar';
import { readJson } from '#protocol/json';
import { READER_LIMITS } from './limits';
import { stored } from './storage';

/** What somebody was writing: codes as the console handed them over, and words. Files are not in it. */
export interface Draft {
  /** Id of the share that it was begun as; of an answer, of the request. */
  id: string;
  at: string;
  /** Of an answer, and of a case that stands: none. */
  codes: string;
  /** Field of the page → what was written there. */
  words: Readonly<Record<string, string>>;
}

/** As it lies in the browser: ciphertext, and how old it is. */
interface Kept {
  sealed: Uint8Array;
  at: number;
}

const PART = 'draft';

/** In the place of codes: it is the report of a data breach that was not sent yet. */
export const BREACH_DRAFT = 'breach-report';

/** Seals it to the team's own key, and keeps it in this browser: no server has it, and nobody reads it here without the key. */
export async function keepDraft({ openingKeys, signingKey }: Reader, draft: Draft): Promise<void> {
  const own = await readCertificate(publicCertificate(openingKeys[0] ?? signingKey));
  if (!own.ok) throw new Error('our own key is no certificate');
  const octets = new TextEncoder().encode(JSON.stringify(draft));
  const sealed = await seal({ octets, to: [own.certificate], signer: signingKey, manifest: draft.id, part: PART });
  await stored('drafts', 'readwrite', (drafts) => drafts.put({ sealed, at: Date.parse(draft.at) } satisfies Kept, draft.id));
}

export const forgetDraft = (id: string): Promise<unknown> => stored('drafts', 'readwrite', (drafts) => drafts.delete(id));

/** That of one thing, where there is one. */
export const draftOf = async (as: Reader, id: string): Promise<Draft | undefined> => (await draftsOf(as)).find((each) => each.id === id);

/** Those that this key opens, the newest first. What is too old is removed; what another team's key sealed is left alone. */
export async function draftsOf(as: Reader): Promise<Draft[]> {
  const ids = (await stored('drafts', 'readonly', (drafts) => drafts.getAllKeys())) as string[];
  const found: Draft[] = [];
  for (const id of ids) {
    const kept = (await stored('drafts', 'readonly', (drafts) => drafts.get(id))) as Kept | undefined;
    if (!kept || Date.now() - kept.at > READER_LIMITS.draftKept.value) await forgetDraft(id);
    else found.push(...(await openedDraft(as, id, kept)));
  }
  found.sort((one, other) => (one.at < other.at ? 1 : -1));
  for (const { id } of found.slice(READER_LIMITS.drafts.value)) await forgetDraft(id);
  return found.slice(0, READER_LIMITS.drafts.value);
}

async function openedDraft({ openingKeys, signingKey }: Reader, id: string, { sealed }: Kept): Promise<Draft[]> {
  const own = await readCertificate(publicCertificate(signingKey));
  const opened = await open({ octets: sealed, keys: openingKeys, manifest: id, part: PART, at: new Date(), ...(own.ok ? { author: own.certificate } : {}) });
  const reading = opened.ok ? readJson(Buffer.from(opened.octets)) : undefined;
  const draft = (reading?.ok ? reading.value : undefined) as Partial<Draft> | undefined;
  return draft && draft.id === id && GRAMMAR.uuid.test(id) && typeof draft.codes === 'string' && typeof draft.at === 'string' && typeof draft.words === 'object' ? [draft as Draft] : [];
}
