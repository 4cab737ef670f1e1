import { CONFIG, type Setting } from '#platform/config';
import { isSecret } from '#platform/setting-kinds';
import { OPERATOR } from '../../../apps/cli/settings';
import { PROCESSES } from '../../../apps/settings';
import { code, document, table } from './markdown';

const HOLDS: Record<NonNullable<Setting['holds']>, string> = {
  password: 'one line', 'private-key': 'private key (PEM)', 'ed25519-private-key': 'Ed25519 private key (PEM)', 'ed25519-public-key': 'Ed25519 public key (PEM)', certificate: 'certificates (PEM)',
};

/** Every setting of every process. */
export function describeConfiguration(): string {
  return document(
    '# Configuration',
    'Written by `npm run generate` from `apps/settings.ts`; never edited by hand.',
    `A process reads its environment and, where ${code(CONFIG)} names one, a settings file: ${code('NAME=value')} lines, as systemd and compose take them too. What stands in the environment wins. `
      + 'Quotes, backslashes, `$` and a comment behind a value are refused, because each of those readers takes them otherwise; a name that no process has, or that is set twice, is refused as well. '
      + 'Secrets are never values: a setting names the file, which nobody but the process may read (a group may: so systemd hands a credential over).',
    'Before a start, and after each change:',
    '```sh\nwaybill config check /etc/waybill/gateway.env\nwaybill config show /etc/waybill/gateway.env\n```',
    'The first judges everything, and all that the file names, without starting anything: each fault with its line and what to do about it. A process judges the same when it starts, and exits with 78. '
      + 'The second shows where each setting comes from, and never a value. The file’s name says for which process it is; `--process` says it otherwise.',
    ...Object.entries({ ...PROCESSES, 'operator’s commands': OPERATOR }).flatMap(([name, { says, settings }]) => [
      `## ${name}`, `${says[0]?.toUpperCase()}${says.slice(1)}.`,
      table(['Setting', 'Is', 'Given as', 'Without it', 'For example'], Object.entries(settings as Readonly<Record<string, Setting>>).map(([setting, each]) => [code(setting), each.says, givenAs(each), without(each), code(each.example)])),
    ]),
  );
}

function givenAs(setting: Setting): string {
  const { kind, holds, writable } = setting;
  if (kind === 'file') return `path of a file${holds ? `: ${HOLDS[holds]}` : ''}${isSecret(setting) ? '. **Secret**' : ''}`;
  if (kind === 'folder') return `path of a folder${writable ? ' that can be written to' : ''}`;
  return kind;
}

const without = ({ otherwise, optional }: Setting): string => (otherwise === undefined ? (optional ? 'it is left out' : 'no start') : code(otherwise));
