export interface Group {
  /** Items in one group. */
  most: number;
  /** Milliseconds after which what waits no longer waits for the group before it. */
  patience: number;
  /** Groups at work at once. */
  atOnce: number;
}

/**
 * Does work of one kind together. What comes while nothing is at work is taken up with all else that comes in the same turn; what comes
 * while a group is at work waits for it, and so groups grow with the load and nobody waits where there is none.
 */
export class Grouping<In, Out> {
  private readonly waiting: { item: In; resolve: (out: Out) => void; reject: (error: unknown) => void }[] = [];
  private working = 0;
  private cancelDue: (() => void) | undefined;

  /** @param work answers for each item, in order; when it throws, it throws for all of them */
  constructor(private readonly work: (items: In[]) => Promise<readonly Out[]>, private readonly group: Group) {}

  submit(item: In): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length >= this.group.most) this.start();
      else this.startLater();
    });
  }

  private startLater(): void {
    if (this.cancelDue) return;
    if (this.working === 0) {
      const soon = setImmediate(() => this.start());
      this.cancelDue = () => clearImmediate(soon);
    } else {
      const late = setTimeout(() => this.start(), this.group.patience);
      this.cancelDue = () => clearTimeout(late);
    }
  }

  private start(): void {
    this.cancelDue?.();
    this.cancelDue = undefined;
    if (this.waiting.length === 0 || this.working >= this.group.atOnce) return;
    const taken = this.waiting.splice(0, this.group.most);
    this.working++;
    void this.work(taken.map(({ item }) => item))
      .then((answers) => taken.forEach(({ resolve, reject }, i) => (i < answers.length ? resolve(answers[i] as Out) : reject(new Error('a group answered for fewer than it was given')))))
      .catch((error: unknown) => taken.forEach(({ reject }) => reject(error)))
      .finally(() => {
        this.working--;
        this.start();
      });
    if (this.waiting.length > 0) this.startLater();
  }
}
