import type { Directory } from '#directory/directory';
import { type Facts, partiesOf, signersOf } from '#directory/facts';
import type { Clock } from '#platform/clock';
import type { Asker, Database } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { insertRows } from '#platform/rows';
import { purposeOf } from '#policy/agreement';
import { copyControllerOf } from '#policy/conditions/hub';
import type { Decision, Reason } from '#policy/decision';
import { contactOf } from '#policy/parties';
import { type RecordedAs, recordedAs } from '#policy/recorded-as';
import { strangers } from '#policy/strangers';
import { Disclosure, DisclosureAsked, type DisclosureRoute, readRoute } from '#protocol/disclosure';
import { hidesIdentifier } from '#protocol/grammar';
import { readJson } from '#protocol/json';
import { addressed, isPartLine, type Line } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import type { DisclosureItem, DisclosurePage, DisclosureReceipt, DisclosureTold } from '#protocol/own-answers';
import type { NewEntry, Register } from '#register/register';
import { verifySender } from './admission';
import { answerAs } from './answering';
import { answersIn, newAnswer } from './requests';
import { emergencyTold, type FrontDoor, toldOf } from './answer';
import { decisionRows } from './commit';
import { logOf, promised, type Seal } from './drawing';
import { against, announced, decisionLine, disclosed, NOT_STATED, refusalOf, refused } from './entries';
import type { Exchange } from './exchange';
import { fieldsOf } from './operations';
import { OwnRecords } from './own-records';
import { accompanied, sealedToOwn } from './own-words';
import { readLines } from './proposal';
import { fromAndFor, madeLately, type SignedPlaces } from './signed-for-us';
import { soundAs } from './sound';

/** A disclosure as it was sent: its exact octets, the detached signature over them, and the words, where there are some. */
export interface DisclosureSent {
  disclosure: Buffer;
  signature: Buffer;
  /** One OpenPGP message. */
  words?: Buffer;
  idempotencyKey?: string;
}

export interface DisclosureRooms extends Seal {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  exchange: Exchange;
}

/** A disclosure before it is made, as somebody plans it. */
export interface DisclosurePlan {
  manifest: Disclosure['manifest'];
  lines: Line[];
  route: DisclosureRoute;
}

/**
 * What is disclosed off the wire (OC-01 to OC-10). It is decided as a share is, as of the moment at which it was disclosed, and recorded in the same
 * registers. What happened cannot be taken back: made against what the agreement asks it is recorded too, as that, once its agency owns up to it.
 */
export class Disclosures {
  private readonly records: OwnRecords<DisclosureReceipt>;

  constructor(private readonly rooms: DisclosureRooms) {
    this.records = new OwnRecords(rooms.database, 'disclosure', 'DISCLOSURE_ID_REUSED');
  }

  /** What would be decided of a disclosure that is not made yet. Leaves no trace. @throws Refusal */
  plan(asker: Asker, plan: DisclosurePlan): Promise<{ decision: Decision; frontDoors: FrontDoor[] }> {
    return this.rooms.exchange.plan(asker, plan);
  }

  /**
   * Records a disclosure: in the register of its agency's controller, and in that of whoever it was disclosed to. The same again is answered
   * with its receipt.
   * @throws Refusal with every reason, which is on record where the agreement is against it
   */
  record(asker: Asker, sent: DisclosureSent): Promise<DisclosureReceipt> {
    return this.records.once(asker, { octets: sent.disclosure, idempotencyKey: sent.idempotencyKey }, (digest) => this.recorded(asker, sent, digest));
  }

  /** The asker's own disclosures. `after` is the `next` of the page before. */
  list(asker: Asker, page: { after?: string; limit: number }): Promise<DisclosurePage> {
    return this.records.page(asker, page, ({ id, octets, receipt: { recordedAt, agreement, compliant } }): DisclosureItem => {
      const { lines, route } = JSON.parse(octets.toString()) as { lines: Line[]; route: DisclosureRoute };
      return { disclosure: id, recordedAt, disclosedAt: route.at, route: route.by, agreement, recipients: recipientsOf(lines).map(({ recipient }) => recipient), compliant };
    });
  }

  /** One of the asker's own, as it was signed. What it was judged by: `Decisions.told`. @throws Refusal NOT_FOUND */
  told(asker: Asker, id: string): Promise<DisclosureTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const own = await this.records.found(tx, asker, id);
      if (!own) throw new Refusal({ code: 'NOT_FOUND' });
      return { id, statement: own.octets.toString('base64'), signature: own.signature.toString('base64'), words: own.words, receipt: JSON.parse(own.receipt) as DisclosureReceipt };
    });
  }

  /** The words of a disclosure, as they were sealed. @throws Refusal NOT_FOUND */
  words(asker: Asker, id: string): Promise<Buffer> {
    return this.records.words(asker, id);
  }

  private async recorded(asker: Asker, sent: DisclosureSent, digest: string): Promise<DisclosureReceipt> {
    const { database, register, clock, gateway, exchange } = this.rooms;
    const at = clock.now();
    const { stated, lines } = readDisclosure(sent, { agency: asker.agency, gateway, now: at });
    const { manifest, route } = stated;
    const decided = await exchange.plan(asker, { manifest, lines, route });
    const { decision, facts } = decided;
    const signer = await verifySender(signersOf(facts, asker.agency, at), sent.disclosure, sent.signature, at);
    const reasons = against(decision);
    const unmet = withoutRepetition(reasons);
    const never = unrecordable(facts, { manifest, lines, route }, { reasons: [...unmet, ...decision.warnings], called: decided.proposal.route?.called, at });
    if (never.length > 0) throw new Refusal(never);
    const kept = await exchange.kept(facts, decided);
    const words = sent.words && (await sealedToOwn(this.rooms, asker, sent.words, stated.words, at));
    if (unmet.length > 0 && stated.notCompliant !== true) {
      const told = [...unmet.map(refusalOf), { code: 'DISCLOSURE_NOT_COMPLIANT', pointer: '/notCompliant' }];
      await database.as(asker, async (tx) => {
        const [entry] = await register.record(tx, [{ kind: 'share-refused', controller: asker.controller, at, fields: { ...refused(manifest.id, digest, told, manifest, lines), decidedOn: kept.digest } }]);
        if (entry) await insertRows(tx, [decisionRows([{ agency: asker.agency, id: manifest.id, entry: entry.id, kept }])]);
      });
      throw new Refusal(told);
    }
    const recipients = recipientsToldOf(decision, facts, { lines, purpose: manifest.purpose }, at);
    const common = { digest, signer: signer.fingerprint, agreement: facts.agreement, route: decided.proposal.route ?? route, clause: decision.outcome === 'permitted' ? decision.transfers[0]?.clause : undefined };
    const record = { id: manifest.id, digest, octets: sent.disclosure, signature: sent.signature, signer, words, at };
    return database.as(asker, async (tx) => {
      await this.records.requireFreshId(tx, asker, record);
      const entries = await register.record(tx, [
        { kind: 'disclosed', controller: asker.controller, at, fields: disclosed(stated, lines, recipients, { ...common, unmet: unmet.map(refusalOf), decidedOn: kept.digest }) },
        ...recipients.map((recipient) => ({ kind: 'disclosure-announced' as const, controller: recipient.copyController, at, fields: announced(stated, recipient, { ...common, from: asker }) })),
        ...operationsOf(asker, stated, lines, recipients, at),
      ]);
      const [own] = entries;
      if (!own) throw new Error('an entry that was not made');
      const receipt: DisclosureReceipt = {
        format: 'waybill-disclosure-receipt/1', disclosure: manifest.id, digest, recordedAt: at.toISOString(), agreement: { id: facts.agreement.id, version: facts.agreement.version }, compliant: unmet.length === 0,
        unmet: unmet.map(toldOf), warnings: decision.warnings.map(toldOf), ...emergencyTold(manifest.urgency, decided.frontDoors),
        register: { log: logOf(gateway, asker.controller), entry: own.id, leaf: own.leaf.toString('hex'), promise: promised(this.rooms, own, at) },
      };
      await this.records.keep(tx, asker, record, receipt, sent.idempotencyKey);
      await insertRows(tx, [decisionRows([{ agency: asker.agency, id: manifest.id, entry: own.id, kept }])]);
      const { request } = decided.proposal;
      const answered = request && { request: manifest.threads?.request ?? '', holder: asker.agency, source: manifest.id, answers: answersIn(manifest, request, lines), at };
      if (request && answered && answered.answers.size > 0) await answerAs(tx, [newAnswer(facts.agreement, request, answered)]);
      return receipt;
    });
  }
}

/** That it was disclosed, where operations are logged (RC-08). It happened: nothing that its log lacks can refuse it any more. */
function operationsOf(asker: Asker, { manifest, route }: Disclosure, lines: readonly Line[], recipients: readonly ToldOffWire[], at: Date): NewEntry[] {
  const theirs = recipients.filter(({ recordedAs: { logs } }) => logs);
  const [first] = theirs;
  if (!first?.recordedAs.logs) return [];
  const decision = decisionLine(lines);
  const done = { operation: 'disclosure' as const, at: new Date(route.at), by: decision?.decider ?? NOT_STATED, role: decision?.role ?? NOT_STATED, justification: decision?.reasons, recipients: theirs.map(({ agency, contact }) => ({ agency, contact })) };
  return [{ kind: 'operation-logged', controller: asker.controller, at, fields: fieldsOf({ share: manifest.id, origin: asker.agency, ...first.recordedAs.logs }, done) }];
}

const PLACES: SignedPlaces = { agency: '/manifest/sender/agency', gateway: '/manifest/gateway', created: '/manifest/created' };

/** Reads a disclosure before it is made. @throws Refusal DISCLOSURE_INVALID */
export function readDisclosurePlan(body: unknown): DisclosurePlan {
  const asked = soundAs(DisclosureAsked, { ok: true, value: body }, 'DISCLOSURE_INVALID');
  return { manifest: asked.manifest, ...readRest(asked) };
}

/** Reads a disclosure and holds it to what came with it. Pure. @throws Refusal */
function readDisclosure(sent: DisclosureSent, expected: { agency: string; gateway: string; now: Date }): { stated: Disclosure; lines: Line[] } {
  const stated = soundAs(Disclosure, readJson(sent.disclosure), 'DISCLOSURE_INVALID');
  const { manifest, route } = stated;
  const { lines } = readRest(stated);
  const serverTime = expected.now.toISOString();
  const signed = { agency: manifest.sender.agency, gateway: manifest.gateway, created: manifest.created };
  const reasons: RefusalReason[] = [
    ...fromAndFor(signed, PLACES, expected),
    ...madeLately(signed, PLACES, expected.now),
    ...(Date.parse(route.at) - expected.now.getTime() <= LIMITS.createdAhead.value * 1_000 ? [] : [{ code: 'DISCLOSED_LATER', pointer: '/route/at', facts: { serverTime } }]),
    ...(route.by === 'tls-domain' && !route.mail ? [{ code: 'DISCLOSURE_INVALID', pointer: '/route/mail', says: 'is missing: how the mail was protected on its way' }] : []),
    ...accompanied('words', stated.words !== undefined, sent.words !== undefined),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);
  return { stated, lines };
}

/** What no class holds by itself: each line by what it is about, and a route by the fields that it has. @throws Refusal */
function readRest({ lines, route }: DisclosureAsked): { lines: Line[]; route: DisclosureRoute } {
  const categories: unknown[] = [];
  // One part for each category: nothing is sealed that would have a name.
  const partOf = (category: unknown): string => `part-${(categories.includes(category) ? categories.indexOf(category) : categories.push(category) - 1) + 1}`;
  const read = readLines(lines.map((line) => ('about' in line ? line : { part: partOf((line as { category?: unknown }).category), ...line })));
  const routeRead = readRoute(route);
  const clear = (['consignment', 'asset'] as const).filter((name) => route[name] !== undefined && hidesIdentifier(route[name]));
  const reasons: RefusalReason[] = [
    ...(read.ok ? [] : read.faults.map(({ pointer, says }) => ({ code: 'DISCLOSURE_INVALID', pointer, says }))),
    ...(routeRead.ok ? [] : routeRead.faults.map(({ pointer, says }) => ({ code: 'DISCLOSURE_INVALID', pointer: `/route${pointer}`, says }))),
    ...clear.map((name) => ({ code: 'IDENTIFIER_IN_CLEAR', pointer: `/route/${name}`, says: 'The reference looks like a date, an NHS number or a postcode.', next: 'Use a reference that tells nothing of a person.' })),
    ...(read.ok && !read.lines.some(isPartLine) ? [{ code: 'DISCLOSURE_INVALID', pointer: '/lines', says: 'no line says what was disclosed to whom' }] : []),
  ];
  if (reasons.length > 0 || !read.ok) throw new Refusal(reasons);
  return { lines: read.lines, route };
}

/** What could name somebody is not kept, whatever its agency owns up to: words that stand in no list, an identifier, a number that the directory does not have. */
function unrecordable(facts: Facts, { manifest, lines, route }: DisclosurePlan, { reasons, called, at }: { reasons: readonly Reason[]; called: readonly string[] | undefined; at: Date }): RefusalReason[] {
  const parties = partiesOf(facts, at);
  const { number, mail: _seen, ...rest } = route;
  const stated = { manifest, ...Object.fromEntries(lines.map((line, i) => [`lines/${i}`, line])), route: rest };
  const words = strangers(facts.agreement, facts.sought.flatMap((agency) => parties.party(agency) ?? []), stated);
  return [
    ...words.map((pointer) => ({
      code: 'CODE_UNKNOWN', pointer, says: 'The word stands in no list: neither in the vocabulary, nor in the agreement, nor in the directory.', next: 'Use a word of a list; where there is none, leave it out and state `notCompliant`.', facts: { clauses: ['MN-06'] },
    })),
    ...reasons.filter(({ code }) => code === 'IDENTIFIER_IN_CLEAR').map(refusalOf),
    ...(number === undefined || called !== undefined ? [] : [{
      code: 'NUMBER_NOT_OF_DIRECTORY', pointer: '/route/number', says: 'The directory has this number for no recipient; it is not kept, because it could be a family’s.',
      next: 'If you called another number, leave `number` out and state `notCompliant`; or ask the co-ordinator to correct the directory.', facts: { clauses: ['OC-04'] },
    }]),
  ];
}

/** One rule that falls on several lines is told once for each recipient. */
function withoutRepetition(reasons: readonly Reason[]): Reason[] {
  const key = ({ code, recipient, pointer, cause }: Reason): string => [code, recipient && addressed(recipient), pointer, cause].join(' ');
  return reasons.filter((reason, i) => reasons.findIndex((other) => key(other) === key(reason)) === i);
}

/** Whom something was disclosed to, and with which lines. */
function recipientsOf(lines: readonly Line[]): { recipient: Line['recipient']; parts: Line[] }[] {
  const parts = lines.filter(isPartLine);
  return [...Map.groupBy(parts, ({ recipient }) => addressed(recipient)).values()].flatMap((theirs) => (theirs[0] ? [{ recipient: theirs[0].recipient, parts: theirs }] : []));
}

export interface ToldOffWire {
  agency: string;
  contact: string;
  copyController: string;
  parts: readonly Line[];
  outside: readonly string[] | undefined;
  recordedAs: RecordedAs;
}

/** What was told was told, permitted or not: whoever it reached has it, and its controller is a controller of it. */
function recipientsToldOf(decision: Decision, facts: Facts, { lines, purpose }: { lines: readonly Line[]; purpose: string | undefined }, at: Date): ToldOffWire[] {
  const parties = partiesOf(facts, at);
  return recipientsOf(lines).flatMap(({ recipient, parts }) => {
    const party = parties.party(recipient.agency);
    if (!party) return [];
    const planned = decision.outcome === 'permitted' ? decision.transfers.find((transfer) => addressed(transfer.recipient) === addressed(recipient)) : undefined;
    const contact = contactOf(party, recipient.contact, at.toISOString());
    const copyController = copyControllerOf({ agreement: facts.agreement, parties, party, contact }).id;
    return [{ ...recipient, copyController, parts, outside: planned?.outside, recordedAs: planned?.recordedAs ?? recordedAs({ agreement: facts.agreement, purpose: purposeOf(facts.agreement, purpose) }, contact) }];
  });
}
