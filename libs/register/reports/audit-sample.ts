import { createHash } from 'node:crypto';
import type { ReadEntry } from '../entry';
import type { Row } from './csv';
import { type Located, type Report, type ReportOptions, strings } from './report';

interface Sampled {
  sent: ReadEntry;
  transfers: Map<string, { recipient: string; protection: string; delivered?: string; acknowledged?: string; ended?: string }>;
  breach?: string;
}

/** Shares of one sample. Who wants more takes one in more. */
const MOST_SAMPLED = 5_000;

/**
 * Which shares are looked at follows from their ids: whoever draws the sample cannot choose, and draws the same again. What becomes of a share stands in
 * later entries of the same register, so that all of the sample is held until the end.
 */
export class AuditSample implements Report {
  private readonly shares = new Map<string, Sampled>();
  private readonly oneIn: number;

  constructor({ oneIn = 1 }: ReportOptions) {
    this.oneIn = Math.max(1, Math.floor(oneIn));
  }

  take({ entry }: Located): Row[] {
    const share = entry['share'];
    if (typeof share !== 'string') return [];
    if (entry.kind === 'share-sent' && this.drawn(share) && this.shares.size < MOST_SAMPLED) {
      const recipients = entry['recipients'] as { transfer: string; agency: string; contact: string; protection: string }[];
      this.shares.set(share, { sent: entry, transfers: new Map(recipients.map(({ transfer, agency, contact, protection }) => [transfer, { recipient: `${agency}/${contact}`, protection }])) });
    }
    const sampled = this.shares.get(share);
    if (sampled && entry.kind.startsWith('breach')) sampled.breach ??= entry.id;
    const transfer = sampled?.transfers.get(String(entry['transfer']));
    if (!transfer) return [];
    if (DELIVERED.has(entry.kind)) transfer.delivered ??= entry.at;
    if (entry.kind === 'share-acknowledged') transfer.acknowledged = entry.at;
    const ended = ENDED[entry.kind];
    if (ended) transfer.ended = ended;
    return [];
  }

  end(): Row[] {
    return [...this.shares].flatMap(([share, { sent, transfers, breach }]) => [...transfers.values()].map(({ recipient, protection, delivered, acknowledged, ended }) => {
      const decision = sent['decision'] as { by: string; at: string; reasons: string[]; safetyConsidered?: boolean };
      const hours = delivered === undefined ? undefined : Math.round((Date.parse(delivered) - Date.parse(decision.at)) / 36_000) / 100;
      const { id, version } = sent['agreement'] as { id: string; version: string };
      return {
        share, agreement: `${id} ${version}`, purpose: String(sent['purpose']), urgency: String(sent['urgency']), decidedBy: decision.by, decidedAt: decision.at, reasons: strings(decision.reasons).join(' '), safetyConsidered: decision.safetyConsidered,
        acceptedAt: sent.at, recipient, protection, deliveredAt: delivered, hoursToDelivery: hours, acknowledgedAt: acknowledged, ended, breach,
      };
    }));
  }

  private drawn(share: string): boolean {
    return createHash('sha256').update(share).digest().readUInt32BE(0) % this.oneIn === 0;
  }
}

const DELIVERED: ReadonlySet<string> = new Set(['share-collected', 'share-pushed', 'share-acknowledged']);
const ENDED: Readonly<Record<string, string>> = { 'share-acknowledged': 'acknowledged', 'share-returned': 'returned', 'share-undeliverable': 'undeliverable', 'share-recalled': 'recalled' };
