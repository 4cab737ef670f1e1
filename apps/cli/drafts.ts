import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SealedShare } from '#client/sealing-share';
import { sha256 } from '#protocol/digest';
import { GRAMMAR } from '#protocol/grammar';
import { keepPrivate } from './files';
import { replace } from './home';
import { UsageError } from './io';
import type { Outlook } from './telling';

const DRAFT_FORMAT = 'waybill-draft/1';
/** Sealed and never signed: its command came to an end before. By now nobody is at work on it. */
const ABANDONED_MS = 24 * 3_600_000;

interface DraftFile {
  format: typeof DRAFT_FORMAT;
  manifestDigest: string;
  /** Octets of each sealed part, by name. */
  parts: Record<string, number>;
  uploads: Record<string, string>;
  outlook: Outlook;
}

/** A share between sealing and receipt: what went over the wire, and how far it had come. Ciphertext and codes; no word of what was sealed. */
export interface KeptDraft {
  sealed: SealedShare;
  uploads: Readonly<Record<string, string>>;
  outlook: Outlook;
}

/** `drafts/` of a home: with one the same share goes on after a crash, octet for octet, and so is never a second one. */
export class Drafts {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = join(home, 'drafts');
  }

  /** Where a share's sealed parts are written. */
  of(share: string): string {
    return join(this.folder, share);
  }

  keep({ id, manifest, manifestDigest, signature, lines, parts }: SealedShare, outlook: Outlook): void {
    keepPrivate(this.of(id), { 'manifest.json': manifest, 'manifest.sig': signature, 'lines.json': JSON.stringify(lines) });
    // Last: with it the draft is whole.
    this.write(id, { format: DRAFT_FORMAT, manifestDigest, parts: Object.fromEntries([...parts].map(([name, { size }]) => [name, size])), uploads: {}, outlook });
  }

  uploading(share: string, uploads: Readonly<Record<string, string>>): void {
    this.write(share, { ...this.read(share), uploads: { ...uploads } });
  }

  drop(share: string): void {
    rmSync(this.of(share), { recursive: true, force: true });
  }

  /** Shares that can be gone on with. */
  list(): string[] {
    return this.found().filter((share) => existsSync(join(this.of(share), 'draft.json'))).sort();
  }

  /** Those that were never finished are of no use to anybody. */
  sweep(now: Date): void {
    const whole = new Set(this.list());
    for (const share of this.found()) if (!whole.has(share) && now.getTime() - statSync(this.of(share)).mtimeMs > ABANDONED_MS) this.drop(share);
  }

  /** The one that is named, or the only one there is. @throws UsageError */
  take(named: string | undefined): KeptDraft {
    const drafts = this.list();
    const share = named ?? (drafts.length === 1 ? drafts[0] : undefined);
    if (drafts.length === 0) throw new UsageError(['there is nothing to go on with'], 'Look in sent/ for what was accepted, and send what was not.');
    if (share === undefined || !drafts.includes(share)) throw new UsageError([`there are drafts of ${drafts.join(', ')}`], 'Name one of them: waybill send --resume SHARE.');
    return this.open(share);
  }

  private open(share: string): KeptDraft {
    const { manifestDigest, parts, uploads, outlook } = this.read(share);
    const octets = (name: string): Buffer => readFileSync(join(this.of(share), name));
    const manifest = octets('manifest.json');
    const sealed: SealedShare = {
      id: share, manifest, manifestDigest, signature: octets('manifest.sig'), lines: JSON.parse(octets('lines.json').toString('utf8')) as string[],
      parts: new Map(Object.entries(parts).map(([name, size]) => [name, { path: join(this.of(share), `${name}.sealed`), size }])),
    };
    const changed = [...sealed.parts.values()].some(({ path, size }) => statSync(path, { throwIfNoEntry: false })?.size !== size);
    if (changed || sha256(manifest) !== manifestDigest) throw new UsageError([`the draft of ${share} is not as it was written`], 'Remove its folder from drafts/ of the home and send the share anew.');
    return { sealed, uploads, outlook };
  }

  private found(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).filter((name) => GRAMMAR.uuid7.test(name)) : [];
  }

  private read(share: string): DraftFile {
    const file = JSON.parse(readFileSync(join(this.of(share), 'draft.json'), 'utf8')) as DraftFile;
    if (file.format !== DRAFT_FORMAT) throw new UsageError([`the draft of ${share} is of a version that this command does not know`], 'Go on with the command that made it.');
    return file;
  }

  private write(share: string, file: DraftFile): void {
    replace(join(this.of(share), 'draft.json'), JSON.stringify(file, undefined, 2));
  }
}
