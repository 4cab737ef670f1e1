import { type Command, Option } from 'commander';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Operator from '../operator/directory';

// The database's library takes a second to load: whoever only sends a share does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/directory') as typeof Operator;

/** Why a key may no longer be used: a code, for the register. */
const REASONS = ['compromised', 'lost', 'superseded', 'contact-left', 'party-left', 'asked-by-owner'] as const;

/** `waybill directory`: what an operator enters, under the registrar's database role (WAYBILL_DATABASE_*, WAYBILL_ORIGIN). */
export function directoryCommand(setting: Setting): Command {
  const { io } = setting;
  const directory = group('directory', 'Enter, bind and revoke, as an operator.');
  directory.addCommand(
    command('pin', 'Pin the co-ordinator, whose statements vouch for every key.', "waybill directory pin co-ordinator.cert.pgp --fingerprint '1A2B …'")
      .argument('<certificate>').requiredOption('--fingerprint <groups>', 'as it was read out to you')
      .action((file: string, options: Common & { fingerprint: string }) => running(setting, options, () => operator().pinCoordinator(io, file, options.fingerprint))),
  );
  directory.addCommand(
    command('enter', 'Enter an organisation and its contacts from a reviewed file.', 'waybill directory enter party.yaml')
      .argument('<party>', 'YAML; docs/enrolment.md describes it')
      .action((file: string, options: Common) => running(setting, options, () => operator().enter(io, file))),
  );
  directory.addCommand(
    command('bind', 'Bind the keys of an approval to its agency, and the client certificate that was issued for it.', 'waybill directory bind approval.json --certificate client.pem')
      .argument('<approval>').option('--certificate <file>', 'client certificate (PEM); not for one that was issued elsewhere')
      .action((file: string, options: Common & { certificate?: string }) => running(setting, options, () => operator().bind(io, file, options))),
  );
  directory.addCommand(
    command('activate', 'Make an organisation an active party of the agreements of its file, or say everything that is missing.', 'waybill directory activate party.yaml')
      .argument('<party>').option('--agency <id>', 'of a file of many').option('--agreement <id>', 'this one only')
      .action((file: string, options: Common & { agency?: string; agreement?: string }) => running(setting, options, () => operator().activate(io, file, options))),
  );
  directory.addCommand(
    command('revoke', 'Revoke a key: from the next request on, open connections included.', 'waybill directory revoke --client 6f2c… --reason compromised')
      .option('--fingerprint <fingerprint>', 'of an OpenPGP certificate').option('--client <key>', 'SHA-256 of a client certificate’s public key')
      .addOption(new Option('--reason <code>').choices(REASONS).makeOptionMandatory())
      .action((options: Common & { fingerprint?: string; client?: string; reason: string }) => running(setting, options, () => operator().revoke(io, options))),
  );
  directory.addCommand(
    command('withdraw', 'End an organisation’s membership of an agreement.', 'waybill directory withdraw --agency st-brigid-primary --agreement example-partnership')
      .requiredOption('--agency <id>').requiredOption('--agreement <id>')
      .action((options: Common & { agency: string; agreement: string }) => running(setting, options, () => operator().withdraw(io, options))),
  );
  directory.addCommand(
    command('rename', 'Call an organisation by another name from now on. What it was called before stays, with until when.', "waybill directory rename --agency lake-county-icb --name 'Lake County Integrated Care Board'")
      .requiredOption('--agency <id>').requiredOption('--name <name>')
      .action((options: Common & { agency: string; name: string }) => running(setting, options, () => operator().rename(io, options))),
  );
  directory.addCommand(
    command('succeed', 'Enter which organisation took another’s place: the other’s memberships end, and senders are shown the successor.', 'waybill directory succeed --agency lake-county-ccg --by lake-county-icb --on 2022-07-01')
      .requiredOption('--agency <id>', 'the organisation that is no more').requiredOption('--by <id>', 'its successor').requiredOption('--on <day>', 'first day on which the successor answers')
      .action((options: Common & { agency: string; by: string; on: string }) => running(setting, options, () => operator().succeed(io, options))),
  );
  directory.addCommand(
    command('instruct', 'Enter the contract under which you process for an organisation’s controller; its agreements as they stand are its instructions.', 'waybill directory instruct st-brigid-primary --contract DPA-2026-014 --on 2026-04-01')
      .argument('<agency>').requiredOption('--contract <reference>', 'reference of the contract').requiredOption('--on <day>', 'day of the contract').option('--until <day>', 'its last day')
      .action((agency: string, options: Common & { contract: string; on: string; until?: string }) => running(setting, options, () => operator().instruct(io, agency, options))),
  );
  directory.addCommand(
    command('show', 'Show an organisation with its keys and when they end.', 'waybill directory show st-brigid-primary')
      .argument('<agency>')
      .action((agency: string, options: Common) => running(setting, options, () => operator().show(io, agency))),
  );
  return directory;
}
