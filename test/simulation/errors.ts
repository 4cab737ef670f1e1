/** What broke an invariant, with the sentence that it broke. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** A refusal, as a caller is told it. */
export class Refused extends Error {
  /** @param repeated given before, under the same key, and recorded then */
  constructor(readonly code: string, readonly repeated = false) {
    super(code);
  }
}
