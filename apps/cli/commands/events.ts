import { type Command, Option } from 'commander';
import { enterEventStream, readEventStream, removeEventStream, verifyEventStream } from '#client/event-stream';
import { type EventStreamTold, STREAM_EVENTS, type StreamEvent } from '#protocol/event-stream';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';

/** `waybill events`: have a system of your own told of breaches and revoked keys, by security event tokens. */
export function eventsCommand(setting: Setting): Command {
  const events = group('events', 'Have a system of your own told at once of breaches and of keys that may no longer be used, by security event tokens (RFC 8417).');
  events.addCommand(
    atHome('show', 'Show where you are told, and what waits.', 'waybill events show')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => shown(await readEventStream(partner)))),
  );
  events.addCommand(
    atHome('set', 'Enter or change where you are told.', 'waybill events set https://events.merebrook.example/waybill')
      .argument('<url>')
      .addOption(new Option('--events <which...>', 'what is told').choices(STREAM_EVENTS).default([...STREAM_EVENTS]))
      .action((url: string, options: Common & { events: StreamEvent[] }) => runningAtHome(setting, options, async ({ partner }) => shown(await enterEventStream(partner, { url, events: options.events })))),
  );
  events.addCommand(
    atHome('test', 'Have a token sent that says nothing, to see whether tokens come through.', 'waybill events test')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const { token } = await verifyEventStream(partner);
        return { ending: 'done', data: { token }, text: `A token is on its way; its jti: ${token}\nWhat became of it: waybill events show` };
      })),
  );
  events.addCommand(
    atHome('remove', 'Be told no more; notices and duties stay as they are.', 'waybill events remove')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        await removeEventStream(partner);
        return { ending: 'done', data: {}, text: 'You are told nowhere any more. Notices come as before: waybill breach list, waybill duties.' };
      })),
  );
  return events;
}

const shown = (stream: EventStreamTold) => ({
  ending: 'done' as const, data: { ...stream },
  text: `${stream.url} is told of ${stream.events.join(' and ')}. Verify each token: iss ${stream.issuer}, aud ${stream.audience}, keys of GET /v1/event-stream/keys.\n${
    stream.waiting === 0 ? 'Nothing waits.' : `${stream.waiting} wait since ${stream.waitingSince ?? ''}.`}${stream.last ? ` The last attempt: ${stream.last}.` : ''}`,
});
