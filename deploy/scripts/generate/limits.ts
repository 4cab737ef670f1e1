import { globSync } from 'node:fs';
import { DUTIES } from '#exchange/duties';
import { type Limit, LIMITS } from '#protocol/limits';
import { code, document, table } from './markdown';
import { type Constant, constantsOf, type Quantity } from './source';

type Unit = Limit['unit'] | 'months' | 'bits' | 'connections';

interface Elsewhere {
  file: string;
  name: string;
  unit: Unit;
  /** What it limits, where its name alone does not say. */
  what: string;
  /** Why, where the comment above the constant does not say. */
  because?: string;
}

/** Limits, timeouts and sizes that are one room's own, not the wire's. Value and reason are read where they stand. */
const ELSEWHERE: Readonly<Record<string, readonly Elsewhere[]>> = {
  Queue: [
    { file: 'libs/queue/message.ts', name: 'DELIVERY_LIMIT', unit: 'items', what: 'hand-overs of one message' },
    { file: 'libs/queue/message.ts', name: 'RETRY_AFTER_MS', unit: 'milliseconds', what: 'pause before each further hand-over', because: 'a passing fault has mostly passed in half a second; one that has not is given a minute' },
    { file: 'libs/queue/postgres-transport.ts', name: 'BATCH', unit: 'items', what: 'messages taken at once' },
    { file: 'libs/queue/postgres-transport.ts', name: 'HANDS', unit: 'items', what: 'messages worked on at once', because: 'a few more than the courier has connections to the database, so that none idles' },
    { file: 'libs/queue/postgres-transport.ts', name: 'LEASE_MS', unit: 'milliseconds', what: 'how long a message is lent to a consumer' },
    { file: 'libs/queue/postgres-transport.ts', name: 'POLL_MS', unit: 'milliseconds', what: 'longest pause between looks at the queue' },
  ],
  Exchange: [
    { file: 'libs/exchange/collision.ts', name: 'ATTEMPTS', unit: 'items', what: 'times that one transaction is tried' },
    { file: 'libs/exchange/head.ts', name: 'FAULTS_TOLD', unit: 'items', what: 'faults told of one manifest' },
    { file: 'libs/exchange/upkeep.ts', name: 'BATCH', unit: 'items', what: 'rows of upkeep in one transaction' },
    { file: 'libs/exchange/upkeep.ts', name: 'REBUILD_AFTER_MS', unit: 'milliseconds', what: 'age at which a waiting transfer without a message gets a new one' },
  ],
  Relay: [
    { file: 'apps/relay/relay.ts', name: 'INTEGRATION_BATCH', unit: 'items', what: 'register entries integrated at once', because: 'a second’s worth of entries at full load, in one commit' },
  ],
  Register: [
    { file: 'libs/register/entry.ts', name: 'LARGEST_ENTRY', unit: 'octets', what: 'one entry' },
    { file: 'libs/register/promise.ts', name: 'INTEGRATION_LIMIT_S', unit: 'seconds', what: 'time within which an entry is promised its place' },
    { file: 'libs/register/integration.ts', name: 'MOST_LOGS', unit: 'items', what: 'logs in one batch' },
    { file: 'libs/register/note.ts', name: 'MOST_SIGNATURES', unit: 'items', what: 'signatures under one checkpoint' },
    { file: 'libs/register/note.ts', name: 'LONGEST', unit: 'octets', what: 'one checkpoint with its signatures', because: 'room for as many signatures as are allowed, each post-quantum' },
    { file: 'libs/register/export.ts', name: 'LONGEST_LINE', unit: 'octets', what: 'one line of an export' },
    { file: 'libs/register/log-check.ts', name: 'MOST_FINDINGS', unit: 'items', what: 'findings told of one export' },
    { file: 'libs/register/export-verification.ts', name: 'TOLERANCE_MS', unit: 'milliseconds', what: 'disorder of recorded times that is no finding' },
  ],
  Envelope: [
    { file: 'libs/envelope/certificates.ts', name: 'LARGEST', unit: 'octets', what: 'one certificate', because: 'a key with years of subkeys is a tenth of it' },
    { file: 'libs/envelope/keys/shape.ts', name: 'MOST_PACKETS', unit: 'items', what: 'packets of one certificate' },
    { file: 'libs/envelope/keys/strength.ts', name: 'RSA_BITS', unit: 'bits', what: 'least RSA key' },
    { file: 'libs/envelope/keys/verification.ts', name: 'AHEAD_MS', unit: 'milliseconds', what: 'how far ahead a signature may be dated' },
    { file: 'libs/envelope/key-statement.ts', name: 'LARGEST', unit: 'octets', what: 'one key statement', because: 'six members of codes, fingerprint and days are a few hundred octets' },
    { file: 'libs/envelope/signatures.ts', name: 'LARGEST', unit: 'octets', what: 'one detached signature', because: 'RSA with 4,096 bits and its subpackets, armored, is under 2 KB' },
    { file: 'libs/envelope/packets/walk.ts', name: 'LARGEST_WRAPPED_KEY', unit: 'octets', what: 'one wrapped session key' },
    { file: 'libs/envelope/provenance.ts', name: 'LONGEST', unit: 'octets', what: 'one provenance', because: 'it travels as a header, and servers take 8 KB of headers' },
    { file: 'libs/envelope/provenance.ts', name: 'MOST_LISTED', unit: 'items', what: 'digests listed one by one in a provenance' },
    { file: 'libs/envelope/provenance/shape.ts', name: 'MOST_TEXT', unit: 'octets', what: 'one claim of a provenance', because: 'codes, ids and origins are shorter' },
    { file: 'libs/envelope/opening.ts', name: 'LARGEST', unit: 'octets', what: 'one part opened by the client' },
    { file: 'libs/envelope/authority.ts', name: 'RSA_BITS', unit: 'bits', what: 'TLS keys that are issued' },
    { file: 'libs/envelope/authority.ts', name: 'CLOCK_TOLERANCE_MS', unit: 'milliseconds', what: 'how far back a certificate is dated' },
  ],
  'Platform, directory and edge': [
    { file: 'libs/platform/database.ts', name: 'POOL_SIZE', unit: 'connections', what: 'to the database' },
    { file: 'libs/platform/database.ts', name: 'STATEMENT_TIMEOUT_MS', unit: 'milliseconds', what: 'one statement' },
    { file: 'libs/platform/embedded-postgres.ts', name: 'START_TIMEOUT_MS', unit: 'milliseconds', what: 'start of the embedded PostgreSQL' },
    { file: 'libs/platform/migrate.ts', name: 'PARTITION_MONTHS', unit: 'months', what: 'register partitions prepared' },
    { file: 'apps/gateway/problem.filter.ts', name: 'RETRY_AFTER_S', unit: 'seconds', what: 'what Retry-After says when nothing was decided' },
    { file: 'libs/directory/directory.ts', name: 'CACHE_SIZE', unit: 'items', what: 'parsed certificates kept in memory', because: 'a partnership several times over; parsing one takes a third of a millisecond' },
  ],
  Client: [
    { file: 'libs/client/drafting.ts', name: 'LARGEST_PART', unit: 'octets', what: 'one part sealed by the client' },
    { file: 'libs/client/connection.ts', name: 'LARGEST_ANSWER', unit: 'octets', what: 'one answer that is not a part' },
    { file: 'libs/client/problem.ts', name: 'LARGEST', unit: 'octets', what: 'one problem', because: 'a hundred reasons are a tenth of it' },
    { file: 'libs/client/times.ts', name: 'TRY_AGAIN_AFTER', unit: 'milliseconds', what: 'pause before each further try' },
  ],
};

/** A constant of one of these names is a limit: not one may stand outside the table. */
const LIMITING = /(_MS|_S|_LIMIT|^BATCH|_BATCH|^ATTEMPTS|^HANDS)$|^(LARGEST|LONGEST|MOST)(_|$)/;
/** Sizes of a format, which nobody can set: RFC 9580. */
const OF_A_FORMAT = new Set(['libs/envelope/packets/sealed-data.ts LARGEST_CHUNK_OCTET', 'libs/register/entry-fields.ts MOST']);

/** Limits in the sources that the table does not know, as `file NAME`. */
export function unlisted(): string[] {
  const listed = new Set(Object.values(ELSEWHERE).flat().map(({ file, name }) => `${file} ${name}`));
  return globSync(['libs/**/*.ts', 'apps/{gateway,courier,relay}/**/*.ts'], { exclude: ['**/*.spec.ts'] }).sort().flatMap((file) =>
    [...constantsOf(file)].filter(([name, { value }]) => value !== undefined && LIMITING.test(name)).map(([name]) => `${file} ${name}`))
    .filter((name) => !listed.has(name) && !OF_A_FORMAT.has(name));
}

/** @throws Error when a constant that the table names is gone, or has no reason anywhere */
export function describeLimits(): string {
  return document(
    '# Limits, timeouts and sizes',
    'Written by `npm run generate` from the places where they stand; never edited by hand.',
    '## The wire',
    'Two independent implementers must do these alike. They stand in `libs/protocol/limits.ts`.',
    table(['Limit', 'Value', 'Because'], Object.entries(LIMITS).map(([name, { value, unit, because }]) => [code(name), amount(value, unit), because])),
    '## Reminders',
    'After how long who is reminded of what, by lane; the last is when it is due. An agreement may say otherwise for routine shares.',
    table(['Duty', 'Owner', 'Says', 'Breach', 'Emergency', 'Urgent', 'Routine'], Object.entries(DUTIES).map(([kind, { owner, says, steps }]) =>
      [code(kind), owner, says, ...[steps.breach, steps.emergency, steps.urgent, steps.routine].map((lane) => amount(lane, 'milliseconds'))])),
    '## Each room’s own',
    ...Object.entries(ELSEWHERE).flatMap(([room, limits]) => [`### ${room}`, table(['Limit', 'Value', 'Because', 'Stands in'], limits.map(row))]),
  );
}

function row({ file, name, unit, what, because }: Elsewhere): string[] {
  const { value, says } = constantsOf(file).get(name) ?? ({ value: undefined, says: '' } satisfies Constant);
  if (value === undefined) throw new Error(`${file} has no number ${name}: correct the table in limits.ts`);
  const reason = because ?? says;
  if (reason === '') throw new Error(`${name} in ${file} has no reason: write one above it`);
  return [what, amount(value, unit), reason, `${code(name)} in ${code(file)}`];
}

function amount(value: Quantity, unit: Unit): string {
  if (typeof value === 'number') return one(value, unit);
  if (Array.isArray(value)) return value.map((each: number) => one(each, unit)).join(', ');
  return Object.entries(value).map(([name, each]) => `${name} ${one(each as number, unit)}`).join(', ');
}

const SCALES: Partial<Record<Unit, readonly (readonly [number, string])[]>> = {
  octets: [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']],
  milliseconds: [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's'], [1, 'ms']],
  seconds: [[3_600, 'h'], [60, 'min'], [1, 's']],
};

/** The largest scale of which it is a whole multiple. */
function one(value: number, unit: Unit): string {
  const [size, name] = SCALES[unit]?.find(([size]) => value >= size && value % size === 0) ?? [1, unit === 'items' ? '' : unit];
  return `${(value / size).toLocaleString('en-GB')} ${name}`.trim();
}
