import { sha256 } from '#protocol/digest';
import type { Agreement } from './agreement';
import { decide } from './decide';
import { contextIn, type Proposal } from './decision';
import { KEPT_FORMAT, type KeptDecision } from './kept';
import { Mask } from './keeping/masking';
import { type Difference, differences, type Outcome, outcomeOf } from './keeping/outcome';
import { VOCABULARY_DIGEST } from './keeping/words';
import { loadKept } from './load';
import { Remembering } from './loading/remembering';
import type { Parties, Party } from './parties';

const READ = new Remembering<Agreement>();

/** Why a kept decision cannot be decided again; `digest` names the document. */
export type ReplayFault = 'RECORD_ALTERED' | 'RECORD_UNREADABLE' | 'DOCUMENT_MISSING' | 'DOCUMENT_ALTERED' | 'DOCUMENT_UNREADABLE' | 'UNDECIDABLE';

export type Replayed =
  | { ok: true; same: boolean; differences: readonly Difference[]; kept: KeptDecision; outcome: Outcome; /** Whether codes are read by the same vocabulary. */ sameVocabulary: boolean }
  | { ok: false; fault: ReplayFault; digest?: string; because?: string };

/** What was kept, and how it is told apart from what somebody made of it. */
export interface Replaying {
  octets: Uint8Array;
  /** SHA-256 as it stands where nobody can change it: in the register. */
  digest: string;
  /** Agreements and parties, by the SHA-256 under which they were kept. */
  documents: ReadonlyMap<string, Uint8Array>;
}

/**
 * Decides again what was decided, with the engine at hand, from what was kept of it alone: neither clock nor directory nor the agreements in
 * force today are looked at. Says every difference. Pure.
 */
export function replay({ octets, digest, documents }: Replaying): Replayed {
  if (sha256(octets) !== digest) return { ok: false, fault: 'RECORD_ALTERED', digest };
  const kept = parsed(octets) as KeptDecision | undefined;
  if (kept?.format !== KEPT_FORMAT) return { ok: false, fault: 'RECORD_UNREADABLE', digest };
  for (const named of [kept.agreement.digest, ...kept.others, ...kept.parties]) {
    const document = documents.get(named);
    if (!document) return { ok: false, fault: 'DOCUMENT_MISSING', digest: named };
    if (sha256(document) !== named) return { ok: false, fault: 'DOCUMENT_ALTERED', digest: named };
  }
  const textOf = (named: string): string => Buffer.from(documents.get(named) ?? []).toString('utf8');
  let reading = kept.agreement.digest;
  try {
    const agreementOf = (named: string): Agreement => READ.get(named, () => loadKept(textOf((reading = named))));
    const agreement = agreementOf(kept.agreement.digest);
    const others = kept.others.map(agreementOf);
    const parties = kept.parties.map((named) => JSON.parse(textOf((reading = named))) as Party);
    reading = '';
    const { manifest, lines, at, sender } = kept as unknown as Proposal;
    const decision = decide(agreement, known(parties, kept.members), { manifest, lines, at, sender, ...contextIn(kept) }, others);
    // As JSON has it: what is absent is absent on both sides.
    const outcome = JSON.parse(JSON.stringify(outcomeOf(decision, new Mask(agreement, parties)))) as Outcome;
    const found = differences(kept.outcome, outcome);
    return { ok: true, same: found.length === 0, differences: found, kept, outcome, sameVocabulary: kept.vocabulary === VOCABULARY_DIGEST };
  } catch (error) {
    const because = (error as Error).message;
    return reading === '' ? { ok: false, fault: 'UNDECIDABLE', because } : { ok: false, fault: 'DOCUMENT_UNREADABLE', digest: reading, because };
  }
}

function known(parties: readonly Party[], members: KeptDecision['members']): Parties {
  const byAgency = new Map(parties.map((party) => [party.agency, party]));
  const party = (agency: string): Party | undefined => byAgency.get(agency);
  return { party, member: (entry) => (Object.hasOwn(members, entry) ? party(members[entry] ?? '') : undefined) };
}

function parsed(octets: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(octets).toString('utf8'));
  } catch {
    return undefined;
  }
}
