export interface Limit {
  readonly value: number;
  readonly unit: 'octets' | 'items' | 'levels' | 'seconds' | 'milliseconds' | 'hours' | 'days' | 'per minute' | 'connections';
  readonly because: string;
}

/** Every limit of the wire in one place. `docs/limits.md` is written from it. */
export const LIMITS = {
  manifest: { value: 256 * 1024, unit: 'octets', because: 'wire: a manifest holds codes and digests; 256 KB is four thousand lines' },
  signature: { value: 16 * 1024, unit: 'octets', because: 'one detached signature, RSA-4096 with subpackets, armored, is under 2 KB' },
  lines: { value: 1024 * 1024, unit: 'octets', because: 'all lines are held in memory while the share is decided' },
  lineCount: { value: 1_000, unit: 'items', because: 'ninety-nine parts to ten recipients; more is a circulation, not a share' },
  lineDigests: { value: 3_500, unit: 'items', because: 'lineCount and padding, within the manifest limit' },
  recipients: { value: 50, unit: 'items', because: 'need-to-know: a share to more than fifty is a circulation' },
  parts: { value: 99, unit: 'items', because: 'the part name grammar ends at part-99' },
  part: { value: 1024 * 1024 * 1024, unit: 'octets', because: 'design: streaming to 1 GB' },
  addressees: { value: 200, unit: 'items', because: 'fifty recipients with rotation and team keys' },
  depth: { value: 8, unit: 'levels', because: 'wire: JSON depth at most 8' },
  json: { value: 64 * 1024, unit: 'octets', because: 'a plan or a statement; larger is not one' },
  words: { value: 256 * 1024, unit: 'octets', because: 'reasons in words, sealed: fifty pages of them; what is longer is the file itself' },
  disclosureLines: { value: 200, unit: 'items', because: 'what is told on one call or lies in one envelope: a share has more because it has more recipients' },
  plan: { value: 1024 * 1024, unit: 'octets', because: 'a plan holds the lines that a share will hold' },
  askedCategories: { value: 32, unit: 'items', because: 'twice the categories of the vocabulary: each is asked once, and answered for itself' },
  rightsItems: { value: 200, unit: 'items', because: 'the shares about one person that one agency holds; each is answered for itself, in one signed statement' },
  breachShares: { value: 64, unit: 'items', because: 'more is a breach of a system, reported as one, with the rest in the sealed account' },
  breachCodes: { value: 17, unit: 'items', because: 'as many categories of data as the regulator’s form has' },
  createdAhead: { value: 300, unit: 'seconds', because: 'wire: clock tolerance' },
  createdOld: { value: 24 * 3600, unit: 'seconds', because: 'wire: replay window' },
  pageSize: { value: 100, unit: 'items', because: 'a screenful several times over; keeps one answer under a megabyte' },
  multipartParts: { value: 102, unit: 'items', because: 'manifest, signature, lines and ninety-nine parts' },
  multipartHeader: { value: 8 * 1024, unit: 'octets', because: 'a form part needs two header lines' },
  uploadIdle: { value: 30_000, unit: 'milliseconds', because: 'a sender that stalls half a minute has gone; the spool is freed' },
  headersTimeout: { value: 10_000, unit: 'milliseconds', because: 'request headers are a kilobyte; slower is an attack' },
  uploadTotal: { value: 30 * 60_000, unit: 'milliseconds', because: '1 GB at 5 Mbit/s' },
  uploads: { value: 16, unit: 'items', because: 'a share of large parts has a few at once; more that nobody finishes are somebody’s fault' },
  uploadOctets: { value: 8 * 1024 * 1024 * 1024, unit: 'octets', because: 'eight of the largest parts on their way in from one agency: what waits to be submitted takes room from everybody' },
  uploadKept: { value: 24, unit: 'hours', because: 'as long as its manifest could be sent; what nobody goes on with is not kept longer' },
  drain: { value: 5_000, unit: 'milliseconds', because: 'a shutdown serves who is being served; the same upload again is never a second one' },
  malformedPerMinute: { value: 10, unit: 'per minute', because: 'wire: beyond ten a minute malformed uploads become one counted entry' },
  inlineEnvelope: { value: 256 * 1024, unit: 'octets', because: 'wire: the queue carries the sealed envelope inline up to 256 KB' },
  chunk: { value: 1024 * 1024, unit: 'octets', because: 'one row of ciphertext: large enough to be quick, small enough to stream' },
  webhookOverlap: { value: 24, unit: 'hours', because: 'a working day to enter the new secret of a webhook everywhere' },
  pushKept: { value: 30, unit: 'days', because: 'long enough to see why an endpoint was not told; what matters of it stands in the register' },
  idempotencyDays: { value: 30, unit: 'days', because: 'wire: an Idempotency-Key is kept 30 days' },
} as const satisfies Record<string, Limit>;
