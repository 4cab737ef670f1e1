import type { AgreementReport, FigureTold } from '#protocol/agreement-answers';
import { textAsPdf } from '#register/pack/pdf';
import { summaryHtml } from '#register/pack/summary';
import { csvLine } from '#register/reports/csv';
import { SUPPRESSED } from '#register/reports/statistics';

/** The forms in which a report is written, by the ending of the file's name. */
export const REPORT_FORMS = {
  pdf: (report: AgreementReport) => textAsPdf(linesOf(report)),
  html: (report: AgreementReport) => Buffer.from(summaryHtml(linesOf(report))),
  csv: (report: AgreementReport) => Buffer.from([csvLine(['measure', 'code', 'count', 'withheld']), ...report.figures.map(({ measure, code, count, withheld }) => csvLine([measure, code, count, withheld]))].join('')),
} as const;

export type ReportForm = keyof typeof REPORT_FORMS;

const WIDTH = 44;

/** What is read at a review, to be printed: how it stands, and what it comes to; of nobody anything. */
function linesOf({ agreement, version, from, until, at, review, monitoringBody, figures }: AgreementReport): string[] {
  const measures = [...new Set(figures.map(({ measure }) => measure))];
  return [
    `Report on the agreement ${agreement} ${version}`, '', `From month       ${from}`, `To month         ${until}`, `Made             ${at}`, `For              ${monitoringBody.join('; ') || 'nobody that its text names'}`,
    `Review           ${review.state}${review.dueOn ? ` ${review.dueOn}` : ''}: ${review.says}`, ...(review.because ? [`Read as          ${review.because}`] : []), `Last review      ${review.lastOn ?? 'none on record'}`, `Reviewed by      ${review.reviewers.join(', ') || 'no party of today'}`, '',
    ...measures.flatMap((measure) => tableOf(figures.filter((figure) => figure.measure === measure))),
    ...(figures.length === 0 ? ['Nothing was counted in these months.', ''] : []),
    'Counts over all parties together. A count that could tell of one person is withheld, and with it one from which it could be worked out.',
  ];
}

const tableOf = (figures: readonly FigureTold[]): string[] => [
  ...figures.slice(0, 1).map(({ says }) => `${says[0]?.toUpperCase()}${says.slice(1)}`),
  ...figures.map(({ code, count }) => `    ${code.padEnd(WIDTH)}${count ?? SUPPRESSED}`), '',
];
