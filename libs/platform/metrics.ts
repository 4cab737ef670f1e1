import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One thing that is counted or measured. Names are Prometheus', with its units: seconds, octets as `bytes`. */
export interface Metric {
  type: 'counter' | 'gauge' | 'histogram';
  says: string;
  /**
   * Every value that a label may have. What is not among them becomes `other`: a label is not a way out for an id, a name or a path, and
   * the number of series is bounded whatever callers send.
   */
  labels?: Readonly<Record<string, readonly string[]>>;
  buckets?: readonly number[];
  /** When somebody should be woken, as a Prometheus expression, and the section of docs/runbook.md that says what to do. */
  alarm?: { when: string; section: string };
}

export type MetricTable = Readonly<Record<string, Metric>>;

type LabelsOf<M extends Metric> = M['labels'] extends object ? { [Label in keyof M['labels']]: string } : undefined;
type Named<T extends MetricTable, Type extends Metric['type']> = { [Name in keyof T]: T[Name]['type'] extends Type ? Name : never }[keyof T];
type Given<M extends Metric> = LabelsOf<M> extends undefined ? [] : [labels: LabelsOf<M>];

/** What a label says of a value that is not in its list. */
export const OTHER = 'other';

/** The figures of one process: those of its table and no others. */
export class Metrics<T extends MetricTable> {
  private readonly registry = new Registry();
  private readonly made = new Map<string, Counter | Gauge | Histogram>();

  constructor(private readonly table: T) {
    for (const [name, metric] of Object.entries(table)) this.made.set(name, this.make(name, metric));
  }

  count<Name extends Named<T, 'counter'>>(name: Name, by: number, ...labels: Given<T[Name]>): void {
    (this.made.get(name as string) as Counter).inc(this.admitted(name, labels[0]), by);
  }

  set<Name extends Named<T, 'gauge'>>(name: Name, value: number, ...labels: Given<T[Name]>): void {
    (this.made.get(name as string) as Gauge).set(this.admitted(name, labels[0]), value);
  }

  observe<Name extends Named<T, 'histogram'>>(name: Name, value: number, ...labels: Given<T[Name]>): void {
    (this.made.get(name as string) as Histogram).observe(this.admitted(name, labels[0]), value);
  }

  /** Sets a gauge with one label anew for every value of it: what is not in `values` is nought, not what it was. */
  setAll<Name extends Named<T, 'gauge'>>(name: Name, label: string, values: Readonly<Record<string, number>>): void {
    const gauge = this.made.get(name as string) as Gauge;
    for (const each of this.table[name]?.labels?.[label] ?? []) gauge.set({ [label]: each }, Object.hasOwn(values, each) ? (values[each] as number) : 0);
  }

  /** Asked at each scrape. */
  onScrape(look: () => void): void {
    this.looks.push(look);
  }

  /** Node's own: event loop lag, heap, garbage collection, file descriptors, processor time. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The text that Prometheus scrapes. */
  text(): Promise<string> {
    for (const look of this.looks) look();
    return this.registry.metrics();
  }

  private readonly looks: (() => void)[] = [];

  private make(name: string, { type, says: help, labels = {}, buckets }: Metric): Counter | Gauge | Histogram {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.registry] };
    if (type === 'histogram') return new Histogram({ ...options, ...(buckets ? { buckets: [...buckets] } : {}) });
    const made = type === 'counter' ? new Counter(options) : new Gauge(options);
    // A series that is not there until its first event hides that event from a rate.
    const [only, ...more] = Object.entries(labels);
    if (only && more.length === 0 && type === 'counter') for (const value of only[1]) (made as Counter).inc({ [only[0]]: value }, 0);
    return made;
  }

  private admitted(name: keyof T, given: Readonly<Record<string, string>> | undefined): Record<string, string> {
    const labels = this.table[name]?.labels ?? {};
    return Object.fromEntries(Object.entries(labels).map(([label, values]) => [label, values.includes(given?.[label] ?? '') ? (given?.[label] as string) : OTHER]));
  }
}
