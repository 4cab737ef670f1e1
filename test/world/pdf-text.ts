import { inflateSync } from 'node:zlib';

/** The text of each page of a PDF that a browser printed, in the order in which it is drawn: glyphs by the maps that the file itself has of them. Without spaces: letters are placed one by one. */
export function textOfPages(pdf: Buffer): string[] {
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of pdf.toString('latin1').matchAll(/(\d+) 0 obj\s([^]*?)endobj/g)) objects.set(id, body);
  const refersTo = (body: string, name: string): string | undefined => objects.get(new RegExp(`/${name} (\\d+) 0 R`).exec(body)?.[1] ?? '');
  const fonts = (page: string): Map<string, Map<string, string>> => {
    const resources = refersTo(page, 'Resources') ?? page;
    const listed = refersTo(resources, 'Font') ?? /\/Font\s*<<([^]*?)>>/.exec(resources)?.[1] ?? '';
    return new Map([...listed.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, glyphs(streamOf(refersTo(objects.get(id) ?? '', 'ToUnicode') ?? ''))]));
  };
  return [...objects.values()].filter((body) => /\/Type\s*\/Page\b/.test(body)).map((page) => drawn(streamOf(refersTo(page, 'Contents') ?? ''), fonts(page)));
}

function streamOf(body: string): string {
  const [, dictionary = '', data] = /^([^]*?)stream\r?\n([^]*?)\r?\nendstream/.exec(body) ?? [];
  if (data === undefined) return '';
  return dictionary.includes('/FlateDecode') ? inflateSync(Buffer.from(data, 'latin1')).toString('latin1') : data;
}

const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

function glyphs(map: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, block = ''] of map.matchAll(/beginbfchar([^]*?)endbfchar/g)) for (const [, from = '', to = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g)) found.set(from.toUpperCase(), utf16(to));
  for (const [, block = ''] of map.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    for (const [, from = '', until = '', to = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      for (let i = 0; i <= Number.parseInt(until, 16) - Number.parseInt(from, 16); i++) found.set((Number.parseInt(from, 16) + i).toString(16).toUpperCase().padStart(from.length, '0'), String.fromCodePoint(Number.parseInt(to, 16) + i));
    }
  }
  return found;
}

function drawn(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  let font: ReadonlyMap<string, string> = new Map();
  let text = '';
  for (const [, named, hex = ''] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
    if (named !== undefined) font = fonts.get(named) ?? font;
    for (const code of hex.match(/.{4}/g) ?? []) text += font.get(code.toUpperCase()) ?? '';
  }
  // A font draws some letters as one.
  return text.replaceAll(/\s+/g, '').normalize('NFKC');
}
