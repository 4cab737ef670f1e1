import { Refusal } from '#platform/refusal';
import { missingOf, type Operation, type OperationFacts } from '#policy/operations';
import type { EntryFields } from '#register/entry-kinds';
import type { NewEntry } from '#register/register';
import type { LoggedBecause } from '#policy/recorded-as';

/** A transfer, as far as the log of its operations is about it. */
export interface Logged {
  share: string;
  transfer?: string;
  /** The agency that it came from. */
  origin: string;
  because: LoggedBecause;
  justified: boolean;
}

/** What a transfer says of the log of its operations; undefined where there is none. */
export const loggedOf = (transfer: { id: string; share: string; sender: string; logged_because: LoggedBecause | null; logged_justified: boolean }): Logged | undefined =>
  transfer.logged_because === null ? undefined : { share: transfer.share, transfer: transfer.id, origin: transfer.sender, because: transfer.logged_because, justified: transfer.logged_justified };

export interface OperationDone extends OperationFacts {
  operation: Operation;
  at: Date;
}

/**
 * The log entry of an operation (section 62 of the Data Protection Act 2018), to be written in the transaction of the operation itself.
 * @throws Refusal LOG_INCOMPLETE where it lacks a field: the operation is then not done
 */
export function operationFields(logged: Logged, done: OperationDone): EntryFields<'operation-logged'> {
  const missing = missingOf(done.operation, done, logged);
  if (missing.length > 0) throw new Refusal({ code: 'LOG_INCOMPLETE', facts: { operation: done.operation, missing } });
  return fieldsOf(logged, done);
}

/** The same where nothing may stop it: an emergency, and what the gateway does by rule. */
export const fieldsOf = ({ share, transfer, origin, because }: Logged, { operation, at, by, role, justification, recipients }: OperationDone): EntryFields<'operation-logged'> => ({
  operation, because, share, transfer, origin, occurredAt: at.toISOString(), justification, by, role, ...(by === undefined && { software: true }), recipients,
});

export const operationLogged = (controller: string, logged: Logged, done: OperationDone): NewEntry => ({ kind: 'operation-logged', controller, at: done.at, fields: operationFields(logged, done) });
