import type { KeyObject } from 'node:crypto';
import { Directory } from '#directory/directory';
import { Reminding } from '#duties/reminding';
import { Delivery } from '#exchange/delivery';
import { removeAttempts } from '#exchange/attempts';
import { removeEvents } from '#exchange/event-pushes';
import { remindedOfTransfers } from '#exchange/owing';
import { reportOneSided } from '#exchange/one-sided';
import { Upkeep } from '#exchange/upkeep';
import { removeUploads } from '#exchange/upload-upkeep';
import { type Clock, MINUTE, SECOND } from '#platform/clock';
import type { Database } from '#platform/database';
import { errorName, type Log } from '#platform/log';
import type { BrokerStatus } from '#queue/broker';
import { Publisher } from '#queue/publisher';
import type { BrokerAddress } from '#queue/settings';
import { signCheckpoint } from '#register/checkpoint';
import { integrate } from '#register/integration';
import { Register } from '#register/register';
import { remindedOfRequests, Unanswered } from '#requests/unanswered';
import { FallingDue } from '#rights/falling-due';
import { Ending, remindedOfBreaches } from '#breach/ending';
import { Custodians } from '#partnership/custody';
import { LookingAfter } from '#partnership/looking-after';
import { ListUpkeep } from '#partnership/lists';
import { Disruptions } from '#partnership/disruptions';
import { EndedNotifications } from '#partnership/notification-ending';
import { Reviews } from '#partnership/reviews';
import { Suspended } from '#exchange/suspended';
import { Withdrawn } from '#exchange/withdrawn';
import type { Agreement } from '#policy/agreement';

export interface RelayOptions {
  database: Database;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
  log: Log;
  /** With which checkpoints are signed: the relay's own, apart from the gateway's. */
  checkpointKey: { privateKey: KeyObject; publicKey: KeyObject };
  /** RabbitMQ carries the queue, and the relay publishes to it. Absent: PostgreSQL does. */
  broker?: BrokerAddress;
  /** Looks at the database for the operator (`gauges.ts`). */
  measure?: () => Promise<0>;
}

export interface Relay {
  /** How it stands with the broker, where there is one. */
  status?: BrokerStatus;
  stop(): Promise<void>;
}

/** Entries integrated in one transaction. */
const INTEGRATION_BATCH = 2_000;

interface Round {
  name: string;
  /** Milliseconds between rounds that found nothing to do. */
  every: number;
  /** Does a bounded amount of work and says how much: as long as there is some, the next round follows at once. */
  run(): Promise<number>;
}

/** The clock: whatever falls due, as rows, again and again. Two relays share the rows between them; one that dies leaves them to the other. */
export function startRelay(options: RelayOptions): Relay {
  const { database, clock, log } = options;
  const publisher = options.broker && publisherTo(options.broker, options);
  const rooms = { database, register: new Register(), clock };
  const upkeep = new Upkeep(rooms);
  const reminding = new Reminding(rooms, { transfer: remindedOfTransfers, request: remindedOfRequests, breach: remindedOfBreaches });
  const unanswered = new Unanswered(rooms);
  const kept = new FallingDue(rooms);
  const suspended = new Suspended(rooms);
  const disruptions = new Disruptions({ ...rooms, agreements: options.agreements });
  const ending = new Ending(rooms);
  const custodians = new Custodians(rooms);
  const withdrawn = new Withdrawn(rooms);
  const parties = new LookingAfter({ ...rooms, directory: new Directory(database), agreements: options.agreements });
  const lists = new ListUpkeep(rooms);
  const notifications = new EndedNotifications(rooms);
  const reviews = new Reviews(rooms);
  const rounds: readonly Round[] = [
    { name: 'integrate', every: 250, run: () => integrateOnce(options) },
    { name: 'remove-payloads', every: 500, run: () => upkeep.removePayloads() },
    { name: 'remind', every: SECOND, run: () => reminding.remind() },
    { name: 'unanswered', every: SECOND, run: () => unanswered.report() },
    { name: 'hold-evidence', every: SECOND, run: () => kept.hold() },
    { name: 'tell-kept', every: 5 * SECOND, run: () => kept.tell() },
    { name: 'end-suspensions', every: SECOND, run: () => ending.end() },
    { name: 'hold-suspended', every: SECOND, run: () => suspended.hold() },
    { name: 'resume', every: SECOND, run: () => suspended.resume() },
    { name: 'look-for-disruptions', every: 5 * SECOND, run: () => disruptions.look() },
    { name: 'give-back-withdrawn', every: SECOND, run: () => withdrawn.giveBack() },
    { name: 'hold-revoked', every: SECOND, run: () => upkeep.holdRevoked() },
    { name: 'expire', every: 5 * SECOND, run: () => upkeep.expire() },
    { name: 'rebuild', every: 10 * SECOND, run: () => upkeep.rebuild() },
    { name: 'count-malformed', every: 10 * SECOND, run: () => upkeep.countMalformed() },
    { name: 'remove-uploads', every: 10 * SECOND, run: () => removeUploads({ database, clock }) },
    { name: 'remove-pushes', every: 60 * MINUTE, run: () => removeAttempts('push', { database, clock }) },
    { name: 'remove-events', every: 60 * MINUTE, run: () => removeEvents({ database, clock }) },
    { name: 'remove-mailings', every: 60 * MINUTE, run: () => removeAttempts('mailing', { database, clock }) },
    { name: 'look-after-keys', every: 10 * SECOND, run: () => custodians.look() },
    { name: 'look-after-parties', every: 10 * MINUTE, run: () => parties.look() },
    { name: 'tell-ended-notifications', every: 5 * SECOND, run: () => notifications.look() },
    { name: 'look-after-lists', every: 10 * SECOND, run: () => lists.look() },
    { name: 'look-after-agreements', every: 60 * MINUTE, run: () => reviews.look() },
    { name: 'count-for-reports', every: 60 * MINUTE, run: () => reviews.count() },
    { name: 'report-one-sided', every: 10 * MINUTE, run: () => reportOneSided(rooms) },
    { name: 'forget-keys', every: 60 * MINUTE, run: () => upkeep.forgetKeys() },
    ...(publisher ? [{ name: 'reconcile', every: 10 * SECOND, run: () => publisher.reconcile() }] : []),
    ...(options.measure ? [{ name: 'measure', every: 10 * SECOND, run: options.measure }] : []),
  ];
  const stopped = new AbortController();
  const loops = rounds.map((round) => goRound(round, log, stopped.signal));
  publisher?.start();
  return {
    ...(publisher ? { status: publisher.status } : {}),
    stop: async () => {
      stopped.abort();
      await publisher?.stop();
      await Promise.all(loops);
    },
  };
}

function publisherTo(broker: BrokerAddress, { database, clock, log }: RelayOptions): Publisher {
  const delivery = new Delivery({ database, directory: new Directory(database), register: new Register(), clock });
  return new Publisher({ database, broker, clock, log, fill: (transfers) => delivery.fillings(transfers), setAside: delivery.setAside.bind(delivery) });
}

async function goRound(round: Round, log: Log, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const done = await round.run().catch((error: unknown) => {
      log.write('error', `relay.${round.name}`, { error: errorName(error) });
      return 0;
    });
    // What is no number of things done is none: a round that never rests takes the machine from all others.
    if (!(done > 0)) await pause(round.every, stopped);
  }
}

async function integrateOnce({ database, clock, checkpointKey }: RelayOptions): Promise<number> {
  const { entries } = await database.transaction((tx) => integrate(tx, { batch: INTEGRATION_BATCH, sign: (checkpoint) => signCheckpoint(checkpoint, checkpointKey), at: clock.now() }));
  return entries;
}

const pause = (ms: number, stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    // Told to stop while its round ran: nobody tells it again.
    if (stopped.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stopped.addEventListener('abort', done);
  });
