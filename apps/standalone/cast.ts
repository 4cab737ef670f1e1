import type { AgencyPlan } from './partnership';

/** The agencies of the sandbox: made up, of the types that a party list asks for. The telephone numbers are among those kept free for drama. */
export const COUNCIL: AgencyPlan = {
  agency: 'merebrook-council',
  name: 'Merebrook Council',
  controller: { id: 'merebrook-council', name: 'Merebrook Council' },
  type: 'local-authority',
  entry: 'council',
  contacts: [
    { contact: 'front-door', kind: 'team', label: 'Integrated Front Door', desk: 'integrated-front-door', telephone: '+441514960101', keys: true },
    { contact: 'emergency-duty-team', kind: 'team', label: 'Emergency duty team', posts: ['emergency-duty'], telephone: '+441514960103', keys: false },
    { contact: 'information-governance', kind: 'team', label: 'Information governance', posts: ['spoc', 'responsible-manager'], telephone: '+441514960102', keys: false },
  ],
};

export const SCHOOL: AgencyPlan = {
  agency: 'st-brigid-primary',
  name: "St Brigid's Primary School",
  controller: { id: 'st-brigid-primary', name: "St Brigid's Primary School" },
  type: 'school',
  entry: 'schools-and-colleges',
  contacts: [
    { contact: 'safeguarding-lead', kind: 'person', label: 'Designated safeguarding lead', posts: ['spoc'], telephone: '+441514960201', keys: true },
    { contact: 'head-teacher', kind: 'person', label: 'Head teacher', posts: ['responsible-manager'], telephone: '+441514960202', keys: false },
  ],
};

export const CHARITY: AgencyPlan = {
  agency: 'kingfisher-families',
  name: 'Kingfisher Family Support',
  controller: { id: 'kingfisher-families', name: 'Kingfisher Family Support' },
  type: 'voluntary',
  entry: 'voluntary-sector',
  contacts: [
    { contact: 'casework', kind: 'team', label: 'Casework team', telephone: '+441514960301', keys: true },
    { contact: 'manager', kind: 'person', label: 'Manager', posts: ['spoc', 'responsible-manager'], telephone: '+441514960302', keys: false },
  ],
};

export const TRUST: AgencyPlan = {
  agency: 'eastgate-health',
  name: 'Eastgate Community Health',
  controller: { id: 'eastgate-health', name: 'Eastgate Community Health' },
  type: 'health-provider',
  entry: 'community-health-and-care',
  contacts: [
    { contact: 'health-visitors', kind: 'team', label: 'Health visitors', posts: ['spoc', 'responsible-manager'], telephone: '+441514960401', keys: true },
    // Staffs the front door; what it receives there is the council's (RC-04).
    { contact: 'front-door-nurse', kind: 'person', label: 'Nurse at the front door', desk: 'integrated-front-door', telephone: '+441514960403', keys: true },
  ],
};

export const CAST = [COUNCIL, SCHOOL, CHARITY, TRUST] as const;

/** Whoever looks after the agreement: entered in the sandbox beside the cast, so that its co-ordinator's pages show something. */
export const CO_ORDINATING = { agency: COUNCIL.agency, contact: { contact: 'partnership-office', kind: 'team', label: 'Safeguarding partnership office', posts: ['coordinator'], telephone: '+441514960104' } } as const;
