import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import { open, type Opening, openTo, type PartVerified, type TransferOpened } from '#client/mailbox';
import { tellOpened } from '#client/statements';
import { ACCESS_REASONS, type AccessReason } from '#protocol/access-reasons';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { fail, type Result } from '../ending';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { appearing, requireFree, writeProof } from '../opened-folder';

type Options = Common & { into?: string; stdout?: string; silent?: boolean; limitsAcknowledged?: boolean; role?: string; reason?: AccessReason };

/** `waybill open`: verifies a transfer, opens it, and only then writes it. */
export const openCommand = (setting: Setting): Command =>
  atHome('open', 'Collect, verify and open a transfer. Nothing is written unless everything holds.', 'waybill open 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --into referral')
    .argument('<transfer>')
    .option('--into <dir>', 'folder to write to; one named after the transfer, if not given')
    .addOption(new Option('--stdout <part>', 'write one part to stdout and nothing to disk').conflicts(['json', 'into']))
    .option('--limits-acknowledged', 'where the person agreed within limits: they were read, and are kept to')
    .option('--role <role>', 'your role, as the register records it; asked for where every look is logged')
    .addOption(new Option('--reason <reason>', 'why you open it').choices(Object.keys(ACCESS_REASONS)))
    .option('--silent', 'do not tell the sender that it was opened')
    .action((transfer: string, options: Options) => runningAtHome(setting, options, (home) => opening(setting.io, home, transfer, options)));

type Opened = TransferOpened<PartVerified & { size: number }>;

/** Parts of any size, and what proves where they came from. */
async function writing(home: Home, transfer: string, folder: string, taken: Opening): Promise<Opened> {
  const { copy, parts } = await openTo(home.partner, transfer, folder, taken);
  const opened = { copy, parts: parts.map(({ name, category, author, size }) => ({ name, category, author, size })) };
  writeProof(folder, opened);
  return opened;
}

/** One part to stdout, and nothing to disk: what is held in memory is all there is of it. */
async function telling(io: Io, home: Home, transfer: string, name: string, taken: Opening): Promise<Opened> {
  const { copy, parts } = await open(home.partner, transfer, taken);
  const chosen = parts.find((part) => part.name === name);
  if (!chosen) throw new UsageError([`there is no part of that name; there are ${parts.map((part) => part.name).join(', ')}`], 'Choose one of them.');
  io.outOctets(chosen.octets);
  return { copy, parts: parts.map(({ category, author, octets, ...part }) => ({ name: part.name, category, author, size: octets.length })) };
}

async function opening(io: Io, home: Home, transfer: string, options: Options): Promise<Result> {
  const folder = resolve(io.cwd, options.into ?? `waybill-${transfer}`);
  if (!options.stdout) requireFree(folder);
  if ((options.role === undefined) !== (options.reason === undefined)) throw new UsageError(['--role and --reason go together'], 'Say both, or neither.');
  const access = options.role !== undefined && options.reason !== undefined ? { role: options.role, justification: options.reason } : undefined;
  const taken: Opening = { ...(options.limitsAcknowledged && { limits: 'acknowledged' as const }), ...(access && { access }) };
  const opened = options.stdout === undefined ? await appearing(folder, (making) => writing(home, transfer, making, taken)) : await telling(io, home, transfer, options.stdout, taken);
  const { copy, parts } = opened;
  home.keep();
  // The copy is open and good, whether or not its sender can be told.
  if (!options.silent) await tellOpened(home.partner, opened, access).catch((error: unknown) => void fail(io, error, {}));
  const unbound = parts.filter(({ author }) => author === 'not-bound').map(({ name }) => name);
  const warnings = [
    ...(copy.signerPast ? [{ code: 'SIGNER_PAST', says: 'The sender’s key was good when the share was made and is no longer.' }] : []),
    ...copy.changes.map((change) => ({ code: 'KEY_CHANGED', says: `${change.agency}/${change.contact} signs with a key that you have not seen before: ${change.fingerprint}.` })),
    ...(unbound.length > 0 ? [{ code: 'AUTHOR_NOT_BOUND', says: `Nothing inside says that the sender wrote ${unbound.join(', ')} for this share.` }] : []),
  ];
  for (const { says } of warnings) if (!options.json) io.err(`Warning: ${says}\n`);
  const { read, claims } = copy;
  const data = {
    transfer, share: read.id, sender: read.sender, doNotTellSubject: read.handling.doNotTellSubject, urgency: read.urgency, purpose: read.purpose, agreement: claims.agreement, clause: claims.clause,
    handling: claims.handling, manifestDigest: copy.manifestDigest, lines: copy.mine, parts, warnings, folder,
  };
  if (options.stdout !== undefined) return { ending: 'done', data: {}, text: '' };
  return {
    ending: 'done', data,
    text: [
      ...(read.handling.doNotTellSubject ? ['DO NOT TELL THE PERSON: telling could put somebody at risk.'] : []),
      `From ${read.sender.agency}${read.sender.role ? `, ${read.sender.role}` : ''}, ${read.created}, ${read.urgency}; ${read.purpose ?? 'no purpose'}; for ${addressed(claims.recipient)}`,
      ...parts.map(({ name, category, size, author }) => `  ${name}  ${category}  ${size} octets  ${author === 'bound' ? 'by the sender' : 'AUTHOR NOT BOUND'}`),
      `Written to ${folder}. Say that it arrived: waybill ack ${transfer}`,
    ].join('\n'),
  };
}
