import { Incident, type IncidentReported, PROCESSOR_ALARM_MS, PROCESSOR_TARGET_MS } from '#breach/incident';
import { HOUR } from '#platform/clock';
import { readAgreements } from '#partnership/agreements';
import { Register } from '#register/register';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';
import { type Opened, withDirectory } from './opened';

const LATE = { 'in-time': '', 'past-target': ` Later than the hour that is our target.`, 'past-alarm': ' LATE: more than a day after it was known. Write down why; the controllers will be asked.' } as const;

/** Tells every controller of a breach of the gateway itself. */
export const tellIncident = (io: Io, reported: IncidentReported): Promise<Result> =>
  withDirectory(io, async (opened) => {
    const told = await incidentOf(io, opened).raise(reported);
    return { ending: told.late === 'in-time' ? 'done' : 'waits', data: { ...told, targetHours: PROCESSOR_TARGET_MS / HOUR, alarmHours: PROCESSOR_ALARM_MS / HOUR }, text: `Told ${told.cases.length} controllers, ${Math.round(told.after / 1000)} s after it was known.${LATE[told.late]}\nFurther phases: waybill breach incident FILE --phase-of ${told.incident}` };
  });

/** Tells them that more is known. */
export const tellPhase = (io: Io, incident: string, reported: IncidentReported): Promise<Result> =>
  withDirectory(io, async (opened) => {
    const told = await incidentOf(io, opened).phase(incident, reported);
    if (told === 0) throw new UsageError(['there is no such incident'], 'Name the one that was printed when it was raised.');
    return { ending: 'done', data: { incident, told }, text: `Told ${told} controllers of a further phase.` };
  });

function incidentOf(io: Io, { database, agreements }: Opened): Incident {
  if (agreements === undefined) throw new UsageError(['WAYBILL_AGREEMENTS is missing'], 'Name the folder of agreement profiles that the gateway serves.');
  return new Incident({ database, register: new Register(), clock: { now: io.now }, agreements: readAgreements(agreements) });
}
