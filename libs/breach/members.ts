import type { Tx } from '#platform/database';
import { type Agreement, term } from '#policy/agreement';
import { bodiesOf } from '#policy/bodies';
import type { Group } from '#policy/breach-relay';

/** An agency as far as a breach asks about it: how it is told, and as what. */
export interface Member {
  agency: string;
  controller: string;
  types: string[];
  /** Entry of the agreement's party list; null where it is no active party today. */
  entry: string | null;
  contacts: { id: string; posts: string[]; desk: string | null; telephone: string | null }[];
}

export type Members = ReadonlyMap<string, Member>;

/** Active parties of an agreement, and other agencies that are named; without an agreement these alone. */
export async function membersOf(tx: Tx, agreement: string | undefined, named: readonly string[], at: Date): Promise<Members> {
  const rows: Member[] = await tx.query(
    `select a.id as agency, a.controller, a.types, m.entry,
       coalesce((select json_agg(json_build_object('id', c.id, 'posts', c.posts, 'desk', c.desk, 'telephone', c.telephone) order by c.id) from waybill.contact c
         where c.agency = a.id and c.from_day <= $3::date and (c.until_day is null or c.until_day > $3::date)), '[]') as contacts
     from waybill.agency a left join waybill.membership m on m.agency = a.id and m.agreement = $1 and m.status = 'active'
     where m.agency is not null or a.id = any($2) order by a.id`,
    [agreement ?? null, named, at]);
  return new Map(rows.map((row) => [row.agency, row]));
}

/** What of a breach decides who has which part in it. */
export interface Concerned {
  reporter: string | undefined;
  occurred: string;
  owners: readonly string[];
  recipients: readonly string[];
  caseHolder?: string | undefined;
}

const unique = (agencies: readonly string[]): string[] => [...new Set(agencies)];
const staffs = ({ contacts }: Member, desk: string | undefined): boolean => desk !== undefined && contacts.some((contact) => contact.desk === desk);
const holds = ({ contacts }: Member, post: string): boolean => contacts.some(({ posts }) => posts.includes(post));

/** Which agencies the words of an agreement mean here. Pure. */
export function groupsOf(agreement: Agreement, members: Members, { occurred, owners, recipients }: Concerned): Record<Group, string[]> {
  const parties = [...members.values()].filter(({ entry }) => entry !== null);
  return {
    owners: unique(owners), occurred: [occurred], involved: unique([occurred, ...owners, ...recipients]),
    partners: parties.map(({ agency }) => agency), partnership: partnershipOf(agreement, parties),
  };
}

/** Those who staff the partnership's desk, and the data protection officer of the body to which its data belong; where nobody does, its co-ordinator. */
function partnershipOf(agreement: Agreement, parties: readonly Member[]): string[] {
  const { desk } = bodiesOf(agreement, ['partnership']);
  const hosts = term(agreement, 'controller.hub')?.entries ?? [];
  const own = parties.filter((party) => staffs(party, desk) || (hosts.includes(party.entry ?? '') && holds(party, 'data-protection-officer')));
  return (own.length > 0 ? own : parties.filter((party) => holds(party, 'coordinator'))).map(({ agency }) => agency);
}

/** Who looks after the agreement itself: whoever of its parties is co-ordinator or business manager. */
export const coordinatorsOf = (members: Members): string[] => [...members.values()].filter((member) => member.entry !== null && (holds(member, 'coordinator') || holds(member, 'business-manager'))).map(({ agency }) => agency);

/** Who can protect somebody: the police, the front door of the area, and whoever holds the case. Pure. */
export function protectorsOf(agreement: Agreement, members: Members, { caseHolder, ...concerned }: Concerned): string[] {
  const all = [...members.values()];
  const parties = all.filter(({ entry }) => entry !== null);
  const police = policeOf(members);
  const desk = term(agreement, 'request.hub')?.desk;
  const doors = parties.filter((party) => staffs(party, desk));
  const councils = (among: readonly Member[]) => among.filter(({ types }) => types.includes('local-authority'));
  const involved = councils(all.filter(({ agency }) => groupsOf(agreement, members, concerned).involved.includes(agency)));
  const frontDoors = doors.length > 0 ? doors : involved.length > 0 ? involved : councils(parties);
  return unique([...police, ...frontDoors.map(({ agency }) => agency), ...(caseHolder === undefined ? [] : [caseHolder])]);
}

export const policeOf = (members: Members): string[] => [...members.values()].filter(({ entry, types }) => entry !== null && types.includes('police')).map(({ agency }) => agency);

/** The contact that holds the first of these posts which somebody holds, and the posts after it that are held; the co-ordinator's need nobody of the agency. */
export function inOrder(member: Member | undefined, order: readonly string[]): { contact: string | undefined; post: string | undefined; then: string[] } {
  const holder = (post: string) => member?.contacts.find(({ posts }) => posts.includes(post))?.id;
  const held = order.filter((post) => holder(post) !== undefined);
  const [first, ...rest] = held;
  const then = rest.filter((post) => post !== 'coordinator');
  return { post: first, contact: first === undefined ? (member?.contacts.find(({ posts }) => !posts.includes('emergency-duty')) ?? member?.contacts[0])?.id : holder(first), then: [...then, 'coordinator'] };
}

/** The number to ring: of the contact that is told, else of whoever is on call, a desk, or anybody. */
export function telephoneOf(member: Member | undefined, contact: string | undefined): string | undefined {
  const of = (found: Member['contacts'][number] | undefined) => found?.telephone ?? undefined;
  const contacts = member?.contacts ?? [];
  const rung = contacts.filter(({ telephone }) => telephone !== null);
  return of(contacts.find(({ id, telephone }) => id === contact && telephone !== null)) ?? of(rung.find(({ posts }) => posts.includes('emergency-duty'))) ?? of(rung.find(({ desk }) => desk !== null)) ?? of(rung[0]);
}
