import { type Command, Option } from 'commander';
import { type AskedAs, listRequests, readRequest } from '#client/asking';
import type { RequestItem, RequestTold } from '#protocol/request-answers';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import type { Home } from '../home';

type Options = Common & { as: AskedAs; open?: boolean };

/** `waybill requests`: what we were asked, what we asked, and what became of it. */
export const requestsCommand = (setting: Setting): Command =>
  atHome('requests', 'List information requests, the most pressing first, or show one with all that came of it.', 'waybill requests --open\nwaybill requests --as requester\nwaybill requests 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11')
    .argument('[request]')
    .addOption(new Option('--as <side>', 'holder: what we were asked; requester: what we asked; reviewer: refusals that we look at; decider: what was escalated to us').choices(['holder', 'requester', 'reviewer', 'decider']).default('holder'))
    .option('--open', 'only those that are not closed')
    .action((request: string | undefined, options: Options) => runningAtHome(setting, options, (home) => (request === undefined ? listing(home, options) : showing(home, request))));

async function listing({ partner }: Home, { as, open }: Options): Promise<Result> {
  const items: RequestItem[] = [];
  for await (const item of listRequests(partner, { as, open: open ?? false })) items.push(item);
  return { ending: 'done', data: { items }, text: items.map(line).join('\n') };
}

async function showing({ partner }: Home, id: string): Promise<Result> {
  const told = await readRequest(partner, id);
  return { ending: 'done', data: { ...told }, text: [line(told), ...thread(told)].join('\n') };
}

const line = (item: RequestItem): string =>
  `${item.request}  ${item.lane.padEnd(9)}  ${item.state}${item.unansweredSince ? ` (unanswered since ${item.unansweredSince})` : ''}  ${item.requester.agency} asks ${addressed(item.holder)}: ${item.type}${item.dueAt ? `, by ${item.dueAt}` : ''}`;

const thread = ({ categories, statements }: RequestTold): string[] => [
  ...categories.map(({ category, answer, by, at }) => `  ${category}: ${answer ? `${answer}, ${at ?? ''} by ${by ?? ''}` : 'no answer yet'}`),
  ...statements.map(({ kind, agency, at }) => `  ${at}  ${agency}: ${kind}`),
];
