-- The register as evidence: what its entries are to say of a transfer, how they are found again, and what is done once a day.

-- What the registers of both sides say of a transfer, as it was decided when it was accepted.
alter table waybill.transfer
  add column controllership text not null default 'own' check (controllership in ('own', 'partnership', 'joint')),
  -- Complete only when its recipient has recorded it too.
  add column both_record boolean not null default false,
  -- Why its operations are logged; null: they are not. And whether with a justification.
  add column logged_because text check (logged_because in ('law-enforcement', 'origin')),
  add column logged_justified boolean not null default false;
create index transfer_one_sided on waybill.transfer (accepted_at) where both_record and ended_at is null;

-- By what an entry is found: the share or request that it is about. A help for finding and no evidence: that is the entry's own octets.
alter table waybill.entry add column about uuid;
create index entry_about on waybill.entry (controller, about, id) where about is not null;

-- A blind index of a subject: a keyed hash that the controller made with a key of its own, and the share that it found by it. Nobody else can make it.
create table waybill.subject_index (
  controller text not null,
  index bytea not null check (octet_length(index) = 32),
  about uuid not null,
  at timestamptz not null,
  primary key (controller, index, about)
);

-- What the relay does once a day for a controller, so that two relays do it once.
create table waybill.daily (
  controller text not null,
  job text not null,
  on_day date not null,
  primary key (controller, job)
);

do $$
declare
  guarded text;
begin
  foreach guarded in array array['subject_index', 'daily'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;
grant select, insert on waybill.subject_index to waybill_gateway;
create policy own_register on waybill.subject_index to waybill_gateway using (controller = waybill.controller()) with check (controller = waybill.controller());
grant select, insert, update on waybill.daily to waybill_relay;
create policy daily on waybill.daily to waybill_relay using (true) with check (true);
