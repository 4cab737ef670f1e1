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
  'CH-08': [{ file: 'libs/platform/database.ts', find: '    refuseClear(address);\n', replace: '' }],
  'CH-10': [{ file: 'libs/platform/log.ts', find: 'if (fits) out[name]', replace: 'if (fits || true) out[name]' }],
  'CH-13': [{ file: 'libs/queue/postgres-transport.ts', find: '      await this.options.setAside(row.transfer, outcome.park);\n', replace: '' }],
  'RC-02': [{ file: 'libs/exchange/statements.ts', find: "        { kind: 'share-received', controller: recipient, at, fields: { ...common, from: transfer.sender, copyController: recipient, receivedAt: statement.at } },\n", replace: '' }],
  'RC-12': [{ file: 'deploy/database/migrations/0005_row_security.sql', find: 'create policy own_register on waybill.entry for select to waybill_gateway using (controller = waybill.controller());', replace: 'create policy own_register on waybill.entry for select to waybill_gateway using (true);' }],
  'RT-14': [{ file: 'libs/exchange/upkeep.ts', find: "        await tx.query('delete from waybill.line where transfer = $1', [transfer.id]);\n", replace: '' }],
  'RC-04': [{ file: 'libs/policy/deciding/transfers.ts', find: '(hub && hubController(recipient)?.controller) || party.controller', replace: 'party.controller' }],
};
