/** Straight SQL as the owner of the database. */
export type Sql = <T extends object>(text: string, values?: unknown[]) => Promise<T[]>;

export interface Filling {
  /** A share that really came, and its transfer: copies of them are made. */
  share: string;
  transfer: string;
  recipient: string;
  /** Who has taken on a seventh of them. */
  staff: string;
  /** How many come on top of what is there. */
  items: number;
  /** How many of these are done with. */
  done?: number;
}

/**
 * Fills a mailbox with copies of one share that really came, each with a share of its own: a tenth of them pressing, a third collected, a tenth information
 * requests, a seventh taken on by somebody, a quarter with a desk's target. The oldest are done with.
 */
export async function fillInbox(sql: Sql, { share, transfer, recipient, staff, items, done = 0 }: Filling): Promise<void> {
  const columns = async (table: string): Promise<string[]> => (await sql<{ name: string }>(`select column_name as name from information_schema.columns where table_schema = 'waybill' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`, [table])).map(({ name }) => name);
  const shares = await columns('share');
  const transfers = await columns('transfer');
  await sql('create temp table made as select n, n > $1::int - $2::int as done, gen_random_uuid() as share, gen_random_uuid() as transfer from generate_series(1, $1) n', [items, done]);
  const ofShare: Record<string, string> = { id: 'm.share', manifest_digest: `encode(sha256(convert_to(m.share::text, 'UTF8')), 'hex')` };
  await sql(`insert into waybill.share (${shares.join(', ')}) select ${shares.map((name) => ofShare[name] ?? `s.${name}`).join(', ')} from waybill.share s, made m where s.id = $1`, [share]);
  const lane = `(array['breach', 'emergency', 'urgent', 'routine'])[case when n % 100 = 0 then 2 when n % 10 = 0 then 3 else 4 end]`;
  const collected = 'n % 3 = 0 or m.done';
  const ofTransfer: Record<string, string> = {
    id: 'm.transfer', share: 'm.share', lane, precedence: `array_position(array['breach', 'emergency', 'priority', 'urgent', 'routine'], ${lane}) - 1`,
    accepted_at: `t.accepted_at - n * interval '1 minute'`, collected_at: `case when ${collected} then t.accepted_at - n * interval '30 seconds' end`,
    // Of what is done with nothing lies here any more: the relay would be removing it while somebody looks.
    ended_at: 'case when m.done then t.accepted_at end', payload_removed_at: 'case when m.done then t.accepted_at end', state: `case when m.done then 'acknowledged' when ${collected} then 'collected' else 'available' end`,
  };
  await sql(`insert into waybill.transfer (${transfers.join(', ')}) select ${transfers.map((name) => ofTransfer[name] ?? `t.${name}`).join(', ')} from waybill.transfer t, made m where t.id = $1`, [transfer]);
  await sql(`insert into waybill.request (id, share, requester, requester_controller, holder, contact, holder_controller, agreement, agreement_version, type, purpose, categories, urgency, lane, state, opened_at, closed_at)
    select t.id, t.share, t.sender, t.sender_controller, t.recipient, t.contact, t.recipient_controller, s.agreement, s.agreement_version, 'enquiry', 'front-door-referral', '{health}', s.urgency, t.lane,
      case when m.done then 'answered' else 'asked' end, t.accepted_at, case when m.done then t.accepted_at + interval '1 hour' end
    from made m join waybill.transfer t on t.id = m.transfer join waybill.share s on s.sender = t.sender and s.id = t.share where n % 10 = 3`);
  await sql(`insert into waybill.duty (id, kind, transfer, request, owner, owner_role, contact, other, lane, opened_at, due_at, closed_at, steps, tells)
    select gen_random_uuid(), 'service-target', case when n % 10 <> 3 then t.id end, case when n % 10 = 3 then t.id end, t.recipient, 'owner', t.contact, t.recipient, t.lane, t.accepted_at, t.accepted_at + n * interval '1 second',
      case when m.done then t.accepted_at end, '{}', '{}'
    from made m join waybill.transfer t on t.id = m.transfer where n % 8 in (1, 3)`);
  await sql('insert into waybill.item_owner (agency, kind, item, staff, version, since) select $1, case when n % 10 = 3 then $3 else $4 end, transfer, $2, 1, now() from made where n % 7 = 0', [recipient, staff, 'request', 'transfer']);
  await sql('drop table made');
}
