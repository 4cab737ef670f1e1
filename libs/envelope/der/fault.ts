import type { PartCode, PartProblem } from '../cms-codes';

/** Ends a reading inside this room; whoever reads for the outside turns it into an answer. `detail` is a fixed sentence of ours. */
export class Fault extends Error {
  readonly problem: PartProblem;

  constructor(code: PartCode, detail?: string, about: Pick<PartProblem, 'keyId' | 'cause'> = {}) {
    super(code);
    this.problem = { code, ...about, ...(detail === undefined ? {} : { detail }) };
  }
}

/** The value, or what was wrong with what was read. Other errors go on: they say something of us. */
export function faultOr<T>(read: () => T): { ok: true; value: T } | { ok: false; problem: PartProblem } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, problem: error.problem };
    throw error;
  }
}
