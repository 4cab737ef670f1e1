-- Security event tokens (RFC 8417): what an agency's own systems are told at once of a breach or of a key that may no longer be used. Ids and codes.

create table waybill.event_stream (
  agency text primary key,
  url text not null,
  -- From when on each is told; none: not at all.
  breach_since timestamptz,
  keys_since timestamptz,
  -- Who says so in each token: the gateway's origin when the stream was entered.
  issuer text not null,
  created_at timestamptz not null
);

-- Written for whoever is concerned, whether it has a stream or not. What happened before it was asked for is not told; what happens while the endpoint fails is.
create table waybill.security_event (
  id uuid primary key,
  agency text not null,
  event text not null check (event in ('breach-notified', 'key-revoked', 'verification')),
  facts text not null,
  precedence smallint not null,
  at timestamptz not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  attempt integer not null default 0,
  -- What became of the last attempt: a status, or a code.
  last text,
  ended_at timestamptz,
  ended text check (ended in ('taken', 'given-up'))
);
create index security_event_due on waybill.security_event (agency, precedence, due_at) where ended_at is null;
create index security_event_old on waybill.security_event (at);

alter table waybill.event_stream enable row level security;
alter table waybill.event_stream force row level security;
alter table waybill.security_event enable row level security;
alter table waybill.security_event force row level security;

grant select, insert, update, delete on waybill.event_stream to waybill_gateway;
grant select, insert on waybill.security_event to waybill_gateway;
grant insert on waybill.security_event to waybill_registrar;
grant select on waybill.event_stream to waybill_courier;
grant select, update on waybill.security_event to waybill_courier;
grant select, delete on waybill.security_event to waybill_relay;

create policy own on waybill.event_stream to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy delivering on waybill.event_stream for select to waybill_courier using (true);
create policy own on waybill.security_event for select to waybill_gateway using (agency = waybill.agency());
-- Whoever has a part in a case has others told of it, and itself of anything; the registrar tells every partner of a key that is revoked.
create policy told on waybill.security_event for insert to waybill_gateway
  with check (agency = waybill.agency() or (event = 'breach-notified' and exists (select from waybill.breach b where b.id = (facts::jsonb ->> 'breach')::uuid)));
create policy entered on waybill.security_event for insert to waybill_registrar with check (true);
create policy delivering on waybill.security_event to waybill_courier using (true) with check (true);
create policy long_past on waybill.security_event to waybill_relay using (true);
