import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import { open } from '#client/mailbox';
import { tellOpened } from '#client/statements';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { fail, type Result } from '../ending';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { requireFree, writeOpened } from '../opened-folder';

type Options = Common & { into?: string; stdout?: string; silent?: boolean };

/** `waybill open`: verifies a transfer, opens it, and only then writes it. */
export const openCommand = (setting: Setting): Command =>
  atHome('open', 'Collect, verify and open a transfer. Nothing is written unless everything holds.', 'waybill open 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --into referral')
    .argument('<transfer>')
    .option('--into <dir>', 'folder to write to; one named after the transfer, if not given')
    .addOption(new Option('--stdout <part>', 'write one part to stdout and nothing to disk').conflicts(['json', 'into']))
    .option('--silent', 'do not tell the sender that it was opened')
    .action((transfer: string, options: Options) => runningAtHome(setting, options, (home) => opening(setting.io, home, transfer, options)));

async function opening(io: Io, home: Home, transfer: string, options: Options): Promise<Result> {
  const folder = resolve(io.cwd, options.into ?? `waybill-${transfer}`);
  if (!options.stdout) requireFree(folder);
  const opened = await open(home.partner, transfer);
  const { copy, parts } = opened;
  const chosen = options.stdout === undefined ? undefined : parts.find(({ name }) => name === options.stdout);
  if (options.stdout !== undefined && !chosen) throw new UsageError([`there is no part of that name; there are ${parts.map(({ name }) => name).join(', ')}`], 'Choose one of them.');
  if (chosen) io.outOctets(chosen.octets);
  else writeOpened(folder, opened);
  home.keep();
  // The copy is open and good, whether or not its sender can be told.
  if (!options.silent) await tellOpened(home.partner, opened).catch((error: unknown) => void fail(io, error, {}));
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
    handling: claims.handling, manifestDigest: copy.manifestDigest, lines: copy.mine, parts: parts.map(({ name, category, author, octets }) => ({ name, category, author, size: octets.length })), warnings, ...(chosen ? {} : { folder }),
  };
  if (chosen) return { ending: 'done', data: {}, text: '' };
  return {
    ending: 'done', data,
    text: [
      ...(read.handling.doNotTellSubject ? ['DO NOT TELL THE PERSON: telling could put somebody at risk.'] : []),
      `From ${read.sender.agency}${read.sender.role ? `, ${read.sender.role}` : ''}, ${read.created}, ${read.urgency}; ${read.purpose ?? 'no purpose'}; for ${addressed(claims.recipient)}`,
      ...parts.map(({ name, category, octets, author }) => `  ${name}  ${category}  ${octets.length} octets  ${author === 'bound' ? 'by the sender' : 'AUTHOR NOT BOUND'}`),
      `Written to ${folder}. Say that it arrived: waybill ack ${transfer}`,
    ].join('\n'),
  };
}
