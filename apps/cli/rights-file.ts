import type { RightsDescription, RightsStatementDescription } from '#client/rights';
import { type Node, Reader } from './share-file';

export const RIGHTS_FORMAT = 'waybill-rights-request/1';
export const STATED_FORMAT = 'waybill-rights-outcome/1';

const KNOWN = {
  '': ['format', 'right', 'role', 'receivedOn', 'requester', 'identity', 'authority', 'subject', 'transfers', 'about', 'words'],
  stated: ['format', 'role', 'identity', 'authority', 'items', 'approver'],
  subject: ['reference', 'names', 'born', 'nhsNumbers', 'postcodes'],
  words: ['file', 'text'],
  item: ['transfer', 'outcome', 'considered', 'exemption', 'weight'],
} as const;

/** From the tree of a rights file to the SDK's description. @throws UsageError with every fault */
export function describeRights(tree: Node, folder: string): RightsDescription {
  const reader = new Reader(folder, 'rights file');
  reader.known(KNOWN[''], tree);
  const { format: _format, subject: _subject, words: _words, ...stated } = tree;
  const subject = reader.node(tree, 'subject');
  const words = reader.node(tree, 'words');
  if (subject) reader.known(KNOWN.subject, subject, 'subject');
  if (words) reader.known(KNOWN.words, words, 'words');
  if (subject) reader.requireNames(subject);
  else reader.fault('subject is missing: give its reference and names');
  const described = { ...stated, subject: subject && { reference: subject['reference'], known: reader.subject(subject) }, ...(words && { words: reader.text(words, 'words') }) };
  reader.finish();
  return described as unknown as RightsDescription;
}

/** From the tree of an outcome file. @throws UsageError with every fault */
export function describeRightsStatement(tree: Node, folder: string): RightsStatementDescription {
  const reader = new Reader(folder, 'outcome file');
  reader.known(KNOWN.stated, tree);
  const { format: _format, items: _items, ...stated } = tree;
  const items = tree['items'] === undefined ? undefined : reader.nodes(tree, 'items');
  items?.forEach((item, i) => reader.known(KNOWN.item, item, `items ${i + 1}`));
  reader.finish();
  return { kind: 'closed', ...stated, ...(items && { items }) } as unknown as RightsStatementDescription;
}
