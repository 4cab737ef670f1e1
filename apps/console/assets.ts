import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** From the sources and from `dist` alike: templates and styles lie where they were written. */
export const CONSOLE_FOLDER = join(process.env['WAYBILL_HOME'] ?? process.cwd(), 'apps/console');
export const GOVUK_FOLDER = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist/govuk');
const MOJ_FOLDER = join(dirname(require.resolve('@ministryofjustice/frontend/package.json')), 'moj');

interface Asset {
  type: string;
  octets: Buffer;
}

/** The font of GOV.UK is GOV.UK's alone, and so is its crest: we are not. Every letter of a name is in what the system has. */
const SYSTEM_FONT = 'system-ui,"Segoe UI","Noto Sans","DejaVu Sans",Roboto,Arial,sans-serif';
const unbranded = (css: string): string =>
  SPANS.reduce((left, [from, to, by]) => replaced(left, from, to, by), css).replaceAll(/"?GDS Transport"?,arial,sans-serif/g, SYSTEM_FONT);

/** What begins like this and ends like that becomes this: the font's notice, the font, and whatever would be fetched. */
const SPANS = [['/*! Copyright (c) 2011 by Margaret Calvert', '*/', ''], ['@font-face{', '}', ''], ['url("', '")', 'none'], ["url('", "')", 'none'], ['url(', ')', 'none']] as const;

function replaced(text: string, from: string, to: string, by: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (let begins = text.indexOf(from); begins >= 0; begins = text.indexOf(from, at)) {
    const ends = text.indexOf(to, begins + from.length);
    if (ends < 0) break;
    pieces.push(text.slice(at, begins), by);
    at = ends + to.length;
  }
  return pieces.join('') + text.slice(at);
}

const text = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

/** What a page refers to, all of it from our own origin, under a name that changes when it does. */
export class Assets {
  private readonly all: ReadonlyMap<string, Asset>;
  readonly version: string;

  constructor() {
    const css = (content: string): Asset => ({ type: 'text/css; charset=utf-8', octets: Buffer.from(content) });
    const js = (content: string): Asset => ({ type: 'text/javascript; charset=utf-8', octets: Buffer.from(content) });
    const own = join(CONSOLE_FOLDER, 'assets');
    this.all = new Map<string, Asset>([
      ['govuk.css', css(unbranded(text(GOVUK_FOLDER, 'govuk-frontend.min.css').replaceAll(/\/\*# sourceMappingURL[^*]*\*\//g, '')))],
      ['moj.css', css(unbranded(text(MOJ_FOLDER, 'moj-frontend.min.css').replaceAll(/\/\*# sourceMappingURL[^*]*\*\//g, '')))],
      ['console.css', css(text(own, 'console.css'))],
      ['govuk.js', js(text(GOVUK_FOLDER, 'govuk-frontend.min.js').replace(/\/\/# sourceMappingURL=\S*/, ''))],
      ['start.js', js(text(own, 'start.js'))],
      ['refresh.js', js(text(own, 'refresh.js'))],
      ['idle.js', js(text(own, 'idle.js'))],
      ['prove.js', js(text(own, 'prove.js'))],
      ['icon.svg', { type: 'image/svg+xml', octets: readFileSync(join(own, 'icon.svg')) }],
    ]);
    const hash = createHash('sha256');
    for (const [name, { octets }] of this.all) hash.update(name).update(octets);
    this.version = hash.digest('hex').slice(0, 12);
  }

  get(version: string, name: string): Asset | undefined {
    return version === this.version ? this.all.get(name) : undefined;
  }
}
