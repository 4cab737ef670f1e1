-- Webhooks: what lies ready for a contact is told to, or handed to, an endpoint of its agency's own. No secret stands here: each is worked out from a key
-- that gateway and courier are given.

create table waybill.webhook (
  id uuid primary key,
  agency text not null,
  contact text not null,
  url text not null,
  -- A reference (ids and codes), or the sealed envelope.
  sends text not null check (sends in ('reference', 'envelope')),
  secret_version integer not null default 1,
  -- Until then what is sent is signed under the version before as well.
  previous_until timestamptz,
  created_at timestamptz not null,
  -- The endpoint did not work: what does not press waits until then.
  rests_until timestamptz,
  failures integer not null default 0,
  unique (agency, contact)
);

create table waybill.push (
  id uuid primary key,
  webhook uuid not null references waybill.webhook on delete cascade,
  agency text not null,
  transfer uuid not null,
  precedence smallint not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  attempt integer not null default 0,
  -- What became of the last attempt: a status, or a code.
  last text,
  ended_at timestamptz,
  ended text check (ended in ('taken', 'given-up', 'overtaken'))
);
create index push_due on waybill.push (webhook, precedence, due_at) where ended_at is null;
create index push_of_webhook on waybill.push (webhook, created_at);
create index push_ended on waybill.push (ended_at) where ended_at is not null;

alter table waybill.webhook enable row level security;
alter table waybill.webhook force row level security;
alter table waybill.push enable row level security;
alter table waybill.push force row level security;

grant select, insert, update, delete on waybill.webhook to waybill_gateway;
grant select, insert on waybill.push to waybill_gateway;
grant select on waybill.webhook to waybill_courier;
grant update (rests_until, failures) on waybill.webhook to waybill_courier;
grant select, insert, update on waybill.push to waybill_courier;
grant select, delete on waybill.push to waybill_relay;

create policy own on waybill.webhook to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own on waybill.push to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy delivering on waybill.webhook to waybill_courier using (true) with check (true);
create policy delivering on waybill.push to waybill_courier using (true) with check (true);
create policy long_ended on waybill.push to waybill_relay using (ended_at is not null);
