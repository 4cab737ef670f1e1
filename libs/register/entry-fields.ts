import type { Format, ValueOf } from './entry-formats';

/** A value, a list of values, or an object whose every field is named. */
export type Shape = Format | { listOf: Shape; atMost: number } | { of: Fields };
export interface Field {
  says: string;
  is: Shape;
  required?: boolean;
}
export type Fields = Readonly<Record<string, Field>>;

export const must = <const S extends Shape>(is: S, says: string) => ({ says, is, required: true }) as const;
export const may = <const S extends Shape>(is: S, says: string) => ({ says, is, required: false }) as const;
export const of = <const F extends Fields>(fields: F) => ({ of: fields }) as const;
export const listOf = <const S extends Shape>(item: S, atMost: number) => ({ listOf: item, atMost }) as const;

/** The TypeScript type of what a table of fields allows. */
export type Allowed<F extends Fields> =
  & { readonly [K in keyof F as F[K]['required'] extends true ? K : never]: AllowedValue<F[K]['is']> }
  & { readonly [K in keyof F as F[K]['required'] extends true ? never : K]?: AllowedValue<F[K]['is']> | undefined };
type AllowedValue<S> =
  S extends Format ? ValueOf<S>
  : S extends { listOf: infer Item } ? readonly AllowedValue<Item>[]
  : S extends { of: infer F extends Fields } ? Allowed<F>
  : never;

/** The most that one entry names: the limits of a share, and a page of leaves. */
export const MOST = { recipients: 64, parts: 99, lines: 1_000, codes: 32, leaves: 1_000 } as const;

export const codes = listOf('code', MOST.codes);

export const SHARE = must('uuid', 'id of the share');
export const TRANSFER = must('uuid', 'id of the transfer: this share on its way to one recipient');

/** A statement that a party signed: kept octet for octet elsewhere, named here by its digest. */
export const STATED = {
  statement: must('digest', 'SHA-256 of the signed statement'),
  signer: must('fingerprint', 'fingerprint of the key that signed it'),
};

/** Who decided, by directory id and role (DS-01); under some agreements also how. The words stay sealed. */
const DECISION = of({
  by: must('role', 'role of the person who decided'),
  contact: must('contact', 'directory id of the person or team who decided'),
  second: may('contact', 'directory id of who decided it with them (MN-02)'),
  at: must('instant', 'when it was decided'),
  method: may('code', 'how it was decided'),
  reasons: must(codes, 'why, as codes'),
  wordsDigest: may('digest', 'salted SHA-256 of the reasons in words, which stay sealed'),
  safetyConsidered: may('flag', 'the safety and well-being of the person and of others were considered'),
  consulted: may(of({ role: must('role', 'in what role'), on: must('day', 'when'), contact: may('contact', 'directory id of that person'), advised: may('code', 'what the advice was') }), 'with whom it was talked over (DS-08, DS-15)'),
  significantHarm: may('flag', 'somebody suffered significant harm, or may'),
  harmToldOtherwise: may('code', 'how those hear of it whom the agreement names for it, where none of them gets this (DS-11)'),
});

export const DECIDED = {
  decision: must(DECISION, 'the decision'),
  subjectReference: may('reference', 'the controller\'s own reference for the person, never a name'),
};

export const AGREEMENT = of({ id: must('agreement', 'agreement'), version: must('version', 'version in force'), digest: may('digest', 'SHA-256 of its machine-readable form') });

/** Which information request: the transfer in which it was put. */
export const REQUEST = { share: SHARE, request: must('uuid', 'the information request') };

/** Which rights request, of the controller's own. */
export const RIGHTS_REQUEST = { rightsRequest: must('uuid', 'the rights request') };

/** Which matter, about which transfer. */
export const MATTER = { share: SHARE, transfer: TRANSFER, matter: must('uuid', 'the matter'), about: must('code', 'its kind') };

/** Who stated it. */
export const STATER = { by: must('agency', 'who stated it'), contact: must('contact', 'its contact'), role: must('role', 'role of the person') };

/** What an information request asks (RQ-04); it is put to each recipient, and known by the id of that transfer. */
export const ASKS = of({
  type: must('code', 'what kind of request'),
  categories: must(listOf(of({ category: must('code', 'category'), needToKnow: may('code', 'why it is needed') }), MOST.codes), 'what is asked'),
  neededBy: may('instant', 'by when an answer is needed'),
  authority: may(of({ kind: must('code', 'kind'), checkedBy: must('role', 'role of whoever looked at the proof'), contact: may('contact', 'directory id of that person or team'), checkedOn: must('day', 'when') }), 'by what right somebody asks for another (RQ-16)'),
});

/** What of an information request is answered, and how. */
export const ANSWERED = listOf(of({ category: must('code', 'category'), answer: must('code', 'given, not-held or refused; in an audit confirmed or differs') }), MOST.codes);

/** What is known of a breach, as the regulator asks for it (Article 33(3) and (5)). */
export const BREACH_FACTS = may(of({
  cyber: may('code', 'whether it is a cyber incident'), causes: may(codes, 'causes'), before: may(codes, 'measures in place before'), data: may(codes, 'categories of data'), subjects: may(codes, 'whom it concerns'),
  records: may('count', 'records, at most'), people: may('count', 'people, at most'), consequences: may(codes, 'likely consequences'), likelihood: may('code', 'how likely they are'), highRisk: may('code', 'whether the risk is high'),
  affected: may(codes, 'confidentiality, integrity or availability'), impact: may('code', 'impact on the organisation'), recovery: may('code', 'recovery'), trained: may('code', 'whether staff had been trained in the last two years'),
  taken: may(codes, 'what was done'), proposed: may(codes, 'what will be done'), proposedBy: may('day', 'by when'), othersTold: may(codes, 'who else was told'),
}), 'what is known of it');

export const BREACH = must('uuid', 'id of the case');

/** By what right something was shared: the same in the sender's register and in each recipient's. */
export const DISCLOSURE = {
  share: SHARE,
  agreement: must(AGREEMENT, 'the agreement under which it was shared'),
  clause: may('clause', 'the clause that permits it'),
  purpose: must('code', 'purpose'),
  basis: must('code', 'lawful basis: Article 6, or Part 3 of the 2018 Act'),
  conditions: may(codes, 'conditions of Article 9 and of Schedules 1 and 8'),
  legalGateway: may('code', 'statutory power'),
  classification: may('code', 'protective marking'),
  urgency: must('code', 'urgency'),
  consent: may(of({ status: must('code', 'status'), reason: may('code', 'why it was not sought'), on: may('day', 'day it was given'), expires: may('day', 'last day it holds') }), 'consent, as the sender declares it'),
  informed: may(of({ status: must('code', 'status'), by: may('code', 'by whom'), reason: may('code', 'why not') }), 'whether the person was told'),
  doNotTell: may('flag', 'the person must not be told'),
  request: may('uuid', 'the information request that it answers'),
  asks: may(ASKS, 'it is an information request: what it asks'),
  answers: may(of({ categories: must(ANSWERED, 'category by category'), reasons: may(codes, 'why what is refused is refused'), safetyConsidered: may('flag', 'the safety and well-being of the person and of others were considered'), approvedBy: may('contact', 'directory id of the manager who approved a refusal') }), 'what it answers of that request'),
  previous: may('uuid', 'the share that it passes on'),
  supersedes: may('uuid', 'the share that it replaces'),
  breach: may('uuid', 'the data breach that it is about'),
  notification: may('uuid', 'the notification about a provider that it carries or is about'),
  meeting: may('uuid', 'the meeting whose papers or notes it is'),
  manifestDigest: must('digest', 'SHA-256 of the signed manifest as it was received'),
  manifestSigner: may('fingerprint', 'fingerprint of the key that signed the manifest'),
};

const PART = of({ name: must('part', 'part'), digest: must('digest', 'SHA-256 of the sealed octets'), size: must('count', 'sealed octets') });
export const PARTS = listOf(PART, MOST.parts);

export const RECIPIENT = {
  transfer: TRANSFER,
  agency: must('agency', 'recipient'),
  contact: must('contact', 'its contact'),
  copyController: must('agency', 'who becomes controller of the copy'),
  route: must('code', 'how it travels'),
  protection: must('code', 'how it is sealed'),
  weakHop: may('flag', 'it goes to a mail domain that holds no TLS that counts: nothing but what is generated and the container travels there'),
  instead: may(of({
    why: must('code', 'asked, in an emergency, or as the originator agreed for this one share'), reason: may('code', 'why'), approver: may('role', 'role of the second person who approved it'), matter: may('uuid', 'the matter in which the originator agreed'),
  }), 'another way than the strongest that both had was taken'),
  keys: may(listOf('keyId', MOST.codes), 'ids of the keys it is sealed to'),
  categories: must(codes, 'categories of data, never the content'),
  lines: must(listOf('digest', MOST.lines), 'SHA-256 of the lines that this recipient gets'),
  outside: may(codes, 'it is no party of the agreement: on what grounds it was disclosed all the same'),
};

/** From acknowledged receipt on. */
export const CONTROLLERSHIP = may('code', 'whose the copy is: `own`, of the recipient alone; `partnership`; `joint`');

const STRUCK = of({ agency: must('agency', 'proposed recipient'), contact: may('contact', 'its contact'), part: may('part', 'the part, when only that was taken away'), code: must('code', 'why') });
export const STRUCK_OFF = may(listOf(STRUCK, MOST.lines), 'recipients and lines that the decision took away');

/** Names what was kept of a decision: whoever decides it again sees whether that was altered. */
export const DECIDED_ON = { decidedOn: may('digest', 'SHA-256 of what the decision was made on and came to, which is kept elsewhere') };

const REASON = of({ code: must('code', 'condition not met'), clauses: may(listOf('clause', MOST.codes), 'clauses it comes from'), agency: may('agency', 'recipient it falls on'), part: may('part', 'part it falls on') });
export const REASONS = must(listOf(REASON, MOST.lines), 'why');

export const KEY = {
  agency: must('agency', 'whose key'),
  contact: may('contact', 'the contact it is for'),
  use: must('code', 'what it is used for'),
  form: may('code', '`smime`: an X.509 certificate for S/MIME'),
  fingerprint: must('fingerprint', 'fingerprint of the key or certificate'),
};

/** How a connection was protected. */
export const TLS = of({
  version: must('code', 'TLS version'),
  cipher: must('code', 'cipher suite'),
  certificate: must('fingerprint', 'SHA-256 of the certificate'),
  authentication: may('code', 'how the domain proved itself: mta-sts, dane, recorded, or pkix'),
  policy: may('version', 'id of the MTA-STS policy that was enforced'),
  dane: may('code', 'whether a key in DNS matched'),
  requireTls: may('flag', 'the host promised to pass it on under the same rules (RFC 8689)'),
});

const ROUTE = {
  by: must('code', 'the route: telephone, post, courier, fax, and so on'),
  at: must('instant', 'when it was disclosed'),
};
/** How something went off the wire (OC-10). */
export const ROUTE_BRIEFLY = must(of(ROUTE), 'how it was disclosed, off the wire');
export const ROUTE_OFF_WIRE = must(of({
  ...ROUTE,
  numberOfDirectory: may('flag', 'the number that was called is the one that the directory had for the recipient'),
  identity: may(of({ how: must('code', 'how'), by: must('code', 'role of whoever did'), at: must('instant', 'when') }), 'that it was made sure who is at the other end'),
  digital: may('flag', 'over a digital mobile telephone'),
  operationallyUrgent: may('flag', 'it could not wait for a better way'),
  guarded: may('flag', 'it was brief, and named nobody'),
  marked: may('flag', 'the papers bear the protective marking'),
  addressCheckedBy: may('code', 'role of whoever checked the address'),
  returnAddress: may('flag', 'a return address is printed on the envelope'),
  sealed: may('flag', 'the envelope is sealed'),
  envelopeMarking: may('code', 'whether the marking shows on the envelope'),
  consignment: may('reference', 'the courier\'s reference'),
  noAlternative: may('code', 'why there was no other way than a fax'),
  safeHaven: may('flag', 'the fax stands in a safe haven'),
  onHand: may('flag', 'the recipient stood by it'),
  coverSheetConfirmedAt: may('instant', 'when the cover sheet was confirmed'),
  asset: may('reference', 'the employer\'s mark on the medium'),
  encrypted: may('flag', 'the medium is encrypted'),
  employerOwned: may('flag', 'the medium belongs to the employer'),
  necessary: may('flag', 'there was need to carry it on a medium'),
  tls: may(TLS, 'of a mail: how it was protected on its way, as its sender saw'),
}), 'how it was disclosed, off the wire');

/** Whom something was disclosed to, off the wire. */
export const RECIPIENT_OFF_WIRE = {
  agency: RECIPIENT.agency, contact: RECIPIENT.contact, copyController: RECIPIENT.copyController, categories: RECIPIENT.categories, outside: RECIPIENT.outside,
};
