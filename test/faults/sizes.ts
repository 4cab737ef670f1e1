/** How much of a fault each row goes through: in CI, and at full size (`npm run faults:full`). */
export const SIZES = {
  killing: { ci: { kills: 60, submits: 600 }, full: { kills: 1_000, submits: 10_000 } },
  clock: { ci: { duties: 200, kills: 6 }, full: { duties: 5_000, kills: 100 } },
  brokerParted: { ci: { times: 3, submits: 150 }, full: { times: 42, submits: 4_000 } },
  brokerGone: { ci: { seconds: 8, limit: 60 }, full: { seconds: 60, limit: 2_000 } },
  database: { ci: { crashes: 4, submits: 200 }, full: { crashes: 60, submits: 6_000 } },
  disk: { ci: { fillings: 1, submits: 120 }, full: { fillings: 5, submits: 2_000 } },
  slow: { ci: { transfers: 150 }, full: { transfers: 3_000 } },
  otherBody: { ci: { runs: 15 }, full: { runs: 500 } },
  duplicates: { ci: { transfers: 120 }, full: { transfers: 5_000 } },
  rotation: { ci: { seconds: 22 }, full: { seconds: 600 } },
  revocation: { ci: { shares: 40 }, full: { shares: 1_000 } },
} as const;

export const FULL = process.env['WAYBILL_FAULTS'] === 'full';

export function sizeOf<R extends keyof typeof SIZES>(row: R): (typeof SIZES)[R]['ci' | 'full'] {
  const size = SIZES[row][FULL ? 'full' : 'ci'];
  // A run between the two sizes, for a machine and an hour that are what they are: WAYBILL_FAULTS_SHARE=0.2.
  const share = Number(process.env['WAYBILL_FAULTS_SHARE'] ?? 1);
  return Object.fromEntries(Object.entries(size).map(([name, value]) => [name, Math.max(1, Math.round(value * share))])) as (typeof SIZES)[R]['ci' | 'full'];
}

/** How long a row may take. Alone on two cores the longest takes two minutes; on a machine of others' ten times that was seen. Full sizes have no hurry. */
export const PATIENCE_MS = FULL ? 3 * 3_600_000 : 1_800_000;
