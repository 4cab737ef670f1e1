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
  'SU-05': [{ file: 'libs/partnership/disruptions.ts', find: '      if (handler) found += await', replace: '      if (handler && found < 0) found += await' }],
  'CH-08': [{ file: 'libs/platform/database.ts', find: '    refuseClear(address);\n', replace: '' }],
  'CH-10': [{ file: 'libs/platform/log.ts', find: 'if (fits) out[name]', replace: 'if (fits || true) out[name]' }],
  'CH-13': [{ file: 'libs/queue/consumer.ts', find: '      if (first) await setAside(tx, transfer, outcome.park);\n', replace: '' }],
  'RC-02': [{ file: 'libs/exchange/statements.ts', find: "        { kind: 'share-received', controller: recipient, at, fields: { ...common, from: transfer.sender, ...copy, receivedAt: statement.at, ...passOn } },\n", replace: '' }],
  'RC-08': [{ file: 'libs/exchange/operations.ts', find: 'if (missing.length > 0) throw', replace: 'if (missing.length > 99) throw' }],
  'PD-17': [{ file: 'libs/directory/registrar.ts', find: "      await this.record(tx, row.controller, this.rooms.clock.now(), 'processor-instructed', fields);\n", replace: '' }],
  'RC-12': [{ file: 'deploy/database/migrations/0005_row_security.sql', find: 'create policy own_register on waybill.entry for select to waybill_gateway using (controller = waybill.controller());', replace: 'create policy own_register on waybill.entry for select to waybill_gateway using (true);' }],
  'RT-14': [{ file: 'libs/exchange/upkeep.ts', find: "        await tx.query('delete from waybill.line where transfer = $1', [transfer.id]);\n", replace: '' }],
  'RC-04': [{ file: 'libs/policy/conditions/hub.ts', find: '(isDesk(agreement, contact) && hubController({ agreement, parties })?.controller) || party.controller', replace: 'party.controller' }],
  'DS-07': [{ file: 'libs/policy/not-sharing.ts', find: 'stated.safetyConsidered === true', replace: 'stated !== undefined' }],
  'MN-06': [
    { file: 'libs/policy/not-sharing.ts', find: 'met: (facts) => unknownCode(facts) === undefined,', replace: 'met: () => true,' },
    { file: 'libs/policy/not-sharing.ts', find: 'met: ({ stated }) => !hidesIdentifier(stated.reference),', replace: 'met: ({ stated }) => stated !== undefined || !hidesIdentifier(stated),' },
  ],
  'RQ-13': [{ file: 'libs/policy/not-sharing.ts', find: 'met: (facts) => !compelled(facts) || ', replace: 'met: (facts) => !compelled(facts) || true || ' }],
  'CH-03': [
    { file: 'libs/policy/channel.ts', find: "if (equals(channel, strongest) || preference === undefined", replace: "if (equals(channel, strongest) || preference !== 'any-admitted'" },
    { file: 'libs/policy/channel.ts', find: 'rank(question, a) - rank(question, b)', replace: 'rank(question, b) - rank(question, a)' },
  ],
  'CH-04': [
    { file: 'libs/policy/channel.ts', find: '(channelOf(verdict.channel).lastResort && ', replace: '(!channelOf(verdict.channel).lastResort && ' },
    { file: 'libs/policy/channels/obstacles.ts', find: "  channel === 'mail-container' && (term(", replace: "  channel === 'mail-container' || (term(" },
  ],
  'CH-06': [
    { file: 'libs/policy/channels/obstacles.ts', find: '!sensitive || channelOf(channel)', replace: 'sensitive || !sensitive || channelOf(channel)' },
    { file: 'libs/policy/channels/obstacles.ts', find: 'domain?.lapsed !== true && holdsTls(', replace: 'domain?.lapsed !== true || holdsTls(' },
  ],
  'OC-07': [{ file: 'libs/policy/deciding/trial.ts', find: 'by === undefined || (by ===', replace: '(by === undefined && route === undefined) || (by ===' }],
  'OC-10': [{ file: 'libs/exchange/disclosures.ts', find: "        ...recipients.map((recipient) => ({ kind: 'disclosure-announced' as const, controller: recipient.copyController, at, fields: announced(stated, recipient, { ...common, from: asker }) })),\n", replace: '' }],
  'PD-21': [{ file: 'libs/policy/grounds.ts', find: "if (condition.warns || standing.on === 'default')", replace: 'if (condition.warns)' }],
  'LB-07': [{ file: 'libs/exchange/entries.ts', find: '    legalGateway: manifest.legalGateway && code(manifest.legalGateway),\n', replace: '' }],
  'LB-08': [{ file: 'libs/exchange/entries.ts', find: '    legalGateway: manifest.legalGateway && code(manifest.legalGateway),\n', replace: '' }],
  'LB-11': [{ file: 'libs/client/mailbox.ts', find: "if (limits === 'acknowledged' || ", replace: "if (limits !== 'acknowledged' || " }],
  // Asked for where it is not, and not where it is.
  'LB-09': [{
    file: 'libs/policy/conditions/consent.ts',
    find: "clauses: ['LB-09'], on: 'share', term: 'law.consentStance', pointer: '/consent', nicety: true,\n    applies: (agreement) => stance(agreement) === 'seek-first',",
    replace: "clauses: ['LB-01'], on: 'share', term: 'law.consentStance', pointer: '/consent', nicety: true,\n    applies: (agreement) => stance(agreement) !== 'seek-first',",
  }],
  'DS-06': [{ file: 'libs/policy/deciding/transfers.ts', find: 'lane: laneOf(facts.share)', replace: "lane: 'routine'" }],
};
