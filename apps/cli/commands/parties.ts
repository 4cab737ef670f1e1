import { type Command, Option } from 'commander';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Operator from '../operator/parties';
import { type Attesting, attestedWith } from './membership';

// The database's library takes a second to load: whoever only sends a share does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/parties') as typeof Operator;

/** Why an organisation is not added: a code, for its register. */
const DECLINED_BECAUSE = ['no-relevant-agency', 'represented-by-another', 'incomplete', 'not-agreed-by-partners'] as const;

type Of = Common & { agency: string; agreement: string };
const of = (made: Command): Command => made.requiredOption('--agency <id>').requiredOption('--agreement <id>');

/** `waybill parties`: what whoever looks after an agreement does about its parties, under the registrar's database role. */
export function partiesCommand(setting: Setting): Command {
  const { io } = setting;
  const parties = group('parties', 'Look after the parties of an agreement: who asks to join, what is missing, what is attested.');
  parties.addCommand(
    command('list', 'Show parties, whoever asks to join, and how their attestations stand.', 'waybill parties list --agreement example-partnership --lacking')
      .requiredOption('--agreement <id>').option('--lacking', 'only those with whom something is not in order')
      .action((options: Common & { agreement: string; lacking?: boolean }) => running(setting, options, () => operator().listParties(io, options))),
  );
  parties.addCommand(
    of(command('accept', 'Accept whoever asked to join, or is on hold, or say everything that is missing.', 'waybill parties accept --agency hop-pole-nursery --agreement example-partnership'))
      .action((options: Of) => running(setting, options, () => operator().acceptParty(io, options))),
  );
  parties.addCommand(
    of(command('decline', 'Decline whoever asked to join.', 'waybill parties decline --agency hop-pole-nursery --agreement example-partnership --because incomplete'))
      .addOption(new Option('--because <code>').choices(DECLINED_BECAUSE).makeOptionMandatory())
      .action((options: Of & { because: string }) => running(setting, options, () => operator().declineParty(io, options))),
  );
  parties.addCommand(
    command('end-contact', 'End a contact. Where nobody fills a post then that an agreement asks for, the party is put on hold at once.', 'waybill parties end-contact --agency hop-pole-nursery --contact manager')
      .requiredOption('--agency <id>').requiredOption('--contact <id>').option('--on <day>', 'first day on which it holds no more; today, if not given')
      .action((options: Common & { agency: string; contact: string; on?: string }) => running(setting, options, () => operator().endContact(io, options))),
  );
  parties.addCommand(
    attestedWith(command('attest', 'Attest something for the partnership, or as the operator of the gateway: it stands in the register of every party.', 'waybill parties attest penetration-test --agreement example-partnership --on 2026-04-01 --digest 9f86d081…'))
      .action((what: string, options: Common & Attesting) => running(setting, options, () => operator().attestForPartnership(io, what, options))),
  );
  return parties;
}
