import type { Decision, Reason } from '#policy/decision';
import type { EntryFields } from '#register/entry-kinds';
import type { RefusalReason } from '#platform/refusal';
import { isPartLine, type DecisionLine, type Line } from '#protocol/line';
import type { Manifest } from '#protocol/manifest';
import type { Head } from './head';
import type { SpooledPart } from './spool';

// From a share to what the registers say of it. Pure: codes, ids, digests and instants, never a word.

type Disclosure = Omit<EntryFields<'share-announced'>, 'transfer' | 'agency' | 'contact' | 'copyController' | 'route' | 'protection' | 'categories' | 'lines' | 'from' | 'originator' | 'parts'>;

/** What was shared and by what right: the same words in the sender's register and in each recipient's. */
export function disclosure(head: Head, permitted: { digest: string; clause: string; signer: string }): Disclosure {
  const { manifest } = head;
  return {
    share: manifest.id,
    agreement: { id: manifest.agreement.id, version: manifest.agreement.version, digest: permitted.digest },
    clause: permitted.clause.replaceAll(' ', '-'),
    purpose: manifest.purpose ?? '',
    basis: manifest.lawfulBasis ?? '',
    conditions: manifest.conditions,
    legalGateway: manifest.legalGateway,
    classification: manifest.classification,
    urgency: manifest.urgency,
    consent: manifest.consent && { ...manifest.consent },
    informed: manifest.informed && { ...manifest.informed },
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

export function decided(lines: readonly Line[]): Pick<EntryFields<'share-sent'>, 'decision' | 'subjectReference'> {
  const decision = decisionLine(lines);
  const subject = lines.find((line) => 'about' in line && line.about === 'subject');
  return {
    decision: {
      by: decision?.role ?? 'unknown',
      contact: decision?.decider ?? 'unknown',
      at: decision?.at ?? new Date(0).toISOString(),
      method: decision?.method,
      reasons: decision?.reasons ?? [],
      wordsDigest: decision?.wordsDigest,
      safetyConsidered: decision?.safetyConsidered,
    },
    subjectReference: subject && 'reference' in subject ? subject.reference : undefined,
  };
}

export const categoriesOf = (lines: readonly Line[]): string[] => [...new Set(lines.filter(isPartLine).map((line) => line.category))].sort();

export function struckOff(decision: Extract<Decision, { outcome: 'permitted' }>, lines: readonly Line[]): NonNullable<EntryFields<'share-sent'>['struckOff']> {
  return decision.struckOff.flatMap((each) => {
    const line = each.on === 'line' ? lines[each.lines[0] ?? -1] : undefined;
    return each.reasons.map((reason) => ({ agency: each.recipient.agency, contact: each.recipient.contact, part: line && isPartLine(line) ? line.part : undefined, code: reason.code }));
  });
}

/** What a refused share leaves: in the sender's own register only, and only what a code or an id can say. */
export function refused(share: string, manifestDigest: string, reasons: readonly RefusalReason[], manifest: Manifest | undefined, lines: readonly Line[]): EntryFields<'share-refused'> {
  return {
    share,
    manifestDigest,
    reasons: reasons.slice(0, 100).map((reason) => ({
      code: reason.code,
      clauses: Array.isArray(reason.facts?.['clauses']) ? [...(reason.facts['clauses'] as readonly string[])].filter((clause) => /^[A-Z]{2}-[0-9]{2}$/.test(clause)) : undefined,
      agency: typeof reason.facts?.['recipient'] === 'string' ? (reason.facts['recipient'].split('/')[0] as string) : undefined,
    })),
    agreement: manifest?.agreement.id,
    purpose: manifest?.purpose,
    urgency: manifest?.urgency,
    proposed: [...new Set(lines.map((line) => line.recipient.agency))].slice(0, 64),
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
