/** What one reason of a refusal says to a program and to a person. Never a name, an address or content. */
export interface RefusalReason {
  code: string;
  /** RFC 6901, into the manifest, the plan or the statement that was sent. */
  pointer?: string;
  /** What to do next, where the table of problems does not already say it. */
  next?: string;
  says?: string;
  /** Facts of the refusal in codes, ids and numbers: `cause`, `recipient`, `keyId`, `part`, `clauses`. */
  facts?: Record<string, string | number | readonly string[]>;
}

/**
 * The one way in which a room tells the edge that something asked of it will not be done.
 * All reasons are told at once: who mends one should not learn of the next by trying again.
 */
export class Refusal extends Error {
  readonly reasons: readonly RefusalReason[];

  constructor(reasons: RefusalReason | readonly RefusalReason[]) {
    const all = Array.isArray(reasons) ? (reasons as readonly RefusalReason[]) : [reasons as RefusalReason];
    super(all.map((reason) => reason.code).join(' '));
    this.name = 'Refusal';
    this.reasons = all;
  }

  get code(): string {
    return this.reasons[0]?.code ?? 'REFUSED';
  }
}

/** Nothing was decided and nothing of it stands: what was asked for may be asked again in a moment. */
export class Undecided extends Error {
  /** @param retryAfter seconds, where more than a moment is meant */
  constructor(because: string, readonly retryAfter?: number) {
    super(because);
    this.name = 'Undecided';
  }
}
