import { type KnownKey, matchAddressees } from '#envelope/addressees';
import type { Certificate } from '#envelope/certificates';
import { PART_CODES, type PartProblem } from '#envelope/cms-codes';
import type { KeyCause } from '#envelope/codes';
import { copyHead, type PartForm } from '#envelope/parts';
import { verifyDetached } from '#envelope/signatures';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Decision, PlannedTransfer, StruckOff } from '#policy/decision';
import { addressed, isPartLine } from '#protocol/line';
import { type Head, proposedFor } from './head';
import { addresseeKey } from './commit';
import type { SpooledPart } from './spool';

export type Permitted = Extract<Decision, { outcome: 'permitted' }>;

/** What one recipient gets of one part: its own wrapped keys as the start of its copy, and their names. */
export interface Copy {
  part: string;
  head: Uint8Array;
  keys: string[];
}

/** All that one recipient gets, sealed alike. */
export interface Copies {
  protection: 'openpgp' | 'smime' | 'aes-zip';
  of: Copy[];
}

export type Admission = { ok: true; decision: Permitted; copies: Map<string, Copies> } | { ok: false; reasons: RefusalReason[] };
export type Admitted = Extract<Admission, { ok: true }>;

const PROTECTION: Record<PartForm, Copies['protection']> = { openpgp: 'openpgp', cms: 'smime', container: 'aes-zip' };

/** A gate problem as the edge tells it. */
export const reasonOf = (problem: PartProblem, part?: string): RefusalReason => ({
  code: problem.code,
  says: PART_CODES[problem.code].says,
  facts: {
    ...(part ? { part } : {}),
    ...(problem.cause ? { cause: problem.cause } : {}),
    ...(problem.keyId ? { keyId: problem.keyId } : {}),
    ...(problem.recipient ? { recipient: problem.recipient } : {}),
  },
});

/**
 * Holds the sealed parts to the lines that name them, each addressee to a proposed recipient of its part, and the form in which a part is
 * sealed to what was decided for whoever gets it; then gives every permitted recipient its own wrapped keys. A container names nobody: it is
 * for one recipient. Pure.
 *
 * In an emergency a share to a front door is not refused because of somebody else's key: recipients at fault are struck off, addressees
 * who are nobody's are cut away as all that is not a recipient's own always is.
 */
export function admit(head: Head, parts: Map<string, SpooledPart>, decision: Permitted, known: (id: string) => KnownKey | undefined): Admission {
  const reasons = incomplete(head, parts);
  if (reasons.length > 0) return { ok: false, reasons };
  const problems = [...parts].flatMap(([name, part]) => {
    const proposed = proposedFor(name, head.lines);
    if (part.form === 'container') return [...otherwiseSealed(name, part.form), ...(proposed.length > 1 ? proposed.map((recipient): PartProblem => ({ code: 'CONTAINER_SHARED', recipient })) : [])].map((problem) => ({ name, problem }));
    const match = matchAddressees(part, known, proposed);
    const problems: PartProblem[] = match.ok ? [] : match.problems.filter(({ code, recipient }) => code !== 'RECIPIENT_NOT_ADDRESSED' || gets(recipient, name));
    return [...problems, ...otherwiseSealed(name, part.form)].map((problem) => ({ name, problem }));
  });
  const sound = without(decision, problems);
  if (problems.length > 0 && !sound) return { ok: false, reasons: problems.map(({ name, problem }) => reasonOf(problem, name)) };
  const kept = sound ?? decision;
  return { ok: true, decision: kept, copies: new Map(kept.transfers.map((transfer) => [addressed(transfer.recipient), { protection: sealedAs(transfer), of: copiesFor(addressed(transfer.recipient), transfer.lines) }])) };

  // Who was struck off need not be sealed to: the less is sealed to it, the better.
  function gets(recipient: string | undefined, part: string): boolean {
    return decision.transfers.some((transfer) => addressed(transfer.recipient) === recipient && transfer.lines.some((index) => partOf(index) === part));
  }

  /** Whoever gets a part gets it in a form that was decided for it, and all its parts in the same: one transfer goes one way. */
  function otherwiseSealed(name: string, form: PartForm): PartProblem[] {
    return decision.transfers.filter(({ lines }) => lines.some((index) => partOf(index) === name)).flatMap((transfer): PartProblem[] => {
      const admitted = PROTECTION[form] === transfer.protection || (PROTECTION[form] === 'smime' && transfer.orSmime === true);
      return admitted && PROTECTION[form] === sealedAs(transfer) ? [] : [{ code: 'SEALED_OTHERWISE', recipient: addressed(transfer.recipient) }];
    });
  }

  /** As the first of its parts is. */
  function sealedAs({ lines }: PlannedTransfer): Copies['protection'] {
    const [first] = lines.flatMap((index) => parts.get(partOf(index) ?? '') ?? []);
    return PROTECTION[first?.form ?? 'openpgp'];
  }

  function partOf(index: number): string | undefined {
    const line = head.lines[index]?.line;
    return line && isPartLine(line) ? line.part : undefined;
  }

  function copiesFor(recipient: string, lines: readonly number[]): Copy[] {
    return lines.flatMap((index) => {
      const line = head.lines[index]?.line;
      const part = line && isPartLine(line) ? parts.get(line.part) : undefined;
      if (!line || !isPartLine(line) || !part) return [];
      const own = part.addressees.filter((addressee) => ownAndCurrent(known(addresseeKey(addressee)), recipient));
      return [{ part: line.part, head: copyHead(part, own), keys: own.map(addresseeKey) }];
    });
  }
}

const ownAndCurrent = (key: KnownKey | undefined, recipient: string): boolean => key?.recipient === recipient && key.standing === 'current';

function incomplete(head: Head, parts: Map<string, SpooledPart>): RefusalReason[] {
  const reasons: RefusalReason[] = [];
  for (const [name, { digest }] of head.parts) {
    const part = parts.get(name);
    if (!part) reasons.push({ code: 'PART_MISSING', facts: { part: name } });
    else if (part.digest !== digest) reasons.push({ ...reasonOf({ code: 'DIGEST_MISMATCH' }, name) });
  }
  for (const name of parts.keys()) if (!head.parts.has(name)) reasons.push({ code: 'PART_UNEXPECTED', facts: { part: name } });
  return reasons;
}

/** What remains of an emergency share when those at fault are struck off; undefined when it is not one, or no front door remains. */
function without(decision: Permitted, problems: readonly { problem: PartProblem }[]): Permitted | undefined {
  const faulty = new Set(problems.flatMap(({ problem }) => (problem.code === 'ADDRESSEE_NOT_PROPOSED' ? [] : (problem.recipient ?? []))));
  const transfers = decision.transfers.filter((transfer) => !faulty.has(addressed(transfer.recipient)));
  if (problems.length === 0 || !transfers.some((transfer) => transfer.hub && transfer.lane === 'emergency')) return undefined;
  const struck = decision.transfers.filter((transfer) => faulty.has(addressed(transfer.recipient)));
  return {
    ...decision,
    transfers,
    struckOff: [
      ...decision.struckOff,
      ...struck.map(({ recipient, lines }): StruckOff => ({
        on: 'recipient',
        recipient,
        lines,
        // The gate's word for it stands where a condition's would: the sender reads one list.
        reasons: problems.filter(({ problem }) => problem.recipient === addressed(recipient)).map(({ problem: { code } }) => ({
          code: code as StruckOff['reasons'][number]['code'], clauses: ['CH-15'], says: PART_CODES[code].says, next: PART_CODES[code].next, on: 'recipient', recipient,
          standing: { on: 'technical', says: 'it cannot be opened or trusted safely' },
        })),
      })),
    ],
  };
}

/**
 * Who signed the manifest: one detached signature, by a key that the directory binds to the sender today.
 * @throws Refusal with the gate's signature code
 */
export async function verifySender(signers: readonly { certificate: Certificate; standing: 'current' | KeyCause }[], octets: Uint8Array, signature: Uint8Array, at: Date): Promise<{ fingerprint: string; certificate: Uint8Array }> {
  if (signature.length === 0) throw new Refusal(reasonOf({ code: 'SIGNATURE_MISSING' }));
  const verdict = await verifyDetached({ octets, signature, certificates: signers.map((signer) => signer.certificate), at });
  if (!verdict.ok) throw new Refusal(reasonOf(verdict.problem));
  const signer = signers.find(({ certificate }) => certificate.fingerprint === verdict.fingerprint);
  if (!signer || signer.standing !== 'current') throw new Refusal(reasonOf({ code: 'KEY_NOT_VERIFIED', cause: signer?.standing === 'current' ? 'unverified' : (signer?.standing ?? 'unverified'), keyId: verdict.keyFingerprint.slice(-16) }));
  return { fingerprint: verdict.fingerprint, certificate: signer.certificate.octets };
}
