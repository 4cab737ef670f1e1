import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { REPORT_FORMS, type ReportForm } from '#client/agreement-report';
import { type AgreementSaid, listAgreements, readAgreement, reportOnAgreement, stateOfAgreement } from '#client/agreements';
import type { AgreementItem, AgreementTold, AmendmentTold, ReviewTold } from '#protocol/agreement-answers';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import { UsageError } from '../io';
import { requireFree } from '../opened-folder';

type Said = Common & { role: string; on?: string; outcome?: string };

/** What follows of `waybill agreements` needs our keys: how an agreement stands, what we state of it, and its report. */
export function lifeCommands(setting: Setting): Command[] {
  const state = (options: Said, said: Omit<AgreementSaid, 'role'>, text: string): Promise<void> =>
    runningAtHome(setting, options, async ({ partner }) => {
      const told = await stateOfAgreement(partner, { ...said, role: options.role });
      return { ending: 'done', data: told, text: `${text} It stands in your register, and every other party can read it.\n${shown(told)}` };
    });
  const saying = (name: string, says: string, example: string): Command => atHome(name, says, example).argument('<agreement>').requiredOption('--role <code>', 'role of whoever says so');
  return [
    atHome('list', 'Agreements of which you are a party, and how each stands to its review.', 'waybill agreements list')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const items = await listAgreements(partner);
        return { ending: 'done', data: { items }, text: items.length === 0 ? 'You are a party of none.' : items.map(line).join('\n') };
      })),
    atHome('show', 'One agreement: its versions and whose approval is missing, its review, and what was stated of it.', 'waybill agreements show our-agreement').argument('<agreement>')
      .action((agreement: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const told = await readAgreement(partner, agreement);
        return { ending: 'done', data: told, text: shown(told) };
      })),
    saying('date', 'Say on which day an agreement was signed whose text bears no date.', 'waybill agreements date our-agreement --on 2024-03-01 --role coordinator').requiredOption('--on <day>', 'day of the signature')
      .action((agreement: string, options: Said) => state(options, { kind: 'dated', agreement, on: options.on ?? '' }, 'Entered.')),
    saying('review', 'Say that an agreement was reviewed, and what it came to.', 'waybill agreements review our-agreement --on 2026-07-01 --outcome in-order --role statutory-safeguarding-partner')
      .requiredOption('--on <day>', 'day of the review').requiredOption('--outcome <code>', 'in-order, amend or end')
      .action((agreement: string, options: Said) => state(options, { kind: 'reviewed', agreement, on: options.on ?? '', outcome: options.outcome ?? '' }, 'Reviewed.')),
    saying('law-changed', 'Say that a change in the law was found that bears on an agreement: it is reviewed then.', 'waybill agreements law-changed our-agreement --on 2026-02-01 --role coordinator').requiredOption('--on <day>', 'day on which it was found')
      .action((agreement: string, options: Said) => state(options, { kind: 'law-changed', agreement, on: options.on ?? '' }, 'Said. Those who review it are told.')),
    saying('needs', 'Of a party with needs of its own: say whether they are the same.', 'waybill agreements needs our-agreement --outcome unchanged --role governance-lead').requiredOption('--outcome <code>', 'unchanged or changed')
      .action((agreement: string, options: Said) => state(options, { kind: 'needs-confirmed', agreement, outcome: options.outcome ?? '' }, 'Confirmed.')),
    saying('approve', 'Approve a version of an agreement that waits, by the digest of what you read.', 'waybill agreements approve our-agreement --version 2026-01 --digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --role signatory')
      .requiredOption('--version <version>', 'the version that waits').requiredOption('--digest <sha256>', 'SHA-256 of its agreement.yaml, as you have read it')
      .action((agreement: string, options: Said & { version: string; digest: string }) => state(options, { kind: 'approved', agreement, version: options.version, digest: options.digest }, 'Approved, in writing.')),
    atHome('report', 'Write what an agreement comes to, in counts over all parties, to a file: .pdf or .html to print, .csv for a spreadsheet.', 'waybill agreements report our-agreement review.pdf --from 2025-07 --until 2026-06')
      .argument('<agreement>').argument('<file>').option('--from <month>', 'first month; absent: since the last review').option('--until <month>', 'last month')
      .action((agreement: string, file: string, options: Common & { from?: string; until?: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const path = resolve(setting.io.cwd, file);
        const form = file.slice(file.lastIndexOf('.') + 1);
        if (!isForm(form)) throw new UsageError([`${file} is none of ${Object.keys(REPORT_FORMS).map((each) => `.${each}`).join(', ')}`], 'Name the file with one of these endings.');
        requireFree(path);
        const report = await reportOnAgreement(partner, agreement, { ...(options.from !== undefined && { from: options.from }), ...(options.until !== undefined && { until: options.until }) });
        writeFileSync(path, REPORT_FORMS[form](report), { mode: 0o600 });
        return written(relative(setting.io.cwd, path), report.figures.length, report);
      })),
  ];
}

const isForm = (form: string): form is ReportForm => Object.hasOwn(REPORT_FORMS, form);
const written = (file: string, figures: number, report: object): Result => ({ ending: 'done', data: { file, ...report }, text: `${figures} figures in ${file}. Nothing in it is about anybody.` });

const reviewed = ({ state, dueOn, says, because, lastOn }: ReviewTold): string => `review ${state}${dueOn ? ` ${dueOn}` : ''}: ${says}${lastOn ? `; last on ${lastOn}` : ''}${because ? `\n  ${because}` : ''}`;
const line = ({ agreement, version, review, amendmentWaits }: AgreementItem): string => `${agreement}  ${version}  ${reviewed(review)}${amendmentWaits ? '\n  another version waits for approvals' : ''}`;

const versionShown = ({ version, digest, inForceAt, approvedAt, approvals, awaits }: AmendmentTold): string =>
  `  version ${version}  ${inForceAt ? `in force since ${inForceAt}` : approvedAt ? `approved ${approvedAt}: in force when the gateway next starts with it` : `waits for ${awaits.join(', ') || 'somebody who can approve it'}`}  SHA-256 ${digest}${approvals.length > 0 ? `\n    approved by ${approvals.map(({ agency }) => agency).join(', ')}` : ''}`;

const shown = (told: AgreementTold): string => [
  line(told), `  reviewed by ${told.review.reviewers.join(', ') || 'nobody of today'}; watched over by ${told.monitoringBody.join('; ') || 'nobody that its text names'}`,
  ...told.versions.map(versionShown), ...told.statements.map(({ kind, agency, at }) => `  ${at}  ${agency}: ${kind}`),
].join('\n');
