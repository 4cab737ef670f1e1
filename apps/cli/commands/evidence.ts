import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { packEvidence, type PackSubject, SUBJECTS } from '#client/evidence-pack';
import { Witness } from '#client/witness';
import { publicCertificate } from '#envelope/private-keys';
import { GRAMMAR } from '#protocol/grammar';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import type { Home } from '../home';
import { UsageError } from '../io';
import { requireFree } from '../opened-folder';
import { readingOf } from './register-report';

type Options = Common & { into: string; reason: string; witness?: string };

/** `waybill evidence`: what one's own register proves about one thing, to hand to somebody who trusts neither us nor the gateway. */
export function evidenceCommand(setting: Setting): Command {
  const evidence = group('evidence', 'Pack what your register proves about one share, request, breach or audit, to be read and checked without Waybill.');
  for (const [subject, { says }] of Object.entries(SUBJECTS)) {
    evidence.addCommand(atHome(subject, `Pack the evidence of ${says}. The reading is recorded, with its reason.`, `waybill evidence ${subject} 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --into evidence.zip --reason regulator-demand`)
      .argument('<id>').requiredOption('--into <file>', 'zip to write').requiredOption('--reason <code>', 'why it is packed, as a code').option('--witness <folder>', 'witness whose cosigned checkpoint and time stamp go along')
      .action((id: string, options: Options) => runningAtHome(setting, options, (home) => packing(setting, home, subject as PackSubject, id, options))));
  }
  return evidence;
}

async function packing({ io }: Setting, home: Home, subject: PackSubject, id: string, { into, reason, witness }: Options): Promise<Result> {
  if (!GRAMMAR.uuid.test(id)) throw new UsageError([`${id} is no id`], 'Take it from a receipt, or from waybill register report entries.');
  const path = resolve(io.cwd, into);
  requireFree(path);
  const witnessed = witness === undefined ? undefined : heldBy(resolve(io.cwd, witness), home);
  const { archive, entries, size } = await packEvidence(home.partner, {
    subject, id, reading: readingOf(home, reason), verifier: verifier(), packer: publicCertificate(home.partner.signingKey), ...(witnessed && { witnessed }), at: io.now(),
  });
  home.keep();
  writeFileSync(path, archive, { mode: 0o600, flag: 'wx' });
  return { ending: 'done', data: { file: path, entries, size }, text: `${entries} entries of your register, each with its proof, in ${relative(io.cwd, path)}. Whoever gets it unpacks it and runs: node verify.mjs` };
}

function heldBy(folder: string, { partner }: Home): Map<string, Uint8Array> {
  if (!Witness.isOne(folder)) throw new UsageError([`${folder} is no witness`], 'Name a folder that waybill witness init made.');
  const witness = Witness.open(folder);
  const files = new Map<string, Uint8Array>([['witness.vkey', Buffer.from(`${witness.vkey}\n`)]]);
  for (const { size, note } of witness.logs().filter(({ origin }) => partner.pins.logKeys.some((vkey) => vkey.startsWith(`${origin}+`)))) {
    files.set(`${size}.note`, Buffer.from(note));
    const stamp = join(witness.logOf(note.split('\n')[0] ?? ''), `${size}.note.tsr`);
    if (existsSync(stamp)) files.set(`${size}.note.tsr`, readFileSync(stamp));
  }
  return files;
}

const VERIFIER = join('deploy', 'verifier', 'waybill-evidence.mjs');

/** It lies beside the sources, and beside what is built of them. */
function verifier(folder = __dirname): Uint8Array {
  const file = join(folder, VERIFIER);
  if (existsSync(file)) return readFileSync(file);
  if (dirname(folder) === folder) throw new Error(`${VERIFIER} is not part of this installation`);
  return verifier(dirname(folder));
}
