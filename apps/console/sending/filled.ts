import { Refusal } from '#platform/refusal';
import { CONSOLE_LIMITS } from '../limits';

/** `need.health.merebrook-council/front-door`: a field, and what it is about. */
const NAME = /^[a-z][A-Za-z]{1,31}(\.[a-z0-9][a-z0-9./-]{0,140})?$/;

/** A form as it was sent. What is empty was not filled in. It is kept nowhere: the next page carries it along. */
export class Filled {
  private constructor(private readonly all_: ReadonlyMap<string, readonly string[]>) {}

  /** @throws Refusal FORM_INVALID */
  static of(body: unknown): Filled {
    const all = new Map<string, string[]>();
    for (const [name, given] of Object.entries((body ?? {}) as Record<string, unknown>)) {
      if (name === 'formToken') continue;
      const values = [given].flat();
      if (!NAME.test(name) || !values.every((value): value is string => typeof value === 'string' && value.length <= CONSOLE_LIMITS.field.value)) throw new Refusal({ code: 'FORM_INVALID' });
      const said = values.map((value) => value.trim()).filter((value) => value !== '');
      if (said.length > 0) all.set(name, [...new Set(said)]);
    }
    return new Filled(all);
  }

  one(name: string): string {
    return this.all_.get(name)?.[0] ?? '';
  }

  all(name: string): readonly string[] {
    return this.all_.get(name) ?? [];
  }

  has(name: string, value = 'yes'): boolean {
    return this.all(name).includes(value);
  }

  /** Every field and its value, but for those of these names. */
  besides(names: ReadonlySet<string>): { name: string; value: string }[] {
    return [...this.all_].flatMap(([name, values]) => (names.has(name) ? [] : values.map((value) => ({ name, value }))));
  }
}
