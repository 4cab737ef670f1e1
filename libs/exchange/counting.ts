import type { Tx } from '#platform/database';

/** Counts something of an agreement of which no row stays that could be counted: a code and an instant, and nobody's. Of an agreement that nobody serves nothing is counted. */
export const countOne = async (tx: Tx, { agreement, measure, codes, at }: { agreement: string; measure: 'refused-shares' | 'not-shared'; codes: readonly string[]; at: Date }): Promise<void> =>
  void (await tx.query('insert into waybill.agreement_count (agreement, measure, code, at) select $1, $2, unnest($3::text[]), $4 where exists (select from waybill.agreement_amendment where agreement = $1)', [agreement, measure, [...new Set(codes)], at]));
