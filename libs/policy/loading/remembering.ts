/** Agreements kept in memory: more than any process serves at once, and whoever goes through many decisions meets the same few. */
const MOST_REMEMBERED = 16;

/** What was worked out of a text, by its digest, so that it is worked out once. The oldest goes first. */
export class Remembering<T> {
  private readonly known = new Map<string, T>();

  /** @param keeps whether what was made is worth remembering */
  get(digest: string, make: () => T, keeps: (made: T) => boolean = () => true): T {
    const found = this.known.get(digest);
    if (found !== undefined) return found;
    const made = make();
    if (!keeps(made)) return made;
    this.known.set(digest, made);
    if (this.known.size > MOST_REMEMBERED) this.known.delete(this.known.keys().next().value ?? '');
    return made;
  }
}
