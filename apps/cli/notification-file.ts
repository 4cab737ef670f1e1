import type { NotificationSaid } from '#client/notifications';
import { type Node, Reader } from './share-file';

export const NOTIFICATION_FILE_FORMAT = 'waybill-notification/1';

const KNOWN = {
  '': ['format', 'agreement', 'role', 'provider', 'purpose', 'necessity', 'proportionate', 'notFor', 'officer', 'impact', 'provided', 'reviewOn'],
  agreement: ['id', 'version'],
  provider: ['register', 'number', 'kind'],
  officer: ['contact', 'role', 'on'],
  impact: ['novel', 'assessment', 'because'],
  provided: ['told', 'because'],
} as const;

/** From the tree of a notification file to what is said of a draft. @throws UsageError with every fault */
export function describeNotification(tree: Node, folder: string): NotificationSaid {
  const reader = new Reader(folder, 'notification file');
  const { format: _format, ...said } = tree;
  for (const [place, fields] of Object.entries(KNOWN)) {
    const node = place === '' ? tree : reader.node(tree, place);
    if (node) reader.known(fields, node, place === '' ? undefined : place);
  }
  reader.finish();
  return said as unknown as NotificationSaid;
}
