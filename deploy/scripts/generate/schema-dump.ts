import type { Catalogue, Grant, Policy, Table } from './catalogue';

const HEADER = `-- The schema as PostgreSQL has it after all migrations. Written from its catalogue by \`npm run generate\`, for reading and review;
-- a database is made by the migrations, never by this file. Left out: the monthly partitions entry_*_YYYY_MM and their
-- defaults entry_*_default, which depend on the day of migration and have no rights, policies or triggers of their own;
-- NOT NULL constraints, which stand with their columns; the owner, which is whoever ran the migrations.`;

/** The whole schema as text, the same for the same migrations whenever and wherever they ran. */
export function dumpSchema({ roles, schemas, tables, functions, others }: Catalogue): string {
  return [
    HEADER,
    section('Roles', roles.map(({ name, attributes, memberOf }) => `role ${name}: ${[...attributes, ...memberOf.map((role) => `member of ${role}`)].join(', ')}`)),
    section('Of other kinds', others.map(({ kind, count }) => `-- ${kind}: ${count === 0 ? 'none' : count}`)),
    section('Schemas', schemas.flatMap(({ name, grants }) => [`schema ${name};`, ...grantsOf(`schema ${name}`, grants)])),
    ...functions.map(({ name, definition, grants }) => section(`Function ${name}`, [`${definition.trimEnd()};`, ...grantsOf(`function ${name}`, grants)])),
    ...tables.map(tableOf),
  ].join('\n\n') + '\n';
}

const section = (title: string, lines: readonly string[]): string => [`-- ${title}`, ...lines].join('\n');

function tableOf(table: Table): string {
  const name = `${table.schema}.${table.name}`;
  // A partition has its parent's columns and constraints.
  const inside = table.isPartition ? [] : [...table.columns.map((column) => `${column.name} ${column.definition}`), ...table.constraints.map((constraint) => `constraint ${constraint.name} ${constraint.definition}`)];
  return section(`Table ${name}`, [
    `create table ${name}${inside.length > 0 ? ` (\n${inside.map((line) => `  ${line}`).join(',\n')}\n)` : ''}${table.partitioned ? ` ${table.partitioned}` : ''};`,
    ...table.indexes.map((index) => `${index};`),
    ...table.triggers.map((trigger) => `${trigger};`),
    ...(table.rowSecurity ? [`alter table ${name} enable row level security;`] : []),
    ...(table.forced ? [`alter table ${name} force row level security;`] : []),
    ...table.policies.map((policy) => policyOf(name, policy)),
    ...grantsOf(name, table.grants),
  ]);
}

function policyOf(table: string, { name, permissive, command, roles, using, check }: Policy): string {
  const clauses = [`for ${command}`, `to ${roles.join(', ')}`, ...(using === null ? [] : [`using (${flat(using)})`]), ...(check === null ? [] : [`with check (${flat(check)})`])];
  return `create policy ${name} on ${table}${permissive ? '' : ' as restrictive'} ${clauses.join(' ')};`;
}

/** One line a role: its privileges on the whole, then those on single columns. */
export function grantsOf(object: string, grants: readonly Grant[]): string[] {
  return [...new Set(grants.map(({ to }) => to))].map((to) => {
    const own = grants.filter((grant) => grant.to === to).map(({ privilege, column }) => (column === undefined ? privilege : `${privilege} (${column})`));
    return `grant ${own.sort().join(', ')} on ${object} to ${to};`;
  });
}

/** PostgreSQL breaks a predicate over lines; one line is easier to compare. The outer brackets are its own. */
export const flat = (predicate: string): string => predicate.replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')').replace(/^\((.*)\)$/, (whole, inner: string) => (balanced(inner) ? inner : whole));

function balanced(text: string): boolean {
  let open = 0;
  for (const letter of text) {
    if (letter === '(') open++;
    if (letter === ')' && --open < 0) return false;
  }
  return open === 0;
}
