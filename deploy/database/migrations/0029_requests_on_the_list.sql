-- Information requests stand on the one list, and what came in is found red, amber or green, with the time in which the desk means to deal with it.

-- Of a request what a screen shows: codes, ids, instants, and what was stated about it. What is asked in words is sealed.
grant select on waybill.request, waybill.request_answer, waybill.request_statement to waybill_console;
alter policy party_to on waybill.request to waybill_gateway, waybill_console;
alter policy party_to on waybill.request_answer to waybill_gateway, waybill_console;
alter policy party_to on waybill.request_statement to waybill_gateway, waybill_console;

alter table waybill.request add column precedence smallint generated always as (case lane when 'breach' then 0 when 'emergency' then 1 when 'priority' then 2 when 'urgent' then 3 else 4 end) stored;
create index request_in_inbox on waybill.request (holder, precedence, opened_at, id) where closed_at is null;

-- How pressing somebody found it: what its signs say, and what whoever looked makes of that. What was found before stands in the register.
create table waybill.item_triage (
  agency text not null,
  kind text not null check (kind in ('transfer', 'request')),
  item uuid not null,
  level text not null check (level in ('red', 'amber', 'green')),
  -- What the signs alone make it.
  by_table text not null check (by_table in ('red', 'amber', 'green')),
  signals text[] not null,
  reason text,
  staff text not null,
  at timestamptz not null,
  primary key (agency, kind, item),
  foreign key (agency, staff) references waybill.staff (agency, id)
);

-- Within how long a desk means to deal with what it found red, amber or green, and when it is at work, where that is not what most have.
create table waybill.desk_terms (
  agency text not null,
  contact text not null,
  terms jsonb not null,
  primary key (agency, contact),
  foreign key (agency, contact) references waybill.contact (agency, id)
);

alter table waybill.item_triage enable row level security;
alter table waybill.item_triage force row level security;
alter table waybill.desk_terms enable row level security;
alter table waybill.desk_terms force row level security;

grant select, insert, update on waybill.item_triage to waybill_console;
create policy own on waybill.item_triage to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
grant select, insert, update on waybill.desk_terms to waybill_registrar;
grant select on waybill.desk_terms to waybill_console;
create policy entered on waybill.desk_terms to waybill_registrar using (true) with check (true);
create policy own on waybill.desk_terms for select to waybill_console using (agency = waybill.agency());

-- The target is a duty of the desk's own. Of duties the console opens and closes these alone.
grant insert, update (closed_at, closed_because, shown_by, next_at) on waybill.duty to waybill_console;
create policy targeted on waybill.duty for insert to waybill_console with check (kind = 'service-target' and owner = waybill.agency() and other = waybill.agency());
create policy targeted_anew on waybill.duty for update to waybill_console using (kind = 'service-target' and owner = waybill.agency()) with check (kind = 'service-target' and owner = waybill.agency());
-- What a list is ordered by and looked up by is a column of its own: row security lets no condition on an expression such as coalesce() use an index.
alter table waybill.duty add column item uuid generated always as (coalesce(transfer, request)) stored;
alter table waybill.duty add column precedence smallint generated always as (case lane when 'breach' then 0 when 'emergency' then 1 when 'priority' then 2 when 'urgent' then 3 else 4 end) stored;
create index duty_target on waybill.duty (owner, precedence, due_at, item) where kind = 'service-target' and closed_at is null;
create index duty_target_of on waybill.duty (owner, item) where kind = 'service-target' and closed_at is null;
