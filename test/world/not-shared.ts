import { signDetached } from '#envelope/signatures';
import { seal } from '#envelope/sealing';
import { uuid7 } from '#platform/ids';
import { sha256 } from '#protocol/digest';
import { type Answer, type FormField, sealedDigest, type TestPartner } from './partner';
import type { World } from './partnership';

export interface NotSharedPlan {
  /** In place of, or besides, what a sound decision states; `undefined` leaves a field out. */
  fields?: Record<string, unknown>;
  words?: string;
  /** Octets in the place of sealed words. */
  wordsOctets?: Uint8Array;
  /** By whose key the words are opened, if not by that of who decides. */
  wordsTo?: TestPartner;
  proposal?: Uint8Array;
}

/** One sound decision not to share, signed; each case of a test is a small change to it. */
export async function notShared(world: World, who: TestPartner, { fields = {}, words, wordsOctets, wordsTo = who, proposal }: NotSharedPlan = {}): Promise<{ id: string; fields: FormField[] }> {
  const id = (fields['id'] as string | undefined) ?? uuid7();
  const now = world.clock.now().toISOString();
  const sealed = wordsOctets ?? (words === undefined ? undefined : await seal({ octets: Buffer.from(`salt\n${words}`), to: [wordsTo.keys().certificate], signer: who.keys().key, manifest: id, part: 'words' }));
  const stated = {
    format: 'waybill-not-shared/1', id, by: { agency: who.agency, contact: who.contact }, gateway: world.system.origin, at: now, agreement: { id: world.agreement.id, version: world.agreement.version },
    parties: ['kingfisher-families'], reference: 'WQ-2041', categories: ['health'], decider: who.contact, role: 'designated-safeguarding-lead', decidedAt: now, reasons: ['not-necessary'], safetyConsidered: true,
    ...(sealed ? { words: { wordsDigest: sha256(words ?? ''), sealed: await sealedDigest(sealed).catch(() => 'a'.repeat(64)) } } : {}), ...(proposal ? { proposal: sha256(proposal) } : {}), ...fields,
  };
  const octets = Buffer.from(JSON.stringify(stated));
  return {
    id,
    fields: [
      { name: 'decision', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) },
      ...(sealed ? [{ name: 'words', octets: sealed }] : []), ...(proposal ? [{ name: 'proposal', octets: proposal }] : []),
    ],
  };
}

export const record = (who: TestPartner, { fields }: { fields: readonly FormField[] }, headers: Record<string, string> = {}): Promise<Answer> => who.form('POST', '/v1/decisions', fields, headers);

/** A share as it would have been, as a plan asks. */
export function proposalOf(who: TestPartner, recipient: { agency: string; contact: string }, manifest: Record<string, unknown> = {}): Buffer {
  return Buffer.from(JSON.stringify({ manifest: who.manifestOf(manifest), lines: [{ recipient, part: 'part-1', category: 'health', needToKnow: 'works-with-person', kind: 'fact' }] }));
}
