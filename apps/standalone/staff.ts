import type { StaffFile, StaffMember } from '#directory/staff-file';
import type { StaffRoleCode } from '#directory/staff-roles';
import { DAY, day, HOUR } from '#platform/clock';

export interface Person {
  agency: string;
  staff: string;
  name: string;
  roles: StaffRoleCode[];
  contacts: string[];
  /** What is not on file of it, for showing what then happens. */
  without?: 'check' | 'training';
  secondFactor?: boolean;
}

/** The staff of the sandbox: somebody for every role, made up, with names that a form too narrow for them would spoil. */
export const PEOPLE: readonly Person[] = [
  { agency: 'merebrook-council', staff: 'mc-014', name: 'Łucja Ŵyn-Jones', roles: ['front-door-worker'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-015', name: 'Daniel Okafor', roles: ['front-door-worker'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-016', name: 'Iris Newcombe', roles: ['front-door-worker'], contacts: ['front-door'], without: 'check' },
  { agency: 'merebrook-council', staff: 'mc-020', name: 'فريدة القاضي', roles: ['team-manager'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-030', name: 'Siân Ŵynne', roles: ['data-protection-officer'], contacts: ['information-governance'], secondFactor: true },
  { agency: 'merebrook-council', staff: 'mc-031', name: 'Oliver Crane', roles: ['single-point-of-contact'], contacts: ['information-governance'] },
  { agency: 'merebrook-council', staff: 'mc-040', name: 'Ruth Alderney', roles: ['statutory-partner'], contacts: [] },
  { agency: 'merebrook-council', staff: 'mc-041', name: 'Małgorzata Bell', roles: ['scrutineer'], contacts: [] },
  { agency: 'merebrook-council', staff: 'mc-042', name: 'Tomos Llŷn', roles: ['co-ordinator'], contacts: [] },
  { agency: 'st-brigid-primary', staff: 'sb-001', name: 'Agnes Moor', roles: ['practitioner'], contacts: ['safeguarding-lead'] },
  { agency: 'kingfisher-families', staff: 'kf-001', name: 'Ngozi Hart', roles: ['practitioner'], contacts: ['casework'] },
  { agency: 'eastgate-health', staff: 'eh-001', name: 'Petra Lindqvist', roles: ['front-door-worker'], contacts: ['front-door-nurse'] },
];

/** A year's training and a check of three years, as of `now`; the first of the front door is on duty, for long enough to look at it. */
export function staffFiles(issuer: string, now: Date, people: readonly Person[] = PEOPLE): StaffFile[] {
  const ago = (days: number): string => day(new Date(now.getTime() - days * DAY));
  const member = ({ staff, name, roles, contacts, without, secondFactor = false }: Person): StaffMember => ({
    staff, name, roles, contacts, secondFactor, signsIn: { issuer, subject: staff }, from: ago(400),
    ...(without === 'check' ? {} : { check: { on: ago(300), until: day(new Date(now.getTime() + 800 * DAY)) } }),
    training: without === 'training' ? [] : (['front-door-guidance', 'information-sharing', 'data-protection'] as const).map((kind) => ({ kind, on: ago(100) })),
  });
  return [...Map.groupBy(people, ({ agency }) => agency)].map(([agency, own]) => ({
    format: 'waybill-staff/1', agency, staff: own.map(member),
    ...(own.some(({ staff }) => staff === 'mc-014') ? { rota: [{ contact: 'front-door', staff: 'mc-014', from: new Date(now.getTime() - HOUR).toISOString(), until: new Date(now.getTime() + 365 * DAY).toISOString() }] } : {}),
  }));
}
