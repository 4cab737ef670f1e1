/** Which items of its agency somebody in a role may see: those of the teams it works for, all, or none. */
export type Sight = 'own-teams' | 'agency' | 'none';

interface StaffRole {
  says: string;
  items: Sight;
  /** May take an item upon itself, and give back its own. */
  works: boolean;
  /** May hand over and give back what others have. */
  allots: boolean;
  /** Whose duties stand on its list: roles that own duties (`waybill.duty.owner_role`). */
  duties: readonly string[];
}

/** The roles of staff, and what each may see and do (AS-19). Somebody with several has what any of them gives. */
export const STAFF_ROLES = {
  'front-door-worker': { says: 'front-door worker', items: 'own-teams', works: true, allots: false, duties: ['owner', 'emergency-duty'] },
  'team-manager': { says: 'team manager', items: 'own-teams', works: true, allots: true, duties: ['owner', 'emergency-duty', 'responsible-manager'] },
  practitioner: { says: 'practitioner', items: 'own-teams', works: true, allots: false, duties: ['owner'] },
  'single-point-of-contact': { says: 'single point of contact', items: 'none', works: false, allots: false, duties: ['spoc'] },
  'data-protection-officer': { says: 'data protection officer', items: 'agency', works: false, allots: false, duties: ['data-protection-officer', 'breach-post'] },
  'statutory-partner': { says: 'statutory safeguarding partner', items: 'none', works: false, allots: false, duties: ['statutory-safeguarding-partner', 'lead-safeguarding-partner'] },
  scrutineer: { says: 'independent scrutineer', items: 'none', works: false, allots: false, duties: ['independent-scrutineer'] },
  'co-ordinator': { says: 'partnership co-ordinator', items: 'none', works: false, allots: false, duties: ['coordinator'] },
} as const satisfies Record<string, StaffRole>;

export type StaffRoleCode = keyof typeof STAFF_ROLES;
export const STAFF_ROLE_CODES = Object.keys(STAFF_ROLES) as StaffRoleCode[];

/** The widest sight that one of these roles gives. */
export const sightOf = (roles: readonly StaffRoleCode[]): Sight => (['agency', 'own-teams'] as const).find((sight) => roles.some((role) => STAFF_ROLES[role].items === sight)) ?? 'none';

export const works = (roles: readonly StaffRoleCode[]): boolean => roles.some((role) => STAFF_ROLES[role].works);
export const allots = (roles: readonly StaffRoleCode[]): boolean => roles.some((role) => STAFF_ROLES[role].allots);
export const dutiesOf = (roles: readonly StaffRoleCode[]): string[] => [...new Set(roles.flatMap((role) => [...STAFF_ROLES[role].duties]))];
