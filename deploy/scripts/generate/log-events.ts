import { globSync, readFileSync } from 'node:fs';
import { code, document, table } from './markdown';

interface Event {
  means: string;
  /** What an operator does about it. */
  act: string;
  /** The section of docs/runbook.md. */
  section?: string;
}

const NOTHING = 'nothing';

/** Every line that a process can log, by its event. `*` stands for what the source puts there. */
const EVENTS: Readonly<Record<string, Event>> = {
  'process.started': { means: 'settings are good, the database was reached, work begins', act: NOTHING },
  'process.stopping': { means: 'a signal came: what is in hand is finished', act: NOTHING },
  'process.stopped': { means: 'it ends with exit code 0', act: NOTHING },
  'process.failed': { means: 'a fault that nobody foresaw; `error` is its kind; the process ends with 70 and its supervisor starts it again', act: 'once: report it. Again and again: stop the release', section: 'process-failed' },
  'operator.listening': { means: 'health and metrics are told on `port`', act: NOTHING },
  'gateway.listening': { means: 'partners are served on `port`', act: NOTHING },
  'gateway.listening-for-proxy': { means: 'a proxy with a pinned key is served on `port`', act: NOTHING },
  'agreement.waits': { means: 'another version of the agreement `code` was given than is in force; it waits for approvals, and the one in force is served', act: 'have its parties approve it: `waybill agreements show` names whose approval is missing. With all of them start the gateway again', section: 'agreement-waits' },
  'server.below-floor': { means: '`code` (PostgreSQL, Nodejs, OpenSSL) has a version with a known hole (`deploy/floors.json`); it is used all the same', act: 'install a newer one this week', section: 'below-floor' },
  'request.refused': { means: 'a request was refused with `code`; at error: it failed here, and `error` is the kind of fault', act: 'at info nothing, the partner was told; at error look at the database and the disk', section: 'requests-fail' },
  'courier.push-failed': { means: 'what agencies want told could not be looked up or recorded; `error` is the kind of fault; it is tried again within a minute', act: 'one: nothing. Every few seconds: look at the database', section: 'relay-rounds-fail' },
  'courier.mail-failed': { means: 'a mail that is due could not be looked up or recorded; `error` is the kind of fault; it is tried again within a minute', act: 'one: nothing. Every few seconds: look at the database', section: 'relay-rounds-fail' },
  'courier.report-failed': { means: 'a report on TLS that a mail domain asks for could not be looked up, or what came of it not recorded; `error` is the kind of fault; it is tried again within half an hour', act: 'one: nothing. Every few seconds: look at the database', section: 'relay-rounds-fail' },
  'courier.domain-failed': { means: 'a mail domain could not be looked at, or how it was found not recorded; `error` is the kind of fault', act: 'one: nothing. Every few seconds: look at the database', section: 'relay-rounds-fail' },
  'relay.*': { means: 'a round of the relay failed and is tried again; `error` is the kind of fault', act: 'one: nothing. Every few seconds: look at the database', section: 'relay-rounds-fail' },
  'register.behind': { means: '`count` entries wait for their place, the oldest for `ms`; said once a minute', act: 'look at the relay', section: 'register-behind' },
  'register.unopened': { means: '`count` controllers have entries and no log; said once a minute', act: 'have their logs opened', section: 'register-unopened' },
  'queue.failed': { means: 'the queue could not be read or written and is tried again', act: 'one: nothing. Every few seconds: look at the database or the broker', section: 'queue-behind' },
  'message.failed': { means: 'handing a transfer over failed for the `count`th time', act: 'nothing yet: it is tried again', section: 'parked' },
  'message.parked': { means: 'a message was set aside because of `code`, and its sender is told', act: 'find out why, then replay it', section: 'parked' },
  'message.unroutable': { means: 'no queue of the broker takes the messages of `lane`; the row waits and is published again', act: 'import deploy/rabbitmq/definitions.json: a queue or a binding is gone', section: 'broker-topology' },
  'message.malformed': { means: 'a message on `lane` was not one of ours and was dropped', act: 'find out who else may publish: only the relay should', section: 'broker-topology' },
  'partner-queue.failed': { means: 'a transfer could not be laid on the queue of a contact of `agency`: `code` says why; it is tried again, and lies in the mailbox meanwhile', act: 'NOT_ADMITTED or unroutable: admit the queue. FULL: the partner’s consumer does not come; ring them. NOT_REACHED: look at the broker', section: 'partner-queue' },
  'queue.blocked': { means: 'the broker is short of memory or disk and takes nothing; shares are accepted and wait in the outbox', act: 'give the broker memory or disk', section: 'broker' },
  'queue.unblocked': { means: 'the broker takes messages again', act: NOTHING },
  'queue.cancelled': { means: 'the broker ended the consuming of `lane`: its queue was deleted or has moved; it is taken up again', act: 'once: nothing. Again and again: look at the broker', section: 'broker-topology' },
  'queue.refilled': { means: '`count` messages of `lane` were published and are not on the broker any more; they are published again', act: 'find out who emptied the queue; a courier that holds messages for long shows here as well', section: 'broker-topology' },
  'broker.connected': { means: 'the connection to the broker stands', act: NOTHING },
  'broker.unreachable': { means: 'the broker could not be reached for the `count`th time, because of `code`; it is tried again with growing pauses', act: 'a few while the broker restarts: nothing. For minutes: look at the broker, its certificate and ours', section: 'broker' },
  'broker.failed': { means: 'the connection to the broker broke, because of `code`; it is made again', act: 'once: nothing', section: 'broker' },
  'console.listening': { means: 'staff are served on `port`', act: NOTHING },
  'sign-in.accepted': { means: '`staff` of `agency` signed in; `code` says with how many factors', act: NOTHING },
  'sign-in.failed': { means: 'the identity provider was not reached, or its answer does not hold; `error` and `code` say how', act: 'one: nothing, somebody broke it off. Many: look at the identity provider, its certificate, and the settings that name it', section: 'sign-in-fails' },
  'page.refused': { means: 'a page was refused with `code`; at error: it failed here, and `error` is the kind of fault', act: 'at info nothing, the reader was told; at error look at the database', section: 'pages-fail' },
  'log.lost': { means: '`count` lines before this one could not be written', act: 'look at the disk and at the log collector', section: 'log-lost' },
};

interface Found {
  event: string;
  levels: string[];
  file: string;
}

/** A call that writes a line: its level, or two of them, and its event as it stands in the source. */
const WRITES = /\blog\??\.write\(\s*([^,]*?),\s*(['"`])([^'"`]+)\2/g;
/** A call whose event the source computes: nobody could look it up. */
const COMPUTED = /\blog\??\.write\(\s*[^,]*,(?!\s*['"`])[^,)]+/g;
/** A line that is made without the log, because the log is what failed. */
const MADE = /level: '(\w+)'[^\n]*\bmsg: '([a-z.]+)'/g;

const sources = (): string[] => globSync(['libs/**/*.ts', 'apps/**/*.ts'], { exclude: ['**/*.spec.ts'] }).sort();

export function eventsIn(file: string, text: string): Found[] {
  const written = [...text.matchAll(WRITES)].map(([, level = '', , event = '']) => ({ event: event.replaceAll(/\$\{[^}]*\}/g, '*'), levels: level.match(/\b(info|warn|error)\b/g) ?? [], file }));
  return [...written, ...[...text.matchAll(MADE)].map(([, level = '', event = '']) => ({ event, levels: [level], file }))];
}

/** Events of the sources that the table does not tell, and those of the table that nobody writes. */
export function unexplained(): string[] {
  const found = sources().flatMap((file) => eventsIn(file, readFileSync(file, 'utf8')));
  const written = new Set(found.map(({ event }) => event));
  return [
    ...sources().flatMap((file) => [...readFileSync(file, 'utf8').matchAll(COMPUTED)].map(([call]) => `${file}: ${call} has no event that can be looked up`)),
    ...found.filter(({ event }) => !Object.hasOwn(EVENTS, event)).map(({ event, file }) => `${file} writes ${event}: tell in deploy/scripts/generate/log-events.ts what it means and what to do`),
    ...Object.keys(EVENTS).filter((event) => !written.has(event)).map((event) => `nobody writes ${event}: take it out of deploy/scripts/generate/log-events.ts`),
  ];
}

/** Sections of the runbook that the table sends somebody to. */
export const SECTIONS: readonly string[] = Object.values(EVENTS).flatMap(({ section }) => section ?? []);

export function describeLogEvents(): string {
  const found = Map.groupBy(sources().flatMap((file) => eventsIn(file, readFileSync(file, 'utf8'))), ({ event }) => event);
  return document(
    '# Log events',
    'Written by `npm run generate` from the sources and `deploy/scripts/generate/log-events.ts`; never edited by hand. A process writes one JSON object a line to standard error: '
      + '`level`, `time`, `process`, `msg` (the event), and fields from a list of ids, codes and numbers (`libs/platform/log.ts`). What is not on that list does not reach a line: '
      + '`withheld` counts it. No name, no address, no word that was sent, no message of an error, no stack.',
    table(['Event', 'Level', 'Process', 'Means', 'Do'], Object.entries(EVENTS).map(([event, { means, act, section }]) => {
      const places = found.get(event) ?? [];
      const levels = [...new Set(places.flatMap((each) => each.levels))].sort().join(', ');
      const processes = [...new Set(places.map(({ file }) => /^apps\/(\w+)\//.exec(file)?.[1] ?? (file.startsWith('libs/queue') ? 'courier' : 'every')))].sort().join(', ');
      return [code(event), levels, processes, means, section ? `${act}: [runbook](runbook.md#${section})` : act];
    })),
  );
}
