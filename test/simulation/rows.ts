import type { DutyKind } from '#duties/kinds';
import type { TransferState } from '#exchange/moves';
import type { EntryKind } from '#register/entry-kinds';
import type { Lane } from '#queue/lanes';
import { Table } from './store';

// The rows on which the state machines stand, with no more columns than these look at. An instant is in milliseconds.

export interface ShareRow { sender: string; id: string; digest: string; receipt: string }
export interface TransferRow {
  id: string; sender: string; share: string; recipient: string; lane: Lane; state: TransferState; key: string; acceptedAt: number; until: number;
  holdReason?: string; availableAt?: number; collectedAt?: number; endedAt?: number; endReason?: string; removedAt?: number;
}
export interface OutboxRow {
  id: string; transfer: string; lane: Lane; precedence: number; attempt: number; dueAt: number; seq: number;
  leasedUntil?: number; parked?: string; publishedAt?: number;
}
export interface DutyRow { id: string; kind: DutyKind; transfer: string; owner: string; openedAt: number; steps: readonly number[]; step: number; nextAt?: number; closedAt?: number; because?: string }
export interface EventRow { seq: number; transfer: string; kind: string; detail?: string }
export interface EntryRow { id: string; controller: string; kind: EntryKind; about: string; number?: number }
export interface PendingRow { entry: string; controller: string; leaf: Buffer; seq: number }
export interface LogRow { controller: string; size: number }
export interface LeafRow { controller: string; index: number; entry: string; hash: Buffer }
export interface NodeRow { controller: string; level: number; index: number; hash: Buffer }
export interface CheckpointRow { controller: string; size: number; root: Buffer }
export interface AgencyRow { id: string; version: number }
export interface AgreementRow { id: string; version: number }
export interface MemberRow { agency: string; active: boolean }
export interface CertificateRow { fingerprint: string; agency: string; revokedAt?: number }
export interface StatementRow { transfer: string; kind: string; digest: string }
export interface KeyRow { agency: string; key: string; digest: string; status: number; body: string }
/** A part's octets, once a share; and the keys that open it, once a transfer. */
export interface PartRow { share: string }
export interface WrappedRow { transfer: string; share: string; key: string }

export class Tables {
  readonly share = new Table<ShareRow>('share', ({ sender, id }) => `${sender} ${id}`);
  readonly transfer = new Table<TransferRow>('transfer', ({ id }) => id);
  readonly outbox = new Table<OutboxRow>('outbox', ({ id }) => id);
  readonly duty = new Table<DutyRow>('duty', ({ id }) => id);
  readonly event = new Table<EventRow>('event', ({ seq }) => String(seq));
  readonly entry = new Table<EntryRow>('entry', ({ id }) => id);
  readonly pending = new Table<PendingRow>('pending', ({ entry }) => entry);
  readonly log = new Table<LogRow>('log', ({ controller }) => controller);
  readonly leaf = new Table<LeafRow>('leaf', ({ controller, index }) => `${controller} ${index}`);
  readonly node = new Table<NodeRow>('node', ({ controller, level, index }) => `${controller} ${level} ${index}`);
  readonly checkpoint = new Table<CheckpointRow>('checkpoint', ({ controller, size }) => `${controller} ${size}`);
  readonly agency = new Table<AgencyRow>('agency', ({ id }) => id);
  readonly agreement = new Table<AgreementRow>('agreement', ({ id }) => id);
  readonly member = new Table<MemberRow>('member', ({ agency }) => agency);
  readonly certificate = new Table<CertificateRow>('certificate', ({ fingerprint }) => fingerprint);
  readonly statement = new Table<StatementRow>('statement', ({ transfer, kind }) => `${transfer} ${kind}`);
  readonly idempotency = new Table<KeyRow>('idempotency', ({ agency, key }) => `${agency} ${key}`);
  readonly digest = new Table<{ digest: string; sender: string }>('digest', ({ digest }) => digest);
  readonly part = new Table<PartRow>('part', ({ share }) => share);
  readonly wrapped = new Table<WrappedRow>('wrapped', ({ transfer }) => transfer);
}
