import { resolve } from 'node:path';
import type { Command } from 'commander';
import { callMeeting, listMeetings, type MeetingSaid, readMeeting, stateOfMeeting } from '#client/meetings';
import { addressed, type Address } from '#protocol/line';
import { MEETING_STATEMENT_KINDS, type MeetingStatementKind } from '#protocol/meeting';
import type { MeetingItem, MeetingTold, PersonTold } from '#protocol/meeting-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed } from '../ending';
import { readText } from '../files';
import { UsageError } from '../io';

type Call = Common & { role: string; kind: string; chair: string; on: string; invite: string[]; joint?: boolean; notification?: string };
type State = Common & { role: string; for?: string; deputy?: string; details?: 'shared' | 'objects'; terms?: string; recipients?: string[]; purpose?: string; words?: string };

/** `waybill meeting`: who is invited and why, who was there, and what may become of the notes. */
export function meetingCommand(setting: Setting): Command {
  const command = group('meeting', 'Meetings of an agreement: called with a reason for each who is invited, signed in, and their notes kept to those who were there.');
  command.addCommand(
    atHome('call', 'Call a meeting. Its notes are shares with `threads: { meeting: … }`.', 'waybill meeting call our-agreement 2026-01 --kind practice-review --chair merebrook-council/front-door --on 2026-02-03 --invite st-brigid-primary/safeguarding-lead=holds-information kingfisher-families/casework=must-know --role coordinator')
      .argument('<agreement>').argument('<version>').requiredOption('--kind <code>', 'what kind of meeting').requiredOption('--chair <agency/contact>', 'who chairs it').requiredOption('--on <day>', 'its day')
      .requiredOption('--invite <agency/contact=reason...>', 'who is invited, and why').requiredOption('--role <code>', 'role of whoever calls it').option('--joint', 'whoever is there becomes joint controller').option('--notification <id>', 'the notification about a provider from which it is opened')
      .action((id: string, version: string, options: Call) => runningAtHome(setting, options, async ({ partner }) => {
        const invited = options.invite.map((each) => {
          const [to = '', reason = ''] = each.split('=');
          return { ...addressOf(to), reason };
        });
        const { role, kind, on, joint = false, notification } = options;
        const told = await callMeeting(partner, { agreement: { id, version }, role, kind, on, joint, chair: addressOf(options.chair), invited, ...(notification !== undefined && { notification }) });
        return { ending: 'done', data: told, text: `Called.\n${shown(told)}` };
      })),
  );
  command.addCommand(
    atHome('state', 'State something of a meeting, signed. Of a sign-in --words holds name and contact details, sealed to whoever administers it.', 'waybill meeting state 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 signed-in --role social-worker --details shared --words me.txt\nwaybill meeting state 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 reuse-agreed --role meeting-chair --recipients kingfisher-families --purpose learning')
      .argument('<meeting>').argument('<kind>', MEETING_STATEMENT_KINDS.join(', ')).requiredOption('--role <code>', 'role of whoever says so')
      .option('--for <agency/contact>', 'of a deputy: for whom').option('--deputy <agency/contact>', 'who comes instead').option('--details <code>', 'of a sign-in: shared, or objects where your contact details are not to be shown to the others')
      .option('--terms <sha256>', 'of terms of confidentiality and indemnity').option('--recipients <agencies...>', 'who may use the notes').option('--purpose <code>', 'for which purpose').option('--words <file>', 'words, sealed before they leave')
      .action((meeting: string, kind: string, options: State) => runningAtHome(setting, options, async ({ partner }) => {
        if (!MEETING_STATEMENT_KINDS.includes(kind as MeetingStatementKind)) throw new UsageError([`the kind must be one of ${MEETING_STATEMENT_KINDS.join(', ')}`], 'See `waybill meeting state --help`.');
        const { home: _home, json: _json, for: invited, deputy, words, ...said } = options;
        const told = await stateOfMeeting(partner, meeting, {
          kind: kind as MeetingStatementKind, ...said, ...(invited !== undefined && { for: addressOf(invited) }), ...(deputy !== undefined && { deputy: addressOf(deputy) }), ...(words !== undefined && { words: readText(resolve(setting.io.cwd, words), 'Name a text file.') }),
        } as MeetingSaid);
        return { ending: 'done', data: told, text: `Stated: ${kind}.\n${shown(told)}` };
      })),
  );
  command.addCommand(
    atHome('list', 'Meetings in which you have a part, the oldest first.', 'waybill meeting list').action((options: Common) => runningAtHome(setting, options, ({ partner }) => listed(listMeetings(partner), line, 'There is none.'))),
  );
  command.addCommand(
    atHome('show', 'One meeting: who is invited and why, who signed in, and what was stated.', 'waybill meeting show 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55').argument('<meeting>')
      .action((meeting: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const told = await readMeeting(partner, meeting);
        return { ending: 'done', data: told, text: shown(told) };
      })),
  );
  return command;
}

/** @throws UsageError */
function addressOf(text: string): Address {
  const [agency = '', contact = '', ...more] = text.split('/');
  if (agency === '' || contact === '' || more.length > 0) throw new UsageError([`${text} is no agency/contact`], 'Write it as merebrook-council/front-door.');
  return { agency, contact };
}

const line = ({ meeting, agreement, kind, on, chair, confidentialityStated }: MeetingItem): string => `${meeting}  ${on}  ${agreement.id}: ${kind}, chaired by ${addressed(chair)}${confidentialityStated ? '' : '; the statement of confidentiality is not on record'}`;
const person = ({ agency, contact, reason, items, deputisesFor, signedAt }: PersonTold): string =>
  `  ${agency}${contact === undefined ? '' : `/${contact}`}  ${reason}${items ? `, for ${items.join(', ')} alone` : ''}${deputisesFor === undefined ? '' : `, in the place of ${deputisesFor}`}  ${signedAt === undefined ? 'has not signed' : `signed ${signedAt}`}`;
const shown = (told: MeetingTold): string => [line(told), ...told.people.map(person), ...told.statements.map(({ kind, agency, at }) => `  ${at}  ${agency}: ${kind}`), `  ${told.notice}`].join('\n');
