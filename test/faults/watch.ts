/** `before`: what the process sends is not let through. `after`: it is, and the process dies before it hears what came of it. */
export type Side = 'before' | 'after';

/** Whoever reads along on a process's connections, and may end it. */
export interface Watch {
  /** A step is about to happen. Whether, and on which side of it, the process is to die. */
  passes(step: string): Side | undefined;
  kill(step: string): void;
  /** What is asked of the database. */
  saw?(sql: string, parameters: Buffer[] | undefined): void;
}

/** Where a process is to be killed next: at the `nth` time that this step passes; any step where it names none. */
export interface Point {
  step?: string;
  nth: number;
  side: Side;
}

/** Watches one process: learns its steps, and strikes at the one that it is told. */
export class Striker implements Watch {
  readonly steps = new Map<string, number>();
  private armed: Point | undefined;
  private left = 0;
  private struck: ((at: string) => void) | undefined;

  constructor(private readonly strike: () => void, readonly saw?: Watch['saw']) {}

  /** Comes back with the step at which the process was killed. */
  arm(point: Point): Promise<string> {
    this.armed = point;
    this.left = point.nth;
    return new Promise((resolve) => (this.struck = resolve));
  }

  disarm(): void {
    this.armed = undefined;
  }

  passes(step: string): Side | undefined {
    this.steps.set(step, (this.steps.get(step) ?? 0) + 1);
    const { armed } = this;
    if (!armed || (armed.step !== undefined && armed.step !== step) || --this.left > 0) return undefined;
    this.armed = undefined;
    return armed.side;
  }

  kill(step: string): void {
    this.strike();
    this.struck?.(step);
  }
}
