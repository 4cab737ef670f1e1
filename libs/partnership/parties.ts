import type { Directory } from '#directory/directory';
import type { MembershipChange, Registrar } from '#directory/registrar';
import { closeDuties } from '#duties/duties';
import { type Clock, day } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { attestingUnmet } from '#policy/attesting';
import { membershipOf } from '#policy/parties';
import { requireMet } from '#exchange/entries';
import type { Attested } from '#protocol/membership';
import type { AttestationTold, MissingTold } from '#protocol/membership-answers';
import type { NewEntry, Register } from '#register/register';
import { attestedBy, attestedByPartnership, enterAttested, ownAttestations, partnershipsAttestations } from './attested';
import { holdUnfilled } from './looking-after';
import { afterWithdrawal, missingOf } from './memberships';

export interface PartiesRooms {
  database: Database;
  directory: Directory;
  registrar: Registrar;
  register: Register;
  clock: Clock;
  agreements: ReadonlyMap<string, Agreement>;
}

/** A party as whoever looks after the agreement sees it. */
export interface PartySeen {
  agency: string;
  agreement: string;
  entry: string;
  status: string;
  since: string;
  missing: MissingTold[];
  attestations: AttestationTold[];
}

/** What follows, in the same commit, when a membership changes at the co-ordinator's desk. */
export async function membershipMoved(tx: Tx, of: { agency: string; agreement: string }, change: MembershipChange, at: Date): Promise<void> {
  if (change === 'withdrawn') return afterWithdrawal(tx, of, at);
  const [row]: { id: string }[] = await tx.query('select id from waybill.membership where agency = $1 and agreement = $2', [of.agency, of.agreement]);
  if (row) await closeDuties(tx, { membership: row.id }, { because: change, at }, ['decide-joining', 'fill-post', 'hear-of-withdrawal']);
}

/** The parties of agreements, at the desk of whoever looks after them. */
export class Parties {
  constructor(private readonly rooms: PartiesRooms) {}

  /** Every party of these agreements but those that left, with what is missing and what it attested. */
  list(agreements: readonly Agreement[]): Promise<PartySeen[]> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const seen: PartySeen[] = [];
      for (const agreement of agreements) {
        const rows: { agency: string; entry: string; status: string; from_day: string }[] = await tx.query(`select agency, entry, status, from_day::text from waybill.membership where agreement = $1 and status <> 'withdrawn' order by agency`, [agreement.id]);
        const agencies = rows.map(({ agency }) => agency);
        const [parties, attested] = [await this.rooms.directory.parties(tx, agencies, agreement, at), await attestedBy(tx, agreement.id, agencies)];
        for (const { agency, entry, status, from_day: since } of rows) {
          const party = parties.party(agency);
          seen.push({ agency, agreement: agreement.id, entry, status, since, missing: party ? missingOf(agreement, party, at) : [], attestations: ownAttestations(agreement, entry, attested.filter((each) => each.agency === agency), at) });
        }
      }
      return seen;
    });
  }

  /** What the partnership attested itself, or the operator for it. */
  ofPartnership(agreement: Agreement): Promise<AttestationTold[]> {
    return this.rooms.database.transaction(async (tx) => partnershipsAttestations(agreement, await attestedByPartnership(tx, agreement.id), this.rooms.clock.now()));
  }

  /** Enters what the partnership attests, or the operator for it: it stands in the register of every active party. @throws Refusal with the codes of ATTESTING; @returns the day by which it is attested again */
  attest(agreement: Agreement, attested: Attested): Promise<string> {
    const at = this.rooms.clock.now();
    requireMet(attestingUnmet({ agreement, attested, by: 'partnership', at: at.toISOString() }));
    return this.rooms.database.transaction(async (tx) => {
      const dueAgain = await enterAttested(tx, agreement, attested, 'partnership', at);
      const rows: { controller: string }[] = await tx.query(`select distinct a.controller from waybill.membership m join waybill.agency a on a.id = m.agency where m.agreement = $1 and m.status = 'active' order by 1`, [agreement.id]);
      const { what, on, digest } = attested;
      await this.rooms.register.record(tx, rows.map(({ controller }): NewEntry => ({ kind: 'partnership-attested', controller, at, fields: { agreement: agreement.id, what, on, dueAgain, digest } })));
      return dueAgain;
    });
  }

  /** Accepts what an organisation asked for, with what is on file of it. @throws Refusal NOT_FOUND, and with every thing that is missing and its next step */
  async accept(agreement: Agreement, agency: string): Promise<void> {
    const { database, directory, registrar, clock } = this.rooms;
    const at = clock.now();
    const party = (await database.transaction((tx) => directory.parties(tx, [agency], agreement, at))).party(agency);
    const asked = membershipOf(party, agreement, at.toISOString());
    if (!asked || asked.status === 'withdrawn') throw new Refusal({ code: 'NOT_FOUND', says: 'It has not asked to join this agreement.', next: 'Look at `waybill parties list`.' });
    const { status: _status, from: _from, until: _until, attested: _attested, ...onFile } = asked;
    await registrar.activate(agreement, agency, onFile);
  }

  /** Ends a contact, and puts its agency on hold at once under each agreement that asks for a post which nobody fills then. @returns these agreements; @throws Refusal NOT_FOUND */
  async endContact(agency: string, contact: string, on: string): Promise<string[]> {
    const { registrar, database, directory, register, clock, agreements } = this.rooms;
    await registrar.endContact(agency, contact, on);
    const at = clock.now();
    if (on > day(at)) return [];
    return database.transaction(async (tx) => {
      const held: string[] = [];
      const rows: { id: string; agency: string; controller: string; agreement: string }[] = await tx.query(`select m.id, m.agency, a.controller, m.agreement from waybill.membership m join waybill.agency a on a.id = m.agency where m.agency = $1 and m.status = 'active' order by m.agreement`, [agency]);
      for (const row of rows) {
        const agreement = agreements.get(row.agreement);
        if (!agreement) continue;
        const party = (await directory.parties(tx, [agency], agreement, at)).party(agency);
        if ((await holdUnfilled(tx, register, agreement, row, party, at)) > 0) held.push(agreement.id);
      }
      return held;
    });
  }

  /** An agreement that the gateway serves. @throws Refusal NOT_FOUND */
  agreement(id: string): Agreement {
    const agreement = this.rooms.agreements.get(id);
    if (!agreement) throw new Refusal({ code: 'NOT_FOUND', says: 'There is no such agreement here.', next: 'Look at `waybill agreements list`.' });
    return agreement;
  }
}
