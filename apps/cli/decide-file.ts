import { dirname, resolve } from 'node:path';
import type { NotSharedDescription } from '#client/deciding';
import type { ShareDescription } from '#client/description';
import { NOT_PERMITTED } from '#policy/vocabulary/not-sharing';
import { readText } from './files';
import type { HomeFile } from './home';
import { describeShare, type Node, parseShare, Reader } from './share-file';

export const DECIDE_FORMAT = 'waybill-not-shared/1';

const KNOWN = {
  '': ['format', 'agreement', 'purpose', 'parties', 'categories', 'subject', 'decision', 'request', 'share', 'discussedOn', 'proposal'],
  subject: ['reference', 'names', 'born', 'nhsNumbers', 'postcodes'],
  decision: ['by', 'role', 'at', 'reasons', 'method', 'safetyConsidered', 'words'],
  words: ['file', 'text'],
} as const;

/** A decision not to share, and how pressing the share would have been that it is about. */
export interface NotSharing {
  described: NotSharedDescription;
  urgent: boolean;
}

/**
 * From the tree to the SDK's description. What the file does not say, the share file that it names as its `proposal` does: agreement,
 * purpose, person, recipients, categories, who decided. @throws UsageError with every fault
 */
export function describeNotShared(tree: Node, folder: string, home: HomeFile): NotSharing {
  const reader = new Reader(folder, 'decision file');
  reader.known(KNOWN[''], tree);
  const subject = reader.node(tree, 'subject');
  const decision = reader.node(tree, 'decision') ?? {};
  const words = reader.node(decision, 'words');
  if (subject) reader.known(KNOWN.subject, subject, 'subject');
  reader.known(KNOWN.decision, decision, 'decision');
  if (words) reader.known(KNOWN.words, words, 'decision.words');
  const file = tree['proposal'];
  const proposal = typeof file === 'string' ? readProposal(resolve(folder, file), home) : undefined;
  const agreement = tree['agreement'] ?? proposal?.agreement ?? home.agreement;
  if (!agreement) reader.fault('agreement is missing, here and in the home');
  if (subject) reader.requireNames(subject);
  else if (!proposal?.subject?.reference) reader.fault('subject is missing: give its reference and names');
  const reasons = reader.list(decision, 'reasons');
  const described = {
    ...chosen(tree, ['request', 'share', 'discussedOn']),
    agreement,
    ...given('purpose', tree['purpose'] ?? proposal?.purpose),
    parties: tree['parties'] === undefined && proposal ? others(proposal, home.agency) : reader.list(tree, 'parties'),
    ...given('categories', tree['categories'] === undefined ? proposal && categoriesOf(proposal) : reader.list(tree, 'categories')),
    subject: subject ? { reference: subject['reference'], known: reader.subject(subject) } : proposal?.subject,
    decision: {
      by: home.contact, ...(home.role ? { role: home.role } : {}), ...ofProposal(proposal), ...chosen(decision, ['by', 'role', 'at', 'method', 'safetyConsidered']),
      reasons: reasons.length === 0 && proposal ? [NOT_PERMITTED] : reasons,
      ...(words ? { words: reader.text(words, 'decision.words') } : {}),
    },
    ...given('proposal', proposal),
  };
  reader.finish();
  return { described: described as unknown as NotSharedDescription, urgent: proposal?.urgency === 'emergency' };
}

function readProposal(path: string, home: HomeFile): ShareDescription {
  return describeShare(parseShare(readText(path, 'Name the share file of what would have been shared.')), dirname(path), home);
}

/** Who decided, and what was thought of: not why, nor when, for that was another decision. */
const ofProposal = (proposal: ShareDescription | undefined): object => {
  const { by, role, method, safetyConsidered } = proposal?.decision ?? {};
  return { ...given('by', by), ...given('role', role), ...given('method', method), ...given('safetyConsidered', safetyConsidered) };
};

const others = ({ recipients }: ShareDescription, own: string): string[] => [...new Set(recipients.map(({ agency }) => agency))].filter((agency) => agency !== own);
const categoriesOf = ({ parts }: ShareDescription): string[] => [...new Set(parts.map(({ category }) => category))].sort();
const given = (name: string, value: unknown): object => (value === undefined ? {} : { [name]: value });
const chosen = (of: Node, names: readonly string[]): object => Object.fromEntries(names.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));
