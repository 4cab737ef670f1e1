import { sha256 } from '#protocol/digest';
import { VERSION } from '#protocol/version';
import { type Agreement, term } from './agreement';
import { type Context, contextIn, type Decision, type Proposal } from './decision';
import { Mask, withoutReach } from './keeping/masking';
import { type Outcome, outcomeOf } from './keeping/outcome';
import { VOCABULARY_DIGEST } from './keeping/words';
import { membershipOf, type Parties, type Party } from './parties';

export const KEPT_FORMAT = 'waybill-decision/1';

/** What a decision was made on and what it came to, as it is kept: codes and facts. Documents are named by their SHA-256. */
export interface KeptDecision extends Context {
  format: typeof KEPT_FORMAT;
  /** Version of the software that decided, and digest of the vocabulary by which it read the codes. */
  engine: string;
  vocabulary: string;
  at: string;
  sender: string;
  agreement: { id: string; version: string; digest: string };
  /** The further agreements that the sender could have cited. */
  others: readonly string[];
  /** Every party that was known to the decision. */
  parties: readonly string[];
  /** Entry of the agreement's list → the agency that is its active member, where there is one. */
  members: Readonly<Record<string, string>>;
  manifest: unknown;
  lines: readonly unknown[];
  outcome: Outcome;
}

/** A kept decision as octets, with the parties that it names. The agreements' own octets are `text` of each. */
export interface Kept {
  octets: Buffer;
  digest: string;
  parties: ReadonlyMap<string, Buffer>;
}

export interface Decided {
  agreement: Agreement;
  others: readonly Agreement[];
  parties: Parties;
  /** Agencies that were looked for, known or not. */
  agencies: readonly string[];
  proposal: Proposal;
  decision: Decision;
}

/**
 * Writes down all that `decide` was given, so that the same can be decided again: the agreement and the parties by digest, the proposal as
 * codes. Words, names, references, addresses and telephone numbers are not in it; what replaces them gives the same decision.
 */
export function keep({ agreement, others, parties, agencies, proposal, decision }: Decided): Kept {
  const members = term(agreement, 'agreement.partyList').flatMap(({ entry }) => {
    const member = parties.member(entry);
    return member ? [[entry, member] as const] : [];
  });
  const known = new Map<string, Party>(members.map(([, member]) => [member.agency, member]));
  for (const agency of agencies) {
    const party = parties.party(agency);
    if (party) known.set(agency, party);
  }
  const mask = new Mask(agreement, [...known.values()]);
  const documents = new Map([...known.values()].map(documentOf));
  const { manifest, lines, at, sender } = proposal;
  const kept: KeptDecision = {
    format: KEPT_FORMAT, engine: VERSION, vocabulary: VOCABULARY_DIGEST, at, sender,
    agreement: { id: agreement.id, version: agreement.version, digest: agreement.digest },
    others: others.filter((other) => other.id !== agreement.id && membershipOf(parties.party(sender), other, at) !== undefined).map(({ digest }) => digest),
    parties: [...documents.keys()],
    members: Object.fromEntries(members.map(([entry, { agency }]) => [entry, agency])),
    manifest: { ...mask.over(manifest), ...counted(manifest) }, lines: lines.map((line) => mask.over(line)), ...mask.over(contextIn(proposal)),
    outcome: outcomeOf(decision, mask),
  };
  const octets = Buffer.from(JSON.stringify(kept));
  return { octets, digest: sha256(octets), parties: documents };
}

/** Of a share to a list it is asked how many digests there are, and nothing else of them. */
const counted = (manifest: Proposal['manifest']): { lines?: string[] } => (manifest.list !== undefined && 'lines' in manifest && Array.isArray(manifest.lines) ? { lines: manifest.lines.map(() => '') } : {});

const DOCUMENTS = new WeakMap<Party, readonly [string, Buffer]>();

/** The digest of a party, and what is kept of it. The same party stands in decision after decision. */
function documentOf(party: Party): readonly [string, Buffer] {
  let document = DOCUMENTS.get(party);
  if (!document) {
    const octets = Buffer.from(JSON.stringify(withoutReach(party)));
    DOCUMENTS.set(party, (document = [sha256(octets), octets]));
  }
  return document;
}
