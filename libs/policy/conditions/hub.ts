import { type Agreement, term } from '../agreement';
import type { Contact, Parties, Party } from '../parties';

/** Whether the contact staffs the front door of the agreement. */
export function isHub(agreement: Agreement, contact: Contact | undefined): boolean {
  const hub = term(agreement, 'request.hub');
  return hub !== undefined && contact?.desk === hub.desk;
}

/** The party whose data those of the front door are. */
export function hubController({ agreement, parties }: { agreement: Agreement; parties: Parties }): Party | undefined {
  for (const entry of term(agreement, 'controller.hub')?.entries ?? []) {
    const found = parties.member(entry);
    if (found) return found;
  }
  return undefined;
}

/** Whether the contact staffs the desk whose records the agreement gives one controller: its front door, where it has one; else another. */
const isDesk = (agreement: Agreement, contact: Contact | undefined): boolean => contact?.desk !== undefined && contact.desk === term(agreement, 'controller.hub')?.desk;

/** Whose data a recipient's copy becomes: for the agreement's desk its controller, whatever agency staffs it (RC-04). */
export const copyControllerOf = ({ agreement, parties, contact, party }: { agreement: Agreement; parties: Parties; contact: Contact | undefined; party: Party }): Party['controller'] =>
  (isDesk(agreement, contact) && hubController({ agreement, parties })?.controller) || party.controller;
