import { element } from './elements';

/** What can be shown: text as text, and pictures of these kinds, by their first octets. What a file is called, and what it says that it is, counts for nothing. */
const PICTURES: readonly { type: string; is: (octets: Uint8Array) => boolean }[] = [
  { type: 'image/png', is: (octets) => starts(octets, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { type: 'image/jpeg', is: (octets) => starts(octets, 0xff, 0xd8, 0xff) },
  { type: 'image/gif', is: (octets) => starts(octets, 0x47, 0x49, 0x46, 0x38) },
  { type: 'image/webp', is: (octets) => starts(octets, 0x52, 0x49, 0x46, 0x46) && starts(octets.subarray(8), 0x57, 0x45, 0x42, 0x50) },
];

/** Text longer than this is saved, not shown: a page of it would stand still. */
const LONGEST_TEXT = 2 * 1024 * 1024;

const starts = (octets: Uint8Array, ...first: number[]): boolean => first.every((octet, i) => octets[i] === octet);

function textOf(octets: Uint8Array): string | undefined {
  if (octets.length > LONGEST_TEXT) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
    // What has such octets is no text that somebody wrote.
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** How a part is shown. Nothing in it runs: what is neither text nor a picture can only be saved, under a name that says nothing of a person. */
export function shown(octets: Uint8Array, name: string, description: string): Node {
  const text = textOf(octets);
  if (text !== undefined) return element('pre', { text, tabindex: '0', 'aria-label': description });
  const picture = PICTURES.find(({ is }) => is(octets));
  const address = URL.createObjectURL(new Blob([new Uint8Array(octets)], { type: picture?.type ?? 'application/octet-stream' }));
  if (picture) return element('img', { src: address, alt: description });
  const save = element('a', { text: `Save ${name} (${size(octets.length)})`, href: address, download: `${name}${starts(octets, 0x25, 0x50, 0x44, 0x46) ? '.pdf' : '.bin'}` });
  return element('p', { text: 'It is neither text nor a picture. Nothing in it was run. Your own programs open it once you have saved it: have it scanned first. ' }, save);
}

const size = (octets: number): string => (octets < 1024 * 1024 ? `${Math.ceil(octets / 1024)} KB` : `${(octets / 1024 / 1024).toFixed(1)} MB`);
