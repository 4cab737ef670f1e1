import { coordinatingFor } from '#directory/co-ordinating';
import { closeDuties, openDuty } from '#duties/duties';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { isKept, keepStated, namedIn, readStated, signatureOf, type StatementSent, type StatingRooms } from '#exchange/signed-statement';
import { day } from '#platform/clock';
import type { Asker, Tx } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { activate } from '#policy/activate';
import type { Agreement } from '#policy/agreement';
import { attestingUnmet } from '#policy/attesting';
import { movingUnmet } from '#policy/joining';
import { membershipOf, type Party } from '#policy/parties';
import { type Attested, type MembershipKind, MembershipStated } from '#protocol/membership';
import type { MembershipList, MissingTold, OwnMembership } from '#protocol/membership-answers';
import { attestedBy, attestedByPartnership, enterAttested, ownAttestations, partnershipsAttestations } from './attested';

/** What one statement does, beyond being kept. Says what of it stands in the register besides. */
interface Saying {
  tx: Tx;
  asker: Asker;
  agreement: Agreement;
  party: Party;
  stated: MembershipStated;
  at: Date;
}
type Recorded = { entry?: string | undefined; what?: string; on?: string; dueAgain?: string; reference?: string | undefined; digest?: string | undefined; covers?: readonly string[] | undefined };

/** An agency's own places in agreements: what it asks for, ends and attests, in its own signed words. */
export class Memberships {
  constructor(private readonly rooms: StatingRooms) {}

  /** The asker's own, with all that is missing of an active party and all that is to be attested. */
  list(asker: Asker): Promise<MembershipList> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const rows: { agreement: string }[] = await tx.query('select agreement from waybill.membership where agency = $1 order by agreement', [asker.agency]);
      const items: OwnMembership[] = [];
      for (const { agreement: id } of rows) {
        const agreement = this.rooms.agreements.get(id);
        if (agreement) items.push(await this.told(tx, asker, agreement, at));
      }
      return { items };
    });
  }

  /**
   * Takes a statement about the asker's own place: it holds from its receipt. The very same again changes nothing.
   * @throws Refusal MEMBERSHIP_INVALID, NOT_FOUND of an agreement that is not served, STATEMENT_DIFFERS, the codes of MOVING and ATTESTING, and a gate code of the signature
   */
  state(asker: Asker, id: string, sent: StatementSent): Promise<OwnMembership> {
    const { database, directory, register, clock, gateway, agreements } = this.rooms;
    const at = clock.now();
    const agreement = agreements.get(id);
    if (!agreement) return Promise.reject(new Refusal({ code: 'NOT_FOUND' }));
    return afterCollision(() => database.as(asker, async (tx) => {
      const stated = readStated(MembershipStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'MEMBERSHIP_INVALID', about: { agreement: id }, faults: fieldFaults });
      const signed = await signatureOf(tx, directory, asker, sent, at);
      if (!(await isKept(tx, 'membership_statement', stated.id, sent))) {
        // Two statements about one place come one after the other.
        await tx.query('select from waybill.membership where agency = $1 and agreement = $2 for no key update', [asker.agency, id]);
        const party = (await directory.parties(tx, [asker.agency], agreement, at)).party(asker.agency);
        if (!party) throw new Refusal({ code: 'NOT_FOUND' });
        const recorded = await SAYS[stated.kind]({ tx, asker, agreement, party, stated, at });
        await keepStated(tx, 'membership_statement', id, asker, stated, signed, at);
        await register.record(tx, [
          { kind: 'membership-stated', controller: asker.controller, at, fields: { ...namedIn(signed), by: stated.by.contact, agreement: id, stated: stated.kind, ...recorded } },
          ...(stated.kind === 'attests' ? [] : [{ kind: 'party-changed' as const, controller: asker.controller, at, fields: { agency: asker.agency, agreement: id, change: CHANGES[stated.kind], by: stated.by.contact, on: day(at) } }]),
        ]);
      }
      return this.told(tx, asker, agreement, at);
    }), 'STATEMENT_DIFFERS');
  }

  private async told(tx: Tx, { agency }: Asker, agreement: Agreement, at: Date): Promise<OwnMembership> {
    const [row]: { entry: string; status: OwnMembership['status'] }[] = await tx.query('select entry, status from waybill.membership where agency = $1 and agreement = $2', [agency, agreement.id]);
    const party = (await this.rooms.directory.parties(tx, [agency], agreement, at)).party(agency);
    if (!row || !party) throw new Refusal({ code: 'NOT_FOUND' });
    return {
      agreement: agreement.id, entry: row.entry, status: row.status, missing: missingOf(agreement, party, at),
      attestations: ownAttestations(agreement, row.entry, await attestedBy(tx, agreement.id, [agency]), at), ofPartnership: partnershipsAttestations(agreement, await attestedByPartnership(tx, agreement.id), at),
    };
  }
}

/** All that keeps a party from being active, each with its next step. Pure. */
export const missingOf = (agreement: Agreement, party: Party, at: Date): MissingTold[] =>
  activate(agreement, party, at.toISOString()).map(({ code, says, next, cause, clauses }) => ({ code, says, next, clauses: [...clauses], ...(cause !== undefined && { cause }) }));

const CHANGES: Record<Exclude<MembershipKind, 'attests'>, string> = { joins: 'asked-to-join', withdraws: 'withdrawn' };

/** What goes with which kind, and with no other. */
const FIELDS = { joins: 'entry', attests: 'attested' } as const satisfies Partial<Record<MembershipKind, keyof MembershipStated>>;

const fieldFaults = (stated: MembershipStated): RefusalReason[] =>
  (Object.entries(FIELDS) as [keyof typeof FIELDS, (typeof FIELDS)[keyof typeof FIELDS]][])
    .filter(([kind, field]) => (stated[field] !== undefined) !== (stated.kind === kind))
    .map(([kind, field]) => ({ code: 'MEMBERSHIP_INVALID', pointer: `/${field}`, says: `goes with \`${kind}\`, and with nothing else` }));

const SAYS: Record<MembershipKind, (saying: Saying) => Promise<Recorded>> = {
  joins: async ({ tx, asker: { agency }, agreement, party, stated: { entry = '' }, at }) => {
    requireMet(movingUnmet({ agreement, kind: 'joins', party, entry, at: at.toISOString() }));
    const [, again]: [unknown, number] = await tx.query(`update waybill.membership set status = 'incomplete', entry = $3 where agency = $1 and agreement = $2 and status = 'withdrawn'`, [agency, agreement.id, entry]);
    if (again === 0) await tx.query(`insert into waybill.membership (agency, agreement, entry, status, from_day) values ($1, $2, $3, 'incomplete', $4)`, [agency, agreement.id, entry, day(at)]);
    await tellCoordinator(tx, 'decide-joining', { agency, agreement: agreement.id }, at);
    return { entry };
  },
  withdraws: async ({ tx, asker: { agency }, agreement, party, at }) => {
    requireMet(movingUnmet({ agreement, kind: 'withdraws', party, at: at.toISOString() }));
    await tx.query(`update waybill.membership set status = 'withdrawn' where agency = $1 and agreement = $2`, [agency, agreement.id]);
    await afterWithdrawal(tx, { agency, agreement: agreement.id }, at);
    return {};
  },
  attests: async ({ tx, asker: { agency }, agreement, party, stated: { attested, by: { contact } }, at }) => {
    const membership = membershipOf(party, agreement, at.toISOString());
    if (!membership || membership.status === 'withdrawn') throw new Refusal({ code: 'NOT_FOUND' });
    const { what, on, reference, digest, covers } = attested as Attested;
    requireMet(attestingUnmet({ agreement, attested: attested as Attested, by: { party, entry: membership.entry, contact }, at: at.toISOString() }));
    const dueAgain = await enterAttested(tx, agreement, attested as Attested, { agency, contact }, at);
    await closeDuties(tx, { membership: await membershipId(tx, agency, agreement.id), owner: agency, what }, { because: 'attested', at }, ['attest']);
    return { what, on, dueAgain, reference, digest, covers };
  },
};

async function membershipId(tx: Tx, agency: string, agreement: string): Promise<string> {
  const [row]: { id: string }[] = await tx.query('select id from waybill.membership where agency = $1 and agreement = $2', [agency, agreement]);
  return (row as { id: string }).id;
}

/** Whoever looks after the agreement hears of it at once. */
async function tellCoordinator(tx: Tx, kind: 'decide-joining' | 'hear-of-withdrawal', { agency, agreement }: { agency: string; agreement: string }, at: Date): Promise<void> {
  const membership = await membershipId(tx, agency, agreement);
  for (const owner of await coordinatingFor(tx, agreement, agency, at)) await openDuty(tx, { kind, about: { membership }, owner, other: agency, lane: 'routine', at });
}

/** Nothing that was asked of it as a party falls due any more, and whoever looks after the agreement hears of it. */
export async function afterWithdrawal(tx: Tx, of: { agency: string; agreement: string }, at: Date): Promise<void> {
  await closeDuties(tx, { membership: await membershipId(tx, of.agency, of.agreement) }, { because: 'withdrawn', at }, ['attest', 'decide-joining', 'fill-post']);
  await tellCoordinator(tx, 'hear-of-withdrawal', of, at);
}
