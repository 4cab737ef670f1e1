import { type Command, Option } from 'commander';
import { REPLAY_REASONS, type ReplayReason, SetAside } from '#exchange/replaying';
import { ConfigIncomplete, DATABASE_SETTINGS, databaseOf, readConfig } from '#platform/config';
import { Database } from '#platform/database';
import { isLane, LANES } from '#queue/lanes';
import type { LaneTold, Replayed } from '#queue/outbox';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { UsageError } from '../io';

interface Which extends Common {
  transfer?: string;
  lane?: string;
  all?: boolean;
  reason: ReplayReason;
}

/** `waybill queue`: what waits, what was set aside, and the way back. For whoever runs the house; told of ids and codes alone. */
export function queueCommand(setting: Setting): Command {
  const queue = group('queue', 'Show what waits on the queue, and take up again what was set aside. For the operator, with WAYBILL_DATABASE_* as the processes have it.');
  queue.addCommand(
    command('list', 'Show each lane: what waits, what a broker has, how old the oldest is, and what was set aside, with the reason.', 'waybill queue list')
      .action((options: Common) => running(setting, options, () => asOperator(setting, async (aside) => listed(await aside.lanes(), setting.io.now())))),
  );
  queue.addCommand(
    command('replay', 'Take up again what was set aside. The reason stands in the transfer’s timeline.', 'waybill queue replay --lane emergency --reason fault-mended')
      .addOption(new Option('--transfer <id>', 'this one').conflicts(['lane', 'all']))
      .addOption(new Option('--lane <lane>', 'all of a lane').choices(LANES).conflicts('all'))
      .option('--all', 'all of every lane')
      .addOption(new Option('--reason <code>', `why: ${Object.entries(REPLAY_REASONS).map(([code, says]) => `${code} (${says})`).join(', ')}`).choices(Object.keys(REPLAY_REASONS)).makeOptionMandatory())
      .action((options: Which) => running(setting, options, async () => {
        const which = whichOf(options);
        return asOperator(setting, async (aside) => replayed(await aside.replay(which, options.reason), options));
      })),
  );
  return queue;
}

async function asOperator(setting: Setting, work: (aside: SetAside) => Promise<Result>): Promise<Result> {
  const database = await Database.open('operator', addressOf(setting));
  try {
    return await work(new SetAside({ database, clock: { now: () => setting.io.now() } }));
  } finally {
    await database.close();
  }
}

function addressOf({ io }: Setting): ReturnType<typeof databaseOf> {
  try {
    return databaseOf(readConfig('operator', DATABASE_SETTINGS, io.env));
  } catch (error) {
    if (!(error instanceof ConfigIncomplete)) throw error;
    throw new UsageError(error.faults.map(({ says }) => says), 'Set WAYBILL_DATABASE_* as the processes have it, with the password of waybill_operator.');
  }
}

function whichOf({ transfer, lane, all }: Which): Replayed {
  if (transfer !== undefined) return { transfer };
  if (lane !== undefined && isLane(lane)) return { lane };
  if (all) return 'all';
  throw new UsageError(['which is not said'], 'Give --transfer, --lane or --all.');
}

function listed(lanes: readonly LaneTold[], now: Date): Result {
  return {
    ending: lanes.some(({ parked }) => parked.length > 0) ? 'waits' : 'done',
    data: { lanes },
    text: lanes.flatMap(({ lane, waiting, published, oldest, parked }) => [
      `${lane.padEnd(10)} ${String(waiting).padStart(7)} waiting  ${String(published).padStart(7)} published  ${String(parked.length).padStart(4)} set aside${oldest ? `  oldest ${age(oldest, now)}` : ''}`,
      ...parked.map(({ transfer, reason, since, attempts }) => `  ${transfer}  ${reason}  ${attempts} attempts${since ? `  for ${age(since, now)}` : ''}`),
    ]).join('\n'),
  };
}

const replayed = (transfers: readonly string[], { reason }: Which): Result => ({
  ending: 'done',
  data: { reason, transfers },
  text: [`${transfers.length} taken up again (${reason}).`, ...transfers.map((transfer) => `  ${transfer}`)].join('\n'),
});

/** As a person says it: the largest whole unit. */
function age(since: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
