import { ABSENT, type Facts, versionsOf } from '#directory/facts';
import type { Database, Tx } from '#platform/database';
import { integers, texts } from '#platform/arrays';
import { Grouping } from '#platform/grouping';
import { insertRows, prepared, type Rows } from '#platform/rows';
import { Failed, halving } from '#queue/halving';
import type { SealedEntry } from '#register/entry';
import type { Register } from '#register/register';
import { metAnother } from './collision';
import { answer, tellReferrers } from './answering';
import { closeSuperseded } from './owing';
import { tellOriginators } from './passing-on';
import { type NewShare, RINGING, rowsOf, writeSpilled } from './commit';

/** A share that was decided, cut and recorded on paper, and stands once it is committed. */
export interface Submission {
  share: NewShare;
  entries: readonly SealedEntry[];
  idempotencyKey?: string;
  /** What the decision rests on: it stands only while this does. */
  facts: Facts;
}

/**
 * `committed`: it stands. `stale`: what it rests on has changed since, and it must be decided again. `known`: its sender sent it before,
 * or its id, key or sealed part is taken; nothing of it was written.
 */
export type Verdict = 'committed' | 'stale' | 'known';

type Outcome = Verdict | { failed: unknown };

/** One commit: the lanes of the shares that stand since, and how long it took. */
export interface Committed {
  lanes: readonly string[];
  milliseconds: number;
}

/** Submissions in one commit (wire.md, section 5). */
const MOST = 64;
/** Longest wait for a commit that is under way; without one, nobody waits. */
const PATIENCE_MS = 5;
/** Commits under way at once: while one waits for the disk the next is written. */
const AT_ONCE = 2;

/** Any number that no other advisory lock uses; the triggers of the directory take the same (0007_group_commit.sql). */
const FACTS_LOCK = 7_219_402;

/**
 * Commits submissions together. None fails because of a neighbour: what a group cannot take is committed in halves, down to the one at
 * fault. Whether the facts still stand is asked under a lock that whoever changes them must have, so that of two gateways, or of a gateway
 * and the registrar, one sees what the other did.
 */
export class GroupCommit {
  private readonly groups: Grouping<Submission, Outcome>;

  /** @param told of each commit, for whoever counts */
  constructor(private readonly database: Database, private readonly register: Register, private readonly told: (group: Committed) => void = () => undefined) {
    this.groups = new Grouping((submissions) => this.together(submissions), { most: MOST, patience: PATIENCE_MS, atOnce: AT_ONCE });
  }

  async submit(submission: Submission): Promise<Verdict> {
    // What lies on disk takes its time to write: it goes alone, and keeps nobody waiting.
    const [outcome] = isSmall(submission) ? [await this.groups.submit(submission)] : await this.together([submission]);
    if (typeof outcome === 'string') return outcome;
    throw outcome?.failed;
  }

  private async together(submissions: readonly Submission[]): Promise<Outcome[]> {
    const outcomes = await halving(submissions, (some) => this.commit(some));
    return outcomes.map((outcome) => (outcome instanceof Failed ? (metAnother(outcome.error) ? 'known' : { failed: outcome.error }) : outcome));
  }

  private async commit(submissions: readonly Submission[]): Promise<Verdict[]> {
    try {
      const began = performance.now();
      const verdicts = await this.database.transaction((tx) => this.write(tx, submissions));
      this.told({ lanes: submissions.flatMap(({ share }, i) => (verdicts[i] === 'committed' ? (share.receipt.transfers[0]?.lane ?? []) : [])), milliseconds: performance.now() - began });
      return verdicts;
    } catch (error) {
      if (error instanceof NothingStands) return error.verdicts;
      throw error;
    }
  }

  private async write(tx: Tx, submissions: readonly Submission[]): Promise<Verdict[]> {
    const senders = [...new Set(submissions.map(({ share }) => share.sender.agency))].join(',');
    for (const { share } of submissions.filter((each) => !isSmall(each))) {
      await prepared(tx, `select ${WRITE_FOR}`, [senders]);
      await writeSpilled(tx, share);
    }
    await lockFacts(tx, submissions, senders);
    const { verdicts, digests } = judge(submissions, await found(tx, submissions));
    const sound = submissions.filter((_, i) => verdicts[i] === 'committed');
    // Alone and not sound: what was written of it must not stay.
    if (sound.length === 0 && !submissions.every(isSmall)) throw new NothingStands(verdicts);
    if (sound.length === 0) return verdicts;
    await insertRows(tx, [...rowsOf(sound.map(({ share }) => share)), ...this.register.rows(sound.flatMap(({ entries }) => entries)), digestRows(digests), rememberedRows(sound)], RINGING);
    await answer(tx, sound.flatMap(({ share }) => share.answers ?? []));
    await tellReferrers(tx, sound.map(({ share }) => share).filter(({ head }) => head.manifest.threads?.previous !== undefined));
    await tellOriginators(tx, this.register, sound.map(({ share }) => share));
    await closeSuperseded(tx, sound.map(({ share }) => share));
    return verdicts;
  }
}

/** Rolls back what was written of a share that does not stand. */
class NothingStands extends Error {
  constructor(readonly verdicts: Verdict[]) {
    super('nothing of the group stands');
    this.name = 'NothingStands';
  }
}

const isSmall = ({ share }: Submission): boolean => [...share.parts.values()].every((part) => part.octets !== undefined);

/** Whose rows this transaction writes (0007_group_commit.sql). */
const WRITE_FOR = `set_config('waybill.senders', $1, true)`;

/** In one order everywhere, so that no two wait for each other. */
async function lockFacts(tx: Tx, submissions: readonly Submission[], senders: string): Promise<void> {
  const about = new Set(submissions.flatMap(({ facts }) => [...facts.sought, `agreement ${facts.agreement.id}`]));
  await prepared(tx, `select ${WRITE_FOR}, count(pg_advisory_xact_lock_shared($2, key)::text) from (select distinct waybill.facts_lock(about) as key from unnest($3::text[]) as about order by key) as keys`, [senders, FACTS_LOCK, [...about]]);
}

/** What already stands: versions as they are now, and what of these submissions is there. */
interface Found {
  agencies: string[];
  agreements: string[];
  shares: string[];
  keys: string[];
  digests: string[];
}

async function found(tx: Tx, submissions: readonly Submission[]): Promise<Found> {
  const keyed = submissions.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  const [row] = await prepared<Found>(
    tx,
    `select array(select id || ' ' || version from waybill.agency where id = any($1)) as agencies,
       array(select agreement || ' ' || version from waybill.agreement_state where agreement = any($2)) as agreements,
       array(select s.sender || ' ' || s.id from unnest($3::text[], $4::uuid[]) as w (sender, id) join waybill.share s on s.sender = w.sender and s.id = w.id) as shares,
       array(select i.agency || ' ' || i.key from unnest($5::text[], $6::text[]) as w (agency, key) join waybill.idempotency i on i.agency = w.agency and i.key = w.key) as keys,
       array(select digest || ' ' || sender from waybill.sealed_digest where digest = any($7)) as digests`,
    [[...new Set(submissions.flatMap(({ facts }) => facts.sought))], [...new Set(submissions.map(({ facts }) => facts.agreement.id))],
      submissions.map(({ share }) => share.sender.agency), submissions.map(({ share }) => share.head.manifest.id),
      keyed.map(({ share }) => share.sender.agency), keyed.map(({ idempotencyKey }) => idempotencyKey),
      submissions.flatMap(({ share }) => digestsOf(share))],
  );
  if (!row) throw new Error('a question without an answer');
  return row;
}

const digestsOf = ({ parts }: NewShare): string[] => [...parts.values()].map(({ digest }) => digest);

/** Pure: which of these stand on what was found, the first of two alike before the second; and the digests that are new, with their senders. */
export function judge(submissions: readonly Submission[], { agencies, agreements, shares, keys, digests }: Found): { verdicts: Verdict[]; digests: Map<string, string> } {
  const versions = new Set([...agencies, ...agreements.map((each) => `agreement ${each}`)]);
  const taken = new Set([...shares, ...keys.map((each) => `key ${each}`)]);
  const owners = new Map(digests.map((each) => each.split(' ') as [string, string]));
  const known = new Set(owners.keys());
  const verdicts = submissions.map((submission): Verdict => {
    if (!standsOn(submission.facts, versions)) return 'stale';
    const { share, idempotencyKey } = submission;
    const { agency } = share.sender;
    const claims = [`${agency} ${share.head.manifest.id}`, ...(idempotencyKey === undefined ? [] : [`key ${agency} ${idempotencyKey}`])];
    if (claims.some((claim) => taken.has(claim)) || digestsOf(share).some((digest) => (owners.get(digest) ?? agency) !== agency)) return 'known';
    for (const claim of claims) taken.add(claim);
    for (const digest of digestsOf(share)) owners.set(digest, agency);
    return 'committed';
  });
  return { verdicts, digests: new Map([...owners].filter(([digest]) => !known.has(digest))) };
}

const standsOn = (facts: Facts, versions: ReadonlySet<string>): boolean =>
  versionsOf(facts).every(([agency, version]) => (version === ABSENT ? ![...versions].some((each) => each.startsWith(`${agency} `)) : versions.has(`${agency} ${version}`))) &&
  versions.has(`agreement ${facts.agreement.id} ${facts.under.version}`);

const digestRows = (digests: ReadonlyMap<string, string>): Rows => ({ into: 'waybill.sealed_digest', columns: { digest: texts([...digests.keys()]), sender: texts([...digests.values()]) } });

/** An acceptance must be the first answer under its key. */
function rememberedRows(submissions: readonly Submission[]): Rows {
  const keyed = submissions.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  return {
    into: 'waybill.idempotency',
    columns: {
      agency: texts(keyed.map(({ share }) => share.sender.agency)), key: texts(keyed.map(({ idempotencyKey }) => idempotencyKey ?? '')), manifest_digest: texts(keyed.map(({ share }) => share.head.manifestDigest)),
      status: integers(keyed.map(() => ACCEPTED)), body: texts(keyed.map(({ share }) => JSON.stringify(share.receipt))),
    },
  };
}

const ACCEPTED = 202;
