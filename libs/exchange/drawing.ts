import { contentClaims, type ProvenanceClaims, signProvenance } from '#envelope/provenance';
import type { SigningKey } from '#envelope/signing-keys';
import { DAY } from '#platform/clock';
import type { Asker } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { random } from '#platform/random';
import type { Agreement } from '#policy/agreement';
import { isCompelled } from '#policy/conditions/answering';
import { transit } from '#policy/transit';
import type { PlannedTransfer, RequestPut } from '#policy/decision';
import type { Receipt } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { addressed, isPartLine } from '#protocol/line';
import { hostOf, originOf } from '#register/checkpoint';
import { makeEntry, SALT_OCTETS, type SealedEntry } from '#register/entry';
import { ifFits } from '#register/entry-formats';
import { signPromise } from '#register/promise';
import type { Admitted, Copies } from './admission';
import { emergencyTold, type FrontDoor, struckOffTold, toldOf } from './answer';
import type { NewTransfer } from './commit';
import { consignmentDigest } from './consignment';
import { categoriesOf, clauseOf, decided, decisionLine, type Disclosure, disclosure, NOT_STATED, partsOf, refusedTo, struckOff } from './entries';
import { type Head, linesOf } from './head';
import { fieldsOf, type OperationDone } from './operations';
import { dueOf } from './requests';
import type { SpooledPart } from './spool';

/** With what a gateway signs, and under which name. */
export interface Seal {
  /** Our origin, `https://gateway.example`. */
  gateway: string;
  key: SigningKey;
}

export interface Accepted {
  sender: Asker;
  head: Head;
  signature: Buffer;
  signer: string;
  parts: Map<string, SpooledPart>;
  admitted: Admitted;
  agreement: Agreement;
  frontDoors: FrontDoor[];
  /** Digest of what was kept of the decision. */
  decidedOn: string;
  /** The information request that it answers. */
  request: RequestPut | undefined;
  at: Date;
}

const entryHead = (controller: string, at: Date) => ({ id: uuid7(at.getTime()), controller, at, salt: random(SALT_OCTETS) });

/** The origin of a controller's log, as checkpoints, promises and provenance name it. */
export const logOf = (gateway: string, controller: string): string => originOf(hostOf(gateway), controller);

/** Makes register entries, provenance, promises and receipt of an accepted share. Each names what was made before it. */
export function draw(seal: Seal, accepted: Accepted): { receipt: Receipt; entries: SealedEntry[]; transfers: NewTransfer[] } {
  const { sender, head, parts, at } = accepted;
  const { decision } = accepted.admitted;
  const stated = disclosure(head, { digest: accepted.agreement.digest, clause: undefined, signer: accepted.signer });
  const drawn = decision.transfers.map((planned) => drawTransfer(seal, accepted, planned, stated));
  const partNames = [...new Set(drawn.flatMap((each) => each.partNames))].sort();
  const lines = head.lines.map(({ line }) => line);
  const sent = makeEntry('share-sent', entryHead(sender.controller, at), {
    ...stated, clause: clauseOf(decision.transfers[0]?.clause ?? ''),
    ...decided(lines, at),
    parts: partsOf(parts, partNames),
    recipients: drawn.map((each) => each.recipient),
    struckOff: struckOff(decision, lines),
    decidedOn: accepted.decidedOn,
  });
  const refuses = drawRefusal(accepted, drawn.map(({ transfer }) => transfer));
  const receipt: Receipt = {
    format: 'waybill-receipt/1',
    share: head.manifest.id,
    manifestDigest: head.manifestDigest,
    acceptedAt: at.toISOString(),
    transfers: drawn.map((each) => each.receipted),
    struckOff: decision.struckOff.map((each) => struckOffTold(each, head)),
    warnings: decision.warnings.map(toldOf),
    register: { log: logOf(seal.gateway, sender.controller), entry: sent.id, leaf: sent.leaf.toString('hex'), promise: promised(seal, sent, at) },
    ...emergencyTold(head.manifest.urgency, accepted.frontDoors),
  };
  return { receipt, entries: [...drawn.map((each) => each.entry), ...refuses, sent, ...drawOperations(accepted, drawn.map(({ transfer }) => transfer))], transfers: drawn.map((each) => each.transfer) };
}

/**
 * That it was disclosed, and put together with what it passes on, where operations are logged (RC-08). Whoever decided stands in its decision, without which nothing
 * goes; but an emergency, which goes all the same.
 */
function drawOperations({ sender, head, at }: Accepted, transfers: readonly NewTransfer[]): SealedEntry[] {
  const theirs = transfers.filter(({ recordedAs }) => recordedAs.logs);
  const [first] = theirs;
  if (!first?.recordedAs.logs) return [];
  const decision = decisionLine(linesOf(head));
  const who = { by: ifFits('contact', decision?.decider) ?? NOT_STATED, role: ifFits('role', decision?.role) ?? NOT_STATED, justification: decision?.reasons, at };
  const logged = { share: head.manifest.id, origin: sender.agency, ...first.recordedAs.logs };
  const done: OperationDone[] = [
    { ...who, operation: 'disclosure', recipients: theirs.map(({ recipient }) => recipient) },
    ...(head.manifest.threads?.previous === undefined ? [] : [{ ...who, operation: 'combination' as const }]),
  ];
  return done.map((each) => makeEntry('operation-logged', entryHead(sender.controller, at), fieldsOf(logged, each)));
}

/** A refusal is a decision not to share, in the register of whoever refuses; where the law compels an answer it is non-compliance too, in both sides' (RQ-13). */
function drawRefusal({ sender, head, request, agreement, signer, decidedOn, at }: Accepted, transfers: readonly NewTransfer[]): SealedEntry[] {
  if (!request || !head.manifest.answers?.categories.some(({ answer }) => answer === 'refused')) return [];
  const refused = makeEntry('not-shared', entryHead(sender.controller, at), refusedTo(request.requester, head, linesOf(head), { digest: agreement.digest, signer, decidedOn, at }));
  if (!isCompelled(agreement, request.purpose)) return [refused];
  const theirs = transfers.find(({ recipient }) => recipient.agency === request.requester)?.recipientController;
  const fields = { share: head.manifest.id, request: head.manifest.threads?.request ?? '', reason: 'not-complied-with', statement: head.manifestDigest, signer: signer.toLowerCase() };
  return [refused, ...[sender.controller, ...(theirs === undefined ? [] : [theirs])].map((controller) => makeEntry('request-escalated', entryHead(controller, at), fields))];
}

function drawTransfer(seal: Seal, accepted: Accepted, planned: PlannedTransfer, stated: Disclosure) {
  const { sender, head, parts, agreement, at } = accepted;
  const { manifest } = head;
  const id = uuid7(at.getTime());
  const own = planned.lines.flatMap((index) => head.lines[index] ?? []);
  const { protection, of: copies } = accepted.admitted.copies.get(addressed(planned.recipient)) as Copies;
  const partNames = own.flatMap(({ line }) => (isPartLine(line) ? line.part : []));
  const digests = new Map([...parts].map(([name, part]) => [name, part.digest]));
  const recipient = {
    transfer: id,
    agency: planned.recipient.agency,
    contact: planned.recipient.contact,
    copyController: planned.controller.id,
    route: planned.route,
    protection,
    ...(planned.weakHop && { weakHop: true }),
    ...(planned.instead && { instead: { ...planned.instead, approver: ifFits('role', planned.instead.approver) } }),
    keys: [...new Set(copies.flatMap((copy) => copy.keys.map((key) => key.slice(0, 16).toLowerCase())))],
    categories: categoriesOf(own.map(({ line }) => line)),
    lines: own.map(({ digest }) => digest).sort(),
    ...(planned.outside && { outside: planned.outside }),
  };
  const entry = makeEntry('share-announced', entryHead(planned.controller.id, at), {
    ...stated, clause: clauseOf(planned.clause), ...recipient, parts: partsOf(parts, partNames), from: sender.agency, originator: sender.controller,
  });
  const provenance = signProvenance({
    share: manifest.id,
    transfer: id,
    agreement: { id: agreement.id, version: agreement.version, digest: agreement.digest },
    clause: planned.clause,
    purpose: manifest.purpose ?? NOT_STATED,
    basis: manifest.lawfulBasis ?? NOT_STATED,
    ...(manifest.legalGateway ? { legalGateway: manifest.legalGateway } : {}),
    originator: { agency: sender.agency, controller: sender.controller, role: manifest.sender.role ?? NOT_STATED },
    created: manifest.created,
    classification: planned.handling.classification,
    handling: { ...handlingClaims(planned.handling), ...(planned.recordedAs.logs && { operationsLogged: true }) },
    recipient: { ...planned.recipient, controller: planned.controller.id },
    manifestDigest: head.manifestDigest,
    ...contentClaims({ parts: partNames.map((name) => ({ name, digest: digests.get(name) ?? '' })), lines: recipient.lines }),
    entry: { log: logOf(seal.gateway, planned.controller.id), leaf: entry.leaf.toString('hex') },
  }, seal.key);
  const transfer: NewTransfer = {
    id,
    recipient: planned.recipient,
    recipientController: planned.controller.id,
    route: leaving(planned),
    weakHop: planned.weakHop === true,
    weaker: planned.instead?.why === 'emergency',
    lane: planned.lane,
    throughSuspension: planned.throughSuspension === true,
    recordedAs: planned.recordedAs,
    provenance,
    consignmentDigest: consignmentDigest({
      manifestDigest: head.manifestDigest,
      signatureDigest: sha256(accepted.signature),
      lines: recipient.lines,
      parts: copies.map((copy) => ({ name: copy.part, digest: digests.get(copy.part) ?? '', keys: sha256(copy.head) })),
    }),
    size: partNames.reduce((sum, name) => sum + (parts.get(name)?.size ?? 0), 0),
    requestDueAt: manifest.asks && dueOf(agreement, manifest, planned.lane, at),
    payloadUntil: new Date(at.getTime() + transit(agreement).maxDays * DAY),
    remindOnDays: transit(agreement).remindOnDays,
    categories: recipient.categories,
    lines: own.map(({ text }) => text),
    copies,
  };
  const receipted = {
    transfer: id, recipient: planned.recipient, controller: planned.controller, lane: planned.lane, route: leaving(planned), protection, ...(planned.weakHop && { weakHop: true as const }),
    lines: recipient.lines, provenance: sha256(provenance),
  } as const;
  return { recipient, entry, partNames, transfer, receipted };
}

/** What is drawn goes over the wire: what does not is recorded elsewhere. */
const leaving = ({ route }: PlannedTransfer): 'mailbox' | 'mail' => (route === 'mail' ? 'mail' : 'mailbox');

/** The handling block as codes: how the recipient may keep, pass on and tell (PV-10). */
const handlingClaims = (rules: PlannedTransfer['handling']): Record<string, string | boolean> => ({
  classification: rules.classification,
  doNotTellSubject: rules.doNotTellSubject,
  ...(rules.consentLimited ? { consentLimited: true } : {}),
  ...(rules.noCopies ? { noCopies: true } : {}),
  ...(rules.noLinking ? { noLinking: true } : {}),
  onward: String(rules.onward),
  retentionBasis: rules.retention.basis,
  retentionOwner: rules.retention.owner,
  tellOfBreach: rules.tellOfBreach.id,
});

/** The gateway's word that an entry accepted at `at` will stand in its controller's log. */
export const promised = (seal: Seal, entry: Pick<SealedEntry, 'controller' | 'leaf'>, at: Date): string => signPromise({ iss: seal.gateway, log: logOf(seal.gateway, entry.controller), leaf: entry.leaf, at }, seal.key);

/** The leaf hash that a provenance of ours names. */
export const leafIn = (provenance: string): Buffer => Buffer.from(claimsIn(provenance).entry.leaf, 'hex');

/** What a provenance of our own says; whoever has it from somebody else verifies it. */
export const claimsIn = (provenance: string): ProvenanceClaims => JSON.parse(Buffer.from(provenance.split('.')[1] ?? '', 'base64url').toString()) as ProvenanceClaims;
