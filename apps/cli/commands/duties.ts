import { type Command } from 'commander';
import { closeDuty, duties } from '#client/duties';
import type { DutyTold } from '#protocol/duties';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed } from '../ending';

/** `waybill duties`: what you have to do, by when, and saying that it is done. */
export function dutiesCommand(setting: Setting): Command {
  const command = group('duties', 'What your agency has to do, by when, and who has it.');
  command.addCommand(
    atHome('list', 'Show open duties, the soonest due first.', 'waybill duties list --role spoc')
      .option('--role <post>', 'only what this post has')
      .action((options: Common & { role?: string }) => runningAtHome(setting, options, ({ partner }) => listed(duties(partner, options), line, 'You have nothing to do.'))),
  );
  command.addCommand(
    atHome('close', 'Say that a duty is done, and what shows it. Most close by themselves when what they ask for is done.', 'waybill duties close 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --because shared-anew --shown-by 0198f7d1-2b3c-7d4e-8f50-617283940516 --by safeguarding-lead')
      .argument('<duty>').requiredOption('--because <code>', 'one of its closings').requiredOption('--by <contact>', 'who says so, of your own directory entry')
      .option('--shown-by <id>', 'your own share, decision or disclosure that shows it')
      .action((duty: string, { because, by, shownBy, ...options }: Common & { because: string; by: string; shownBy?: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const closed = await closeDuty(partner, duty, { because, by: { agency: partner.agency, contact: by }, ...(shownBy === undefined ? {} : { shownBy }) });
        return { ending: 'done', data: closed, text: `Closed ${closed.closedAt}: ${closed.because}. It stands in your register.` };
      })),
  );
  return command;
}

const line = ({ duty, kind, says, role, contact, lane, dueAt, overdue, reminders, closings }: DutyTold): string => [
  `${duty}  ${overdue ? 'OVERDUE since' : 'due'} ${dueAt}  ${lane}  ${kind}: ${says}`,
  `  with ${contact ?? (role === 'owner' ? 'you' : `the ${role}`)}${reminders > 0 ? `, reminded ${reminders} times` : ''}`,
  ...closings.map(({ because, says: closing, shows }) => `  close with ${because}: ${closing}${shows ? ` (--shown-by the ${shows})` : ''}`),
].join('\n');
