import { Command, CommanderError } from 'commander';
import type { Setting } from './command';
import { agreementsCommand } from './commands/agreements';
import { askCommand } from './commands/ask';
import { acknowledgeCommand, recallCommand, releaseCommand, returnCommand } from './commands/answer';
import { authorityCommand } from './commands/authority';
import { breachCommand } from './commands/breach';
import { brokerCommand } from './commands/broker';
import { configCommand } from './commands/config';
import { coordinatorCommand } from './commands/co-ordinator';
import { decideCommand } from './commands/decide';
import { discloseCommand } from './commands/disclose';
import { disclosuresCommand } from './commands/disclosures';
import { decisionsCommand } from './commands/decisions';
import { directoryCommand } from './commands/directory';
import { doctorCommand } from './commands/doctor';
import { disposalCommand } from './commands/disposal';
import { domainCommand } from './commands/domain';
import { dutiesCommand } from './commands/duties';
import { enrolCommand } from './commands/enrol';
import { healthCommand } from './commands/health';
import { mailCommand } from './commands/mail';
import { mailboxCommand } from './commands/mailbox';
import { matterCommand } from './commands/matter';
import { meetingCommand } from './commands/meeting';
import { openCommand } from './commands/open';
import { queueCommand } from './commands/queue';
import { readerCommand } from './commands/reader';
import { registerCommand } from './commands/register';
import { backupCommand } from './commands/backup';
import { witnessCommand } from './commands/witness';
import { evidenceCommand } from './commands/evidence';
import { ageingCommand, requestsCommand, stateCommand } from './commands/requests';
import { attestCommand, membershipCommand } from './commands/membership';
import { partiesCommand } from './commands/parties';
import { listCommand } from './commands/list';
import { notificationCommand } from './commands/notification';
import { retentionCommand } from './commands/retention';
import { rightsCommand } from './commands/rights';
import { sendCommand } from './commands/send';
import { staffCommand } from './commands/staff';
import { statusCommand } from './commands/status';
import { verifyCommand } from './commands/verify';
import { verifyReaderCommand } from './commands/verify-reader';
import { eventsCommand } from './commands/events';
import { webhookCommand } from './commands/webhook';
import { EXIT_CODES } from './exit-codes';
import type { Io } from './io';

export const COMMANDS = [sendCommand, breachCommand, askCommand, requestsCommand, ageingCommand, stateCommand, decideCommand, decisionsCommand, discloseCommand, disclosuresCommand, matterCommand, meetingCommand, rightsCommand, retentionCommand, notificationCommand, dutiesCommand, membershipCommand, attestCommand, mailboxCommand, openCommand, readerCommand, acknowledgeCommand, returnCommand, recallCommand, releaseCommand, statusCommand, verifyCommand, verifyReaderCommand, registerCommand, witnessCommand, evidenceCommand, agreementsCommand, enrolCommand, doctorCommand, domainCommand, mailCommand, coordinatorCommand, authorityCommand, directoryCommand, partiesCommand, listCommand, staffCommand, configCommand, healthCommand, queueCommand, backupCommand, disposalCommand, brokerCommand, webhookCommand, eventsCommand];

/** Runs `waybill` with these arguments and says with which exit code it ended (`exit-codes.ts`). Never throws. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exit: number = EXIT_CODES.done.code;
  const setting: Setting = { io, ended: (code) => (exit = code) };
  const program = new Command('waybill')
    .description('Shares what is known of a person at risk with those who may and must know it, and with nobody else.')
    .addHelpText('after', `\nExit codes:\n${Object.values(EXIT_CODES).map(({ code, says }) => `  ${String(code).padStart(2)}  ${says}`).join('\n')}\n`);
  for (const make of COMMANDS) program.addCommand(make(setting));
  quietly(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done.code : EXIT_CODES.usage.code;
    throw error;
  }
}

/** Each command by itself: settings are inherited by those only that a command makes. */
function quietly(command: Command, io: Io): void {
  command.exitOverride().configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  for (const each of command.commands) quietly(each, io);
}
