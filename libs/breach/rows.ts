import type { BreachPart, BreachState } from '#policy/breach-stating';
import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { DutyKind } from '#duties/kinds';
import type { Wave } from './telling';

export interface BreachRow {
  id: string;
  agreement: string;
  agreement_version: string;
  reporter: string | null;
  type: string;
  harm: 'yes' | 'no' | 'unknown';
  near_miss: boolean;
  exercise: boolean;
  happened_at: Date | null;
  found_at: Date;
  opened_at: Date;
  state: BreachState;
  closed_at: Date | null;
  held_since: Date | null;
  parties: string[];
}

export interface PartyRow {
  breach: string;
  agency: string;
  controller: string;
  parts: BreachPart[];
  aware_at: Date | null;
  due_at: Date | null;
  reported_at: Date | null;
}

export interface NoticeRow {
  id: string;
  breach: string;
  agency: string;
  contact: string | null;
  wave: Wave;
  told_at: Date;
  read_at: Date | null;
}

export interface NoticeMailRow {
  kind: DutyKind;
  agency: string;
  contact: string;
  told_at: Date;
  last: string | null;
  ended: string | null;
  ended_at: Date | null;
}

export interface StatementRow {
  id: string;
  kind: string;
  agency: string;
  octets: Buffer;
  signature: Buffer;
  at: Date;
}

/** @throws Refusal NOT_FOUND for whoever has no part in it */
export async function foundBreach(tx: Tx, id: string, locked: '' | 'for update' = ''): Promise<BreachRow> {
  const [row]: BreachRow[] = await tx.query(`select * from waybill.breach where id = $1 ${locked}`, [id]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

export const partiesIn = (tx: Tx, breach: string): Promise<PartyRow[]> => tx.query('select * from waybill.breach_party where breach = $1 order by agency', [breach]);
export const statementsIn = (tx: Tx, breach: string): Promise<StatementRow[]> => tx.query('select id, kind, agency, octets, signature, at from waybill.breach_statement where breach = $1 order by at, id', [breach]);
