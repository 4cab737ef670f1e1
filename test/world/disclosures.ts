import { seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { sha256 } from '#protocol/digest';
import { type Answer, type FormField, sealedDigest, type TestPartner } from './partner';
import { THOUGHT_OF } from './share-file';
import type { World } from './partnership';

export interface DisclosedPlan {
  /** Besides `by`; the time is a minute ago. */
  route: Record<string, unknown> & { by: string };
  /** `agency/contact` of whoever was told. */
  to?: readonly string[];
  manifest?: Record<string, unknown>;
  category?: string;
  /** What else its lines say. */
  says?: Record<string, unknown>;
  reference?: string;
  decision?: Record<string, unknown>;
  words?: string;
  wordsTo?: TestPartner;
  /** In place of, or besides, what a sound disclosure states. */
  fields?: Record<string, unknown>;
}

const MINUTE = 60_000;

/** An instant so many minutes before now. */
export const ago = (world: World, minutes: number): string => new Date(world.clock.now().getTime() - minutes * MINUTE).toISOString();

/** What is disclosed off the wire, as a plan asks it. Each case of a test is a small change to it. */
export function askedOf(world: World, who: TestPartner, { route, to = ['merebrook-council/front-door'], manifest, category = 'names', says, reference = 'AB-1234', decision }: DisclosedPlan): { manifest: Record<string, unknown>; lines: object[]; route: object } {
  const recipients = to.map((each) => ({ agency: each.split('/')[0], contact: each.split('/')[1] }));
  return {
    manifest: who.manifestOf(manifest),
    lines: [
      ...recipients.flatMap((recipient) => [{ recipient, category, kind: 'fact', needToKnow: 'protects-from-harm', ...says }, { recipient, about: 'subject', reference, band: 'under-16' }]),
      { recipient: { agency: who.agency, contact: who.contact }, about: 'decision', decider: who.contact, role: 'designated-safeguarding-lead', at: ago(world, 5), reasons: ['protects-from-harm'], ...THOUGHT_OF, ...decision },
    ],
    route: { at: ago(world, 1), ...route },
  };
}

/** One disclosure, signed. */
export async function disclosure(world: World, who: TestPartner, plan: DisclosedPlan): Promise<{ id: string; fields: FormField[] }> {
  const asked = askedOf(world, who, plan);
  const id = asked.manifest['id'] as string;
  const { words, wordsTo = who } = plan;
  const sealed = words === undefined ? undefined : await seal({ octets: Buffer.from(`salt\n${words}`), to: [wordsTo.keys().certificate], signer: who.keys().key, manifest: id, part: 'words' });
  const stated = { format: 'waybill-disclosure/1', ...asked, ...(sealed ? { words: { wordsDigest: sha256(words ?? ''), sealed: await sealedDigest(sealed) } } : {}), ...plan.fields };
  const octets = Buffer.from(JSON.stringify(stated));
  return { id, fields: [{ name: 'disclosure', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }, ...(sealed ? [{ name: 'words', octets: sealed }] : [])] };
}

export const recordDisclosure = (who: TestPartner, { fields }: { fields: readonly FormField[] }, headers: Record<string, string> = {}): Promise<Answer> => who.form('POST', '/v1/disclosures', fields, headers);
