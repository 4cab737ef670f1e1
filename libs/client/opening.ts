import { openInto } from '#envelope/opening';
import { copyHead, type Part, readPart } from '#envelope/parts';
import type { Scratch } from '#envelope/scratch';
import { openSmime } from '#envelope/smime-opening';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import { type CopyVerified, smimeAuthors } from './copy';
import { nowOf, type Partner } from './partner';
import { LARGEST_SMIME } from './drafting';

type CmsRead = Extract<Part, { form: 'cms' }>;

export interface Opened {
  contents: Scratch;
  author: 'bound' | 'not-bound';
}

/** Octets of a part as they come: collected, or handed over already. */
export type PartSource = (copy: CopyVerified, name: string) => AsyncIterable<Uint8Array>;

export const collected = ({ connection }: Pick<Partner, 'connection'>): PartSource => ({ told }, name) => connection.goingOn({ path: `/v1/mailbox/${encodeURIComponent(told.transfer)}/parts/${name}` });

/**
 * Takes one part and opens it: it is the one that its line names, whole, it opens with our own key, and nobody but the sender wrote it.
 * What is written to a scratch before this returns is to be thrown away if it does not. @throws GatewayProblem, ClientRefusal with what failed
 */
export async function openPart(partner: Partner, copy: CopyVerified, name: string, { from, scratch, most }: { from: PartSource; scratch: () => Promise<Scratch>; most: number }): Promise<Opened> {
  const data = await scratch();
  const gated = await readPart(from(copy, name), { maxOctets: most, maxAddressees: LIMITS.addressees.value, sink: (piece) => data.write(Buffer.from(piece)) }).finally(() => data.close());
  if (!gated.ok) throw new ClientRefusal(gated.problem.code === 'TOO_LARGE' && most < LIMITS.part.value ? 'PART_TOO_LARGE' : 'COPY_NOT_WHOLE', { part: name, because: gated.problem.code });
  if (gated.part.digest !== copy.parts.get(name)?.digest) throw new ClientRefusal('COPY_NOT_WHOLE', { part: name, because: 'DIGEST_MISMATCH' });
  const as = { manifest: copy.read.id, part: name, at: nowOf(partner), maxOctets: most };
  const result = gated.part.form === 'cms'
    ? await openedSmime(partner, copy, gated.part, { data, scratch, ...as })
    : await openInto({ addressees: gated.part.addressees, data: data.read(), scratch, keys: partner.openingKeys, author: copy.signer.certificate, ...as });
  if (result.ok) return result;
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

/** In memory: such a part is one run of octets with a tag at its end. Only what was authenticated is written. */
async function openedSmime(partner: Partner, copy: CopyVerified, part: CmsRead, { data, scratch, ...as }: { data: Scratch; scratch: () => Promise<Scratch>; manifest: string; part: string; at: Date; maxOctets: number }) {
  if (part.size > LARGEST_SMIME) return { ok: false as const, code: 'TOO_LARGE' as const };
  const pieces: Uint8Array[] = [copyHead(part, part.addressees)];
  for await (const piece of data.read()) pieces.push(piece);
  const opened = openSmime({ octets: Buffer.concat(pieces), identities: partner.smime?.opening ?? [], author: await smimeAuthors(partner, copy), ...as });
  if (!opened.ok) return opened;
  const { octets, ...author } = opened;
  const contents = await scratch();
  await contents.write(octets);
  await contents.close();
  return { ...author, contents };
}
