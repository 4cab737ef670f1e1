import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { MATTERS } from '#policy/matters';
import type { MatterKind } from '#protocol/matter';
import type { AnswerOffered, MatterItem, MatterTold } from '#protocol/matter-answers';

export interface MatterRow {
  id: string;
  kind: MatterKind;
  transfer: string;
  share: string;
  agreement: string;
  agreement_version: string;
  put_by: string;
  contact: string;
  put_by_controller: string;
  put_to: string;
  put_to_controller: string;
  rights_request: string | null;
  right_used: string | null;
  demands_deletion: boolean;
  opened_at: Date;
  due_at: Date;
  octets: Buffer | null;
  signature: Buffer | null;
  words: Buffer | null;
  answer: string | null;
  answered_at: Date | null;
  answer_octets: Buffer | null;
  answer_signature: Buffer | null;
  answer_words: Buffer | null;
  weight: string | null;
}

/** As what the asker looks at matters. */
export const MATTER_SIDES = { answerer: 'put_to = $1', author: 'put_by = $1' } as const;
export type MatterSide = keyof typeof MATTER_SIDES;

/** @throws Refusal NOT_FOUND */
export async function found(tx: Tx, id: string, locked: '' | 'for update' = ''): Promise<MatterRow> {
  const [row]: MatterRow[] = await tx.query(`select * from waybill.matter where id = $1 ${locked}`, [id]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

export const itemOf = (row: MatterRow): MatterItem => ({
  matter: row.id,
  kind: row.kind,
  share: row.share,
  transfer: row.transfer,
  from: { agency: row.put_by, contact: row.contact },
  to: row.put_to,
  openedAt: row.opened_at.toISOString(),
  dueAt: row.due_at.toISOString(),
  ...(row.answer !== null && { answer: row.answer }),
  ...(row.answered_at && { answeredAt: row.answered_at.toISOString() }),
});

const base64 = (octets: Buffer | null): string | undefined => octets?.toString('base64');

/** As both sides see it. */
export function toldOf(row: MatterRow): MatterTold {
  const signed = { statement: base64(row.octets), signature: base64(row.signature), answerStatement: base64(row.answer_octets), answerSignature: base64(row.answer_signature), right: row.right_used ?? undefined, weight: row.weight ?? undefined };
  return {
    ...itemOf(row),
    agreement: { id: row.agreement, version: row.agreement_version },
    ...(JSON.parse(JSON.stringify(signed)) as Partial<MatterTold>),
    ...(row.demands_deletion && { demandsDeletion: true }),
    words: row.words !== null,
    answerWords: row.answer_words !== null,
    answers: answersOf(row),
  };
}

/** What it can be answered. */
const answersOf = ({ kind, demands_deletion }: MatterRow): AnswerOffered[] => Object.entries(MATTERS[kind].answers)
  .filter(([answer]) => !(demands_deletion && answer === 'noted'))
  .map(([answer, { says, reasons, shows }]) => ({ answer, says, ...(reasons && { reasons: Object.keys(reasons) }), ...(shows && { shows }) }));
