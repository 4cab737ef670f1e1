import type { Entry } from './entry';

export interface OrganisationType extends Entry {
  /**
   * `yes`: a public authority for its own tasks, to which legitimate interests are closed; `some`: it depends on the body
   * (an academy is, an independent school is not): the directory says it of the body, and until it does nothing is refused for it.
   */
  publicAuthority: 'yes' | 'some' | 'no';
  /** Whether bodies of this type act under statutory powers of their own. */
  statutory: boolean;
}

export const ORGANISATION_TYPES = {
  'local-authority': { says: 'local authority', publicAuthority: 'yes', statutory: true },
  'district-council': { says: 'district or borough council', publicAuthority: 'yes', statutory: true },
  police: { says: 'police force', publicAuthority: 'yes', statutory: true },
  'police-commissioner': { says: 'Police and Crime Commissioner', publicAuthority: 'yes', statutory: true },
  'health-provider': { says: 'NHS trust or other provider of health care', publicAuthority: 'some', statutory: true },
  'health-commissioner': { says: 'Integrated Care Board or NHS England', publicAuthority: 'yes', statutory: true },
  ambulance: { says: 'ambulance service', publicAuthority: 'yes', statutory: true },
  'public-health': { says: 'public health team', publicAuthority: 'yes', statutory: true },
  probation: { says: 'probation', publicAuthority: 'yes', statutory: true },
  prison: { says: 'prison', publicAuthority: 'yes', statutory: true },
  minister: { says: 'Minister of the Crown or a department', publicAuthority: 'yes', statutory: true },
  'fire-and-rescue': { says: 'fire and rescue service', publicAuthority: 'yes', statutory: true },
  school: { says: 'school', publicAuthority: 'some', statutory: true },
  college: { says: 'college or other provider for ages 16 to 18', publicAuthority: 'some', statutory: true },
  'early-years': { says: "children's centre, nursery, childminder", publicAuthority: 'some', statutory: false },
  'social-care-provider': { says: 'provider of residential care, fostering or adoption', publicAuthority: 'some', statutory: false },
  housing: { says: 'housing provider, registered social landlord', publicAuthority: 'some', statutory: false },
  'youth-justice': { says: 'youth justice service', publicAuthority: 'yes', statutory: true },
  'court-advisory': { says: 'court advisory service', publicAuthority: 'yes', statutory: true },
  immigration: { says: 'immigration and border service', publicAuthority: 'yes', statutory: true },
  voluntary: { says: 'voluntary body or charity', publicAuthority: 'no', statutory: false },
  'partnership-body': { says: 'safeguarding partnership or board', publicAuthority: 'some', statutory: true },
  scrutiny: { says: 'independent scrutineer', publicAuthority: 'some', statutory: false },
  commissioned: { says: 'body or person commissioned by a safeguarding partner', publicAuthority: 'some', statutory: false },
  sport: { says: 'sports provider or its oversight body', publicAuthority: 'no', statutory: false },
  faith: { says: 'religious organisation', publicAuthority: 'no', statutory: false },
  careers: { says: 'careers service', publicAuthority: 'some', statutory: false },
} as const satisfies Record<string, OrganisationType>;

export type OrgType = keyof typeof ORGANISATION_TYPES;

/** Types that a law still names and that have gone: who answers to the name today (PD-16). For a data protection officer to confirm. */
export const TYPE_ALIASES = {
  'police-authority': { says: 'Police Authority', until: '2012-11-22', today: ['police-commissioner'] },
  'probation-trust': { says: 'Probation Trust', until: '2014-06-01', today: ['probation'] },
  'probation-board': { says: 'Local Probation Board', until: '2010-04-01', today: ['probation'] },
  'community-rehabilitation-company': { says: 'Community Rehabilitation Company', until: '2021-06-26', today: ['probation'] },
  'health-authority': { says: 'Health Authority', until: '2002-10-01', today: ['health-commissioner'] },
  'strategic-health-authority': { says: 'Strategic Health Authority', until: '2013-04-01', today: ['health-commissioner'] },
  'primary-care-trust': { says: 'Primary Care Trust', until: '2013-04-01', today: ['health-commissioner'] },
  'clinical-commissioning-group': { says: 'Clinical Commissioning Group', until: '2022-07-01', today: ['health-commissioner'] },
  'social-services': { says: 'social services', today: ['local-authority'] },
  'local-education-authority': { says: 'local education authority', today: ['local-authority'] },
  'local-housing-authority': { says: 'local housing authority', today: ['local-authority', 'district-council'] },
} as const satisfies Record<string, Entry & { today: readonly OrgType[] }>;
