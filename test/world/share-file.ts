/** What a share file declares of every share of a test: why it may go, and how pressing it is. Subject, decision, parts and recipients follow. */
export const DECLARED = `
format: waybill-share/1
purpose: front-door-referral
lawfulBasis: 6(1)(e)
conditions: [9(2)(g), sch1-18]
legalGateway: children-act-2004-s11
classification: OFFICIAL-SENSITIVE
urgency: urgent
consent: { status: not-sought, reason: puts-child-at-risk }
informed: { status: not-informed, reason: puts-child-at-risk }
subjects: [children]
accuracy: { on: 2025-11-03, by: designated-safeguarding-lead }
thirdParties: { identifiable: false }
handling: { doNotTellSubject: true }`;

/** What whoever decided thought of, for a line about the decision. */
export const THOUGHT_OF = {
  aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: 'high',
  checklist: ['how-much', 'fact-or-opinion', 'right-person', 'securely', 'openly'],
};

/** What the manifest of a test says besides of what it shares. */
export const STATED = { subjects: ['children'], accuracy: { on: '2025-11-03', by: 'designated-safeguarding-lead' }, thirdParties: { identifiable: false } };

/** The decision of a share file, whole; what comes behind it may go on with it. */
export const DECIDED = `decision:
  by: safeguarding-lead
  role: designated-safeguarding-lead
  reasons: [protects-from-harm]
  aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }
  safetyConsidered: true
  necessary: true
  risk: high
  checklist: [how-much, fact-or-opinion, right-person, securely, openly]
`;
