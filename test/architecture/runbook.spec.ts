import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse } from 'yaml';
import { COMMANDS } from '../../apps/cli/run';
import { SECTIONS as OF_EVENTS, eventsIn, unexplained } from '../../deploy/scripts/generate/log-events';
import { SECTIONS as OF_METRICS } from '../../deploy/scripts/generate/metrics';

const GUIDES = ['docs/runbook.md', 'docs/deployment.md', 'docs/configuration.md'];
const text = (file: string): string => readFileSync(file, 'utf8');

test('every line that a process can log is told, with what to do about it', () => {
  expect(unexplained()).toEqual([]);
});

test('an event is found whatever its level, and one that is computed by its shape', () => {
  expect(eventsIn('x.ts', "log.write(status >= 500 ? 'error' : 'info', 'request.refused', {});\nlog.write('error', `relay.${round.name}`);")).toEqual([
    { event: 'request.refused', levels: ['error', 'info'], file: 'x.ts' }, { event: 'relay.*', levels: ['error'], file: 'x.ts' },
  ]);
});

test('every alarm and every event that asks something of an operator leads to a section of the runbook', () => {
  const anchors = new Set([...text('docs/runbook.md').matchAll(/<a id="([a-z-]+)"><\/a>/g)].map(([, id]) => id));
  expect([...new Set([...OF_EVENTS, ...OF_METRICS])].filter((section) => !anchors.has(section))).toEqual([]);
  expect(anchors.size).toBeGreaterThan(15);
});

/** Lines of a guide's code, with what is between backticks in its prose. */
const commandsIn = (guide: string): string[] => {
  const blocks = [...guide.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  const prose = [...guide.replaceAll(/```[^]*?```/g, '').matchAll(/`((?:npm run|waybill) [^`]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...prose].map((line) => line.replace(/\s+#.*$/, '').trim()).filter(Boolean);
};

/** The command that a line names, with the options that it must have; undefined when there is none. */
function unknown(line: string): string | undefined {
  const words = line.split(/\s+/);
  const at = words.findIndex((word) => word === 'waybill');
  if (at === -1 || (at > 0 && !['sudo', 'exec', 'run', '-s'].includes(words[at - 1] ?? ''))) return undefined;
  let here: Command = new Command();
  for (const make of COMMANDS) here.addCommand(make({ io: undefined as never, ended: () => undefined }));
  let depth = 0;
  const given = words.slice(at + 1).filter((word) => word !== '--');
  for (const word of given) {
    const next = here.commands.find((each) => each.name() === word);
    if (!next) break;
    here = next;
    depth++;
  }
  if (depth === 0 || here.commands.length > 0) return `${line}: there is no such command`;
  const options = given.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
  const missing = options.find((option) => !here.options.some(({ long }) => long === option));
  return missing && `${line}: it has no option ${missing}`;
}

test.each(GUIDES)('every command that %s tells somebody to run exists', (file) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const commands = commandsIn(text(file));
  expect(commands.length).toBeGreaterThan(1);
  expect(commands.flatMap((line) => unknown(line) ?? [])).toEqual([]);
  const run = commands.flatMap((line) => [...line.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name = '']) => name));
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});

test('a command that is not there, and an option that it does not have, are found', () => {
  expect(unknown('waybill config check x.env --at /a=b')).toBeUndefined();
  expect(unknown('sudo waybill frobnicate')).toMatch(/no such command/);
  expect(unknown('waybill config')).toMatch(/no such command/);
  expect(unknown('waybill config check x --frobnicate')).toMatch(/no option --frobnicate/);
});

test('every path, unit and metric that the runbook names is there', () => {
  const runbook = text('docs/runbook.md');
  const metrics = text('docs/metrics.md');
  const named = [...runbook.matchAll(/`(waybill_[a-z_]+)[`{]/g)].map(([, name = '']) => name).filter((name) => !/^waybill_(owner|gateway|courier|relay|registrar|disposal|operator)$/.test(name));
  expect(named.filter((name) => !metrics.includes(`\`${name}\``))).toEqual([]);
  const events = text('docs/log-events.md');
  const logged = [...runbook.matchAll(/`((?:process|relay|register|message|queue|log|request|server|broker)\.[a-z-]+)`/g)].map(([, name = '']) => name);
  expect(logged.filter((event) => ![event, event.replace(/\..*/, '.*')].some((each) => events.includes(`\`${each}\``)))).toEqual([]);
});

test('the alarms are rules that Prometheus can load: each once, with an expression whose brackets close, over metrics that there are', () => {
  const { groups } = parse(text('deploy/prometheus/alarms.yaml')) as { groups: { rules: { alert: string; expr: string; annotations: { summary: string; runbook: string } }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(10);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  const metrics = text('docs/metrics.md');
  for (const { expr, annotations } of rules) {
    for (const [open, close] of ['()', '{}', '[]'] as const) expect([expr, expr.split(open as string).length]).toEqual([expr, expr.split(close as string).length]);
    for (const [name] of expr.matchAll(/waybill_[a-z_]+/g)) expect(metrics).toContain(`\`${name.replace(/_count$/, '')}\``);
    expect(annotations.runbook).toMatch(/^docs\/runbook\.md#[a-z-]+$/);
  }
});
