import { afterCollision } from '#exchange/collision';
import { isKept, readStated, signatureOf, type StatementSent, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { factFault } from '#policy/breach-stating';
import { BREACH_TYPES, FOUND_BY } from '#policy/vocabulary/breach';
import { holds } from '#policy/vocabulary/entry';
import { ROLES } from '#policy/vocabulary/roles';
import { BreachReported } from '#protocol/breach';
import { type Affected, affectedBy } from './affected';
import { type Concerned, type Members, membersOf } from './members';
import { openCase } from './opening';

/** Where breaches are reported: everything between the wire and the one transaction in which everybody is told who must be told at once. */
export class Reports {
  constructor(private readonly rooms: StatingRooms) {}

  /**
   * Takes a report. When this returns, the case stands, whoever must be told at once has been told, and both sides' registers say so. The very same
   * again changes nothing. @throws Refusal BREACH_INVALID, BREACH_ID_REUSED, BREACH_SHARE_UNKNOWN, BREACH_PARTY_UNKNOWN, NO_COMMON_AGREEMENT, a gate code of the signature
   */
  report(asker: Asker, sent: StatementSent): Promise<{ breach: string }> {
    const at = this.rooms.clock.now();
    return afterCollision(() => this.rooms.database.as(asker, async (tx) => {
      const reported = this.read(asker, sent, at);
      const signed = await signatureOf(tx, this.rooms.directory, asker, sent, at);
      if (await isKept(tx, 'breach_statement', reported.id, sent, 'BREACH_ID_REUSED')) return { breach: reported.id };
      const agreement = this.rooms.agreements.get(reported.agreement.id);
      const affected = await affectedBy(tx, asker, reported.shares);
      const { members, concerned } = await this.concernedBy(tx, asker, agreement, reported, affected, at);
      await openCase(tx, this.rooms.register, { id: reported.id, agreement: agreement as Agreement, reported, affected, concerned, members, statement: signed, at });
      return { breach: reported.id };
    }), 'BREACH_ID_REUSED');
  }

  private read(asker: Asker, sent: StatementSent, now: Date): BreachReported {
    return readStated(BreachReported, sent, {
      agency: asker.agency, gateway: this.rooms.gateway, now, invalid: 'BREACH_INVALID',
      faults: (made) => [reportFault(made, now.toISOString())].flatMap((wrong) => (wrong === undefined ? [] : [{ code: 'BREACH_INVALID', pointer: wrong[0], says: wrong[1] }])),
    });
  }

  private async concernedBy(tx: Tx, asker: Asker, agreement: Agreement | undefined, reported: BreachReported, affected: Affected, at: Date): Promise<{ members: Members; concerned: Concerned }> {
    const owners = [...affected.owners, ...(reported.owners ?? [])];
    const recipients = [...affected.recipients, ...(reported.recipients ?? [])];
    const named = [asker.agency, reported.where ?? asker.agency, ...owners, ...recipients, ...(reported.caseHolder === undefined ? [] : [reported.caseHolder])];
    const members = await membersOf(tx, reported.agreement.id, named, at);
    const reasons: RefusalReason[] = [
      ...(agreement?.version === reported.agreement.version && (members.get(asker.agency)?.entry ?? (await isBound(tx, asker.agency, reported.agreement.id))) ? [] : [{ code: 'NO_COMMON_AGREEMENT', pointer: '/agreement/id', says: 'whoever reports a breach is party to the agreement under which it is handled, as it is in force', next: 'Cite an agreement that you are party to, in the version now in force.' }]),
      ...(named.every((agency) => members.has(agency)) ? [] : [{ code: 'BREACH_PARTY_UNKNOWN', pointer: '/owners' }]),
    ];
    if (reasons.length > 0) throw new Refusal(reasons);
    return { members, concerned: { reporter: asker.agency, occurred: reported.where ?? asker.agency, owners, recipients, caseHolder: reported.caseHolder } };
  }
}

const isBound = async (tx: Tx, agency: string, agreement: string): Promise<string | undefined> => {
  const [row]: { entry: string }[] = await tx.query(`select entry from waybill.membership where agency = $1 and agreement = $2 and status in ('active', 'consulted', 'held', 'suspended')`, [agency, agreement]);
  return row?.entry;
};

/** What of a report stands in no list, or cannot be. */
function reportFault({ type, foundBy, role, facts, happenedAt, foundAt, awareAt }: BreachReported, now: string): [string, string] | undefined {
  if (!holds(BREACH_TYPES, type, now)) return ['/type', `must be one of ${Object.keys(BREACH_TYPES).join(', ')}`];
  if (!holds(FOUND_BY, foundBy, now)) return ['/foundBy', `must be one of ${Object.keys(FOUND_BY).join(', ')}`];
  if (!holds(ROLES, role, now)) return ['/role', 'must be a role of the vocabulary'];
  const coded = factFault(facts, now);
  if (coded) return [coded, 'must be codes of the vocabulary'];
  const [happened, found, aware, at] = [happenedAt ?? foundAt, foundAt, awareAt, now].map((each) => Date.parse(each)) as [number, number, number, number];
  if (happened > found) return ['/happenedAt', 'must not be after it was found'];
  return found > aware || aware > at ? ['/awareAt', 'must be between when it was found and now'] : undefined;
}
