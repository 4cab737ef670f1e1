import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { sha256 } from '#protocol/digest';
import { command, type Common, running, type Setting } from '../command';
import { UsageError } from '../io';

/** A file of the reader is some megabytes at most; whoever sends more than this sends something else. */
const LARGEST_FILE = 32 * 1024 * 1024;

/** The files that this release made, with their digests: beside the program, or where its sources are. */
const OWN = (): string => [join(__dirname, '../../../reader/reader.json'), join(process.cwd(), 'dist/reader/reader.json')].find((path) => existsSync(path)) ?? '';

type Standing = 'same' | 'differs' | 'missing';

/** `waybill verify-reader`: whether what a browser is given is what this release made. */
export const verifyReaderCommand = (setting: Setting): Command =>
  command('verify-reader', 'Compare the reader that an address serves with the one that this release made, octet for octet. Whoever serves the reader could change it: look from several places, and at times that nobody knows of.', 'waybill verify-reader https://reader.merebrook.example')
    .argument('<url>').option('--ca <file>', 'PEM of the authority of that host, where it is none of the system’s')
    .action((url: string, options: Common & { ca?: string }) => running(setting, options, async () => {
      const address = origin(url);
      const ca = options.ca === undefined ? undefined : readFileSync(resolve(setting.io.cwd, options.ca));
      const { files } = JSON.parse(readFileSync(OWN(), 'utf8')) as { files: Record<string, string> };
      const found = await Promise.all(Object.entries(files).map(async ([file, digest]) => {
        const paths = file === 'index.html' ? ['/', '/index.html'] : [`/${file}`];
        const served = await Promise.all(paths.map((path) => fetched(new URL(path, address), ca)));
        const standing: Standing = served.some((each) => each === undefined) ? 'missing' : served.every((each) => each && sha256(each.octets) === digest) ? 'same' : 'differs';
        return { file, digest, standing, policy: served[0]?.policy };
      }));
      const [page] = found.filter(({ file }) => file === 'index.html');
      const framed = !/frame-ancestors 'none'/.test(page?.policy ?? '');
      const sound = found.every(({ standing }) => standing === 'same') && !framed;
      return {
        ending: sound ? 'done' : 'trust',
        data: { url: address.origin, sound, files: found.map(({ file, digest, standing }) => ({ file, digest, standing })), framed },
        text: [
          ...found.map(({ file, standing, digest }) => `${standing.padEnd(8)} ${file}  ${digest}`),
          ...(framed ? ['Other pages may show it in a frame: have it served with Content-Security-Policy: frame-ancestors \'none\'.'] : []),
          sound ? 'It is the reader of this release.' : 'It is NOT the reader of this release. Open nothing with it; tell the operator, and keep what was served.',
        ].join('\n'),
      };
    }));

function origin(url: string): URL {
  try {
    const address = new URL(url);
    if (address.protocol === 'https:') return address;
  } catch {
    // Told below: no address at all, or one that anybody on the way could answer for.
  }
  throw new UsageError([`${url} is no https address`], 'Give it as workers open it: https://reader.example');
}

/** What an address serves; undefined where it serves nothing. Follows no redirect: another address is another host. */
function fetched(url: URL, ca: Buffer | undefined): Promise<{ octets: Buffer; policy?: string } | undefined> {
  return new Promise((resolve_, reject) => {
    const asking = request(url, { ...(ca ? { ca } : {}), headers: { 'accept-encoding': 'identity' }, timeout: 30_000 }, (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        return resolve_(undefined);
      }
      const pieces: Buffer[] = [];
      let size = 0;
      answer.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > LARGEST_FILE) answer.destroy(new Error('more than a reader'));
        else pieces.push(piece);
      });
      answer.on('error', () => resolve_(undefined));
      answer.on('end', () => resolve_({ octets: Buffer.concat(pieces), ...(answer.headers['content-security-policy'] ? { policy: String(answer.headers['content-security-policy']) } : {}) }));
    });
    asking.on('timeout', () => asking.destroy(new Error('no answer in time')));
    asking.on('error', (error) => reject(new UsageError([`${url.origin} does not answer: ${(error as NodeJS.ErrnoException).code ?? 'no answer'}`], 'Look whether the address is right; --ca names the authority of its certificate.')));
    asking.end();
  });
}
