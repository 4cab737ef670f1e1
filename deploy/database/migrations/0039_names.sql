-- What an organisation was called when, and which one took its place: a record of then is read with the name of then (PD-16).

create table waybill.agency_name (
  agency text not null references waybill.agency,
  name text not null,
  from_at timestamptz not null,
  -- The first instant at which it was called otherwise.
  until_at timestamptz,
  primary key (agency, from_at)
);
create unique index agency_name_now on waybill.agency_name (agency) where until_at is null;
insert into waybill.agency_name (agency, name, from_at) select id, name, from_at from waybill.agency;

create table waybill.succession (
  agency text primary key references waybill.agency,
  successor text not null references waybill.agency,
  -- The first day on which the successor answers for it.
  on_day date not null,
  check (agency <> successor)
);

grant select on waybill.agency_name, waybill.succession to waybill_gateway, waybill_relay, waybill_console;
grant insert, select, update on waybill.agency_name, waybill.succession to waybill_registrar;
