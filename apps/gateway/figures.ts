import { PART_CODES } from '#envelope/cms-codes';
import type { Committed } from '#exchange/group';
import { Metrics } from '#platform/metrics';
import type { Refusal } from '#platform/refusal';
import { GATEWAY_METRICS } from './metrics';

/** What the gateway counts of its own work. */
export class Figures {
  constructor(private readonly metrics: Metrics<typeof GATEWAY_METRICS> = new Metrics(GATEWAY_METRICS)) {}

  /** @param template as Fastify writes it, `/v1/shares/:id`; undefined: no route of ours */
  answered(template: string | undefined, status: number, milliseconds: number): void {
    const route = template?.replaceAll(/:(\w+)/g, '{$1}') ?? '';
    this.metrics.observe('waybill_requests_seconds', milliseconds / 1_000, { route, status: `${Math.floor(status / 100)}xx` });
  }

  refused({ code, reasons }: Refusal): void {
    this.metrics.count('waybill_refusals_total', 1, { code });
    for (const reason of reasons) if (Object.hasOwn(PART_CODES, reason.code)) this.metrics.count('waybill_gate_refusals_total', 1, { code: reason.code });
  }

  committed({ lanes, milliseconds }: Committed): void {
    this.metrics.observe('waybill_commit_seconds', milliseconds / 1_000);
    this.metrics.observe('waybill_commit_shares', lanes.length);
    for (const lane of lanes) this.metrics.count('waybill_shares_accepted_total', 1, { lane });
  }
}
