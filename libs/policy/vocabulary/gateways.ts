import type { Entry } from './entry';
import type { OrgType } from './organisations';

export interface LegalGateway extends Entry {
  /** Types of organisation that may use it; `not-stated`: no agreement says, so it is recorded and refuses nobody. */
  open: readonly OrgType[] | 'not-stated';
  /** Where the law also asks what the recipient is. */
  recipients?: readonly OrgType[];
  /** Law that must be satisfied and gives no power to share by itself (LB-08). */
  noPower?: true;
}

const POLICE = ['police'] as const;
const LOCAL = ['local-authority'] as const;
const PROBATION = ['probation'] as const;
const HEALTH = ['health-commissioner', 'health-provider'] as const;
const CRIME_AND_DISORDER = [...POLICE, 'police-commissioner', 'health-commissioner', 'fire-and-rescue', ...LOCAL, 'district-council', ...PROBATION, 'housing'] as const;

const PUBLIC_PROTECTION = [...POLICE, 'health-commissioner', 'fire-and-rescue', ...LOCAL, ...PROBATION, 'prison'] as const;
const CARE_AND_SUPPORT = [...LOCAL, ...HEALTH, ...POLICE, ...PROBATION, 'prison', 'partnership-body'] as const;

/** Statutory and common-law powers, with the types of organisation to which they are open. For a data protection officer to confirm. */
export const GATEWAYS = {
  'crime-and-disorder-act-1998-s115': { says: 'Crime and Disorder Act 1998, s.115', open: CRIME_AND_DISORDER, recipients: CRIME_AND_DISORDER },
  'crime-and-disorder-act-1998-s17': { says: 'Crime and Disorder Act 1998, s.17', open: CRIME_AND_DISORDER },
  'common-law-policing': { says: 'common-law duty of the police to investigate crime', open: POLICE },
  'police-act-1996': { says: 'Police Act 1996 and policing purposes', open: POLICE },
  'police-and-justice-act-2006': { says: 'Police and Justice Act 2006', open: 'not-stated' },
  'safeguarding-vulnerable-groups-act-2006': { says: 'Safeguarding Vulnerable Groups Act 2006', open: 'not-stated' },
  'mental-capacity-act-2005': { says: 'Mental Capacity Act 2005', open: LOCAL },
  'mental-capacity-act-code': { says: 'Mental Capacity Act Code of Practice', open: LOCAL },
  'crisis-care-concordat-2014': { says: 'Mental Health Crisis Care Concordat 2014', open: LOCAL },
  'criminal-justice-act-2003-s325': {
    says: 'Criminal Justice Act 2003, s.325',
    open: [...POLICE, ...PROBATION, 'prison', 'youth-justice', 'minister', ...LOCAL, 'district-council', 'housing', ...HEALTH],
  },
  'domestic-violence-crime-and-victims-act-2004': { says: 'Domestic Violence, Crime and Victims Act 2004', open: [...LOCAL, ...POLICE] },
  'domestic-violence-crime-and-victims-act-2004-s9': {
    says: 'Domestic Violence, Crime and Victims Act 2004, s.9',
    open: [...LOCAL, ...POLICE, ...PROBATION, 'health-commissioner'],
  },
  // Its duties moved to the Act of 2003; what the texts still cite beside it is the guidance on those.
  'criminal-justice-and-court-services-act-2000': { says: 'Criminal Justice and Court Services Act 2000, ss.67 and 68', until: '2004-04-05', open: PUBLIC_PROTECTION },
  'mappa-guidance': { says: 'guidance on multi-agency public protection arrangements, under s.325(8) of the Criminal Justice Act 2003', open: PUBLIC_PROTECTION },
  'protection-from-harassment-act-1997': { says: 'Protection from Harassment Act 1997', open: [...LOCAL, ...POLICE, ...PROBATION] },
  'care-act-2014-s6': { says: 'Care Act 2014, s.6', open: CARE_AND_SUPPORT },
  'care-act-2014-s42': { says: 'Care Act 2014, s.42', open: LOCAL },
  'care-act-2014-s45': { says: 'Care Act 2014, s.45', open: CARE_AND_SUPPORT, recipients: ['partnership-body'] },
  'care-and-support-guidance-14': { says: 'care and support statutory guidance, chapter 14', open: CARE_AND_SUPPORT },
  'children-act-1989-s17': { says: 'Children Act 1989, s.17', open: 'not-stated' },
  'children-act-1989-s27': { says: 'Children Act 1989, s.27', open: 'not-stated' },
  'children-act-1989-s47': { says: 'Children Act 1989, s.47', open: 'not-stated' },
  'children-act-1989-sch2': { says: 'Children Act 1989, Schedule 2', open: 'not-stated' },
  'children-act-2004-s10': { says: 'Children Act 2004, s.10', open: 'not-stated' },
  'children-act-2004-s11': { says: 'Children Act 2004, s.11', open: 'not-stated' },
  // Gone with the Local Safeguarding Children Boards; the partners who came after them ask under s.16H.
  'children-act-2004-s14b': { says: 'Children Act 2004, s.14B', until: '2019-09-29', open: 'not-stated' },
  'children-act-2004-s16e': { says: 'Children Act 2004, s.16E', from: '2018-06-29', open: 'not-stated' },
  'children-act-2004-s16h': { says: 'Children Act 2004, s.16H', from: '2018-06-29', open: 'not-stated' },
  'children-and-social-work-act-2017': { says: 'Children and Social Work Act 2017', open: 'not-stated' },
  'working-together': { says: 'Working Together to Safeguard Children', open: 'not-stated' },
  'keeping-children-safe-in-education': { says: 'Keeping children safe in education', open: 'not-stated' },
  'prescribed-information-regulations-2007': { says: 'Crime and Disorder (Prescribed Information) Regulations 2007', open: 'not-stated' },
  'rcgp-nspcc-toolkit': { says: 'RCGP/NSPCC Safeguarding Children Toolkit', open: 'not-stated' },
  'rcgp-toolkit': { says: 'RCGP Child Safeguarding Toolkit', open: 'not-stated' },
  'fgm-guidelines': { says: 'multi-agency guidelines on female genital mutilation', open: 'not-stated' },
  'child-sexual-exploitation': { says: 'purposes concerning child sexual exploitation', open: 'not-stated' },
  'private-fostering': { says: 'notification of private fostering', open: 'not-stated' },
  'early-help': { says: 'early help and support', open: 'not-stated' },
  'counter-terrorism-and-security-act-2015-s36': { says: 'Counter-Terrorism and Security Act 2015, s.36', open: [...LOCAL, ...POLICE] },
  'counter-terrorism-and-security-act-2015-s38': { says: 'Counter-Terrorism and Security Act 2015, s.38', open: 'not-stated' },
  'human-rights-act-1998': { says: 'Human Rights Act 1998', open: 'not-stated', noPower: true },
  'data-protection-act-2018': { says: 'Data Protection Act 2018', open: 'not-stated', noPower: true },
  'uk-gdpr': { says: 'UK GDPR', from: '2020-12-31', open: 'not-stated', noPower: true },
  'common-law-confidence': { says: 'common-law duty of confidence', open: 'not-stated', noPower: true },
  'caldicott-review-2013': { says: 'Caldicott Review 2013', open: 'not-stated', noPower: true },
  'information-sharing-advice-2018': { says: 'information-sharing advice for practitioners, July 2018', from: '2018-07-01', open: 'not-stated', noPower: true },
} as const satisfies Record<string, LegalGateway>;

export type GatewayCode = keyof typeof GATEWAYS;
