import { readCanonical } from '#envelope/canonical';
import type { CheckpointVerdict } from './checkpoint';
import type { ExportHeader, ExportLine } from './export';
import type { Finding, FindingCode, WarningCode } from './findings';
import { Frontier, leafHash } from './merkle';

type Line<Is extends ExportLine['is']> = Extract<ExportLine, { is: Is }>;
type Place = Omit<Finding, 'code'>;

/** A log that is broken in a thousand places is broken; the first ones are enough. */
const MOST_FINDINGS = 100;

/**
 * Follows one export leaf by leaf and notes what is wrong with it.
 *
 * Where octets and leaf hash differ, a second tree grows beside the first, over the hashes of the octets: the next checkpoint says
 * which of the two was signed, and so an altered entry is told from an altered hash. Where neither was, the fault lies after the
 * last checkpoint that fitted, and the stored nodes narrow it down, unless they were rewritten too.
 */
export class LogCheck {
  readonly findings: Finding[] = [];
  readonly warnings: Finding<WarningCode>[] = [];
  /** What follows is no export of this log. */
  hopeless = false;

  private controller: string | undefined;
  private next = 0;
  private rows = new Frontier(0, []);
  private octets: Frontier | undefined;
  /** The tree is not the one that was signed: from here on, only what each entry shows by itself. */
  private lost = false;
  /** Nodes that the last leaf completed and that should follow it: by level, as either tree has them. */
  private due = new Map<number, Buffer[]>();
  private readonly counted = { nodes: 0, checkpoints: 0 };
  /** Entries before this one are as they were signed. */
  private good = 0;
  private vouched = 0;
  private lastSize = -1;
  private latest = 0;
  private differing: Place[] = [];
  private suspects: (Place & { level: number })[] = [];
  private readonly withoutOctets = new Map<string, number>();
  private held: { size: number; root: Buffer } | undefined;

  constructor(private readonly toleranceMs: number) {}

  expect(held: CheckpointVerdict): void {
    if (held.ok) this.held = held.checkpoint;
    else this.find('HELD_IS_WRONG', at(0));
  }

  begin({ origin, controller }: ExportHeader, pinned: readonly (string | undefined)[]): void {
    this.controller = controller;
    if (!pinned.includes(origin) || !origin.endsWith(`/register/${controller}`)) this.stop('WRONG_LOG', at(0));
    this.compareHeld();
  }

  leaf({ index, leaf, octets }: Line<'leaf'>): void {
    if (index < this.next) return this.lose('OUT_OF_PLACE', at(this.next));
    if (index > this.next) this.lose('ENTRY_MISSING', { from: this.next, to: index - 1 });
    if (this.due.size > 0) this.warn('NODES_MISSING', at(this.next - 1));
    this.next = index + 1;

    const own = octets === null ? leaf : leafHash(octets);
    const intact = own.equals(leaf);
    const entry = octets === null ? undefined : this.readEntry(index, octets, intact);
    if (octets === null) this.withoutOctets.set(leaf.toString('hex'), index);
    if (!intact) {
      this.octets ??= this.rows.clone();
      this.differing.push({ ...at(index), ...(entry ? { entry } : {}) });
    }
    this.grow(leaf, own);
    this.compareHeld();
  }

  node({ level, index, hash }: Line<'node'>): void {
    this.counted.nodes += 1;
    if (this.lost) return;
    const place = { from: index * 2 ** level, to: (index + 1) * 2 ** level - 1 };
    const computed = place.to + 1 === this.next ? this.due.get(level) : undefined;
    this.due.delete(level);
    if (!computed) return this.find('OUT_OF_PLACE', at(this.next - 1));
    if (!computed.some((own) => own.equals(hash)) && this.suspects.length < MOST_FINDINGS) this.suspects.push({ ...place, level });
  }

  checkpoint(verdict: CheckpointVerdict): void {
    this.counted.checkpoints += 1;
    const end = at(this.next - 1);
    if (!verdict.ok) return this.find('SIGNATURE_WRONG', end);
    const { size, root } = verdict.checkpoint;
    if (size <= this.lastSize) return this.find('NOT_GROWING', end);
    this.lastSize = size;
    if (size > this.next) return this.find('TRUNCATED', { from: this.next, to: size - 1 });
    if (size < this.next) return this.find('OUT_OF_PLACE', end);
    if (this.lost) return;
    if (this.rows.root().equals(root)) this.signed('OCTETS_ALTERED', this.rows);
    else if (this.octets?.root().equals(root)) this.signed('LEAF_ALTERED', this.octets);
    else this.lose('ALTERED', this.narrowed());
  }

  compareCounts({ leaves, nodes, checkpoints }: Line<'end'>): void {
    const right = leaves === this.next && nodes === this.counted.nodes && checkpoints === this.counted.checkpoints;
    if (!right) this.find('CUT_SHORT', at(this.next));
  }

  unreadable(): void {
    this.stop('NOT_AN_EXPORT', at(this.next));
  }

  end({ ended }: { ended: boolean }): void {
    if (!ended) this.find('CUT_SHORT', at(this.next));
    for (const index of this.withoutOctets.values()) this.find('OCTETS_MISSING', at(index));
    if (this.held && this.held.size > this.next) this.find('TRUNCATED', { from: this.next, to: this.held.size - 1 });
    if (!this.lost && this.next > this.good) this.findUncovered();
    this.flush('OCTETS_ALTERED');
  }

  summary(): { size: number; root?: string; checkpoints: number } {
    return { size: this.next, ...(this.lost ? {} : { root: this.rows.root().toString('hex') }), checkpoints: this.vouched };
  }

  /** Entries after the last checkpoint. In a log that was cut off, the checkpoint that covered them is there and can't be compared. */
  private findUncovered(): void {
    if (this.suspects.length > 0) this.find('ALTERED', this.narrowed());
    const cutOff = this.lastSize > this.next;
    if (!cutOff) this.find('NOT_COVERED', { from: this.good, to: this.next - 1 });
  }

  private grow(leaf: Buffer, own: Buffer): void {
    if (this.lost) return;
    const byRows = this.rows.push(leaf);
    const byOctets = this.octets?.push(own) ?? [];
    this.due = new Map(byRows.map(({ level, hash }, i) => [level, [hash, byOctets[i]?.hash ?? hash]]));
  }

  /** Everything up to here is what was signed; what differed beside it was altered in the way that `code` says. */
  private signed(code: FindingCode, tree: Frontier): void {
    this.rows = tree;
    this.octets = undefined;
    this.flush(code);
    for (const { from, to } of this.suspects) this.find('NODE_ALTERED', { from, to });
    this.suspects = [];
    this.good = this.next;
    this.vouched += 1;
  }

  /** Among the entries that no checkpoint fits, those under the lowest stored node that disagrees. */
  private narrowed(): Place {
    const last = this.next - 1;
    const [suspect] = this.suspects.filter(({ to }) => to >= this.good).toSorted((a, b) => a.level - b.level || a.from - b.from);
    return suspect ? { from: Math.max(suspect.from, this.good), to: Math.min(suspect.to, last) } : { from: this.good, to: last };
  }

  private compareHeld(): void {
    if (this.lost || this.held?.size !== this.next) return;
    const { size, root } = this.held;
    const fits = this.rows.root().equals(root) || this.octets?.root().equals(root);
    if (!fits) this.find('FORKED', { from: 0, to: Math.max(size - 1, 0) });
  }

  /** Notes what an entry says of itself, and returns its id. The verifier of an old log must read entries of kinds it does not know. */
  private readEntry(index: number, octets: Buffer, intact: boolean): string | undefined {
    const entry = readCanonical(octets) as { id?: unknown; controller?: unknown; kind?: unknown; at?: unknown; leaves?: unknown } | undefined;
    const id = typeof entry?.id === 'string' && /^[0-9a-f-]{36}$/.test(entry.id) ? entry.id : undefined;
    if (!intact) return id;
    const time = typeof entry?.at === 'string' ? Date.parse(entry.at) : Number.NaN;
    const place = { ...at(index), ...(id ? { entry: id } : {}) };
    if (!entry || !id || Number.isNaN(time)) this.warn('UNREADABLE', place);
    else if (entry.controller !== this.controller) this.find('WRONG_CONTROLLER', place);
    if (time < this.latest - this.toleranceMs) this.warn('BACK_DATED', place);
    if (time > this.latest) this.latest = time;
    if (entry?.kind === 'entries-disposed' && Array.isArray(entry.leaves)) entry.leaves.forEach((leaf) => this.withoutOctets.delete(String(leaf)));
    return id;
  }

  private lose(code: FindingCode, place: Place): void {
    if (this.lost) return;
    if (code !== 'ALTERED' && this.suspects.length > 0) this.find('ALTERED', this.narrowed());
    this.find(code, place);
    this.flush('OCTETS_ALTERED');
    this.due.clear();
    this.lost = true;
  }

  private stop(code: FindingCode, place: Place): void {
    this.lose(code, place);
    this.hopeless = true;
  }

  private flush(code: FindingCode): void {
    for (const place of this.differing) this.find(code, place);
    this.differing = [];
  }

  private find(code: FindingCode, place: Place): void {
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ code, ...place });
  }

  private warn(code: WarningCode, place: Place): void {
    if (this.warnings.length < MOST_FINDINGS) this.warnings.push({ code, ...place });
  }
}

const at = (index: number): Place => ({ from: Math.max(index, 0), to: Math.max(index, 0) });
