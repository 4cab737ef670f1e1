import type { HeldPolicy, PolicyStore } from '#mail/domain';
import type { StsMode } from '#mail/sts';
import type { Database } from '#platform/database';

/** MTA-STS policies where every courier sees them, and no restart forgets them. */
export class HeldPolicies implements PolicyStore {
  constructor(private readonly database: Database) {}

  async get(domain: string): Promise<HeldPolicy | undefined> {
    const rows: { id: string; mode: StsMode; mx: string[]; max_age: string; fetched_at: Date }[] = await this.database.transaction((tx) => tx.query('select * from waybill.sts_policy where domain = $1', [domain]));
    return rows.map(({ id, mode, mx, max_age: maxAge, fetched_at: fetchedAt }) => ({ id, policy: { mode, mx, maxAge: Number(maxAge) }, fetchedAt }))[0];
  }

  async put(domain: string, { id, policy, fetchedAt }: HeldPolicy): Promise<void> {
    await this.database.transaction((tx) => tx.query(
      `insert into waybill.sts_policy (domain, id, mode, mx, max_age, fetched_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (domain) do update set id = excluded.id, mode = excluded.mode, mx = excluded.mx, max_age = excluded.max_age, fetched_at = excluded.fetched_at`,
      [domain, id, policy.mode, [...policy.mx], policy.maxAge, fetchedAt],
    ));
  }
}
