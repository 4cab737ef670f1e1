-- Who holds the key of a team's mailbox: ids of staff, and whether something kept offline recovers it. No key, and nothing that a key is locked with.

create table waybill.team_mailbox (
  id uuid primary key,
  agency text not null,
  contact text not null,
  unique (agency, contact),
  foreign key (agency, contact) references waybill.contact (agency, id)
);

create table waybill.key_holder (
  agency text not null,
  contact text not null,
  -- Fingerprint of the certificate that others seal to.
  key text not null check (key ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'),
  -- Nobody: the recovery key, which the agency keeps offline.
  staff text,
  given_at timestamptz not null,
  given_because text not null,
  taken_at timestamptz,
  taken_because text,
  foreign key (agency, contact) references waybill.contact (agency, id),
  foreign key (agency, staff) references waybill.staff (agency, id),
  check ((taken_at is null) = (taken_because is null))
);
create unique index key_holder_now on waybill.key_holder (agency, contact, key, staff) nulls not distinct where taken_at is null;

create table waybill.custody_statement (
  id uuid primary key,
  mailbox uuid not null references waybill.team_mailbox,
  kind text not null check (kind in ('given', 'taken')),
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index custody_statement_of on waybill.custody_statement (mailbox, at);

alter table waybill.duty add column mailbox uuid;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox) = 1);
-- Two processes that find the same at once open one duty.
create unique index duty_of_mailbox on waybill.duty (mailbox, kind) where closed_at is null and mailbox is not null;

do $$
declare
  guarded text;
begin
  foreach guarded in array array['team_mailbox', 'key_holder', 'custody_statement'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
    execute format('create policy own on waybill.%I to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency())', guarded);
  end loop;
end
$$;

grant select, insert on waybill.team_mailbox, waybill.custody_statement to waybill_gateway;
grant select, insert, update (taken_at, taken_because) on waybill.key_holder to waybill_gateway;
-- Whether somebody works where, and no name.
grant select (agency, id, roles, contacts, from_day, until_day) on waybill.staff to waybill_gateway, waybill_relay;
create policy custodian on waybill.staff for select to waybill_gateway using (agency = waybill.agency());
create policy custodian_left on waybill.staff for select to waybill_relay using (true);

-- Which mailbox a duty is about.
grant select on waybill.team_mailbox to waybill_console;
alter policy own on waybill.team_mailbox to waybill_gateway, waybill_console;

-- The relay finds out that somebody has left, or that a certificate has taken another's place, whosever it is.
grant select, insert on waybill.team_mailbox to waybill_relay;
grant select on waybill.key_holder to waybill_relay;
create policy looked_after on waybill.team_mailbox to waybill_relay using (true) with check (true);
create policy looked_after on waybill.key_holder for select to waybill_relay using (true);
