import type { Planned } from '#client/sharing';
import { unvouchedOf } from '#client/sharing';
import type { ReasonTold, Receipt } from '#protocol/answers';
import { addressed } from '#protocol/line';
import { emergency } from './emergency';

export interface Warning {
  code: string;
  says: string;
  next: string;
}

/** What should be looked at, though it stops nothing: keys that changed, recipients left out, what the agreement warns of. */
export function warningsOf(planned: Planned): Warning[] {
  const { answer, changes, draft, keys } = planned;
  return [
    ...answer.warnings.map(({ code, says, next }) => ({ code, says, next })),
    ...changes.map(({ agency, contact, fingerprint, before }) => ({
      code: 'KEY_CHANGED',
      says: `${agency}/${contact} has a key that you have not seen before: ${fingerprint}; before: ${before.join(', ')}. The co-ordinator vouches for it.`,
      next: 'If nobody announced a new key, ring the contact by a number that you know.',
    })),
    ...unvouchedOf(keys, answer, draft).map(({ agency, contact, because }) => ({
      code: 'KEY_NOT_VOUCHED', says: `${agency}/${contact} gets nothing: the co-ordinator does not vouch for its key (${because}).`, next: 'Ask the co-ordinator, by a number that you know, whose key this is.',
    })),
  ];
}

/** Every line with its decision, why, the clauses and what to do next. */
export function tellPlan(planned: Planned): { data: object; text: string; complete: boolean } {
  const { answer, draft, lines } = planned;
  const going = new Set(lines.map((line) => line.salt));
  const rows = draft.lines.map((line, i) => {
    const decided = answer.lines.find((each) => each.line === i);
    const goes = going.has(line.salt) || (line.about === 'alsoTold' && lines.some((each) => each.about === 'alsoTold' && addressed(each.recipient) === addressed(line.recipient)));
    return { recipient: addressed(line.recipient), what: line.part ?? line.about ?? '', goes, permitted: decided?.permitted ?? false, reasons: decided?.reasons ?? [] };
  });
  const drafts = new Set(draft.lines.map((line) => line.salt));
  const added = lines.filter((line) => line.about === 'alsoTold' && !drafts.has(line.salt) && !rows.some((row) => row.what === 'alsoTold' && row.recipient === addressed(line.recipient)));
  rows.push(...added.map((line) => ({ recipient: addressed(line.recipient), what: 'alsoTold', goes: true, permitted: true, reasons: [] })));
  const warnings = warningsOf(planned);
  const urgent = draft.manifest.urgency === 'emergency' ? { emergency: answer.emergency ?? emergency([]) } : {};
  return {
    data: { dryRun: true, outcome: answer.outcome, lines: rows, reasons: answer.reasons, warnings, ...urgent },
    text: [
      ...(urgent.emergency ? [`Ring ${urgent.emergency.ring}. ${urgent.emergency.says}`, ...urgent.emergency.frontDoors.map((door) => `  ${door.telephone}  ${door.agency}/${door.contact}`), ''] : []),
      answer.outcome === 'permitted' ? 'Would be permitted. Nothing was sealed and nothing was sent.' : 'Would be refused. Nothing was sealed and nothing was sent.',
      ...answer.reasons.flatMap(reasonLines),
      ...rows.flatMap((row) => [`${row.goes ? 'goes     ' : 'does not '} ${row.recipient}  ${row.what}`, ...row.reasons.flatMap(reasonLines)]),
      ...warnings.map(({ says, next }) => `Warning: ${says} ${next}`),
    ].join('\n'),
    complete: rows.every((row) => row.goes || row.what === 'alsoTold'),
  };
}

/** What there is to tell of a share besides its receipt, once it was planned: codes, and nothing of what is sealed. */
export interface Outlook {
  urgent: boolean;
  /** Whether every line that gives a part is on its way. */
  complete: boolean;
  warnings: Warning[];
  leftOut: { recipient: string; part: string; reasons: readonly ReasonTold[] }[];
}

export function outlookOf(planned: Planned): Outlook {
  const { draft, answer, lines } = planned;
  const going = new Set(lines.map(({ salt }) => salt));
  const leftOut = draft.lines.flatMap((line, i) => {
    const decided = answer.lines.find((each) => each.line === i);
    return line.part === undefined || going.has(line.salt) ? [] : [{ recipient: addressed(line.recipient), part: line.part, reasons: decided?.reasons ?? [] }];
  });
  const places = (of: readonly { recipient: { agency: string; contact: string }; part?: string }[]) => new Set(of.filter((line) => line.part !== undefined).map((line) => `${addressed(line.recipient)} ${line.part}`));
  return { urgent: draft.manifest.urgency === 'emergency', complete: places(draft.lines).size === places(lines).size, warnings: warningsOf(planned), leftOut };
}

export function tellReceipt(share: string, receipt: Receipt, { leftOut, warnings }: Outlook): { data: object; text: string } {
  return {
    data: { share, receipt, leftOut, warnings, ...(receipt.emergency ? { emergency: receipt.emergency } : {}) },
    text: [
      `Accepted ${receipt.acceptedAt}. Share ${share}`,
      ...receipt.transfers.map((transfer) => `  to ${addressed(transfer.recipient)}, ${transfer.lane}; its controller will be ${transfer.controller.name}. Transfer ${transfer.transfer}`),
      ...leftOut.flatMap(({ recipient, part, reasons }) => [`  NOT to ${recipient}: ${part}`, ...reasons.flatMap(reasonLines)]),
      ...receipt.struckOff.flatMap((struck) => [`  NOT to ${addressed(struck.recipient)}: ${struck.parts.join(', ')}`, ...struck.reasons.flatMap(reasonLines)]),
      `Look what became of it: waybill status ${share}`,
    ].join('\n'),
  };
}

/** The only time that they are seen: the command keeps none. */
export const passphrasesTold = (passphrases: ReadonlyMap<string, string>): string => [
  ...[...passphrases].map(([recipient, words]) => `Passphrase for ${recipient}:  ${words}\n`),
  'Write it down: it is shown once and kept nowhere. Wait until the recipient asks for it; tell it by telephone, to a number of the directory, and never by mail. Then: waybill release\n',
].join('');

export const reasonLines = ({ code, clauses, says, next }: ReasonTold): string[] => [`    ${code}${clauses.length > 0 ? ` (${clauses.join(', ')})` : ''}: not met: ${says}`, `    Next: ${next}`];
