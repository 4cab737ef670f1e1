-- A broker may carry messages: a row of the outbox then lives from acceptance until its transfer's message is done with, published or not.

alter table waybill.outbox
  add column published_at timestamptz,
  add column parked_at timestamptz;
comment on table waybill.outbox is 'every accepted transfer whose message is not done with';

-- What is due, lane by lane; what a broker has; what waits for a person.
drop index waybill.outbox_due;
create index outbox_due on waybill.outbox (precedence, seq) where parked_reason is null and published_at is null;
create index outbox_in_lane on waybill.outbox (lane, seq) where parked_reason is null;
create index outbox_published on waybill.outbox (lane, published_at) where parked_reason is null and published_at is not null;
create index outbox_parked on waybill.outbox (precedence, seq) where parked_reason is not null;

-- Whoever runs the house may see what waits and take up again what was set aside: ids and codes, never a share, never an agency.
do $$
begin
  if not exists (select from pg_roles where rolname = 'waybill_operator') then
    create role waybill_operator login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;
grant usage on schema waybill to waybill_operator;
grant select on waybill.outbox to waybill_operator;
grant update (attempt, due_at, leased_until, parked_reason, parked_at, published_at) on waybill.outbox to waybill_operator;
grant insert on waybill.event to waybill_operator;
create policy operating on waybill.outbox for select to waybill_operator using (true);
create policy replayed on waybill.outbox for update to waybill_operator using (parked_reason is not null) with check (true);
create policy replayed on waybill.event for insert to waybill_operator with check (kind = 'replayed');

-- The relay publishes: it puts the envelope together from what it could until now only remove, and the share's manifest and signature.
grant select on waybill.share to waybill_relay;
create policy publishing on waybill.share for select to waybill_relay using (true);
