import { readBreach, reportBreach, stateOfBreach } from '#client/breaches';
import { regulatorReport } from '#client/regulator-report';
import { send } from '#client/sharing';
import { arrived } from './sharing';
import { note, PLANTED, show, type Stage } from './stage';

/** (i) The council sends what the school told it to the wrong family, says so, and the school's data protection officer has it a moment later. */
export async function reporting(stage: Stage): Promise<void> {
  const { sandbox, school, council, say } = stage;
  const { agreement } = sandbox;
  const sent = await send(school, note(stage, 'routine', 'What the council will send to the wrong family.'));
  await arrived(council, sent.share);
  const found = new Date();
  const told = await reportBreach(council, {
    harm: 'yes', caseHolder: council.agency, role: 'social-worker', agreement: { id: agreement.id, version: agreement.version }, type: 'wrongly-disclosed', foundAt: found.toISOString(), awareAt: found.toISOString(), foundBy: 'recipient', shares: [sent.share],
    facts: { causes: ['wrong-recipient'], data: ['basic-identifiers', 'health'], subjects: ['children'], records: 1, people: 1, consequences: ['located-by-a-danger'], highRisk: 'yes' },
  });
  const seconds = (Date.now() - found.getTime()) / 1_000;
  const safety = told.notices.filter(({ wave }) => wave === 'safety');
  const owner = told.notices.find(({ agency, wave }) => wave === 'first' && agency === school.agency);
  show(safety.length > 0 && safety.every(({ telephone }) => telephone !== undefined), 'who can protect the child is told first, with numbers to ring');
  show(owner !== undefined && seconds < 60, 'whoever it belongs to is told within a minute');
  say(`  First: could anyone come to harm? Yes. Ring 999 if there is danger now, and ${safety.map(({ agency, telephone }) => `${agency} ${telephone ?? ''}`).join(', ')}.`);
  say(`  "It is your information, it went to the wrong family, and I have known since ${found.toISOString().slice(11, 16)} UTC." ${school.agency} has it after ${seconds.toFixed(1)} s.`);
  await stateOfBreach(school, told.breach, 'read', { role: 'data-protection-officer' });
  const now = await readBreach(school, told.breach);
  const own = now.parties.find(({ agency }) => agency === school.agency);
  show(own?.parts.includes('lead') === true && own.parts.includes('notifier') && own.hoursLeft === 71, 'the owner leads, tells the regulator, and has its own 72 hours');
  say(`  Its data protection officer reads it, and reads: you lead; you tell the regulator, by ${own?.dueAt ?? ''}: ${own?.hoursLeft ?? 0} whole hours are left, and nothing makes them more.`);
  const report = regulatorReport(now, school.agency);
  show(report.includes('OFFICIAL-SENSITIVE') && !report.includes(PLANTED), 'the report to the regulator is composed on its own premises, and names nobody');
  say(`  The report to the regulator is composed at the school, ${report.split('\n').filter((line) => line.startsWith('**')).length} fields of its form filled from the record; the words are put in there and nowhere else.`);
}
