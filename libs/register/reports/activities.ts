import type { ReadEntry } from '../entry';
import type { Row } from './csv';
import { type Located, MEASURES, type Report, strings } from './report';

/** What a controller fills in itself: no entry says it, and nobody makes it up. */
const BY_CONTROLLER = 'to be stated by the controller';

interface Activity {
  role: 'shares' | 'receives';
  agreement: string;
  version: string;
  digest: string;
  purpose: string;
  bases: Set<string>;
  conditions: Set<string>;
  gateways: Set<string>;
  categories: Set<string>;
  recipients: Set<string>;
  sources: Set<string>;
  outside: Set<string>;
  shares: number;
  first: string;
  last: string;
}

/** More activities than any controller has: agreements times purposes. */
const MOST = 10_000;

/** Records of processing, made of what was really shared: the controller's own (Article 30(1), s.61), or the processor's about it (Article 30(2)). */
export class Activities implements Report {
  private readonly found = new Map<string, Activity>();
  private controller = '';

  constructor(private readonly as: 'controller' | 'processor' = 'controller') {}

  take({ entry }: Located): Row[] {
    this.controller = entry.controller;
    const role = SIDES[entry.kind];
    if (!role) return [];
    const { id = '', version = '', digest = '' } = entry['agreement'] as { id?: string; version?: string; digest?: string };
    const purpose = String(entry['purpose'] ?? '');
    const key = JSON.stringify(this.as === 'processor' ? [id, version, digest] : [role, id, purpose]);
    const activity = this.found.get(key) ?? { role, agreement: id, version, digest, purpose, bases: new Set(), conditions: new Set(), gateways: new Set(), categories: new Set(), recipients: new Set(), sources: new Set(), outside: new Set(), shares: 0, first: entry.at, last: entry.at };
    if (this.found.size < MOST) this.found.set(key, activity);
    add(activity, entry);
    return [];
  }

  end(): Row[] {
    return [...this.found.values()].map((each) => (this.as === 'processor' ? this.processed(each) : stated(each)));
  }

  private processed({ agreement, version, digest, first, last, shares }: Activity): Row {
    return {
      controller: this.controller, processing: 'carrying sealed information between controllers, recording it, reminding, removing it', instruction: agreement, version, digest, since: first, until: last, operations: shares,
      subProcessors: 'none', securityMeasures: MEASURES,
    };
  }
}

const SIDES: Readonly<Record<string, Activity['role']>> = { 'share-sent': 'shares', disclosed: 'shares', 'share-announced': 'receives', 'disclosure-announced': 'receives' };

function add(activity: Activity, entry: ReadEntry): void {
  const put = (into: Set<string>, values: readonly unknown[]): void => values.forEach((value) => void (typeof value === 'string' && into.add(value)));
  put(activity.bases, [entry['basis']]);
  put(activity.conditions, strings(entry['conditions']));
  put(activity.gateways, [entry['legalGateway']]);
  put(activity.sources, [entry['from']]);
  for (const recipient of (entry['recipients'] ?? [entry]) as { agency?: string; categories?: unknown; outside?: unknown }[]) {
    put(activity.categories, strings(recipient.categories));
    if (activity.role === 'shares') put(activity.recipients, [recipient.agency]);
    put(activity.outside, strings(recipient.outside));
  }
  activity.shares += 1;
  activity.last = entry.at;
}

const listed = (values: Set<string>): string => [...values].sort().join(' ');

const stated = (each: Activity): Row => ({
  role: each.role, agreement: each.agreement, purpose: each.purpose, lawfulBases: listed(each.bases), conditions: listed(each.conditions), legalGateways: listed(each.gateways), categoriesOfData: listed(each.categories),
  categoriesOfSubjects: BY_CONTROLLER, recipients: listed(each.recipients), sources: listed(each.sources), outsideParties: listed(each.outside), profiling: 'none by the gateway', thirdCountries: BY_CONTROLLER, timeLimits: BY_CONTROLLER,
  securityMeasures: MEASURES, shares: each.shares, first: each.first, last: each.last,
});
