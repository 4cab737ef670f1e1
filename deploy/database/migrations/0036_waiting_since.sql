-- Since when an item waits, as a column: row security lets no condition on an expression use an index, and a page far down the list read all that lies before it.

alter table waybill.transfer add column waiting_since timestamptz generated always as (coalesce(collected_at, accepted_at)) stored;
drop index waybill.transfer_in_inbox;
create index transfer_in_inbox on waybill.transfer (recipient, precedence, waiting_since, id) where state in ('available', 'collected');
