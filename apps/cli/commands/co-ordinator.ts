import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readCertificate } from '#envelope/certificates';
import { generateKeyPair } from '#envelope/private-keys';
import { approve } from '#enrolment/approval';
import { readEnrolment } from '#enrolment/enrolment';
import { grouped } from '#enrolment/fingerprint';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { endOf, named, passphraseIn, secretKey, writeNew } from '../files';
import { type Io, UsageError } from '../io';

type KeyOptions = Common & { keys: string; name: string; passphraseFile?: string };
type ApproveOptions = Common & { keys: string; fingerprint: string; until: string; from?: string; out: string; passphraseFile?: string };

const KEY = 'co-ordinator.key.pgp';
const CERTIFICATE = 'co-ordinator.cert.pgp';

/** `waybill co-ordinator`: what vouches for every partner's key. Needs no network and no database, and belongs on no machine of the gateway. */
export function coordinatorCommand(setting: Setting): Command {
  const { io } = setting;
  const coordinator = group('co-ordinator', 'Vouch for partners’ keys, offline.');
  coordinator.addCommand(
    command('keys', 'Make the co-ordinator’s key, once. Prints the fingerprint that everybody is to be told.', 'waybill co-ordinator keys --keys /media/stick/co-ordinator')
      .requiredOption('--keys <dir>', 'folder for the key: on a stick, not on a machine of the gateway')
      .option('--name <name>', 'name of the post, for people who look at certificates', 'Partnership co-ordinator')
      .option('--passphrase-file <file>', 'lock it with the passphrase in this file')
      .action((options: KeyOptions) => running(setting, options, () => makeKey(io, options))),
  );
  coordinator.addCommand(
    command('show', 'Show an enrolment: who, which keys, and the fingerprint to compare by telephone. Approves nothing.', 'waybill co-ordinator show enrolment.json')
      .argument('<enrolment>')
      .action((file: string, options: Common) => running(setting, options, () => showing(io, file))),
  );
  coordinator.addCommand(
    command('approve', 'Vouch for the keys of an enrolment, after the partner has read out its fingerprint on the telephone.', "waybill co-ordinator approve enrolment.json --keys /media/stick/co-ordinator --fingerprint '1A2B …' --until 2027-03-31 --out approval.json")
      .argument('<enrolment>')
      .requiredOption('--keys <dir>', 'folder of the co-ordinator’s key')
      .requiredOption('--fingerprint <groups>', 'what the partner reads out, typed in as it is heard')
      .requiredOption('--until <day>', 'last day on which it holds')
      .option('--from <day>', 'first day on which it holds; today, if not given')
      .requiredOption('--out <file>')
      .option('--passphrase-file <file>')
      .action((file: string, options: ApproveOptions) => running(setting, options, () => approving(io, file, options))),
  );
  return coordinator;
}

async function makeKey(io: Io, { keys, name, passphraseFile }: KeyOptions): Promise<Result> {
  const folder = resolve(io.cwd, keys);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passphrase = passphraseIn(io, passphraseFile);
  const pair = await generateKeyPair({ name, algorithm: 'curve25519-legacy', at: io.now(), ...(passphrase === undefined ? {} : { passphrase }) });
  writeNew(join(folder, KEY), pair.privateKey, { secret: true });
  writeNew(join(folder, CERTIFICATE), pair.certificate);
  const reading = await readCertificate(pair.certificate);
  const fingerprint = reading.ok ? reading.certificate.fingerprint : '';
  return {
    ending: 'done', data: { fingerprint, certificate: join(folder, CERTIFICATE) },
    text: [`Made ${join(folder, KEY)}. Keep a copy where nobody else comes, and never on a machine of the gateway.`, `Give everybody ${join(folder, CERTIFICATE)}, and read out its fingerprint:`, '', `    ${grouped(fingerprint)}`].join('\n'),
  };
}

async function showing(io: Io, file: string): Promise<Result> {
  const { agency, gateway, client, contacts, smime, fingerprint } = await readEnrolment(named(io, file, 'the enrolment'), io.now());
  const keys = [...contacts, ...smime.map((each) => ({ ...each, form: 'smime' as const }))].map(({ contact, certificate, ...form }) => ({ contact, fingerprint: certificate.fingerprint, ...form }));
  return {
    ending: 'done', data: { agency, gateway, fingerprint, keys, ...(client ? { client: client.spki } : {}) },
    text: [`${agency} at ${gateway}`, ...keys.map((key) => `  ${key.contact}  ${grouped(key.fingerprint)}${'form' in key ? '  S/MIME' : ''}`), ...(client ? [`  client key ${client.spki}${client.outside ? ', certificate issued elsewhere' : ''}`] : []), 'Ring the agency by a number that you know. It must read out:', '', `    ${fingerprint}`].join('\n'),
  };
}

async function approving(io: Io, file: string, { keys, fingerprint: typed, until, from, out, passphraseFile }: ApproveOptions): Promise<Result> {
  const folder = resolve(io.cwd, keys);
  const at = io.now();
  const reading = await readCertificate(new Uint8Array(named(io, join(folder, CERTIFICATE), 'the folder of the co-ordinator’s key')));
  if (!reading.ok) throw new UsageError([`${join(folder, CERTIFICATE)} is no certificate`], 'Take it from your copy.');
  const key = await secretKey(io, join(folder, KEY), passphraseFile);
  // From the first second of the day: whoever binds it may have a clock a little behind ours.
  const window = { from: new Date(`${(from ?? at.toISOString()).slice(0, 10)}T00:00:00.000Z`), until: endOf(until) };
  const faults = [...(Number.isNaN(window.from.getTime()) ? ['--from is not a day'] : []), ...(window.until <= at || window.until <= window.from ? ['--until is past, or before --from'] : [])];
  if (faults.length > 0) throw new UsageError(faults, 'Write days as 2027-03-31.');
  const enrolment = named(io, file, 'the enrolment');
  const approval = await approve(enrolment, { typed, coordinator: { key, certificate: reading.certificate }, window, at });
  const path = resolve(io.cwd, out);
  writeNew(path, approval);
  const { agency, contacts, smime } = await readEnrolment(new Uint8Array(readFileSync(resolve(io.cwd, file))), at);
  const approved = [...new Set([...contacts, ...smime].map(({ contact }) => contact))];
  return { ending: 'done', data: { file: path, agency, contacts: approved, until: window.until.toISOString() }, text: `Approved ${agency} (${approved.join(', ') || 'client key'}) until ${until}.\nSend ${path} to the operator and to the partner; it holds no secret.` };
}
