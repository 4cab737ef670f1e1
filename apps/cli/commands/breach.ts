import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { type BreachDescription, listBreaches, readBreach, reportBreach, stateOfBreach } from '#client/breaches';
import { regulatorReport } from '#client/regulator-report';
import { BREACH_STATEMENT_KINDS, type BreachStatementKind } from '#protocol/breach';
import type { BreachItem, BreachTold } from '#protocol/breach-answers';
import { describeBreach, describeIncident, describeStatement } from '../breach-file';
import { atHome, command, type Common, group, running, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import { keepPrivate, readText } from '../files';
import type { Home } from '../home';
import type * as Operator from '../operator/incident';

// The database's library takes a second to load: whoever reports a breach does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/incident') as typeof Operator;

type Regulator = Common & { account?: string; controller?: string; registration?: string; contact?: string; out?: string };

/** `waybill breach`: report a data breach, see who was told and the hours left, state what falls to you, tell the regulator. */
export function breachCommand(setting: Setting): Command {
  const text = (file: string, what: string): string => readText(resolve(setting.io.cwd, file), what);
  return group('breach', 'Report a data breach, work the case, tell the regulator. If someone is in danger ring 999 first.')
    .addCommand(atHome('report', 'Report a breach. Everybody who must be told at once has been told when this returns.', 'waybill breach report breach.yaml')
      .argument('<file>', 'YAML; docs/cli.md describes it. Its first question is whether anyone could come to harm')
      .action((file: string, options: Common) => runningAtHome(setting, options, (home) => reporting(home, describeBreach(text(file, 'Name the report’s file.'), home.file)))))
    .addCommand(atHome('drill', 'Try who is told and how soon: a notice marked as an exercise, with no clock. `breach show` says who has read it.', 'waybill breach drill breach.yaml')
      .argument('<file>', 'a report’s file')
      .action((file: string, options: Common) => runningAtHome(setting, options, (home) => reporting(home, { ...describeBreach(text(file, 'Name the report’s file.'), home.file), exercise: true }))))
    .addCommand(atHome('list', 'Your cases, the newest first, with the hours that you have left.', 'waybill breach list --open')
      .option('--open', 'only those that are not closed')
      .action((options: Common & { open?: boolean }) => runningAtHome(setting, options, ({ partner }) => listed(listBreaches(partner, { open: options.open ?? false }), line, 'There are none.'))))
    .addCommand(atHome('show', 'One case: who was told when and whether it was read, each controller’s own clock, what was stated. Looking is no reading.', 'waybill breach show 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11')
      .argument('<case>')
      .action((id: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const told = await readBreach(partner, id);
        return { ending: 'done', data: told, text: shown(told) };
      })))
    .addCommand(atHome('state', 'State something about a case, signed.', 'waybill breach state CASE read\nwaybill breach state CASE threshold threshold.yaml')
      .argument('<case>').addArgument(new Argument('<kind>').choices(Object.keys(BREACH_STATEMENT_KINDS))).argument('[file]', 'YAML with what belongs to it; docs/cli.md says what')
      .action((id: string, kind: BreachStatementKind, file: string | undefined, options: Common) => runningAtHome(setting, options, async ({ partner, file: home }) => {
        const { state } = await stateOfBreach(partner, id, kind, file === undefined ? { role: home.role ?? 'practitioner' } : describeStatement(text(file, 'Name the file of what you state.'), home));
        return { ending: 'done', data: { breach: id, kind, state }, text: `${kind} is on record: the case is ${state}.` };
      })))
    .addCommand(atHome('regulator', 'Compose the report to the regulator, here, from the record and from words that you put in.', 'waybill breach regulator CASE --account account.txt --out report')
      .argument('<case>').option('--account <file>', 'what happened in words, as you opened it').option('--controller <name>').option('--registration <number>').option('--contact <who>', 'data protection officer: whom the regulator rings')
      .option('--out <folder>', 'where report.md is written, for you alone to read')
      .action((id: string, options: Regulator) => runningAtHome(setting, options, (home) => composing(setting, home, id, { ...options, ...(options.account !== undefined && { account: text(options.account, 'Name the account’s file.') }) }))))
    .addCommand(command('incident', 'As an operator: tell every controller under every agreement that the gateway itself was breached (WAYBILL_DATABASE_*, WAYBILL_ORIGIN, WAYBILL_AGREEMENTS).', 'waybill breach incident incident.yaml\nwaybill breach incident more.yaml --phase-of 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11')
      .argument('<file>', 'YAML; docs/runbook.md shows one').option('--phase-of <incident>', 'more is known of one that was told before')
      .action((file: string, options: Common & { phaseOf?: string }) => running(setting, options, async () => {
        const reported = describeIncident(text(file, 'Name the incident’s file.'));
        return options.phaseOf === undefined ? operator().tellIncident(setting.io, reported) : operator().tellPhase(setting.io, options.phaseOf, reported);
      })));
}

async function reporting({ partner }: Home, described: BreachDescription): Promise<Result> {
  const told = await reportBreach(partner, described);
  return { ending: 'done', data: told, text: shown(told) };
}

async function composing({ io }: Setting, { partner }: Home, id: string, { out, ...narrative }: Regulator): Promise<Result> {
  const text = regulatorReport(await readBreach(partner, id), partner.agency, narrative);
  if (out === undefined) return { ending: 'done', data: { report: text }, text };
  keepPrivate(resolve(io.cwd, out), { 'report.md': text });
  return { ending: 'done', data: { written: 'report.md' }, text: `Written to ${out}/report.md. Read it before you send it.` };
}

const left = ({ dueAt, hoursLeft }: { dueAt?: string; hoursLeft?: number }): string => (dueAt === undefined ? '' : hoursLeft === 0 ? `  OVERDUE since ${dueAt}` : `  ${hoursLeft} hours left, until ${dueAt}`);
const line = (item: BreachItem): string => `${item.breach}  ${item.state}  ${item.exercise ? 'EXERCISE ' : item.nearMiss ? 'near miss, ' : ''}${item.type}, reported by ${item.reporter ?? 'the gateway'}${left(item)}`;

const shown = (told: BreachTold): string => [
  line(told),
  ...(told.ring === undefined ? [] : [`  ${told.ring}`]),
  ...told.notices.flatMap(({ wave, agency, contact, toldAt, readAt, telephone, mails = [] }) => [
    `  ${wave.padEnd(10)} ${agency}${contact ? `/${contact}` : ''}, told ${toldAt}, ${readAt ? `read ${readAt}` : `NOT READ${telephone ? `: ring ${telephone}` : ''}`}`,
    ...mails.map((mail) => `             mail to ${mail.contact}: ${mail.state}${mail.because ? ` (${mail.because})` : ''}${mail.at ? ` ${mail.at}` : ''}`),
  ]),
  ...told.parties.map((party) => `  ${party.agency}: ${party.parts.join(', ')}${party.reportedAt ? `; told the regulator ${party.reportedAt}` : left(party)}`),
  ...told.rules.map(({ rule, value, standsOn, ground }) => `  ${rule}: ${value || 'nobody'} (${standsOn}: ${ground})`),
  ...told.suspensions.map(({ by, beganAt, endsAt, endedAt, withoutWriting }) => `  SUSPENDED by ${by} from ${beganAt} to ${endedAt ?? endsAt}${withoutWriting.length > 0 ? `; nothing in writing went to ${withoutWriting.join(', ')}` : ''}`),
  ...told.statements.map(({ kind, agency, at }) => `  ${at}  ${agency}: ${kind}`),
].join('\n');
