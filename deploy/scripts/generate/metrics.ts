import type { Metric } from '#platform/metrics';
import { CONSOLE_METRICS } from '../../../apps/console/metrics';
import { COURIER_METRICS } from '../../../apps/courier/metrics';
import { GATEWAY_METRICS } from '../../../apps/gateway/metrics';
import { RELAY_METRICS } from '../../../apps/relay/metrics';
import { code, document, table } from './markdown';

const TABLES: Readonly<Record<string, Readonly<Record<string, Metric>>>> = { gateway: GATEWAY_METRICS, courier: COURIER_METRICS, relay: RELAY_METRICS, console: CONSOLE_METRICS };

/** Sections of the runbook that an alarm sends somebody to. */
export const SECTIONS: readonly string[] = Object.values(TABLES).flatMap((metrics) => Object.values(metrics).flatMap(({ alarm }) => alarm?.section ?? []));

export function describeMetrics(): string {
  return document(
    '# Metrics',
    'Written by `npm run generate` from the tables in `apps/*/metrics.ts`; never edited by hand.',
    'Each process tells them to Prometheus at `/metrics` of its operator’s listener (`WAYBILL_METRICS_HOST`, `WAYBILL_METRICS_PORT`), beside `/health/live` and `/health/ready`: plain HTTP, on this machine unless '
      + 'told otherwise, never on the listener that partners reach. A label has the values of a closed list; anything else is told as `other`. No agency is a label: who talks to whom, and how often, is nobody’s business but theirs. '
      + 'Node’s own figures (`nodejs_*`, `process_*`: event loop lag, heap, file descriptors) come with them.',
    ...Object.entries(TABLES).flatMap(([name, metrics]) => [`## ${name}`, table(['Metric', 'Type', 'Is', 'Labels', 'Wake somebody when'], Object.entries(metrics).map(([metric, { type, says, labels, alarm }]) => [
      code(metric), type, says, Object.entries(labels ?? {}).map(([label, values]) => `${code(label)}: ${values.length > 8 ? `${values.length} values` : values.join(', ')}`).join('; '),
      alarm ? `${code(alarm.when)}: [runbook](runbook.md#${alarm.section})` : '',
    ]))]),
  );
}

/** The alarms as rules that Prometheus loads. */
export function alarmRules(): string {
  const rules = new Map(Object.values(TABLES).flatMap((metrics) => Object.values(metrics).flatMap(({ says, alarm }) => (alarm ? [[alarm.section, { ...alarm, says }] as const] : []))));
  return [
    '# Written by `npm run generate` from the tables in apps/*/metrics.ts; never edited by hand.', 'groups:', '  - name: waybill', '    rules:',
    ...[...rules].flatMap(([section, { when, says }]) => [
      `      - alert: waybill-${section}`, `        expr: ${JSON.stringify(when)}`, '        annotations:', `          summary: ${JSON.stringify(says)}`, `          runbook: "docs/runbook.md#${section}"`,
    ]), '',
  ].join('\n');
}
