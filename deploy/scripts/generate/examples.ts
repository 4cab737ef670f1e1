// One share as it looks on the wire: what an implementer compares with. Nobody and nothing in it exists.

const SHARE = '01890a5d-ac96-774b-bcce-b302099a8057';
const TRANSFER = '01890a5d-b1f0-7a1e-8c2d-5f0e9d3b7a11';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const LINE = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SALT = '5f1c0d0b3a9e4c7d8f2e6a1b0c9d8e7f';
const JWS = 'eyJhbGciOiJFZERTQSJ9.eyJzaGFyZSI6Ii4uLiJ9.c2lnbmF0dXJl';
const FRONT_DOOR = { agency: 'merebrook-council', contact: 'front-door' };

const proposed = {
  format: 'waybill-manifest/1', id: SHARE, sender: { agency: 'st-brigid-primary', contact: 'safeguarding-lead', role: 'designated-safeguarding-lead' },
  gateway: 'https://gateway.example', created: '2026-01-31T09:30:00Z', agreement: { id: 'example', version: '2.03' }, purpose: 'front-door-referral',
  lawfulBasis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'children-act-2004-s11', classification: 'OFFICIAL-SENSITIVE', urgency: 'routine',
  consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, informed: { status: 'not-informed', reason: 'puts-child-at-risk' }, handling: { doNotTellSubject: true },
};

const part = { salt: SALT, recipient: FRONT_DOOR, part: 'part-1', digest: DIGEST, category: 'names', needToKnow: 'assesses-referral', kind: 'fact' };
const subject = { salt: SALT, recipient: FRONT_DOOR, about: 'subject', reference: 'AB-1234', band: 'under-16' };
const reason = { code: 'NEED_TO_KNOW_MISSING', clauses: ['MN-02'], says: 'every part goes to a recipient only with its need to know', next: 'Say why this recipient needs this part, or leave the line out.', standsOn: 'clause', ground: '§3.1', pointer: '/needToKnow' };

/** An example of each class whose shape is not plain from its fields; each is held to its schema by a test. */
export const EXAMPLES: Readonly<Record<string, object>> = {
  Manifest: { ...proposed, lines: [LINE] },
  PartLine: part,
  SubjectLine: subject,
  DecisionLine: {
    salt: SALT, recipient: { agency: 'st-brigid-primary', contact: 'safeguarding-lead' }, about: 'decision', decider: 'safeguarding-lead', role: 'designated-safeguarding-lead', at: '2026-01-31T09:28:00Z',
    reasons: ['protects-from-harm'], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: 'high',
  },
  AlsoToldLine: { salt: SALT, recipient: FRONT_DOOR, about: 'alsoTold', organisations: ['eastgate-health'] },
  PlanAsked: { manifest: proposed, lines: [{ recipient: FRONT_DOOR, part: 'part-1', category: 'names', needToKnow: 'assesses-referral', kind: 'fact' }, { recipient: FRONT_DOOR, about: 'subject', reference: 'AB-1234' }] },
  PlanAnswer: { outcome: 'permitted', lines: [{ line: 0, recipient: FRONT_DOOR, part: 'part-1', permitted: true, reasons: [] }, { line: 1, recipient: FRONT_DOOR, about: 'subject', permitted: true, reasons: [] }], reasons: [], warnings: [], certificates: [], alsoToldByDefault: [] },
  Receipt: {
    format: 'waybill-receipt/1', share: SHARE, manifestDigest: DIGEST, acceptedAt: '2026-01-31T09:30:01.125Z',
    transfers: [{ transfer: TRANSFER, recipient: FRONT_DOOR, controller: { id: 'merebrook-council', name: 'Merebrook Council' }, lane: 'routine', route: 'mailbox', protection: 'openpgp', lines: [LINE], provenance: DIGEST }],
    struckOff: [{ on: 'line', recipient: { agency: 'kingfisher-families', contact: 'casework' }, lines: [DIGEST], parts: ['part-3'], reasons: [reason] }],
    warnings: [], register: { log: 'gateway.example/register/st-brigid-primary', entry: TRANSFER, leaf: DIGEST, promise: JWS },
  },
  Statement: { format: 'waybill-statement/1', kind: 'acknowledged', share: SHARE, transfer: TRANSFER, by: FRONT_DOOR, at: '2026-01-31T10:02:17Z', manifestDigest: DIGEST, parts: [{ name: 'part-1', author: 'bound' }] },
  NotShared: {
    format: 'waybill-not-shared/1', id: SHARE, by: { agency: 'st-brigid-primary', contact: 'safeguarding-lead' }, gateway: 'https://gateway.example', at: '2026-01-31T09:30:00Z', agreement: { id: 'example', version: '2.03' },
    parties: ['kingfisher-families'], reference: 'AB-1234', categories: ['health'], decider: 'safeguarding-lead', role: 'designated-safeguarding-lead', decidedAt: '2026-01-31T09:28:00Z', reasons: ['not-necessary'], safetyConsidered: true,
    words: { wordsDigest: DIGEST, sealed: LINE },
  },
  Disclosure: {
    format: 'waybill-disclosure/1', manifest: proposed, lines: [{ recipient: FRONT_DOOR, category: 'names', needToKnow: 'assesses-referral', kind: 'fact' }, { recipient: FRONT_DOOR, about: 'subject', reference: 'AB-1234' }],
    route: { by: 'telephone', at: '2026-01-31T09:25:00Z', number: '+441514960000', identity: { how: 'called-back', by: 'designated-safeguarding-lead', at: '2026-01-31T09:22:00Z' } },
  },
  Problem: {
    type: 'urn:waybill:problem:PLAINTEXT', title: 'The part is not encrypted.', status: 422, code: 'PLAINTEXT', detail: 'The part is not encrypted.', next: 'Encrypt it to the keys in the plan. Nothing of it was kept.',
    instance: 'urn:uuid:6f1c2b1e-8a3d-4c5f-9b7e-2d4a6c8e0f12', serverTime: '2026-01-31T09:30:01.125Z',
    reasons: [{ part: 'part-1', code: 'PLAINTEXT', says: 'The part is not encrypted.', next: 'Encrypt it to the keys in the plan. Nothing of it was kept.' }],
  },
};
