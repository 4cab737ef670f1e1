import { databaseInClear, DATABASE_SETTINGS, databaseOf, readConfig, type Settings } from '#platform/config';
import { Database } from '#platform/database';
import { readAgreements } from '#partnership/agreements';
import { fits } from '#register/entry-formats';
import { Register } from '#register/register';
import { EntriesDisposal, type MonthTold } from '#rights/entries-disposal';
import { type PassingClass, registerMonths } from '#rights/register-keeping';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';
import { withDirectory } from './opened';

/** What disposal is told: by the profiles it knows how long information is kept. */
const DISPOSAL_SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles', example: '/etc/waybill/agreements', kind: 'folder' },
} as const satisfies Settings;

/** Records what goes, under a role that can remove nothing. @throws ConfigIncomplete, UsageError when nobody answers */
export async function runDisposal(io: Io): Promise<Result> {
  const config = readConfig('disposal', DISPOSAL_SETTINGS, io.env, { together: [databaseInClear] });
  const database = await Database.open('disposal', databaseOf(config)).catch((error: unknown) => {
    throw new UsageError([`the database does not let us in as waybill_disposal (${String((error as { code?: unknown }).code ?? 'unknown')})`], 'Give the role a password as the others have, and name it in WAYBILL_DATABASE_PASSWORD_FILE.');
  });
  try {
    const months = await new EntriesDisposal({ database, register: new Register(), clock: { now: io.now } }, registerMonths(readAgreements(config.WAYBILL_AGREEMENTS).values())).run();
    return { ending: 'done', data: { months }, text: [...months.map(line), NEXT[nextOf(months)]].join('\n') };
  } finally {
    await database.close();
  }
}

const SAYS: Record<MonthTold['state'], (month: MonthTold) => string> = {
  needed: ({ neededFor = {} }) => `past its time, still needed: ${Object.entries(neededFor).map(([what, count]) => `${count} for a ${what}`).join(', ')}`,
  recorded: ({ entries }) => `${entries ?? 0} entries are recorded as disposed of; their registers have that in its place in a moment`,
  ready: ({ entries }) => `${entries ?? 0} entries are recorded as disposed of, and go`,
  gone: ({ entries, goneAt, octetsFreed }) => `${entries ?? 0} entries are gone since ${goneAt ?? ''}; ${octetsFreed ?? 0} octets of disk came back`,
};
const line = (month: MonthTold): string => `  ${month.class} ${month.month}, kept ${month.months} months: ${SAYS[month.state](month)}`;

const NEXT = {
  again: 'Run this again once the relay has run, then npm run migrate.',
  migrate: 'Run npm run migrate: it removes what is ready.',
  nothing: 'Nothing waits to be removed.',
} as const;
const nextOf = (months: readonly MonthTold[]): keyof typeof NEXT => (months.some(({ state }) => state === 'recorded') ? 'again' : months.some(({ state }) => state === 'ready') ? 'migrate' : 'nothing');

/** Enters a controller's rule, and records it. @throws UsageError */
export async function keepFor(io: Io, controller: string, { class: of, months, instruction }: { class: PassingClass; months: string; instruction?: string }): Promise<Result> {
  if (!/^[1-9][0-9]{0,3}$/.test(months) || Number(months) > MOST_MONTHS) throw new UsageError([`${months} is no number of months`], `Write 1 to ${MOST_MONTHS}.`);
  if (instruction !== undefined && !fits('reference', instruction)) throw new UsageError(['--instruction is no reference'], 'Write it in capitals and digits, such as DPA-2026-014.');
  await withDirectory(io, ({ database }) => database.transaction(async (tx) => {
    const [log]: object[] = await tx.query('select from waybill.log where controller = $1', [controller]);
    if (!log) throw new UsageError([`${controller} has no register here`], 'Name the controller as the directory has it: waybill directory show.');
    await tx.query(
      `insert into waybill.register_rule (controller, disposal_class, months, stated_at) values ($1, $2, $3, $4)
       on conflict (controller, disposal_class) do update set months = excluded.months, stated_at = excluded.stated_at`, [controller, of, Number(months), io.now()]);
    await new Register().record(tx, [{ kind: 'register-rule-stated', controller, at: io.now(), fields: { class: of, months: Number(months), instruction } }]);
  }));
  return { ending: 'done', data: { controller, class: of, months: Number(months) }, text: `Entries of class ${of} in the register of ${controller} are kept ${months} months.` };
}

/** A hundred years: longer than anybody lives of whom an entry tells. */
const MOST_MONTHS = 1_200;
