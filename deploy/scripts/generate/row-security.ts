import type { Catalogue, Policy, Table } from './catalogue';
import { code, document, table as markdownTable } from './markdown';
import { ACROSS_CONTROLLERS, WITHOUT_ROW_SECURITY } from './row-reasons';
import { flat } from './schema-dump';

/** One policy as it bears on one role: only the commands for which the role has the right at all. */
export interface Right {
  table: string;
  role: string;
  commands: string[];
  policy: string;
  using: string | undefined;
  check: string | undefined;
  /** Whether a predicate that counts names neither the asking agency nor its controller. */
  across: boolean;
}

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const;
/** `acts_for`: the asking agency, or the senders of the group that is being committed (0007_group_commit.sql). */
const ASKER = /\bwaybill\.((agency|controller)\(\)|acts_for\()/;

export const rightsOf = ({ tables }: Catalogue): Right[] =>
  tables.filter(({ schema }) => schema === 'waybill').flatMap((table) => table.policies.flatMap((policy) => policy.roles.map((role) => rightOf(table, policy, role))));

function rightOf(table: Table, policy: Policy, role: string): Right {
  const granted = (command: string): boolean => table.grants.some((grant) => grant.to === role && grant.privilege === command);
  const commands = COMMANDS.filter((command) => (policy.command === 'all' || policy.command === command) && granted(command));
  const reads = commands.some((command) => command !== 'insert');
  const writes = commands.some((command) => command === 'insert' || command === 'update');
  const using = reads && policy.using !== null ? flat(policy.using) : undefined;
  // Without a check of its own, what a policy shows is what may be written.
  const check = writes ? flat(policy.check ?? policy.using ?? '') : undefined;
  return { table: table.name, role, commands, policy: policy.name, using, check, across: [using, check].some((predicate) => predicate !== undefined && !ASKER.test(predicate)) };
}

/** What has no reason, or a reason for nothing: each a sentence that says what to do. */
export function unreasoned(catalogue: Catalogue): string[] {
  const across = new Set(rightsOf(catalogue).filter((right) => right.across).map(nameOf));
  const open = new Set(catalogue.tables.filter(({ schema, forced }) => schema === 'waybill' && !forced).map(({ name }) => name));
  const covers = (exempt: string, name: string): boolean => (exempt.endsWith('*') ? name.startsWith(exempt.slice(0, -1)) : name === exempt);
  return [
    ...[...across].filter((name) => !(name in ACROSS_CONTROLLERS)).map((name) => `the policy ${name} names neither agency nor controller: say why in row-reasons.ts, or bound it`),
    ...Object.keys(ACROSS_CONTROLLERS).filter((name) => !across.has(name)).map((name) => `row-reasons.ts gives a reason for ${name}, which does not reach across controllers`),
    ...[...open].filter((name) => !Object.keys(WITHOUT_ROW_SECURITY).some((exempt) => covers(exempt, name))).map((name) => `the table ${name} has no forced row security: say why in row-reasons.ts, or force it`),
    ...Object.keys(WITHOUT_ROW_SECURITY).filter((exempt) => ![...open].some((name) => covers(exempt, name))).map((exempt) => `row-reasons.ts gives a reason for ${exempt}, which has row security or is gone`),
  ];
}

const nameOf = ({ table, policy }: Right): string => `${table}.${policy}`;

/** @throws Error while something has no reason */
export function describeRowSecurity(catalogue: Catalogue): string {
  const wanting = unreasoned(catalogue);
  if (wanting.length > 0) throw new Error(wanting.join('\n'));
  const rights = rightsOf(catalogue).filter(({ commands }) => commands.length > 0).sort((a, b) => order(a).localeCompare(order(b), 'en'));
  const across = Map.groupBy(rights.filter((right) => right.across), nameOf);
  return document(
    '# Who sees which rows',
    'Written from the catalogue of a migrated database by `npm run generate`; never edited by hand. Row security is forced: an owner is held to it as well. '
      + '`waybill.agency()` and `waybill.controller()` are whoever asks, set for one transaction; unset they are null, and no row is seen. '
      + 'A policy adds nothing to a right: a role reaches a row only where it has both, and only the commands that it has are shown.',
    '## Policies',
    markdownTable(['Table', 'Role', 'Commands', 'Policy', 'Rows it reaches', 'Rows it may write'],
      rights.map((right) => [right.table, right.role, right.commands.join(', '), right.policy, predicate(right.using), predicate(right.check)])),
    '## Rights across controllers',
    'These name neither the asking agency nor its controller. Each says why it must be so.',
    markdownTable(['Table', 'Policy', 'Roles', 'Because'],
      [...across.values()].map((same) => [same[0]?.table ?? '', same[0]?.policy ?? '', same.map(({ role }) => role).join(', '), ACROSS_CONTROLLERS[nameOf(same[0] as Right)] ?? ''])),
    '## Tables without row security',
    markdownTable(['Table', 'Because'], Object.entries(WITHOUT_ROW_SECURITY).map(([name, because]) => [code(name), because])),
  );
}

const order = ({ table, role, policy }: Right): string => `${table} ${role} ${policy}`;
const predicate = (text: string | undefined): string => (text === undefined ? '' : code(text));
