import type { Database } from '#platform/database';
import type { Agreement } from '#policy/agreement';

/** Digests of parties that a process knows to be kept: a partnership several times over. */
const MOST_KNOWN = 10_000;

/** Whatever decisions rest on and name by its digest. It is kept before the decision is: a decision never names what is not there. */
export class Documents {
  private readonly known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Keeps the octets of these agreements, at the start of a process that will decide by them. */
  async keepAgreements(agreements: Iterable<Agreement>): Promise<void> {
    const all = [...agreements];
    await this.database.transaction((tx) => tx.query(
      `insert into waybill.agreement_document (digest, agreement, version, octets)
       select digest, agreement, version, convert_to(text, 'UTF8') from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as given (digest, agreement, version, text) on conflict do nothing`,
      [all.map(({ digest }) => digest), all.map(({ id }) => id), all.map(({ version }) => version), all.map(({ text }) => text)],
    ));
  }

  /** Keeps parties as a decision saw them. They seldom change: what this process has kept before costs nothing. */
  async keepParties(parties: ReadonlyMap<string, Buffer>): Promise<void> {
    const fresh = [...parties].filter(([digest]) => !this.known.has(digest));
    if (fresh.length === 0) return;
    await this.database.transaction((tx) => tx.query(
      'insert into waybill.party_document (digest, octets) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing',
      [fresh.map(([digest]) => digest), fresh.map(([, octets]) => octets)],
    ));
    if (this.known.size > MOST_KNOWN) this.known.clear();
    for (const [digest] of fresh) this.known.add(digest);
  }
}
