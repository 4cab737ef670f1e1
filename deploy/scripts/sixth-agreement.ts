/** A made-up agreement, as unlike those that are deployed as data can make it. Only a spec reads it. */
export const SIXTH = `format: waybill-agreement/1
id: riverside
version: '2'
from: 2025-01-01
supersedes: ['1']
agreement:
  title: { value: Riverside information-sharing agreement, clause: cover }
  subjectGroups: { value: [adults-at-risk], clause: A }
  purposes: { value: [{ code: adult-safeguarding, says: safeguarding an adult, clause: B.1 }], clause: B }
  bindingMode: { value: sign-up, clause: C }
  partyList:
    clause: C
    value:
      - { entry: police, says: the police, kind: named, types: [police] }
      - { entry: charities, says: charities, kind: category, types: [voluntary] }
party:
  requiredContacts: { value: [{ post: breach-post, reach: email-and-telephone }], clause: D }
record:
  content: { value: [what, with-whom, why, when, how], clause: E }
law:
  art6: { value: { list: closed, codes: [6(1)(c), 6(1)(e)] }, clause: F }
  art9: { value: { list: closed, codes: [9(2)(g)] }, clause: F }
  gatewayCheck: { value: enforce, clause: F }
  consentStance: { value: notify-not-consent, clause: G }
onward:
  rule: { value: intent-known, clause: H }
min:
  recipientRule: { value: need-to-know, clause: I }
  nonStatutoryRule: { value: minimum, clause: I }
channel:
  email:
    accepted: { value: [recorded-openpgp, secure-domains], clause: J }
header:
  provenance: { value: [organisation, date], default: true, because: the text is silent }
  classification: { value: { default: OFFICIAL-SENSITIVE, floor: OFFICIAL-SENSITIVE }, clause: K }
  alsoTold: { value: never, clause: K }
controller:
  model: { value: holder, clause: L }
  onReceipt: { value: recipient, clause: L }
retention:
  basis: { value: own-policy, clause: M }
  owner: { value: each-recipient, clause: M }
  payloadInTransit: { value: { removeOn: acknowledgement, maxDays: 14, remindOnDays: [2, 7] }, default: true, because: the text is silent }
`;

export const SIXTH_CASES = `format: waybill-cases/1
world:
  at: '2026-03-10T09:30:00Z'
  sender: river-police
  manifest:
    sender: { agency: river-police }
    purpose: adult-safeguarding
    lawfulBasis: 6(1)(e)
    legalGateway: common-law-policing
    urgency: routine
    consent: { status: not-required }
  lines:
    - { recipient: { agency: willow-refuge, contact: advocates }, part: part-1, category: risk-flags, needToKnow: protects-from-harm, justification: shows-risk }
    - { recipient: { agency: river-police, contact: control-room }, about: decision, decider: control-room, role: police-officer, at: '2026-03-10T09:10:00Z', reasons: [protects-from-harm], method: professional-judgement, safetyConsidered: true, necessary: true, risk: high }
  parties:
    river-police:
      agency: river-police
      controller: { id: river-police, name: Chief Constable }
      types: [police]
      country: GB
      memberships: [{ agreement: riverside, entry: police, status: active, from: 2025-01-01, signed: { role: signatory, on: 2024-12-10, delegated: true } }]
      contacts: [{ contact: control-room, kind: team, posts: [breach-post], verifiedOn: 2025-06-01, email: control@police.example, telephone: '+441514960400', from: 2025-01-01, protections: [openpgp], sealingKey: current }]
    willow-refuge:
      agency: willow-refuge
      controller: { id: willow-refuge, name: Willow Refuge }
      types: [voluntary]
      country: GB
      memberships: [{ agreement: riverside, entry: charities, status: active, from: 2025-01-01, signed: { role: signatory, on: 2024-12-10, delegated: true } }]
      contacts: [{ contact: advocates, kind: team, posts: [breach-post], verifiedOn: 2025-06-01, email: advocates@willow.example, telephone: '+441514960500', from: 2025-01-01, protections: [openpgp], sealingKey: current }]
cases:
  - name: a charity gets what it needs
    clause: MN-05
    rule: JUSTIFICATION_MISSING
    expect: { outcome: permitted, transfers: { willow-refuge/advocates: { controller: willow-refuge, hub: false, classification: OFFICIAL-SENSITIVE } } }
  - name: and nothing that is not justified for it
    clause: MN-05
    rule: JUSTIFICATION_MISSING
    change: { /lines/0/justification: null }
    expect: { outcome: refused, reasons: [NOBODY_LEFT], struckOff: { willow-refuge/advocates part-1: [JUSTIFICATION_MISSING] } }
`;
