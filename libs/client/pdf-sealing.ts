import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { checkContainer, LARGEST } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { ClientRefusal } from './codes';

/** qpdf writes the largest PDF that is taken in seconds; one that stands still is given up. */
const QPDF_MS = 120_000;

/**
 * A PDF sealed with AES-256 (ISO 32000-2, revision 6) by qpdf, on the machine of whoever shares it. Passphrases go to it by its input: what stands on a command line
 * everybody on the machine can read. The owner's is drawn and forgotten. What comes out is looked at as the gateway will.
 *
 * @throws ClientRefusal NO_QPDF, PDF_NOT_SEALED, PART_TOO_LARGE
 */
export async function sealedPdf(path: string, { part, passphrase }: { part: string; passphrase: string }): Promise<Buffer> {
  const file = resolve(path);
  // An argument a line is how qpdf reads them.
  if (/[\r\n]/.test(file)) throw new ClientRefusal('PDF_NOT_SEALED', { part, because: 'its path has a line break' });
  const sealed = await qpdf(['--warning-exit-0', '--encrypt', passphrase, newPassphrase(), '256', '--', '--min-version=2.0', '--object-streams=generate', file, '-'], part);
  const checked = checkContainer(sealed);
  if (!checked.ok) throw new ClientRefusal('PDF_NOT_SEALED', { part, because: checked.code });
  return sealed;
}

function qpdf(args: readonly string[], part: string): Promise<Buffer> {
  return new Promise((done, reject) => {
    const child = spawn('qpdf', ['@-'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const late = setTimeout(() => child.kill(), QPDF_MS);
    const pieces: Buffer[] = [];
    let size = 0;
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      reject(error.code === 'ENOENT' ? new ClientRefusal('NO_QPDF', { part }) : error);
    });
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= LARGEST) pieces.push(piece);
      else child.kill();
    });
    child.on('close', (status) => {
      clearTimeout(late);
      if (size > LARGEST) reject(new ClientRefusal('PART_TOO_LARGE', { part, most: LARGEST }));
      else if (status === 0) done(Buffer.concat(pieces));
      // What qpdf says may name the file.
      else reject(new ClientRefusal('PDF_NOT_SEALED', { part, because: 'qpdf could not' }));
    });
    child.stdin.on('error', () => undefined).end(args.map((arg) => `${arg}\n`).join(''));
  });
}
