import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Urgency } from '#protocol/manifest';
import type { StatementKind } from '#protocol/statement';
import type { Controllership, LoggedBecause } from '#policy/recorded-as';
import { type Lane, LANES } from '#queue/lanes';
import type { TransferState } from './moves';

@Entity({ schema: 'waybill', name: 'share' })
export class ShareRow {
  @PrimaryColumn('text') sender: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') controller: string;
  @Column('text') manifest_digest: string;
  @Column('bytea') manifest: Buffer;
  @Column('bytea') signature: Buffer;
  @Column('text') agreement: string;
  @Column('text') agreement_version: string;
  @Column('text') urgency: Urgency;
  @Column('timestamptz') accepted_at: Date;
  @Column('text') receipt: string;
}

@Entity({ schema: 'waybill', name: 'transfer' })
export class TransferRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') sender: string;
  @Column('uuid') share: string;
  @Column('text') recipient: string;
  @Column('text') contact: string;
  @Column('text') sender_controller: string;
  @Column('text') recipient_controller: string;
  @Column('text') route: 'mailbox' | 'mail';
  @Column('boolean') weak_hop: boolean;
  @Column('text') lane: Lane;
  @Column('smallint') precedence: number;
  @Column('text') state: TransferState;
  @Column('text') provenance: string;
  @Column('text') consignment_digest: string;
  @Column('text', { array: true }) categories: string[];
  @Column('bigint') size: string;
  @Column('text', { nullable: true }) hold_reason: string | null;
  @Column('timestamptz') payload_until: Date;
  @Column('timestamptz') accepted_at: Date;
  @Column('timestamptz', { nullable: true }) available_at: Date | null;
  @Column('timestamptz', { nullable: true }) collected_at: Date | null;
  @Column('timestamptz', { nullable: true }) opened_at: Date | null;
  @Column('timestamptz', { nullable: true }) ended_at: Date | null;
  @Column('text', { nullable: true }) end_reason: string | null;
  @Column('timestamptz', { nullable: true }) payload_removed_at: Date | null;
  @Column('text') controllership: Controllership;
  @Column('text', { nullable: true }) logged_because: LoggedBecause | null;
  @Column('boolean') logged_justified: boolean;
}

@Entity({ schema: 'waybill', name: 'statement' })
export class StatementRow {
  @PrimaryColumn('uuid') transfer: string;
  @PrimaryColumn('text') kind: StatementKind;
  @Column('text') agency: string;
  @Column('bytea') octets: Buffer;
  @Column('bytea') signature: Buffer;
  @Column('timestamptz') at: Date;
}

@Entity({ schema: 'waybill', name: 'event' })
export class EventRow {
  @PrimaryColumn('bigint') seq: string;
  @Column('uuid') transfer: string;
  @Column('timestamptz') at: Date;
  @Column('text') kind: string;
  @Column('text', { nullable: true }) detail: string | null;
}

export const EXCHANGE_ROWS = [ShareRow, TransferRow, StatementRow, EventRow];

export type { Lane };

/** A mailbox and each consumer look at the lower number first. */
export const PRECEDENCE = Object.fromEntries(LANES.map((lane, place) => [lane, place])) as Record<Lane, number>;
export const laneOf = (precedence: number): Lane => LANES[precedence] ?? 'routine';
