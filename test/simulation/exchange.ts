import type { Facts } from '#directory/facts';
import { judge, type Submission as RealSubmission, type Verdict } from '#exchange/group';
import type { Lane } from '#queue/lanes';
import { Refused } from './errors';
import { record } from './register';
import { type Step, Sqlstate, type Tx } from './store';
import { enqueue, openDuty, standing, TRANSIT, writeEvent } from './transfers';
import type { World } from './world';

// libs/exchange/{exchange,earlier,refusals,group}.ts: from a post to an answer. What stands is judged by the real `judge`.

export const AGREEMENT = 'wirral';

/** A share as its sender composed it: the same octets however often it is posted. */
export interface Manifest {
  id: string;
  digest: string;
  lane: Lane;
  /** To whom, and under which key the sender sealed it. */
  to: readonly { agency: string; key: string }[];
  /** The database refuses a row of just this share. */
  poison?: boolean;
}

/** One upload: the parts may arrive damaged, though the manifest is the same. */
export interface Post { manifest: Manifest; key?: string; damaged?: boolean }

interface AgencyFacts { version: number; active: boolean; revoked: ReadonlySet<string> }
export interface Resting { under: number; agencies: ReadonlyMap<string, AgencyFacts>; sought: readonly string[] }

export interface Submission extends Post { sender: string; facts: Resting; receipt: string; transfers: readonly { id: string; agency: string; key: string }[]; at: number }

type Outcome = Verdict | { failed: unknown };

/** What a gateway has in memory. */
export class Gateway {
  readonly agencies = new Map<string, AgencyFacts>();
  under: number | undefined;
  readonly waiting: { submission: Submission; outcome?: Outcome }[] = [];
}

/** Commits under way at once, and submissions in one: few here, so that there are several. */
const AT_ONCE = 3;
const MOST = 4;
const DECISIONS = 3;

/** The commits of a gateway, for as long as it lives. */
export function* commits(world: World, gateway: Gateway): Step {
  for (;;) {
    yield () => gateway.waiting.some(({ outcome }) => outcome === undefined);
    const taken = gateway.waiting.splice(0, 1 + world.chance.below(MOST));
    if (taken.length === 0) continue;
    if (taken.length > 1) world.count('commits of several');
    try {
      const outcomes = yield* together(world, taken.map(({ submission }) => submission));
      taken.forEach((each, i) => (each.outcome = outcomes[i] as Outcome));
    } catch (failed) {
      if (!(failed instanceof Sqlstate)) throw failed;
      for (const each of taken) each.outcome = { failed };
    }
  }
}
export const COMMITS_AT_ONCE = AT_ONCE;

const OF_ONE = /^(22|23|40|42|54|55)/;
const MET_ANOTHER = new Set(['23505', '40001', '40P01']);

function* together(world: World, submissions: readonly Submission[]): Step<Outcome[]> {
  try {
    return yield* world.transaction((tx) => write(world, tx, submissions));
  } catch (error) {
    if (!(error instanceof Sqlstate)) throw error;
    if (submissions.length === 1) return [MET_ANOTHER.has(error.code) ? 'known' : { failed: error }];
    if (!OF_ONE.test(error.code)) throw error;
    world.count('groups halved');
    const half = Math.ceil(submissions.length / 2);
    return [...(yield* together(world, submissions.slice(0, half))), ...(yield* together(world, submissions.slice(half)))];
  }
}

/** `GroupCommit.write`. */
export function* write(world: World, tx: Tx, submissions: readonly Submission[]): Step<Verdict[]> {
  const { rows, store } = world;
  yield;
  yield* store.lockShared(tx, [...new Set(submissions.flatMap(({ facts }) => [...facts.sought, `agreement ${AGREEMENT}`]))].sort());
  yield;
  const agencies = [...new Set(submissions.flatMap(({ facts }) => facts.sought))].flatMap((id) => { const row = rows.agency.get(tx, id); return row ? [`${id} ${row.version}`] : []; });
  const agreement = rows.agreement.get(tx, AGREEMENT);
  const { verdicts, digests } = judge(submissions.map(asReal), {
    agencies: world.bug === 'version-not-compared' ? submissions.flatMap(({ facts }) => facts.sought.map((id) => `${id} ${facts.agencies.get(id)?.version ?? 0}`)) : agencies,
    agreements: agreement ? [`${AGREEMENT} ${agreement.version}`] : [],
    shares: world.bug === 'retry-without-idempotency' ? [] : submissions.flatMap(({ sender, manifest }) => (rows.share.get(tx, `${sender} ${manifest.id}`) ? [`${sender} ${manifest.id}`] : [])),
    keys: submissions.flatMap(({ sender, key }) => (key !== undefined && rows.idempotency.get(tx, `${sender} ${key}`) ? [`${sender} ${key}`] : [])),
    digests: submissions.flatMap(({ manifest }) => { const row = rows.digest.get(tx, sealedDigest(manifest)); return row ? [`${row.digest} ${row.sender}`] : []; }),
  });
  for (const verdict of verdicts) world.count(`verdict ${verdict}`);
  const sound = submissions.filter((_, i) => verdicts[i] === 'committed');
  for (const { sender, manifest, receipt, transfers, at } of sound) {
    yield;
    if (manifest.poison) throw new Sqlstate('23514');
    const id = world.bug === 'retry-without-idempotency' ? `${manifest.id} ${world.nextSeq()}` : manifest.id;
    yield* store.insert(tx, rows.share, { sender, id, digest: manifest.digest, receipt });
    for (const transfer of transfers) {
      const row = { id: transfer.id, sender, share: id, recipient: transfer.agency, lane: manifest.lane, state: 'queued' as const, key: transfer.key, acceptedAt: at, until: at + TRANSIT };
      yield* store.insert(tx, rows.transfer, row);
      yield* store.insert(tx, rows.wrapped, { transfer: transfer.id, share: id, key: transfer.key });
      if (world.bug !== 'no-message') yield* enqueue(world, tx, row);
      yield* writeEvent(world, tx, transfer.id, 'accepted');
      yield* openDuty(world, tx, { kind: 'collect', transfer: transfer.id, owner: transfer.agency, lane: manifest.lane, at });
    }
    yield* store.insert(tx, rows.part, { share: id });
    yield* record(world, tx, [...transfers.map((transfer) => ({ controller: transfer.agency, kind: 'share-announced' as const, about: transfer.id })), { controller: sender, kind: 'share-sent', about: id }]);
  }
  for (const [digest, sender] of digests) yield* store.insert(tx, rows.digest, { digest, sender });
  for (const { sender, key, manifest, receipt } of sound) {
    if (key !== undefined) yield* store.insert(tx, rows.idempotency, { agency: sender, key, digest: manifest.digest, status: 202, body: receipt });
  }
  return verdicts;
}

/** With nothing but what `judge` looks at. */
function asReal({ sender, manifest, key, facts }: Submission): RealSubmission {
  return {
    share: { sender: { agency: sender }, head: { manifest: { id: manifest.id } }, parts: new Map([['part-1', { digest: sealedDigest(manifest) }]]) },
    ...(key === undefined ? {} : { idempotencyKey: key }),
    facts: realFacts(facts),
  } as unknown as RealSubmission;
}

const sealedDigest = ({ digest }: Manifest): string => `sealed-${digest}`;

const realFacts = ({ under, agencies, sought }: Resting): Facts =>
  ({ agreement: { id: AGREEMENT }, under: { version: String(under), around: [] }, agencies: new Map([...agencies].map(([id, { version }]) => [id, { row: { version: String(version) } }])), sought }) as unknown as Facts;

/** `KnownFacts.about`: as this gateway last read it. */
function* about(world: World, gateway: Gateway, agencies: readonly string[]): Step<Resting> {
  const { under } = gateway;
  const known = agencies.flatMap((id) => { const facts = gateway.agencies.get(id); return facts ? [[id, facts] as const] : []; });
  return under !== undefined && known.length === agencies.length ? { under, agencies: new Map(known), sought: agencies } : yield* anew(world, gateway, agencies);
}

/** `Directory.facts`: the version is read before what it stands for, each in a statement of its own. */
function* anew(world: World, gateway: Gateway, agencies: readonly string[]): Step<Resting> {
  const facts = yield* world.transaction(function* (tx) {
    const { rows } = world;
    const contents = () => agencies.map((id) => ({ active: rows.member.get(tx, id)?.active ?? false, revoked: new Set(rows.certificate.find(tx, (row) => row.agency === id && standing(row) === 'revoked').map(({ fingerprint }) => fingerprint)) }));
    yield;
    const under = rows.agreement.get(tx, AGREEMENT)?.version ?? 0;
    const early = world.bug === 'version-read-last' ? contents() : undefined;
    yield;
    const versions = agencies.map((id) => rows.agency.get(tx, id)?.version ?? 0);
    yield;
    const found = early ?? contents();
    return { under, sought: agencies, agencies: new Map(agencies.map((id, i) => [id, { version: versions[i] as number, ...(found[i] as { active: boolean; revoked: Set<string> }) }])) };
  });
  gateway.under = facts.under;
  for (const [id, known] of facts.agencies) gateway.agencies.set(id, known);
  return facts;
}

/** The smallest agreement: active parties, and a key that was not revoked. @throws Refused */
function decide(sender: string, { to }: Manifest, { agencies }: Resting): { agency: string; key: string }[] {
  if (!agencies.get(sender)?.active) throw new Refused('NO_COMMON_AGREEMENT');
  const permitted = to.filter(({ agency, key }) => agencies.get(agency)?.active && !agencies.get(agency)?.revoked.has(key));
  if (permitted.length === 0) throw new Refused('NOBODY_LEFT');
  return permitted;
}

/** Decides, and before it refuses on what may be out of date, looks anew. @throws Refused */
function* resting<T>(world: World, gateway: Gateway, agencies: readonly string[], work: (facts: Resting) => T, { first, fresh = false }: { first?: Resting; fresh?: boolean } = {}): Step<T> {
  if (!fresh) {
    try {
      return work(first ?? (yield* about(world, gateway, agencies)));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return work(yield* anew(world, gateway, agencies));
}

/** What a post was answered: 202 with the receipt; 503: nothing was decided. @throws Refused; Sqlstate when the database fails */
export type Answer = { status: 202; receipt: string } | { status: 503 };

export function* submit(world: World, gateway: Gateway, sender: string, post: Post): Step<Answer> {
  const { manifest, key } = post;
  const agencies = [...new Set([sender, ...manifest.to.map(({ agency }) => agency)])];
  return yield* recording(world, sender, post, function* () {
    const begun = yield* resting(world, gateway, agencies, (facts) => (decide(sender, manifest, facts), facts));
    // The parts arrive.
    yield;
    yield;
    if (post.damaged) throw new Refused('DIGEST_MISMATCH');
    for (let attempt = 1; attempt <= DECISIONS; attempt++) {
      const submission = yield* resting(world, gateway, agencies, (facts) => draw(world, sender, post, decide(sender, manifest, facts), facts), { first: begun, fresh: attempt > 1 });
      const waiting: { submission: Submission; outcome?: Outcome } = { submission };
      gateway.waiting.push(waiting);
      if (world.bug === 'answered-before-commit') return { status: 202, receipt: submission.receipt };
      yield () => waiting.outcome !== undefined;
      const { outcome } = waiting;
      if (typeof outcome === 'object') throw outcome.failed;
      if (outcome === 'committed') return { status: 202, receipt: submission.receipt };
      const receipt = outcome === 'known' ? yield* before(world, sender, manifest, key) : undefined;
      if (receipt !== undefined) return { status: 202, receipt };
    }
    world.count('undecided');
    return { status: 503 };
  });
}

function draw(world: World, sender: string, post: Post, permitted: readonly { agency: string; key: string }[], facts: Resting): Submission {
  const at = world.clock();
  const transfers = permitted.map(({ agency, key }) => ({ id: world.id('transfer'), agency, key }));
  return { ...post, sender, facts, transfers, at, receipt: JSON.stringify({ share: post.manifest.id, at, transfers: transfers.map(({ id }) => id) }) };
}

/** `unlessKnown` and `Refusals.recording`. */
function* recording(world: World, sender: string, post: Post, work: () => Step<Answer>): Step<Answer> {
  try {
    try {
      return yield* work();
    } catch (error) {
      const receipt = error instanceof Refused ? yield* before(world, sender, post.manifest, post.key) : undefined;
      if (receipt !== undefined) return { status: 202, receipt };
      throw error;
    }
  } catch (error) {
    const receipt = error instanceof Refused && !error.repeated ? yield* recordRefusal(world, sender, post, error) : undefined;
    if (receipt !== undefined) return { status: 202, receipt };
    throw error;
  }
}

/** `Refusals.record`: what the same was answered in the meantime is its answer. @throws Refused */
function* recordRefusal(world: World, sender: string, { manifest, key }: Post, { code }: Refused): Step<string | undefined> {
  return yield* world.transaction(function* (tx) {
    yield;
    const careless = world.bug === 'refused-after-acceptance';
    const before = careless ? undefined : yield* earlier(world, tx, sender, manifest, key);
    if (before !== undefined) return before;
    if (key !== undefined && !(yield* world.store.insert(tx, world.rows.idempotency, { agency: sender, key, digest: manifest.digest, status: 422, body: code }, { orNothing: true }))) {
      return careless ? undefined : yield* earlier(world, tx, sender, manifest, key);
    }
    yield* record(world, tx, [{ controller: sender, kind: 'share-refused', about: manifest.digest }]);
    return undefined;
  });
}

/** `earlier`: what the same was answered. @throws Refused, repeated */
function* earlier(world: World, tx: Tx, sender: string, { id, digest }: Manifest, key: string | undefined): Step<string | undefined> {
  const { rows, store } = world;
  if (key !== undefined) {
    yield;
    const row = rows.idempotency.get(tx, `${sender} ${key}`);
    if (row && row.digest !== digest) throw new Refused('IDEMPOTENCY_KEY_REUSED', true);
    if (row?.status === 202) return row.body;
    if (row) throw new Refused(row.body, true);
  }
  yield;
  const share = rows.share.get(tx, `${sender} ${id}`);
  if (share?.digest !== digest) return undefined;
  if (key !== undefined) yield* store.insert(tx, rows.idempotency, { agency: sender, key, digest, status: 202, body: share.receipt }, { orNothing: true });
  return share.receipt;
}

/** `before`: the same, or that its id or its parts are another's. @throws Refused */
function* before(world: World, sender: string, manifest: Manifest, key: string | undefined): Step<string | undefined> {
  return yield* world.transaction(function* (tx) {
    const receipt = yield* earlier(world, tx, sender, manifest, key);
    if (receipt !== undefined) return receipt;
    yield;
    if (world.rows.share.get(tx, `${sender} ${manifest.id}`)) throw new Refused('MANIFEST_ID_REUSED');
    yield;
    const owner = world.rows.digest.get(tx, sealedDigest(manifest))?.sender;
    if (owner !== undefined && owner !== sender) throw new Refused('ALREADY_SHARED_BY_ANOTHER');
    return undefined;
  });
}
