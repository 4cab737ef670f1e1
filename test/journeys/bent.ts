import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { signDetached } from '#envelope/signatures';
import { type Composed, fieldsOf } from '../world/partner';
import { expectProblem, type Scene } from './referral';

export type Json = Record<string, unknown>;
/** A small change to a valid share. */
export type Bend = (share: Composed) => Composed | Promise<Composed>;

export const manifestOf = (share: Composed): Json => JSON.parse(share.manifest.toString()) as Json;
export const fresh = (line: Json): Json => ({ ...line, salt: randomBytes(16).toString('hex') });

export const part = (name: string, octets: Uint8Array | undefined): Bend => (share) => {
  const parts = new Map(share.parts);
  if (octets) parts.set(name, octets);
  else parts.delete(name);
  return { ...share, parts };
};
/** The first part different. */
export const first = (change: (octets: Uint8Array) => Uint8Array): Bend => (share) => part('part-1', change(share.parts.get('part-1') as Uint8Array))(share);

/** Bends that need the school's keys, and the look at what a refusal left behind. */
export function bending(scene: () => Scene) {
  const signed = async (share: Composed, manifest: Buffer, key = scene().school.keys().key): Promise<Composed> => ({ ...share, manifest, signature: await signDetached({ octets: manifest, key }) });
  const rewritten = (share: Composed, change: (manifest: Json) => Json): Promise<Composed> => signed(share, Buffer.from(JSON.stringify(change(manifestOf(share)))));
  /** The manifest with some fields different, signed again. */
  const declaring = (fields: (now: Date) => Json): Bend => (share) => rewritten(share, (manifest) => ({ ...manifest, ...fields(scene().world.clock.now()) }));
  /** The manifest as text, bent, signed again. */
  const worded = (change: (text: string) => Buffer | string): Bend => (share) => signed(share, Buffer.from(change(share.manifest.toString())));
  /** The lines different, and the manifest made for them. */
  const lined = (change: (lines: Json[]) => (Json | string)[]): Bend => (share) => {
    const texts = change(share.lines.map((text) => JSON.parse(text) as Json)).map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    const { lines: _digests, ...manifest } = manifestOf(share);
    return scene().school.sign(manifest, texts, share.parts);
  };
  const eachPartLine = (change: (line: Json, i: number) => Json): Bend => lined((lines) => lines.map((line, i) => ('part' in line ? change(line, i) : line)));
  /** Sends what must be refused and looks that it left one entry with the sender, nothing with anybody else, and no octet anywhere. */
  async function refused(share: Composed, status: number, code: string, lines: string | Buffer = JSON.stringify(share.lines)): Promise<Json> {
    const [kept, counted] = [await scene().kept(), await scene().counted('share-refused')];
    const answer = await scene().school.form('POST', '/v1/shares', fieldsOf(share).map((field) => (field.name === 'lines' ? { name: 'lines', octets: Buffer.from(lines) } : field)));
    expectProblem(answer, status, code);
    expect(await scene().kept()).toEqual(kept);
    expect(await scene().counted('share-refused')).toEqual({ ...counted, 'st-brigid-primary': (counted['st-brigid-primary'] ?? 0) + 1 });
    expect(readdirSync(join(scene().world.folder, 'spool'))).toEqual([]);
    const entry = (await scene().entries('st-brigid-primary', { kind: 'share-refused' })).at(-1) as unknown as { reasons: { code: string }[] };
    expect(entry.reasons.map((reason) => reason.code)).toContain(code);
    return answer.json as Json;
  }

  return { rewritten, declaring, worded, lined, eachPartLine, refused };
}
