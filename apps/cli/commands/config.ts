import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CONFIG, type Origin, type ProcessSettings, readingOf } from '#platform/config';
import { isSecret } from '#platform/setting-kinds';
import { type SettingFault, told } from '#platform/settings-file';
import { KNOWN, PROCESS_NAMES, PROCESSES, type ProcessName } from '../../settings';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';

const ALL = 'all';

interface Options extends Common {
  process?: ProcessName | typeof ALL;
  at?: string[];
}

/** `waybill config`: looks at the settings of a process before it is started. */
export function configCommand(setting: Setting): Command {
  const config = group('config', 'Check the settings of a process, or show where they come from.');
  const ofProcess = () => new Option('--process <name>', `which process the file is for; without it the file's name says so (gateway.env), or else all`).choices([...PROCESS_NAMES, ALL]);
  config.addCommand(
    command('check', 'Check settings files and all that they name, without starting anything: each fault with its line and what to do.', 'waybill config check /etc/waybill/gateway.env')
      .argument('<files...>', 'files of NAME=value lines')
      .addOption(ofProcess())
      .option('--at <path=folder...>', 'what the process finds under PATH lies here in FOLDER, as /run/secrets=./secrets')
      .action((files: string[], options: Options) => running(setting, options, () => Promise.resolve(checking(setting.io, files, options)))),
  );
  config.addCommand(
    command('show', 'Show each setting of a process and where it comes from: file and line, environment, or default. Never a value.', 'waybill config show /etc/waybill/gateway.env')
      .argument('[file]', `the settings file (or ${CONFIG})`)
      .addOption(ofProcess())
      .action((file: string | undefined, options: Options) => running(setting, options, () => Promise.resolve(showing(setting.io, file, options)))),
  );
  return config;
}

function checking(io: Io, files: readonly string[], options: Options): Result {
  const find = finder(io, options.at ?? []);
  const checked = files.map((given) => {
    const processes = processesOf(given, options.process);
    const faults = processes.flatMap((process) => readingOf(process, { env: {}, file: resolve(io.cwd, given), known: KNOWN, find }).faults);
    return { file: given, processes: processes.map(({ name }) => name), faults: once(faults.map((fault) => (fault.at ? { ...fault, at: { ...fault.at, file: given } } : fault))) };
  });
  return {
    ending: checked.every(({ faults }) => faults.length === 0) ? 'done' : 'usage',
    data: { files: checked },
    text: checked.flatMap(({ file, processes, faults }) => [`${faults.length === 0 ? 'good' : 'BAD '}  ${file}  for ${processes.join(', ')}`, ...faults.map((fault) => `  ${told(fault)}`)]).join('\n'),
  };
}

function showing(io: Io, given: string | undefined, options: Options): Result {
  const file = given ?? io.env[CONFIG];
  const shown = processesOf(file ?? '', options.process).map((process) => {
    const { origins } = readingOf(process, { env: io.env, known: KNOWN, ...(file === undefined ? {} : { file: resolve(io.cwd, file) }) });
    return { process: process.name, settings: Object.entries(process.settings).map(([name, each]) => ({ name, set: where(origins.get(name)), secret: isSecret(each), says: each.says })) };
  });
  return {
    ending: 'done',
    data: { processes: shown },
    text: shown.map(({ process, settings }) => [process, ...settings.map(({ name, set, secret }) => `  ${name.padEnd(36)} ${set}${secret ? ', a secret' : ''}`)].join('\n')).join('\n\n'),
  };
}

const where = (origin: Origin | undefined): string => (origin?.from === 'file' ? `${basename(origin.at.file)}:${origin.at.line}` : origin?.from === 'nowhere' || !origin ? 'not set' : origin.from);

function processesOf(file: string, asked: Options['process']): readonly ProcessSettings[] {
  const named = basename(file).replace(/\.env$/, '') as ProcessName;
  const name = asked ?? (PROCESS_NAMES.includes(named) ? named : ALL);
  return name === ALL ? PROCESS_NAMES.map((each) => PROCESSES[each]) : [PROCESSES[name]];
}

/** A file that is for several processes would be told of the same fault by each. */
const once = (faults: readonly SettingFault[]): SettingFault[] => [...new Map(faults.map((fault) => [told(fault), fault])).values()];

function finder(io: Io, pairs: readonly string[]): (path: string) => string {
  const places = pairs.map((pair) => {
    const [path = '', folder = ''] = pair.split('=');
    if (!path.startsWith('/') || folder === '') throw new UsageError(['--at is written /path/of/the/process=folder/here'], 'For example --at /run/secrets=deploy/compose/secrets');
    return { path: path.replace(/\/$/, ''), folder: resolve(io.cwd, folder) };
  });
  return (path) => {
    const place = places.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    return place ? `${place.folder}${path.slice(place.path.length)}` : path;
  };
}
