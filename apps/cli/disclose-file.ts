import type { DisclosureDescription } from '#client/disclosing';
import type { DisclosureRoute } from '#protocol/disclosure';
import type { HomeFile } from './home';
import { describeShare, type Node, Reader } from './share-file';

export const DISCLOSE_FORMAT = 'waybill-disclosure/1';

/**
 * From the tree to the SDK's description: a share file whose parts have no octets, and besides how it went: `route`, `notCompliant`,
 * `words`. @throws UsageError with every fault
 */
export function describeDisclosure(tree: Node, folder: string, home: HomeFile): DisclosureDescription {
  const reader = new Reader(folder, 'disclosure file');
  const { route, notCompliant, words: _words, ...share } = tree;
  const words = reader.node(tree, 'words');
  if (words) reader.known(['file', 'text'], words, 'words');
  if (reader.node(tree, 'route') === undefined) reader.fault('route is missing: say how it was disclosed, and when');
  for (const name of ['alsoTold', 'onStrikeOff']) if (name in share) reader.fault(`there is no field ${name}: what was disclosed was disclosed`);
  if (reader.node(tree, 'decision')?.['words'] !== undefined) reader.fault('decision.words: nothing is sealed to anybody else; write `words` beside it');
  const parts = reader.nodes(tree, 'parts').map((part, i) => {
    if (part['file'] !== undefined || part['text'] !== undefined) reader.fault(`parts ${i + 1}: what was disclosed is not sent to the gateway; leave file and text out`);
    return { ...part, text: '' };
  });
  const kept = words ? reader.text(words, 'words') : undefined;
  reader.finish();
  return {
    share: describeShare({ ...share, parts }, folder, home), route: route as unknown as DisclosureRoute,
    ...(notCompliant === undefined ? {} : { notCompliant: notCompliant as boolean }), ...(kept === undefined ? {} : { words: kept }),
  };
}
