import { Lists, type OnList } from '#partnership/lists';
import { readAgreements } from '#partnership/agreements';
import { Register } from '#register/register';
import { fits } from '#register/entry-formats';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';
import { withDirectory } from './opened';

// What a co-ordinator writes into the lists, through the operator. Each change stands in the register of whoever it is about.

const done = (data: object, says: string): Result => ({ ending: 'done', data, text: says });

/** `agency/contact`. @throws UsageError */
function onList(named: string): OnList {
  const [agency = '', contact = '', ...more] = named.split('/');
  if (more.length > 0 || !fits('agency', agency) || !fits('contact', contact)) throw new UsageError([`${named} is no contact of an agency`], 'Write it as agency/contact; `waybill directory show` has them.');
  return { agency, contact };
}

function requireDay(on: string | undefined): void {
  if (on !== undefined && !fits('day', on)) throw new UsageError([`${on} is not a day`], 'Write it as 2027-03-31.');
}

const kept = <T>(io: Io, work: (lists: Lists, agreements: string | undefined) => Promise<T>): Promise<T> =>
  withDirectory(io, ({ database, agreements }) => work(new Lists({ database, register: new Register(), clock: { now: io.now } }), agreements));

export const make = (io: Io, name: string, { agreement: id, kind, keeper }: { agreement: string; kind: string; keeper: string }): Promise<Result> => kept(io, async (lists, folder) => {
  const agreement = folder === undefined ? undefined : readAgreements(folder).get(id);
  if (!agreement) throw new UsageError([`there is no agreement ${id}`], 'Set WAYBILL_AGREEMENTS, and name one of `waybill agreements list`.');
  const { visibility } = await lists.make(agreement, { name, kind, keeper });
  return done({ name, visibility }, `${name} is made: ${visibility}, as the agreement has it.`);
});

export async function enter(io: Io, name: string, named: string, { agreement, from, assistantOf }: { agreement: string; from?: string; assistantOf?: string }): Promise<Result> {
  requireDay(from);
  const who = onList(named);
  await kept(io, (lists) => lists.enter(agreement, name, { ...who, from, assistantOf }));
  return done({ name, ...who }, `${named} is on ${name}${from === undefined ? '' : ` from ${from} on`}.`);
}

export async function move(io: Io, named: string, { agreement, to, on }: { agreement: string; to: string; on: string }): Promise<Result> {
  requireDay(on);
  const lists = await kept(io, (all) => all.move(agreement, onList(named), to, on));
  return done({ lists }, `From ${on} on ${to} stands in its place, on ${lists} lists. What went before went to the other, and says so.`);
}

export async function optOut(io: Io, name: string, named: string, { agreement }: { agreement: string }): Promise<Result> {
  const follows = await kept(io, (lists) => lists.optOut(agreement, name, onList(named)));
  return done({ follows }, follows === 'blind' ? 'Written to as before, and shown to nobody.' : 'On the list no more.');
}

export async function leave(io: Io, named: string): Promise<Result> {
  await kept(io, (lists) => lists.leave(onList(named)));
  return done({ left: named }, 'On no list, and shown no more. Records name the id.');
}

export async function reviewed(io: Io, name: string, { agreement }: { agreement: string }): Promise<Result> {
  const next = await kept(io, (lists) => lists.reviewed(agreement, name));
  return done({ reviewOn: next }, `Looked through; next by ${next}.`);
}
