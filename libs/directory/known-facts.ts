import type { Database } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import type { Directory } from './directory';
import { ABSENT, type AgencyFacts, type AgreementFacts, type Facts } from './facts';

/** Agencies and agreements kept in memory: a partnership several times over. */
const MOST_KEPT = 2_000;

/**
 * The directory as this process last read it. It may be out of date, and does not know when: whoever rests something on it that lasts
 * compares the versions in the transaction that makes it last, and looks anew before refusing on it.
 */
export class KnownFacts {
  private readonly agencies = new Map<string, AgencyFacts>();
  private readonly agreements = new Map<string, AgreementFacts>();

  constructor(private readonly database: Database, private readonly directory: Directory) {}

  /** Facts about these agencies and those around the agreement's desk, read only where nothing is known. */
  async about(agencies: readonly string[], agreement: Agreement): Promise<Facts> {
    const known = this.known(agencies, agreement);
    return known ?? this.anew(agencies, agreement);
  }

  /** The same, as they stand now. */
  async anew(agencies: readonly string[], agreement: Agreement): Promise<Facts> {
    const facts = await this.database.transaction((tx) => this.directory.facts(tx, agencies, agreement));
    keep(this.agreements, agreement.id, facts.under);
    for (const agency of facts.sought) {
      const found = facts.agencies.get(agency);
      if (found) keep(this.agencies, agency, found);
      else this.agencies.delete(agency);
    }
    return facts;
  }

  private known(agencies: readonly string[], agreement: Agreement): Facts | undefined {
    const under = this.agreements.get(agreement.id);
    if (!under || under.version === ABSENT) return undefined;
    const sought = [...new Set([...agencies, ...under.around])];
    const found = new Map<string, AgencyFacts>();
    for (const agency of sought) {
      const facts = this.agencies.get(agency);
      if (!facts) return undefined;
      found.set(agency, facts);
    }
    return { agreement, under, sought, agencies: found };
  }
}

function keep<T>(kept: Map<string, T>, name: string, facts: T): void {
  if (!kept.has(name) && kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
  kept.set(name, facts);
}
