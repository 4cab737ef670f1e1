import type { Decision, Reason } from '#policy/decision';
import { ifFits } from '#register/entry-formats';
import type { EntryFields } from '#register/entry-kinds';
import type { RefusalReason } from '#platform/refusal';
import { isPartLine, type DecisionLine, type Line } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import type { Manifest } from '#protocol/manifest';
import type { Head } from './head';
import type { SpooledPart } from './spool';

// From a share to what the registers say of it. Pure: codes, ids, digests and instants, never a word.

/** What stands where a sender declared nothing, or something that no register writes down. */
export const NOT_STATED = 'not-stated';

/** A code as a register writes it. In an emergency a share goes with a nicety missing, and must still be recorded. */
const code = (value: string | undefined): string => (value === undefined ? NOT_STATED : (ifFits('code', value) ?? NOT_STATED));

type Disclosure = Omit<EntryFields<'share-announced'>, 'transfer' | 'agency' | 'contact' | 'copyController' | 'route' | 'protection' | 'categories' | 'lines' | 'from' | 'originator' | 'parts'>;

/** What was shared and by what right: the same words in the sender's register and in each recipient's. */
export function disclosure(head: Head, permitted: { digest: string; clause: string; signer: string }): Disclosure {
  const { manifest } = head;
  return {
    share: manifest.id,
    agreement: { id: manifest.agreement.id, version: manifest.agreement.version, digest: permitted.digest },
    clause: permitted.clause.replaceAll(' ', '-'),
    purpose: code(manifest.purpose),
    basis: code(manifest.lawfulBasis),
    conditions: manifest.conditions?.map(code),
    legalGateway: manifest.legalGateway && code(manifest.legalGateway),
    classification: manifest.classification,
    urgency: manifest.urgency,
    consent: manifest.consent && { ...manifest.consent, reason: manifest.consent.reason && code(manifest.consent.reason) },
    informed: manifest.informed && { status: manifest.informed.status, by: manifest.informed.by && code(manifest.informed.by), reason: manifest.informed.reason && code(manifest.informed.reason) },
    doNotTell: manifest.handling.doNotTellSubject,
    manifestDigest: head.manifestDigest,
    manifestSigner: permitted.signer.toLowerCase(),
    request: manifest.threads?.request,
    previous: manifest.threads?.previous,
    supersedes: manifest.threads?.supersedes,
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
      at: ifFits('instant', decision?.at) ?? at.toISOString(),
      method: decision?.method && code(decision.method),
      reasons: decision?.reasons.map(code) ?? [],
      wordsDigest: decision?.wordsDigest,
      safetyConsidered: decision?.safetyConsidered,
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

/** What a refused share leaves: in the sender's own register only, and only what a code or an id can say. */
export function refused(share: string, manifestDigest: string, reasons: readonly RefusalReason[], manifest: Manifest | undefined, lines: readonly Line[]): EntryFields<'share-refused'> {
  return {
    share,
    manifestDigest,
    reasons: reasons.slice(0, 100).map((reason) => ({
      code: reason.code,
      clauses: Array.isArray(reason.facts?.['clauses']) ? [...(reason.facts['clauses'] as readonly string[])].filter((clause) => /^[A-Z]{2}-[0-9]{2}$/.test(clause)) : undefined,
      agency: typeof reason.facts?.['recipient'] === 'string' ? ifFits('agency', reason.facts['recipient'].split('/')[0]) : undefined,
    })),
    agreement: ifFits('agreement', manifest?.agreement.id),
    purpose: ifFits('code', manifest?.purpose),
    urgency: manifest?.urgency,
    proposed: [...new Set(lines.flatMap((line) => ifFits('agency', line.recipient.agency) ?? []))].slice(0, 64),
    categories: categoriesOf(lines).slice(0, 32),
  };
}

/** A condition's reason as the edge tells it. */
export const refusalOf = (reason: Reason): RefusalReason => ({
  code: reason.code,
  says: reason.says,
  next: reason.next,
  ...(reason.pointer ? { pointer: reason.pointer } : {}),
  facts: { clauses: reason.clauses, on: reason.on, ...(reason.recipient ? { recipient: `${reason.recipient.agency}/${reason.recipient.contact}` } : {}), ...(reason.line === undefined ? {} : { line: reason.line }) },
});
