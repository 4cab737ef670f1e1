import type { Agreement } from './agreement';
import { Mask } from './keeping/masking';
import { differences } from './keeping/outcome';
import type { Party } from './parties';

/**
 * Where a word stands that no list knows: neither the vocabulary, nor the agreement, nor the directory. It could be somebody's name, with
 * hyphens for the spaces. Gives JSON pointers (RFC 6901).
 */
export const strangers = (agreement: Agreement, parties: readonly Party[], value: unknown): string[] => {
  const mask = new Mask(agreement, parties);
  return differences(value, mask.over(value)).flatMap(({ at, is }) => (typeof is === 'string' && mask.gave(is) ? [at] : []));
};
