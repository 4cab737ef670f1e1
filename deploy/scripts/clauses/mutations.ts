/** One place in the sources whose change takes away what a clause asks for. */
export interface Mutation {
  file: string;
  /** Stands exactly once in the file. */
  find: string;
  replace: string;
}

/**
 * What to break for a row that no condition of the policy room enforces by itself, by row. A row that conditions enforce needs no
 * entry: they name their rows, and all that name it are taken away. An entry here is applied as well.
 */
export const MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  'RC-04': [{ file: 'libs/policy/deciding/transfers.ts', find: '(hub && hubController(recipient)?.controller) || party.controller', replace: 'party.controller' }],
};
