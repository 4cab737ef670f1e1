import { readStaff, type TRAININGS } from '#directory/staff-file';
import { StaffRegistrar } from '#directory/staff-registrar';
import { STAFF_ROLES, type StaffRoleCode } from '#directory/staff-roles';
import { Register } from '#register/register';
import type { Result } from '../ending';
import { namedText } from '../files';
import { type Io, UsageError } from '../io';
import { withDirectory } from './opened';

// Who works in an agency and signs in to the console, as the agency reviewed it. What is told of it here names nobody: ids, roles and days.

/** Enters an agency's staff and its rota, all of the file or nothing of it. */
export async function enterStaff(io: Io, path: string): Promise<Result> {
  const reading = readStaff(namedText(io, path, 'the agency’s staff (YAML)'));
  if (!reading.ok) throw new UsageError(reading.faults.map(({ pointer, says }) => `${path}: ${pointer || '/'} ${says}`), 'docs/console.md shows such a file.');
  const { file } = reading;
  return withDirectory(io, async ({ database }) => {
    const { entered, changed, turns } = await new StaffRegistrar({ database, register: new Register(), clock: { now: io.now } }).enter(file);
    return {
      ending: 'done',
      data: { agency: file.agency, entered, changed, turns },
      text: [`${file.agency}:`, ...entered.map((id) => `  entered ${id}`), ...changed.map((id) => `  ${id} is as the file says`), ...(turns > 0 ? [`  ${turns} turns of duty`] : [])].join('\n'),
    };
  });
}

interface Row {
  id: string;
  roles: StaffRoleCode[];
  contacts: string[];
  checked_until: string | null;
  checked_on: string | null;
  second_factor: boolean;
  until: string | null;
  training: { kind: keyof typeof TRAININGS; on: string; until: string | null }[];
}

/** Whom the directory has of an agency, with what runs out when. */
export async function showStaff(io: Io, agency: string): Promise<Result> {
  return withDirectory(io, async ({ database, agency: known }) => {
    await known(agency);
    const rows: Row[] = await database.source.query(
      `select id, roles, contacts, checked_on::text, checked_until::text, second_factor, until_day::text as until,
         coalesce((select json_agg(json_build_object('kind', t.kind, 'on', t.on_day, 'until', t.until_day) order by t.kind) from waybill.staff_training t where t.agency = s.agency and t.staff = s.id), '[]') as training
       from waybill.staff s where agency = $1 order by id`,
      [agency],
    );
    const lines = rows.map(({ id, roles, contacts, checked_on, checked_until, second_factor, until, training }) =>
      [`  ${id}  ${roles.map((role) => STAFF_ROLES[role].says).join(', ')}`, contacts.length > 0 ? `for ${contacts.join(', ')}` : '', checked_on ? `checked ${checked_on}${checked_until ? ` until ${checked_until}` : ''}` : 'NOT CHECKED',
        ...training.map((each) => `${each.kind} ${each.on}${each.until ? ` until ${each.until}` : ''}`), second_factor ? 'second factor' : '', until ? `LEAVES ${until}` : ''].filter(Boolean).join('; '));
    return { ending: 'done', data: { agency, staff: rows }, text: [`${agency}: ${rows.length} in the directory`, ...lines].join('\n') };
  });
}
