import { type PartCode, PART_CODES } from '#envelope/cms-codes';
import { ClientRefusal, GatewayProblem, type Kind } from '#client/codes';
import { EnrolmentRefusal } from '#enrolment/codes';
import { Refusal } from '#platform/refusal';
import type { EmergencyTold } from '#protocol/answers';
import { sayEmergency } from './emergency';
import { EXIT_CODES, type Ending } from './exit-codes';
import { type Io, UsageError } from './io';

/** What a command comes to: one object for programs, sentences for people. */
export interface Result {
  ending: Ending;
  /** For `--json`. */
  data: object;
  /** For people, without the last newline. */
  text: string;
}

/** All of a list: a line for each item, or for people what is said where there is none. */
export async function listed<T>(list: AsyncIterable<T>, line: (item: T) => string, none = ''): Promise<Result> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return { ending: 'done', data: { items }, text: items.length === 0 ? none : items.map(line).join('\n') };
}

/** What stopped a share whose urgency is emergency: the number to ring is told whatever happens. */
export class StoppedInEmergency extends Error {
  override readonly name = 'StoppedInEmergency';

  constructor(override readonly cause: unknown, readonly emergency: EmergencyTold) {
    super('an emergency share did not go');
  }
}

interface Told {
  code: string;
  says: string;
  next: string;
  facts?: object;
  reasons?: readonly { code: string; says: string; next: string; clauses?: unknown; pointer?: string }[];
  instance?: string;
  retryAfter?: number;
  emergency?: EmergencyTold;
}

const ENDINGS: Record<Kind, Ending> = { usage: 'usage', clear: 'clear', refused: 'refused', trust: 'trust', unreachable: 'unreachable' };

/** Codes of the gateway that mean *wait* rather than *no*. */
const WAITS = new Set(['TRANSFER_HELD', 'UNDECIDED']);

export function finish(io: Io, result: Result, { json }: { json?: boolean }): number {
  const { code: exit } = EXIT_CODES[result.ending];
  io.out(json ? `${JSON.stringify({ exit, ...result.data }, undefined, 2)}\n` : result.text === '' ? '' : `${result.text}\n`);
  return exit;
}

/** Tells what went wrong, with the code and the next step, on stderr; with `--json` as an object on stdout. Never a stack, a key or a word of content. */
export function fail(io: Io, error: unknown, { json }: { json?: boolean }): number {
  const urgent = error instanceof StoppedInEmergency ? error : undefined;
  const { ending, told } = explain(urgent ? urgent.cause : error);
  const emergency = told.emergency ?? urgent?.emergency;
  const { code: exit } = EXIT_CODES[ending];
  if (json) io.out(`${JSON.stringify({ exit, problem: told, ...(emergency ? { emergency } : {}) }, undefined, 2)}\n`);
  else {
    io.err(`${lines(told).join('\n')}\n`);
    if (emergency) sayEmergency(io, emergency);
  }
  return exit;
}

function explain(error: unknown): { ending: Ending; told: Told } {
  if (error instanceof UsageError) return { ending: 'usage', told: { code: 'USAGE', says: error.faults.join('\n  '), next: error.next } };
  if (error instanceof EnrolmentRefusal) {
    const { code, says, next, facts } = error;
    return { ending: ENDINGS[error.kind], told: { code, says, next, ...(Object.keys(facts).length > 0 ? { facts } : {}) } };
  }
  if (error instanceof Refusal) return { ending: 'refused', told: toldOf(error) };
  if (error instanceof Error && error.name === 'ConfigIncomplete') return { ending: 'usage', told: { code: 'USAGE', says: error.message, next: 'Set what is named, in the environment or in the file of WAYBILL_CONFIG.' } };
  if (error instanceof ClientRefusal) {
    const { code, says, next, facts, told } = error;
    return { ending: ENDINGS[error.kind], told: { code, says, next, ...(Object.keys(facts).length > 0 ? { facts } : {}), ...told } };
  }
  if (error instanceof GatewayProblem) {
    const { code, says, next, reasons, instance, retryAfter } = error;
    const ending = WAITS.has(code) ? 'waits' : 'refused';
    return { ending, told: { code, says, next, reasons, ...(instance === undefined ? {} : { instance }), ...(retryAfter === undefined ? {} : { retryAfter }) } };
  }
  const name = error instanceof Error ? error.name : 'unknown';
  const cause = (error as { code?: unknown } | undefined)?.code;
  return { ending: 'fault', told: { code: 'FAULT', says: `Something went wrong in this program (${name}${typeof cause === 'string' ? ` ${cause}` : ''}).`, next: 'Try again; if it stays, tell the maintainers the command without its arguments.' } };
}

/** What a room refused, by its own sentences. */
function toldOf(refusal: Refusal): Told {
  const reasons = refusal.reasons.map(({ code, says, next, facts }) => ({
    code, says: says ?? (code in PART_CODES ? PART_CODES[code as PartCode].says : 'The directory does not have it.'), next: next ?? (code in PART_CODES ? PART_CODES[code as PartCode].next : 'Look at waybill directory show.'),
    ...(facts ? { facts } : {}), clauses: facts?.['clauses'],
  }));
  const [first] = reasons as [(typeof reasons)[number]];
  return { ...first, reasons };
}

function lines({ code, says, next, facts, reasons = [], instance, retryAfter }: Told): string[] {
  const several = reasons.filter((reason) => reasons.length > 1 || reason.code !== code);
  return [
    `${code}: ${says}`,
    ...Object.entries(facts ?? {}).map(([name, value]) => `  ${name}: ${Array.isArray(value) ? value.join('\n    ') : String(value)}`),
    ...several.flatMap((reason) => [`  - ${reason.code}${Array.isArray(reason.clauses) && reason.clauses.length > 0 ? ` (${reason.clauses.join(', ')})` : ''}: ${reason.says}`, `    ${reason.next}`]),
    `Next: ${next}`,
    ...(retryAfter === undefined ? [] : [`Try again after ${retryAfter} seconds.`]),
    ...(instance === undefined ? [] : [`Reference of this answer: ${instance}`]),
  ];
}
