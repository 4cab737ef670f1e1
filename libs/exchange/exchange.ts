import type { Directory } from '#directory/directory';
import { type Facts, keyOf, partiesOf, signersOf } from '#directory/facts';
import { KnownFacts } from '#directory/known-facts';
import type { KnownKey } from '#envelope/addressees';
import type { Clock } from '#platform/clock';
import type { Asker, Database } from '#platform/database';
import { Refusal, type RefusalReason, Undecided } from '#platform/refusal';
import { type Agreement, term } from '#policy/agreement';
import { decide } from '#policy/decide';
import { type Context, contextIn, type Decision, type OffWire, type Proposal, type RequestPut } from '#policy/decision';
import { keep, type Kept } from '#policy/kept';
import { contactOf, membershipOf, type Parties } from '#policy/parties';
import type { Receipt } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import type { DisclosureRoute } from '#protocol/disclosure';
import { addressed, type Line } from '#protocol/line';
import type { ManifestBase } from '#protocol/manifest';
import type { Backlog } from '#queue/backlog';
import type { Register } from '#register/register';
import { admit, type Permitted, verifySender } from './admission';
import { type FrontDoor, frontDoorsOf } from './answer';
import { addresseeKey } from './commit';
import { Documents } from './documents';
import { draw, type Seal } from './drawing';
import { earlier, type Known, requireFresh, requireOwn } from './earlier';
import { against, refusalOf } from './entries';
import { received } from './previous';
import { suspensionsOf } from './suspended';
import { type Committed, GroupCommit, type Submission } from './group';
import { type Head, linesOf, readHead } from './head';
import { NotPermitted, Refusals } from './refusals';
import { breachOf } from './breaches';
import { notificationOf } from './notifications';
import { meetingOf } from './meetings';
import { answersIn, newAnswer, requestPut } from './requests';
import type { SpooledPart } from './spool';

/** What a sender sends before the parts. */
export interface Opening {
  manifest: Buffer;
  signature: Buffer;
  lines: Buffer;
  idempotencyKey?: string;
  /** Whether it is put as an information request: each has a route of its own. */
  asks?: boolean;
  /** Much is still to come: whether it came before is looked up before it does. */
  large?: boolean;
}

/** A share whose manifest, signature and lines hold, and which would be permitted as of now. Its parts may follow. */
export interface Begun {
  head: Head;
  signature: Buffer;
  signer: { fingerprint: string; certificate: Uint8Array };
  idempotencyKey?: string;
  ruling: Ruling;
  threads: Threads;
}

/** What a share belongs to, as far as the asker is party to it. How it goes off the wire is no part of that. */
type Threads = { [N in keyof Omit<Context, 'route'>]?: Context[N] | undefined };

export interface Rooms extends Seal {
  database: Database;
  directory: Directory;
  register: Register;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
  /** Whether more waits to be delivered than may. Absent: nobody looks. */
  backlog?: Pick<Backlog, 'full'>;
  /** Told of each commit of shares, for whoever counts. */
  committed?: (group: Committed) => void;
}

interface Decided {
  decision: Decision;
  frontDoors: FrontDoor[];
  proposal: Proposal;
}

/** That a share is permitted, on which facts, and when. */
export interface Ruling {
  decision: Permitted;
  frontDoors: FrontDoor[];
  proposal: Proposal;
  facts: Facts;
  at: Date;
}

/** On the same facts, a decision is the same a moment later: for as long as clocks may differ unnoticed. */
const RULING_LASTS_MS = 1_000;
/** What cannot be delivered now is not delivered in a moment: seconds after which to ask again. */
const FULL_RETRY_S = 30;
/** How often a share is decided anew because what it rests on changed under it (wire.md, section 5). */
const DECISIONS = 3;

/** Where shares come in: everything between the wire and the one transaction that makes a share accepted. */
export class Exchange {
  private readonly known: KnownFacts;
  private readonly commits: GroupCommit;
  private readonly refusals: Refusals;
  private readonly documents: Documents;

  constructor(private readonly rooms: Rooms) {
    this.known = new KnownFacts(rooms.database, rooms.directory);
    this.commits = new GroupCommit(rooms.database, rooms.register, rooms.committed);
    this.refusals = new Refusals(rooms);
    this.documents = new Documents(rooms.database);
  }

  /**
   * Judges what comes before the parts, so that what cannot be accepted is refused before a gigabyte is sent. The same manifest
   * again is answered with its receipt.
   * @throws Refusal with every reason, recorded in the sender's register and nobody else's
   */
  async begin(asker: Asker, opening: Opening): Promise<{ receipt: Receipt } | { begun: Begun }> {
    const known: Known = { manifestDigest: sha256(opening.manifest), ...(opening.idempotencyKey ? { idempotencyKey: opening.idempotencyKey } : {}) };
    return this.unlessKnown(asker, known, (receipt) => ({ receipt }), async () => {
      const begun = await this.judged(asker, opening, known);
      const full = await this.rooms.backlog?.full({ pressing: begun.head.manifest.urgency === 'emergency' });
      // A small upload is through before it has been looked up; of a large one the parts need not come twice.
      const receipt = opening.large || full ? await this.before(asker, known) : undefined;
      if (receipt) return { receipt };
      if (full) throw new Undecided('more waits to be delivered than may', FULL_RETRY_S);
      return { begun };
    });
  }

  /**
   * Accepts a share whose parts went through the gate: decided again on the facts of this moment, cut, recorded and queued in one
   * commit. When this returns, all of it is committed; when it throws, none of it is.
   * @throws Refusal with every reason, recorded in the sender's register and nobody else's; Undecided when the facts would not hold still
   */
  accept(asker: Asker, begun: Begun, parts: Map<string, SpooledPart>): Promise<Receipt> {
    const known = knownOf(begun);
    return this.unlessKnown(asker, known, asItIs, async () => {
      for (let attempt = 1; attempt <= DECISIONS; attempt++) {
        const submission = await this.resting(begun, (facts) => this.submission(asker, begun, parts, this.rulingOn(facts, begun)), { first: begun.ruling.facts, anew: attempt > 1 });
        const verdict = await this.commits.submit(submission);
        if (verdict === 'committed') return submission.share.receipt;
        const before = verdict === 'known' ? await this.before(asker, known, parts) : undefined;
        if (before) return before;
      }
      throw new Undecided('what the decision rests on changed each time that it was made');
    });
  }

  /** Records why something that had begun was refused, such as a part that the gate did not pass. @throws Refusal unless it had been accepted before */
  refuse(asker: Asker, begun: Begun, reasons: readonly RefusalReason[]): Promise<Receipt> {
    return this.unlessKnown(asker, knownOf(begun), asItIs, () => Promise.reject(new Refusal(reasons)));
  }

  /** Records why an upload was refused of which not even a manifest could be read. @throws Refusal always */
  refuseUpload(asker: Asker, reasons: readonly RefusalReason[]): Promise<never> {
    return this.refusals.recording(asker, { manifestDigest: sha256('') }, neverAccepted, () => Promise.reject(new Refusal(reasons)));
  }

  /** What would be decided of a proposal, and on what; of one off the wire, as of when it is disclosed. Leaves no trace. @throws Refusal when the sender is not the asker or the agreement not one of ours */
  async plan(asker: Asker, proposal: { manifest: ManifestBase; lines: readonly Line[]; route?: DisclosureRoute }): Promise<Decided & { facts: Facts }> {
    if (proposal.manifest.sender.agency !== asker.agency) throw new Refusal({ code: 'WRONG_SENDER', pointer: '/manifest/sender/agency' });
    const threads = await this.threads(asker, proposal.manifest);
    const facts = await this.known.anew(named(proposal.manifest, proposal.lines, threads), this.agreement(proposal.manifest.agreement.id));
    const { manifest, lines, route } = proposal;
    return { facts, ...this.decide(facts, manifest, lines, route ? new Date(route.at) : this.rooms.clock.now(), threads, route) };
  }

  /** What a decision was made on and came to, as it is kept. The parties are kept already: whoever rests on it only has to keep the rest. */
  async kept(facts: Facts, { proposal, decision }: { proposal: Proposal; decision: Decision }): Promise<Kept> {
    const kept = keep({ agreement: facts.agreement, others: [...this.rooms.agreements.values()], parties: partiesOf(facts, new Date(proposal.at)), agencies: facts.sought, proposal, decision });
    await this.documents.keepParties(kept.parties);
    return kept;
  }

  /** Does work that may refuse. What was accepted once is accepted, whatever is wrong with it now; else the refusal is recorded. */
  private unlessKnown<T>(asker: Asker, known: Known, told: (receipt: Receipt) => T, work: () => Promise<T>): Promise<T> {
    return this.refusals.recording(asker, known, told, async () => {
      try {
        return await work();
      } catch (error) {
        const receipt = error instanceof Refusal ? await this.before(asker, known) : undefined;
        if (receipt) return told(receipt);
        throw error;
      }
    });
  }

  private async judged(asker: Asker, opening: Opening, known: Known): Promise<Begun> {
    const { clock, gateway } = this.rooms;
    const now = clock.now();
    const reading = readHead(opening, { sender: asker.agency, gateway, now, asks: opening.asks ?? false });
    if (!reading.ok) throw new Refusal(reading.reasons);
    const head = (known.head = reading.head);
    const threads = await this.threads(asker, head.manifest);
    const { signer, ruling } = await this.resting({ head, threads }, async (facts) => ({
      signer: await verifySender(signersOf(facts, asker.agency, now), head.manifestOctets, opening.signature, now),
      ruling: this.rule(facts, { head, threads }, now),
    }));
    return { head, signature: opening.signature, signer, ruling, threads, ...(known.idempotencyKey ? { idempotencyKey: known.idempotencyKey } : {}) };
  }

  /** Makes all that a commit will write. @throws Refusal */
  private async submission(asker: Asker, begun: Begun, parts: Map<string, SpooledPart>, { decision, frontDoors, proposal, facts, at }: Ruling): Promise<Submission> {
    const { head, signer, signature } = begun;
    const current = signersOf(facts, asker.agency, at).find(({ certificate }) => certificate.fingerprint === signer.fingerprint);
    if (current?.standing !== 'current') throw new Refusal({ code: 'KEY_NOT_VERIFIED', facts: { cause: current?.standing ?? 'unverified' } });
    const admitted = admit(head, parts, decision, await this.keys(facts, parts, at));
    if (!admitted.ok) throw new Refusal(admitted.reasons);
    const kept = await this.kept(facts, { proposal, decision });
    const { receipt, entries, transfers } = draw(this.rooms, { sender: asker, head, signature, signer: signer.fingerprint, parts, admitted, agreement: facts.agreement, frontDoors, decidedOn: kept.digest, request: proposal.request, at });
    return {
      share: { sender: asker, head, signature, signer: signer.fingerprint, signerCertificate: signer.certificate, acceptedAt: at, receipt, transfers, parts, kept, ...told(admitted.decision, proposal), ...answered(head, admitted.decision, proposal.request, facts.agreement, at) },
      entries,
      ...(begun.idempotencyKey ? { idempotencyKey: begun.idempotencyKey } : {}),
      facts,
    };
  }

  /** Does work that rests on what is known of the agencies named; `first` is that as it was a moment ago. Before it refuses on that, it looks anew. */
  private async resting<T>({ head, threads }: Pick<Begun, 'head' | 'threads'>, work: (facts: Facts) => Promise<T>, { first, anew = false }: { first?: Facts; anew?: boolean } = {}): Promise<T> {
    const [agencies, agreement] = [named(head.manifest, linesOf(head), threads), this.agreement(head.manifest.agreement.id)];
    if (!anew) {
      try {
        return await work(first ?? (await this.known.about(agencies, agreement)));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return work(await this.known.anew(agencies, agreement));
  }

  /** The ruling with which the parts were asked for, while it lasts; else a new one. @throws Refusal */
  private rulingOn(facts: Facts, { ruling, ...begun }: Begun): Ruling {
    const now = this.rooms.clock.now();
    return facts === ruling.facts && now.getTime() - ruling.at.getTime() < RULING_LASTS_MS ? ruling : this.rule(facts, begun, now);
  }

  /** @throws NotPermitted */
  private rule(facts: Facts, { head, threads }: Pick<Begun, 'head' | 'threads'>, at: Date): Ruling {
    const { decision, frontDoors, proposal } = this.decide(facts, head.manifest, linesOf(head), at, threads);
    if (decision.outcome === 'refused') throw new NotPermitted(against(decision).map(refusalOf), () => this.kept(facts, { proposal, decision }));
    return { decision, frontDoors, proposal, facts, at };
  }

  private decide(facts: Facts, manifest: ManifestBase, proposed: readonly Line[], at: Date, { previous, ...threads }: Threads, route?: DisclosureRoute): Decided {
    const { agreement } = facts;
    const parties = partiesOf(facts, at);
    const entry = previous && membershipOf(parties.party(previous.originator.agency), agreement, at.toISOString())?.entry;
    const proposal: Proposal = {
      manifest, lines: proposed, at: at.toISOString(), sender: manifest.sender.agency,
      ...(previous && { previous: { ...previous, originator: { ...previous.originator, ...(entry !== undefined && { entry }) } } }),
      ...contextIn(threads),
      ...(route && { route: offWire(route, proposed, parties) }),
    };
    const decision = decide(agreement, parties, proposal, [...this.rooms.agreements.values()]);
    return { decision, proposal, frontDoors: manifest.urgency === 'emergency' ? frontDoorsOf(parties.members(), term(agreement, 'request.hub')?.desk) : [] };
  }

  private async threads(asker: Asker, manifest: ManifestBase): Promise<Threads> {
    const agreement = this.rooms.agreements.get(manifest.agreement.id);
    const suspendable = agreement !== undefined && term(agreement, 'suspension.right') !== undefined;
    if (!manifest.threads && !suspendable) return {};
    return this.rooms.database.as(asker, async (tx) => ({
      ...(manifest.threads && { previous: await received(tx, asker, manifest), request: await requestPut(tx, asker, manifest), breach: await breachOf(tx, asker, manifest), notification: await notificationOf(tx, manifest), meeting: await meetingOf(tx, manifest) }),
      ...(suspendable && { suspensions: await suspensionsOf(tx, agreement.id, this.rooms.clock.now()) }),
    }));
  }

  /** Whose the addressed keys are. One that belongs to nobody named here is looked for in the whole directory, so as to say whose it is. */
  private async keys(facts: Facts, parts: Map<string, SpooledPart>, at: Date): Promise<(id: string) => KnownKey | undefined> {
    const ids = [...parts.values()].flatMap((part) => part.addressees.map(addresseeKey));
    const found = new Map(ids.map((id) => [id, keyOf(facts, id, at)]));
    const strange = ids.filter((id) => found.get(id) === undefined);
    const others = strange.length === 0 ? undefined : await this.rooms.database.transaction((tx) => this.rooms.directory.keys(tx, strange, at));
    return (id) => found.get(id) ?? others?.(id);
  }

  /** What was answered when the same came before; with its parts, whether its id and they are its own. @throws Refusal */
  private before(asker: Asker, known: Known, parts?: Map<string, SpooledPart>): Promise<Receipt | undefined> {
    return this.rooms.database.as(asker, async (tx) => {
      const receipt = await earlier(tx, asker, known);
      if (receipt) return receipt;
      if (known.head) await requireFresh(tx, asker, known.head);
      if (parts) await requireOwn(tx, asker, [...parts.values()].map(({ digest }) => digest));
      return undefined;
    });
  }

  private agreement(id: string): Agreement {
    const found = this.rooms.agreements.get(id);
    if (found) return found;
    throw new Refusal({ code: 'NO_COMMON_AGREEMENT', says: 'The agreement cited is not in force at this gateway.', next: 'Cite an agreement to which sender and recipients are parties.', pointer: '/agreement/id' });
  }
}

/** What of the request really goes to whoever put it: of what was struck off nothing is answered. */
function answered({ manifest, lines }: Head, { transfers }: Permitted, request: RequestPut | undefined, agreement: Agreement, at: Date): Pick<Submission['share'], 'answers'> {
  const of = manifest.threads?.request;
  if (!request || of === undefined) return {};
  const going = transfers.flatMap((transfer) => transfer.lines.flatMap((index) => lines[index]?.line ?? []));
  return { answers: newAnswer(agreement, request, { request: of, holder: manifest.sender.agency, source: manifest.id, answers: answersIn(manifest, request, going), at }) };
}

/** Whose approval was not waited for. */
const told = ({ tells }: Permitted, { previous }: Proposal): Pick<Submission['share'], 'tells'> => (tells.length > 0 && previous ? { tells: { originator: previous.originator.agency, grounds: tells } } : {});

const asItIs = (receipt: Receipt): Receipt => receipt;
const neverAccepted = (): never => {
  throw new Error('a receipt for what is no share');
};

/** A route as a decision asks about it: not how it went, and no number, but whose of the recipients the directory says it is. */
function offWire({ number, mail: _seen, ...route }: DisclosureRoute, lines: readonly Line[], parties: Parties): OffWire {
  const theirs = number === undefined ? [] : lines.filter(({ recipient }) => contactOf(parties.party(recipient.agency), recipient.contact, route.at)?.telephone === number);
  return { ...route, ...(theirs.length > 0 && { called: [...new Set(theirs.map(({ recipient }) => addressed(recipient)))] }) };
}

/** The agencies of which a share speaks. */
const named = (manifest: ManifestBase, lines: readonly Line[], { previous }: Threads): string[] =>
  [...new Set([manifest.sender.agency, ...lines.map((line) => line.recipient.agency), ...(previous ? [previous.originator.agency] : [])])];

const knownOf = ({ head, idempotencyKey }: Begun): Known => ({ manifestDigest: head.manifestDigest, head, ...(idempotencyKey ? { idempotencyKey } : {}) });
