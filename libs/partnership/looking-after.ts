import type { Directory } from '#directory/directory';
import { coordinatingFor } from '#directory/co-ordinating';
import { openDuty } from '#duties/duties';
import { type Clock, DAY, day } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { unfilled } from '#policy/conditions/membership';
import type { Agreement } from '#policy/agreement';
import type { Party } from '#policy/parties';
import type { Register } from '#register/register';
import { attestedBy, ownAttestations } from './attested';

export interface LookingRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  agreements: ReadonlyMap<string, Agreement>;
}

/** Days after joining within which a party attests all that is wanted of it. Ours: no text gives a time. */
export const FIRST_ATTESTED_WITHIN_DAYS = 30;

interface Place {
  id: string;
  agency: string;
  entry: string;
  controller: string;
  from_day: string;
  attest: string[];
}

/** Looks after parties: whoever lost the last holder of a post that the agreement asks for is put on hold, and what is to be attested falls due. */
export class LookingAfter {
  constructor(private readonly rooms: LookingRooms) {}

  /** @returns how many parties were put on hold, and duties opened */
  async look(): Promise<number> {
    let changed = 0;
    for (const agreement of this.rooms.agreements.values()) changed += await this.rooms.database.transaction((tx) => this.lookAt(tx, agreement));
    return changed;
  }

  private async lookAt(tx: Tx, agreement: Agreement): Promise<number> {
    const at = this.rooms.clock.now();
    const places: Place[] = await tx.query(
      `select m.id, m.agency, m.entry, a.controller, m.from_day::text, array(select d.what from waybill.duty d where d.membership = m.id and d.owner = m.agency and d.kind = 'attest' and d.closed_at is null) as attest
       from waybill.membership m join waybill.agency a on a.id = m.agency where m.agreement = $1 and m.status = 'active' order by m.agency`, [agreement.id]);
    if (places.length === 0) return 0;
    const parties = await this.rooms.directory.parties(tx, places.map(({ agency }) => agency), agreement, at);
    const attested = await attestedBy(tx, agreement.id, places.map(({ agency }) => agency));
    let changed = 0;
    for (const place of places) {
      changed += (await holdUnfilled(tx, this.rooms.register, agreement, place, parties.party(place.agency), at)) || await this.ask(tx, agreement, place, attested.filter(({ agency }) => agency === place.agency), at);
    }
    return changed;
  }

  private async ask(tx: Tx, agreement: Agreement, { id, agency, entry, from_day: from, attest }: Place, rows: Awaited<ReturnType<typeof attestedBy>>, at: Date): Promise<number> {
    if (at.getTime() < Date.parse(from) + FIRST_ATTESTED_WITHIN_DAYS * DAY) return 0;
    const wanted = ownAttestations(agreement, entry, rows, at).filter(({ what, weight, state }) => weight === 'must' && state !== 'current' && !attest.includes(what));
    const senders = wanted.some(({ of }) => of !== undefined) ? await receivedFrom(tx, agency, agreement.id) : [];
    const owed = wanted.filter(({ of }) => of === undefined || senders.includes(of));
    for (const { what, posts: [post] } of owed) await openDuty(tx, { kind: 'attest', about: { membership: id }, what, owner: agency, other: agency, lane: 'routine', at, role: post as never });
    return owed.length;
  }
}

/** Where nobody can be reached who answers for it: until the post is filled nothing goes to the party or comes from it, and whoever looks after the agreement is told. */
export async function holdUnfilled(tx: Tx, register: Register, agreement: Agreement, { id, agency, controller }: Pick<Place, 'id' | 'agency' | 'controller'>, party: Party | undefined, at: Date): Promise<number> {
  const post = party && unfilled(agreement, party, at.toISOString(), () => true);
  if (post === undefined) return 0;
  const [, held]: [unknown, number] = await tx.query(`update waybill.membership set status = 'held' where id = $1 and status = 'active'`, [id]);
  if (held === 0) return 0;
  for (const owner of await coordinatingFor(tx, agreement.id, agency, at)) await openDuty(tx, { kind: 'fill-post', about: { membership: id }, what: post, owner, other: agency, lane: 'urgent', at });
  await register.record(tx, [{ kind: 'party-changed', controller, at, fields: { agency, agreement: agreement.id, change: 'held', on: day(at), because: post } }]);
  return 1;
}

/** Entries of the list under which those stand from whom an agency ever received something under the agreement. */
async function receivedFrom(tx: Tx, agency: string, agreement: string): Promise<string[]> {
  const rows: { entry: string }[] = await tx.query(
    `select distinct m.entry from waybill.membership m where m.agreement = $2 and m.agency <> $1
       and exists (select from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.recipient = $1 and t.sender = m.agency and s.agreement = $2)`, [agency, agreement]);
  return rows.map(({ entry }) => entry);
}
