-- The console: who works where and may see what, who is signed in, and who has taken what upon himself. Staff are named here and in no register or log.

do $$
begin
  if not exists (select from pg_roles where rolname = 'waybill_console') then
    create role waybill_console login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;
grant usage on schema waybill to waybill_console;

-- Whoever holds this secret is looking for the row that it opens: a digest, set for one transaction before it is known whose the row is.
create function waybill.bearer() returns text language sql stable parallel safe
  return nullif(current_setting('waybill.bearer', true), '');
revoke all on function waybill.bearer() from public;
grant execute on function waybill.bearer() to waybill_console, waybill_registrar;

create table waybill.staff (
  agency text not null references waybill.agency,
  -- A number given by the agency, never made of a name: it stands in registers and logs.
  id text not null check (id ~ '^[a-z]{1,12}-[0-9]{2,8}$'),
  name text not null check (name <> ''),
  roles text[] not null check (cardinality(roles) > 0),
  -- Contacts (teams) of the agency for which it works.
  contacts text[] not null default '{}',
  -- SHA-256 of issuer and subject, by which its sign-in is found.
  sign_in text not null unique check (sign_in ~ '^[0-9a-f]{64}$'),
  issuer text not null,
  subject text not null,
  -- Organisational check (AS-02).
  checked_on date,
  checked_until date,
  second_factor boolean not null,
  from_day date not null,
  until_day date,
  primary key (agency, id)
);

create table waybill.staff_training (
  agency text not null,
  staff text not null,
  kind text not null,
  on_day date not null,
  until_day date,
  primary key (agency, staff, kind),
  foreign key (agency, staff) references waybill.staff (agency, id)
);

-- Who is on duty for a contact, from when until when.
create table waybill.on_duty (
  agency text not null,
  contact text not null,
  staff text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  primary key (agency, contact, staff, from_at),
  foreign key (agency, staff) references waybill.staff (agency, id),
  foreign key (agency, contact) references waybill.contact (agency, id),
  check (until_at > from_at)
);

-- That somebody read the statement of responsibilities (AS-20).
create table waybill.staff_statement (
  agency text not null,
  staff text not null,
  at timestamptz not null,
  primary key (agency, staff, at),
  foreign key (agency, staff) references waybill.staff (agency, id)
);

-- A session: of its token the digest alone.
create table waybill.session (
  token text primary key check (token ~ '^[0-9a-f]{64}$'),
  agency text not null,
  staff text not null,
  second_factor boolean not null,
  signed_in_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null,
  foreign key (agency, staff) references waybill.staff (agency, id)
);
create index session_ended on waybill.session (ends_at);

-- A sign-in that is under way at the identity provider, bound to the browser that began it.
create table waybill.sign_in (
  browser text primary key check (browser ~ '^[0-9a-f]{64}$'),
  state text not null,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  -- Whether a second factor was asked for: without one it is not asked for twice.
  demanded boolean not null,
  ends_at timestamptz not null
);
create index sign_in_ended on waybill.sign_in (ends_at);

-- Who has taken an item upon himself; nobody where `staff` is null. `version` grows with each change: who has seen an older one changes nothing.
create table waybill.item_owner (
  agency text not null,
  kind text not null check (kind in ('transfer', 'request')),
  item uuid not null,
  staff text,
  version integer not null,
  since timestamptz not null,
  primary key (agency, kind, item),
  foreign key (agency, staff) references waybill.staff (agency, id)
);

-- Why somebody looked at an item for the first time (AS-03): a code.
create table waybill.item_reason (
  agency text not null,
  kind text not null check (kind in ('transfer', 'request')),
  item uuid not null,
  staff text not null,
  reason text not null,
  at timestamptz not null,
  primary key (agency, kind, item, staff),
  foreign key (agency, staff) references waybill.staff (agency, id)
);

do $$
declare
  guarded text;
begin
  foreach guarded in array array['staff', 'staff_training', 'on_duty', 'staff_statement', 'session', 'sign_in', 'item_owner', 'item_reason'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

-- Of the directory what a screen shows; of the exchange what became of a transfer, and no octet of a payload: no part, chunk, key or line.
grant select on waybill.agency, waybill.contact, waybill.membership, waybill.controller_name, waybill.agreement_version to waybill_console;
grant select on waybill.transfer, waybill.share, waybill.event, waybill.statement, waybill.duty to waybill_console;
grant insert on waybill.entry, waybill.pending_leaf to waybill_console;
grant select, insert, update on waybill.allowance to waybill_console;
alter policy party_to on waybill.transfer to waybill_gateway, waybill_console;
alter policy party_to on waybill.share to waybill_gateway, waybill_console;
alter policy party_to on waybill.event to waybill_gateway, waybill_console;
alter policy party_to on waybill.statement to waybill_gateway, waybill_console;
alter policy party_to on waybill.duty to waybill_gateway, waybill_console;
alter policy recorded on waybill.entry to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar, waybill_console;
alter policy recorded on waybill.pending_leaf to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar, waybill_console;

grant select, insert, update on waybill.staff, waybill.staff_training to waybill_registrar;
grant select, insert, delete on waybill.on_duty to waybill_registrar;
grant select on waybill.staff, waybill.staff_training, waybill.on_duty to waybill_console;
grant select, insert on waybill.staff_statement, waybill.item_reason to waybill_console;
grant select, insert, update, delete on waybill.session to waybill_console;
grant select, insert, delete on waybill.sign_in to waybill_console;
grant select, insert, update on waybill.item_owner to waybill_console;

create policy entered on waybill.staff to waybill_registrar using (true) with check (true);
create policy entered on waybill.staff_training to waybill_registrar using (true) with check (true);
create policy entered on waybill.on_duty to waybill_registrar using (true) with check (true);
create policy own on waybill.staff for select to waybill_console using (agency = waybill.agency());
create policy signing_in on waybill.staff for select to waybill_console using (sign_in = waybill.bearer());
create policy own on waybill.staff_training for select to waybill_console using (agency = waybill.agency());
create policy own on waybill.on_duty for select to waybill_console using (agency = waybill.agency());
create policy own on waybill.staff_statement to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own on waybill.item_owner to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own on waybill.item_reason to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
-- A session is whoever's token it is; one that is over is anybody's to take away.
create policy held on waybill.session to waybill_console using (token = waybill.bearer()) with check (token = waybill.bearer());
create policy ended on waybill.session to waybill_console using (ends_at < clock_timestamp()) with check (false);
create policy held on waybill.sign_in to waybill_console using (browser = waybill.bearer()) with check (browser = waybill.bearer());
create policy ended on waybill.sign_in to waybill_console using (ends_at < clock_timestamp()) with check (false);

-- The list of a front door: in one lane all have equally long, so that who has waited longest has least time left.
create index transfer_in_inbox on waybill.transfer (recipient, precedence, (coalesce(collected_at, accepted_at)), id) where state in ('available', 'collected');
-- What is due of an agency, what is due first on top.
create index duty_of_role on waybill.duty (owner, owner_role, due_at) where closed_at is null;
-- What somebody has.
create index item_owner_of_staff on waybill.item_owner (agency, staff) where staff is not null;
