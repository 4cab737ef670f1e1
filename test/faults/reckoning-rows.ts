// What stands in the tables after a storm, asked as the owner, past row-level security.

/** What may not wait any more once all has settled. */
export const WAITING = `select
  (select count(*) from waybill.outbox where parked_reason is null)::int as messages,
  (select count(*) from waybill.outbox where parked_reason is not null)::int as "messages set aside",
  (select count(*) from waybill.pending_leaf)::int as "entries without their place",
  (select count(*) from waybill.transfer where state in ('queued', 'sending'))::int as transfers`;

/** Each gives rows that should not be. $1: shares that were answered, $2: the state in which their transfers must be. */
export const OF_SHARES: Readonly<Record<string, string>> = {
  'a transfer in another state': `select id, state from waybill.transfer where share = any($1::uuid[]) and state <> $2`,
  'a transfer without exactly one event `accepted` and one `available`': `
    select t.id, array_agg(e.kind order by e.seq) as events from waybill.transfer t left join waybill.event e on e.transfer = t.id and e.kind in ('accepted', 'available')
    where t.share = any($1::uuid[]) and $2 = $2 group by t.id having array_agg(e.kind order by e.seq) is distinct from array['accepted', 'available']`,
  'a transfer without exactly one open duty to collect it': `
    select t.id, count(d.id)::int as duties from waybill.transfer t left join waybill.duty d on d.transfer = t.id and d.kind = 'collect' and d.closed_at is null
    where t.share = any($1::uuid[]) and $2 = $2 group by t.id having count(d.id) <> 1`,
  'a share without exactly one entry of its sender': `
    select s.id, count(e.id)::int as entries from waybill.share s left join (
      select id, controller, convert_from(octets, 'UTF8')::jsonb ->> 'share' as share from waybill.entry where kind = 'share-sent') e on e.share = s.id::text and e.controller = s.controller
    where s.id = any($1::uuid[]) and $2 = $2 group by s.id having count(e.id) <> 1`,
  'a transfer without exactly one entry of its recipient': `
    select t.id, count(e.id)::int as entries from waybill.transfer t left join (
      select id, controller, convert_from(octets, 'UTF8')::jsonb ->> 'transfer' as transfer from waybill.entry where kind = 'share-announced') e on e.transfer = t.id::text and e.controller = t.recipient_controller
    where t.share = any($1::uuid[]) and $2 = $2 group by t.id having count(e.id) <> 1`,
  'a share without its octets': `
    select s.id from waybill.share s where s.id = any($1::uuid[]) and $2 = $2 and (
      not exists (select from waybill.part p where p.sender = s.sender and p.share = s.id)
      or exists (select from waybill.part p where p.sender = s.sender and p.share = s.id and p.size is distinct from (
        select sum(octet_length(c.octets)) from waybill.chunk c where c.sender = p.sender and c.share = p.share and c.part = p.name)))`,
};

/** Rows that hang on nothing, in any table. */
export const ORPHANS: Readonly<Record<string, string>> = {
  'a transfer without a share': 'select t.id from waybill.transfer t where not exists (select from waybill.share s where s.sender = t.sender and s.id = t.share)',
  'a share without a transfer': 'select s.id from waybill.share s where not exists (select from waybill.transfer t where t.sender = s.sender and t.share = s.id)',
  'a part without a share': 'select p.share, p.name from waybill.part p where not exists (select from waybill.share s where s.sender = p.sender and s.id = p.share)',
  'a part that nobody has keys to': 'select p.share, p.name from waybill.part p where not exists (select from waybill.wrapped_key k where k.sender = p.sender and k.share = p.share and k.part = p.name)',
  'a chunk without a part': 'select c.share, c.part, c.seq from waybill.chunk c where not exists (select from waybill.part p where p.sender = c.sender and p.share = c.share and p.name = c.part)',
  'wrapped keys without a part': 'select k.transfer, k.part from waybill.wrapped_key k where not exists (select from waybill.part p where p.sender = k.sender and p.share = k.share and p.name = k.part)',
  'a line without a transfer': 'select l.transfer from waybill.line l where not exists (select from waybill.transfer t where t.id = l.transfer)',
  'an event without a transfer': 'select e.transfer, e.kind from waybill.event e where not exists (select from waybill.transfer t where t.id = e.transfer)',
  'a duty without its transfer': 'select d.id, d.kind from waybill.duty d where d.transfer is not null and not exists (select from waybill.transfer t where t.id = d.transfer)',
  'a message without a transfer': 'select o.id from waybill.outbox o where not exists (select from waybill.transfer t where t.id = o.transfer)',
  'a digest without a part': 'select d.digest from waybill.sealed_digest d where not exists (select from waybill.part p where p.digest = d.digest and p.sender = d.sender)',
  'an entry of a share that is not there': `
    select e.id, e.kind from waybill.entry e where e.kind in ('share-sent', 'share-announced')
      and not exists (select from waybill.share s where s.id::text = convert_from(e.octets, 'UTF8')::jsonb ->> 'share')`,
  'a refusal on record': `select id from waybill.entry where kind = 'share-refused'`,
  'an entry without exactly one place in its log': `
    select e.id, count(l.index)::int as places from waybill.entry e left join waybill.leaf l on l.entry = e.id and l.controller = e.controller and l.hash = e.leaf group by e.id having count(l.index) <> 1`,
  'a place without an entry': 'select l.controller, l.index from waybill.leaf l where not exists (select from waybill.entry e where e.id = l.entry)',
};
