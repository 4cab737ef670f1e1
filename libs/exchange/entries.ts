import type { Decision, OffWire, Reason } from '#policy/decision';
import type { Unmet } from '#policy/recording';
import { ifFits } from '#register/entry-formats';
import type { EntryFields } from '#register/entry-kinds';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { isPartLine, type DecisionLine, type Line } from '#protocol/line';
import type { Disclosure as DisclosureStated } from '#protocol/disclosure';
import { LIMITS } from '#protocol/limits';
import type { NotShared } from '#protocol/not-shared';
import type { Manifest, ManifestBase } from '#protocol/manifest';
import type { ToldOffWire } from './disclosures';
import type { SpooledPart } from './spool';

// From a share to what the registers say of it. Pure: codes, ids, digests and instants, never a word.

/** What stands where a sender declared nothing, or something that no register writes down. */
export const NOT_STATED = 'not-stated';

/** A code as a register writes it. In an emergency a share goes with a nicety missing, and must still be recorded. */
const code = (value: string | undefined): string => (value === undefined ? NOT_STATED : (ifFits('code', value) ?? NOT_STATED));

export type Disclosure = Omit<EntryFields<'share-announced'>, 'transfer' | 'agency' | 'contact' | 'copyController' | 'route' | 'protection' | 'categories' | 'lines' | 'from' | 'originator' | 'parts'>;

/** A clause as a register writes it. */
export const clauseOf = (clause: string): string => clause.replaceAll(' ', '-');

/** What was shared and by what right: the same words in the sender's register and in each recipient's. */
export function disclosure(head: { manifest: ManifestBase; manifestDigest: string }, permitted: { digest: string; clause: string | undefined; signer: string }): Disclosure {
  const { manifest } = head;
  return {
    share: manifest.id,
    agreement: { id: manifest.agreement.id, version: manifest.agreement.version, digest: permitted.digest },
    clause: permitted.clause === undefined ? undefined : clauseOf(permitted.clause),
    purpose: code(manifest.purpose),
    basis: code(manifest.lawfulBasis),
    conditions: manifest.conditions?.map(code),
    legalGateway: manifest.legalGateway && code(manifest.legalGateway),
    classification: manifest.classification,
    urgency: manifest.urgency,
    consent: manifest.consent && { status: manifest.consent.status, reason: manifest.consent.reason && code(manifest.consent.reason), on: manifest.consent.on, expires: manifest.consent.expires },
    informed: manifest.informed && { status: manifest.informed.status, by: manifest.informed.by && code(manifest.informed.by), reason: manifest.informed.reason && code(manifest.informed.reason) },
    doNotTell: manifest.handling.doNotTellSubject,
    manifestDigest: head.manifestDigest,
    manifestSigner: permitted.signer.toLowerCase(),
    request: manifest.threads?.request,
    asks: manifest.asks && {
      type: code(manifest.asks.type),
      categories: manifest.asks.categories.map(({ category, needToKnow }) => ({ category: code(category), needToKnow: needToKnow && code(needToKnow) })),
      neededBy: manifest.asks.neededBy,
      authority: manifest.asks.authority && { kind: code(manifest.asks.authority.kind), checkedBy: ifFits('role', manifest.asks.authority.checkedBy) ?? NOT_STATED, contact: ifFits('contact', manifest.asks.authority.contact), checkedOn: manifest.asks.authority.checkedOn },
    },
    answers: manifest.answers && {
      categories: manifest.answers.categories.map(({ category, answer }) => ({ category: code(category), answer })),
      reasons: manifest.answers.reasons?.map(code), safetyConsidered: manifest.answers.safetyConsidered, approvedBy: ifFits('contact', manifest.answers.approvedBy),
    },
    previous: manifest.threads?.previous,
    supersedes: manifest.threads?.supersedes,
    breach: manifest.threads?.breach,
    notification: manifest.threads?.notification,
    meeting: manifest.threads?.meeting,
  };
}

export const partsOf = (parts: Map<string, SpooledPart>, names: readonly string[]): EntryFields<'share-sent'>['parts'] =>
  names.flatMap((name) => {
    const part = parts.get(name);
    return part ? [{ name, digest: part.digest, size: part.size }] : [];
  });

export const decisionLine = (lines: readonly Line[]): DecisionLine | undefined => lines.find((line): line is DecisionLine => 'about' in line && line.about === 'decision');

export function decided(lines: readonly Line[], at: Date): Pick<EntryFields<'share-sent'>, 'decision' | 'subjectReference'> {
  const decision = decisionLine(lines);
  const subject = lines.find((line) => 'about' in line && line.about === 'subject');
  return {
    decision: {
      by: ifFits('role', decision?.role) ?? NOT_STATED,
      contact: ifFits('contact', decision?.decider) ?? NOT_STATED,
      second: ifFits('contact', decision?.secondDecider),
      at: ifFits('instant', decision?.at) ?? at.toISOString(),
      method: decision?.method && code(decision.method),
      reasons: decision?.reasons.map(code) ?? [],
      wordsDigest: decision?.wordsDigest,
      safetyConsidered: decision?.safetyConsidered,
      consulted: decision?.consulted && { role: ifFits('role', decision.consulted.role) ?? NOT_STATED, on: decision.consulted.on, contact: ifFits('contact', decision.consulted.contact), advised: decision.consulted.advised },
      significantHarm: decision?.significantHarm,
      harmToldOtherwise: decision?.harmToldOtherwise && code(decision.harmToldOtherwise),
    },
    subjectReference: subject && 'reference' in subject ? ifFits('reference', subject.reference) : undefined,
  };
}

export const categoriesOf = (lines: readonly Line[]): string[] => [...new Set(lines.filter(isPartLine).map((line) => code(line.category)))].sort();

export function struckOff(decision: Extract<Decision, { outcome: 'permitted' }>, lines: readonly Line[]): NonNullable<EntryFields<'share-sent'>['struckOff']> {
  return decision.struckOff.flatMap((each) => {
    const line = each.on === 'line' ? lines[each.lines[0] ?? -1] : undefined;
    return each.reasons.map((reason) => ({ agency: ifFits('agency', each.recipient.agency) ?? NOT_STATED, contact: ifFits('contact', each.recipient.contact), part: line && isPartLine(line) ? line.part : undefined, code: reason.code }));
  }).slice(0, LIMITS.lineCount.value);
}

const recorded = (reasons: readonly RefusalReason[]): EntryFields<'share-refused'>['reasons'] => reasons.slice(0, 100).map((reason) => ({
  code: reason.code,
  clauses: Array.isArray(reason.facts?.['clauses']) ? [...(reason.facts['clauses'] as readonly string[])].filter((clause) => /^[A-Z]{2}-[0-9]{2}$/.test(clause)) : undefined,
  agency: typeof reason.facts?.['recipient'] === 'string' ? ifFits('agency', reason.facts['recipient'].split('/')[0]) : undefined,
}));

/** What a refusal that answers an information request leaves in the register of whoever refuses (DS-02): the decision not to share, which the share only takes to the requester. */
export function refusedTo(requester: string, head: { manifest: Manifest; manifestDigest: string }, lines: readonly Line[], { digest, signer, decidedOn, at }: { digest: string; signer: string; decidedOn: string; at: Date }): EntryFields<'not-shared'> {
  const { manifest } = head;
  const { decision, subjectReference } = decided(lines, at);
  const refusing = manifest.answers?.categories.filter(({ answer }) => answer === 'refused') ?? [];
  return {
    decision: { ...decision, reasons: manifest.answers?.reasons?.map(code) ?? [], safetyConsidered: manifest.answers?.safetyConsidered },
    subjectReference, decisionId: manifest.id, statement: head.manifestDigest, signer: signer.toLowerCase(), parties: [requester],
    agreement: { id: manifest.agreement.id, version: manifest.agreement.version, digest }, purpose: code(manifest.purpose),
    categories: refusing.map(({ category }) => code(category)), request: manifest.threads?.request,
    wordsSealed: lines.filter(isPartLine).find(({ category }) => category === 'reasons')?.digest, decidedOn,
  };
}

/** All that a decision has against a proposal: why it refuses it, and why it takes recipients and lines away. */
export const against = (decision: Decision): Reason[] => [...(decision.outcome === 'refused' ? decision.reasons : []), ...decision.struckOff.flatMap(({ reasons }) => [...reasons])];

/** What a decision not to share leaves in the register of whoever decided (DS-02). */
export function notShared(stated: NotShared, { digest, signer, agreement, unmet, decidedOn }: { digest: string; signer: string; agreement: { id: string; version: string; digest: string }; unmet: readonly RefusalReason[]; decidedOn: string | undefined }): EntryFields<'not-shared'> {
  return {
    decision: {
      by: stated.role, contact: ifFits('contact', stated.decider) ?? NOT_STATED, at: stated.decidedAt, method: stated.method, reasons: stated.reasons,
      wordsDigest: stated.words?.wordsDigest, safetyConsidered: stated.safetyConsidered,
    },
    subjectReference: ifFits('reference', stated.reference),
    decisionId: stated.id,
    statement: digest,
    signer: signer.toLowerCase(),
    parties: stated.parties,
    agreement: { id: agreement.id, version: agreement.version, digest: agreement.digest },
    purpose: stated.purpose && code(stated.purpose),
    categories: stated.categories,
    request: stated.request,
    share: stated.share,
    discussedOn: stated.discussedOn,
    wordsSealed: stated.words?.sealed,
    unmet: unmet.length > 0 ? recorded(unmet) : undefined,
    decidedOn,
  };
}

interface OffWireFacts {
  digest: string;
  signer: string;
  agreement: { digest: string };
  route: OffWire;
  clause: string | undefined;
}

const ofDisclosure = ({ manifest }: DisclosureStated, { digest, signer, agreement, clause }: OffWireFacts): Disclosure =>
  disclosure({ manifest, manifestDigest: digest }, { digest: agreement.digest, clause, signer });
const toldOffWire = ({ agency, contact, copyController, parts, outside }: ToldOffWire) => ({ agency, contact, copyController, categories: categoriesOf(parts), outside });

/** What a disclosure off the wire leaves in the register of whoever made it (OC-10). */
export function disclosed(stated: DisclosureStated, lines: readonly Line[], recipients: readonly ToldOffWire[], facts: OffWireFacts & { unmet: readonly RefusalReason[]; decidedOn: string }): EntryFields<'disclosed'> {
  const { called, identity, ...route } = facts.route;
  const { mail } = stated.route;
  return {
    ...ofDisclosure(stated, facts),
    ...decided(lines, new Date(route.at)),
    route: {
      ...route, numberOfDirectory: called && true, identity: identity && { how: code(identity.how), by: code(identity.by), at: identity.at },
      addressCheckedBy: route.addressCheckedBy && code(route.addressCheckedBy), noAlternative: route.noAlternative && code(route.noAlternative),
      ...(mail && { tls: { version: mail.version, cipher: code(mail.cipher), certificate: mail.certificate, authentication: mail.proofs.join('.'), policy: ifFits('version', mail.policy) } }),
      consignment: ifFits('reference', route.consignment), asset: ifFits('reference', route.asset),
    },
    recipients: recipients.map(toldOffWire),
    compliant: facts.unmet.length === 0,
    unmet: facts.unmet.length > 0 ? recorded(facts.unmet) : undefined,
    wordsSealed: stated.words?.sealed,
    decidedOn: facts.decidedOn,
  };
}

/** And in the register of whoever it was disclosed to: nothing of other recipients, nor of how the sender judged it. */
export const announced = (stated: DisclosureStated, recipient: ToldOffWire, facts: OffWireFacts & { from: { agency: string; controller: string } }): EntryFields<'disclosure-announced'> => ({
  ...ofDisclosure(stated, facts), ...toldOffWire(recipient), route: { by: facts.route.by, at: facts.route.at }, from: facts.from.agency, originator: facts.from.controller,
});

/** What a refused share leaves: in the sender's own register only, and only what a code or an id can say. */
export function refused(share: string, manifestDigest: string, reasons: readonly RefusalReason[], manifest: ManifestBase | undefined, lines: readonly Line[]): EntryFields<'share-refused'> {
  return {
    share,
    manifestDigest,
    reasons: recorded(reasons),
    agreement: ifFits('agreement', manifest?.agreement.id),
    purpose: ifFits('code', manifest?.purpose),
    urgency: manifest?.urgency,
    proposed: [...new Set(lines.flatMap((line) => ifFits('agency', line.recipient.agency) ?? []))].slice(0, 64),
    categories: categoriesOf(lines).slice(0, 32),
  };
}

/** A rule of a record that is not met, as the edge tells it. */
const unmetTold = ({ code, says, next, pointer, clauses, standing }: Unmet<string>): RefusalReason => ({ code, says, next, ...(pointer ? { pointer } : {}), facts: { clauses, standsOn: standing.on, ground: standing.says } });

/** @throws Refusal with all that is unmet */
export function requireMet(unmet: readonly Unmet<string>[]): void {
  if (unmet.length > 0) throw new Refusal(unmet.map(unmetTold));
}

/** A condition's reason as the edge tells it. */
export const refusalOf = (reason: Reason): RefusalReason => ({
  code: reason.code,
  says: reason.says,
  next: reason.next,
  ...(reason.pointer ? { pointer: reason.pointer } : {}),
  facts: {
    clauses: reason.clauses, on: reason.on, standsOn: reason.standing.on, ground: reason.standing.says, ...(reason.cause ? { cause: reason.cause } : {}), ...(reason.awaits ? { awaits: reason.awaits } : {}),
    ...(reason.recipient ? { recipient: `${reason.recipient.agency}/${reason.recipient.contact}` } : {}), ...(reason.line === undefined ? {} : { line: reason.line }) },
});
