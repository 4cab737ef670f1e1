import { Argument, type Command, Option } from 'commander';
import { ageingOfRequests, type AskedAs, listRequests } from '#client/asking';
import { nowOf } from '#client/partner';
import { type RequestSaid, type RequestStatementVerified, stateOfRequest, verifiedRequest } from '#client/stating';
import { REQUEST_STATEMENT_KINDS, type RequestStatementKind, TRIAGE_LEVELS, type TriageLevel } from '#protocol/request-statement';
import type { RequestItem, RequestTold } from '#protocol/request-answers';
import { ageingTable } from '#protocol/ageing';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import type { Home } from '../home';

type Options = Common & { as: AskedAs; open?: boolean };

/** `waybill requests`: what we were asked, what we asked, and what became of it. */
export const requestsCommand = (setting: Setting): Command =>
  atHome('requests', 'List information requests, the most pressing first, or show one with all that came of it.', 'waybill requests --open\nwaybill requests --as requester\nwaybill requests 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11')
    .argument('[request]')
    .addOption(new Option('--as <side>', 'holder: what we were asked; requester: what we asked; reviewer: refusals that we look at; decider: what was escalated to us').choices(['holder', 'requester', 'reviewer', 'decider']).default('holder'))
    .option('--open', 'only those that are not closed')
    .action((request: string | undefined, options: Options) => runningAtHome(setting, options, (home) => (request === undefined ? listed(listRequests(home.partner, { as: options.as, open: options.open ?? false }), line) : showing(home, request))));

/** What others stated is verified: it is shown with who signed it, or not at all. */
async function showing({ partner }: Home, id: string): Promise<Result> {
  const told = await verifiedRequest(partner, id);
  return { ending: 'done', data: { ...told }, text: [line(told), ...thread(told)].join('\n') };
}

/** `waybill ageing`: how long what we asked has been open, for each whom we asked: counts. */
export const ageingCommand = (setting: Setting): Command =>
  atHome('ageing', 'Show how long what you asked has been open, for each whom you asked and each lane. Counts alone.', 'waybill ageing\nwaybill ageing --csv > ageing.csv')
    .option('--csv', 'a table for a spreadsheet')
    .action(({ csv, ...options }: Common & { csv?: boolean }) => runningAtHome(setting, options, async ({ partner }) => {
      const report = await ageingOfRequests(partner);
      const lines = report.items.map(({ holder, lane, open, unanswered, oldestHours }) => `${holder.padEnd(28)}  ${lane.padEnd(9)}  ${open} open, ${unanswered} unanswered past their time, the oldest for ${oldestHours} hours`);
      return { ending: 'done', data: { ...report }, text: csv ? ageingTable(report).trimEnd() : lines.join('\n') || 'Nothing that you asked is open.' };
    }));

const line = (item: RequestItem): string =>
  `${item.request}  ${item.lane.padEnd(9)}  ${item.state}${item.unansweredSince ? ` (unanswered since ${item.unansweredSince})` : ''}  ${item.requester.agency} asks ${addressed(item.holder)}: ${item.type}${item.dueAt ? `, by ${item.dueAt}` : ''}`;

const thread = ({ categories, statements }: RequestTold): string[] => [
  ...categories.map(({ category, answer, by, at }) => `  ${category}: ${answer ? `${answer}, ${at ?? ''} by ${by ?? ''}` : 'no answer yet'}`),
  ...(statements as RequestStatementVerified[]).map(({ kind, agency, at, said }) => `  ${at}  ${agency}/${said.by.contact}, ${said.role}: ${[kind, said.outcome, said.level, said.reason].filter(Boolean).join(' ')} (signed)`),
];

interface Stating extends Common {
  role: string;
  outcome?: string;
  reason?: string;
  level?: TriageLevel;
  signal?: string[];
  on?: string;
  safety?: boolean;
  stage?: string;
  telephoneOf?: string;
  readBack?: boolean;
}

const more = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill state`: what a party says of an information request, signed, for everybody who may see the request. */
export const stateCommand = (setting: Setting): Command =>
  atHome('state', `State something about an information request, signed. ${Object.entries(REQUEST_STATEMENT_KINDS).map(([kind, says]) => `${kind}: ${says}`).join('; ')}.`, 'waybill state 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 scrutinised --role front-door-worker --outcome accepted\nwaybill state 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 escalated --role social-worker --reason child-not-safe --safety')
    .argument('<request>')
    .addArgument(new Argument('<kind>', 'what is stated').choices(Object.keys(REQUEST_STATEMENT_KINDS)))
    .requiredOption('--role <code>', 'role of the person who states it')
    .option('--outcome <code>', 'accepted, sent-back; upheld, not-upheld, commented; share, do-not-share; agreed, not-agreed')
    .option('--reason <code>', 'why it is sent back, found otherwise than its signs say, or escalated')
    .addOption(new Option('--level <level>', 'how pressing it is found').choices([...TRIAGE_LEVELS]))
    .option('--signal <code>', 'a sign by which it was found so; may stand several times', more)
    .option('--on <day>', 'day on which a refusal was talked over; YYYY-MM-DD')
    .option('--safety', 'it is necessary for the safety of a child')
    .option('--stage <n>', 'stage of the escalation')
    .option('--telephone-of <agency/contact>', 'whose view this is, that was given by telephone')
    .option('--read-back', 'it was read back to whoever gave it')
    .action((request: string, kind: RequestStatementKind, options: Stating) => runningAtHome(setting, options, async ({ partner }) => {
      const { state } = await stateOfRequest(partner, request, kind, saidBy(options, nowOf(partner)));
      return { ending: 'done', data: { request, kind, state }, text: `On record, signed: ${kind}. ${request} is ${state}.` };
    }));

function saidBy({ role, outcome, reason, level, signal, on, safety, stage, telephoneOf, readBack }: Stating, now: Date): RequestSaid {
  const [agency = '', contact = ''] = telephoneOf?.split('/') ?? [];
  return {
    role, ...(outcome !== undefined && { outcome }), ...(reason !== undefined && { reason }), ...(level && { level }), ...(signal && { signals: signal }), ...(on !== undefined && { on }), ...(safety && { necessaryForSafety: true }),
    ...(stage !== undefined && { stage: Number(stage) }), ...(telephoneOf !== undefined && { telephone: { of: { agency, contact }, readBack: readBack === true, at: now.toISOString() } }),
  };
}
