-- Lists to which a co-ordinator circulates: contacts of the directory, with the days between which they stand on one. Past entries stay: who was written to under which contact is on record.

create table waybill.list (
  id uuid primary key,
  agreement text not null,
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  kind text not null,
  -- Who on it sees whom, as the agreement has it for its kind.
  visibility text not null check (visibility in ('visible', 'hidden', 'visible-unless-opted-out')),
  keeper text not null references waybill.agency,
  keeper_controller text not null,
  -- When it is looked through next.
  review_on date not null,
  unique (agreement, name)
);

create table waybill.list_entry (
  list uuid not null references waybill.list,
  agency text not null,
  contact text not null,
  from_day date not null,
  until_day date,
  ended_because text,
  -- Where the member asked that an assistant be written to as well.
  assistant_of text,
  -- Written to, and shown to nobody but the keeper.
  blind boolean not null default false,
  primary key (list, agency, contact, from_day),
  foreign key (agency, contact) references waybill.contact (agency, id),
  check ((until_day is null) = (ended_because is null))
);
create unique index list_entry_now on waybill.list_entry (list, agency, contact) where until_day is null;
create index list_entry_of_contact on waybill.list_entry (agency, contact);

alter table waybill.duty add column list uuid;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox, membership, notification, list) = 1);
-- Two relays that find the same at once open one duty.
create unique index duty_of_list on waybill.duty (list, kind) where closed_at is null and list is not null;

alter table waybill.list enable row level security;
alter table waybill.list force row level security;
alter table waybill.list_entry enable row level security;
alter table waybill.list_entry force row level security;

create policy party_to on waybill.list for select to waybill_gateway using (
  keeper = waybill.agency() or exists (select from waybill.membership m where m.agreement = list.agreement and m.agency = waybill.agency() and m.status = 'active'));
-- One's own; all of them for the keeper; of a list that shows who is on it those who let themselves be shown.
create policy shown on waybill.list_entry for select to waybill_gateway using (
  agency = waybill.agency() or exists (select from waybill.list l where l.id = list and (l.keeper = waybill.agency() or (l.visibility <> 'hidden' and not blind))));
create policy entered on waybill.list to waybill_registrar using (true) with check (true);
create policy entered on waybill.list_entry to waybill_registrar using (true) with check (true);
create policy due on waybill.list for select to waybill_relay using (true);
create policy due on waybill.list_entry for select to waybill_relay using (true);
create policy of_lists on waybill.duty for select to waybill_registrar using (list is not null);
create policy looked_through on waybill.duty for update to waybill_registrar using (list is not null) with check (list is not null);

grant select on waybill.list, waybill.list_entry to waybill_gateway, waybill_relay;
grant select, insert, update (review_on) on waybill.list to waybill_registrar;
grant select, insert, update (until_day, ended_because, blind) on waybill.list_entry to waybill_registrar;
grant update (closed_at, closed_because, shown_by, next_at) on waybill.duty to waybill_registrar;
