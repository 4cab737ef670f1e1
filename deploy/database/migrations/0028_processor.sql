-- The gateway's operator is a processor of every controller: under which contract. Kept, and never overwritten: another contract is another row.
create table waybill.processor_contract (
  controller text not null,
  reference text not null check (reference ~ '^[A-Z]{1,4}[ -]?[A-Z0-9/-]{1,24}$'),
  on_day date not null,
  until_day date check (until_day >= on_day),
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (controller, reference, on_day)
);
alter table waybill.processor_contract enable row level security;
alter table waybill.processor_contract force row level security;
grant select, insert on waybill.processor_contract to waybill_registrar;
create policy entered on waybill.processor_contract to waybill_registrar using (true) with check (true);
