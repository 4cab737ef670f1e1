import { after } from '#duties/calendar';
import { dutyRows } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { flags, instants, octets, texts, uuids, wordLists } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { insertRows, type Rows } from '#platform/rows';
import { MATTERS } from '#policy/matters';
import type { MatterKind } from '#protocol/matter';
import type { EntryFields } from '#register/entry-kinds';
import type { Register } from '#register/register';

/** What somebody of the other side has to do about it. */
export const DUTY_OF: Record<MatterKind, DutyKind> = {
  correction: 'apply-correction', 'consent-withdrawn': 'delete-or-keep', deletion: 'delete-or-keep', consultation: 'give-view', assistance: 'assist-with-right', approval: 'answer-approval', 'passed-on': 'hear-of-passing-on', complaint: 'take-up-complaint', concern: 'answer-concern', audit: 'have-audit-done', 'moved-area': 'decide-on-move',
};

/** What whoever puts it has to do as well: it knows first, and holds the same. */
const OWN_DUTY_OF: Partial<Record<MatterKind, DutyKind>> = { 'moved-area': 'share-after-move' };

interface SidePut {
  agency: string;
  controller: string;
}

/** A matter as it is opened. */
export interface NewMatter {
  id: string;
  kind: MatterKind;
  transfer: string;
  share: string;
  agreement: { id: string; version: string };
  by: SidePut & { contact: string };
  to: SidePut;
  right?: string | undefined;
  rightsRequest?: string | undefined;
  purpose?: string | undefined;
  recipients?: readonly string[] | undefined;
  demandsDeletion?: boolean;
  at: Date;
  /** When it is to be answered; else as its kind says. */
  answerBy?: Date | undefined;
  /** Absent: the gateway opened it. */
  signed?: { octets: Buffer; signature: Buffer; fingerprint: string; certificate: Uint8Array };
  words?: Uint8Array | undefined;
  /** What the registers say of it besides. */
  entry: Omit<EntryFields<'matter-put'>, 'share' | 'transfer' | 'matter' | 'about' | 'by' | 'contact' | 'to' | 'dueAt' | 'right' | 'purpose' | 'recipients' | 'demandsDeletion'>;
}

export const dueOfMatter = ({ kind, at, answerBy }: Pick<NewMatter, 'kind' | 'at' | 'answerBy'>): Date => answerBy ?? after(at, { workingDays: MATTERS[kind].workingDays });

/** Opens matters: rows, the other side's duties and the author's own, and an entry in both registers, in the asker's own transaction. */
export async function openMatters(tx: Tx, register: Register, matters: readonly NewMatter[]): Promise<void> {
  if (matters.length === 0) return;
  await insertRows(tx, [matterRows(matters), dutyRows(matters.flatMap((matter) => {
    const { id, kind, by, to, at } = matter;
    const duty = { about: { matter: id }, lane: 'routine', at, dueAt: dueOfMatter(matter) } as const;
    const own = OWN_DUTY_OF[kind];
    return [{ ...duty, kind: DUTY_OF[kind], owner: to.agency, other: by.agency }, ...(own ? [{ ...duty, kind: own, owner: by.agency, contact: by.contact, other: to.agency }] : [])];
  }))]);
  await register.record(tx, matters.flatMap((matter) => {
    const { id, kind, share, transfer, by, to, right, purpose, recipients, demandsDeletion, at, entry } = matter;
    const fields: EntryFields<'matter-put'> = {
      share, transfer, matter: id, about: kind, by: by.agency, contact: by.contact, to: to.agency, dueAt: dueOfMatter(matter).toISOString(), right, purpose, ...(recipients?.length && { recipients }), ...(demandsDeletion && { demandsDeletion }), ...entry,
    };
    return [...new Set([by.controller, to.controller])].map((controller) => ({ kind: 'matter-put' as const, controller, at, fields }));
  }));
}

function matterRows(matters: readonly NewMatter[]): Rows {
  return {
    into: 'waybill.matter',
    columns: {
      id: uuids(matters.map(({ id }) => id)), kind: texts(matters.map(({ kind }) => kind)), transfer: uuids(matters.map(({ transfer }) => transfer)), share: uuids(matters.map(({ share }) => share)),
      agreement: texts(matters.map(({ agreement }) => agreement.id)), agreement_version: texts(matters.map(({ agreement }) => agreement.version)),
      put_by: texts(matters.map(({ by }) => by.agency)), contact: texts(matters.map(({ by }) => by.contact)), put_by_controller: texts(matters.map(({ by }) => by.controller)),
      put_to: texts(matters.map(({ to }) => to.agency)), put_to_controller: texts(matters.map(({ to }) => to.controller)),
      rights_request: uuids(matters.map(({ rightsRequest }) => rightsRequest ?? null)), right_used: texts(matters.map(({ right }) => right ?? null)), purpose: texts(matters.map(({ purpose }) => purpose ?? null)),
      recipients: wordLists(matters.map(({ recipients = [] }) => recipients)), demands_deletion: flags(matters.map(({ demandsDeletion = false }) => demandsDeletion)),
      opened_at: instants(matters.map(({ at }) => at)), due_at: instants(matters.map(dueOfMatter)),
      octets: octets(matters.map(({ signed }) => signed?.octets ?? null)), signature: octets(matters.map(({ signed }) => signed?.signature ?? null)),
      signer: texts(matters.map(({ signed }) => signed?.fingerprint ?? null)), signer_certificate: octets(matters.map(({ signed }) => signed?.certificate ?? null)),
      words: octets(matters.map(({ words }) => words ?? null)),
    },
  };
}
