import type { Line } from '#protocol/line';
import { compiled, faultsOf } from './loading/faults';
import { type ProfileError, readYaml } from './loading/yaml';
import type { Context } from './decision';
import type { Party } from './parties';

export const CASES_FORMAT = 'waybill-cases/1';

/** A small world and one share in it that is permitted. Each case is a change to it. What the wire needs and no rule reads is filled in. */
export interface World extends Context {
  at: string;
  sender: string;
  manifest: Record<string, unknown>;
  lines: Partial<Line>[];
  parties: Record<string, Party>;
}

export interface Expected {
  outcome: 'permitted' | 'refused' | 'activated' | 'not-activated';
  /** Codes, in any order; absent: none. */
  reasons?: string[];
  warnings?: string[];
  /** By `agency/contact`, or `agency/contact part-1` and `agency/contact subject` for a line. */
  struckOff?: Record<string, string[]>;
  /** Exactly these recipients; of each transfer, at least what stands here. */
  transfers?: Record<string, Record<string, unknown>>;
  /** Controllers that are told at once that nobody waited for them, each with the ground; absent: none. */
  tells?: Record<string, string>;
}

export interface Case {
  name: string;
  /** Row of the clause catalogue that it shows. */
  clause: string;
  /** Code of the rule that it shows, met or unmet; absent: it shows what goes with a share, or that something is not asked. */
  rule?: string;
  /** Asks whether this agency could be activated, rather than whether the share may go. */
  activate?: string;
  /** JSON pointer into the world → value; `null` removes, `/-` at the end of an array appends. What its start changes stands before its own. */
  change?: Record<string, unknown>;
  expect: Expected;
  /** Line of the file. */
  line: number;
}

export interface Cases {
  file: string;
  world: World;
  cases: Case[];
}

/** As it stands in the file: `from` names a start, changes that several examples have in common. */
type Written = Omit<Case, 'line'> & { from?: string };

const codes = { type: 'array', items: { type: 'string' }, minItems: 1 };
const validate = compiled(() => ({
  type: 'object',
  additionalProperties: false,
  required: ['format', 'world', 'cases'],
  properties: {
    format: { const: CASES_FORMAT },
    world: {
      type: 'object',
      additionalProperties: false,
      required: ['at', 'sender', 'manifest', 'lines', 'parties'],
      properties: { at: { type: 'string' }, sender: { type: 'string' }, manifest: { type: 'object' }, lines: { type: 'array', items: { type: 'object' } }, parties: { type: 'object' }, previous: { type: 'object' }, request: { type: 'object' }, breach: { type: 'object' }, suspensions: { type: 'array', items: { type: 'object' } }, meeting: { type: 'object' }, route: { type: 'object' } },
    },
    starts: { type: 'object', additionalProperties: { type: 'object' } },
    cases: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'clause', 'expect'],
        properties: {
          name: { type: 'string', minLength: 1 },
          clause: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{2}$' },
          rule: { type: 'string', pattern: '^[A-Z0-9_]+$' },
          activate: { type: 'string' },
          from: { type: 'string' },
          change: { type: 'object' },
          expect: {
            type: 'object',
            additionalProperties: false,
            required: ['outcome'],
            properties: {
              outcome: { enum: ['permitted', 'refused', 'activated', 'not-activated'] },
              reasons: codes,
              warnings: codes,
              struckOff: { type: 'object', additionalProperties: codes },
              transfers: { type: 'object', additionalProperties: { type: 'object' } },
              tells: { type: 'object', additionalProperties: { type: 'string' } },
            },
          },
        },
      },
    },
  },
}));

/** Reads the examples of a profile. */
export function readCases({ file, text }: { file: string; text: string }): { ok: true; cases: Cases } | { ok: false; errors: ProfileError[] } {
  const reading = readYaml(file, text);
  const errors = [...reading.errors];
  if (errors.length === 0) errors.push(...faultsOf(validate, file, reading));
  if (errors.length > 0) return { ok: false, errors };
  const { world, cases, starts = {} } = reading.value as { world: World; cases: Written[]; starts?: Record<string, Record<string, unknown>> };
  const nowhere = cases.flatMap(({ from }, i) => (from === undefined || Object.hasOwn(starts, from) ? [] : [{ file, line: reading.lineOf(['cases', i, 'from']), reason: `there is no start \`${from}\`` }]));
  if (nowhere.length > 0) return { ok: false, errors: nowhere };
  const started = ({ from, ...each }: Written, i: number): Case => ({ ...each, ...(from !== undefined && { change: { ...starts[from], ...each.change } }), line: reading.lineOf(['cases', i]) });
  return { ok: true, cases: { file, world, cases: cases.map(started) } };
}
