-- A party's life in an agreement: what it asks for, ends and attests itself takes effect when it is received; what falls due of it is a duty about its membership.

alter table waybill.membership add column id uuid not null default gen_random_uuid();
alter table waybill.membership add constraint membership_id unique (id);

-- What a party's own word can do to its membership is to ask for one and to end it; the relay can put it on hold. Whoever has the password of a process can do no more.
create function waybill.membership_moved() returns trigger language plpgsql as $$
begin
  if current_user = 'waybill_gateway' then
    if new.agency is distinct from waybill.agency() or not (new.status = 'withdrawn' and tg_op = 'UPDATE' and new.entry = old.entry or new.status = 'incomplete' and (tg_op = 'INSERT' or old.status = 'withdrawn')) then
      raise exception 'a party asks for its own membership, or ends it' using errcode = 'insufficient_privilege';
    end if;
  elsif current_user = 'waybill_relay' and not (old.status = 'active' and new.status = 'held') then
    raise exception 'an active membership is put on hold' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger moved before insert or update on waybill.membership for each row execute function waybill.membership_moved();

-- What a party attests, the latest of each kind, for everybody to see: days, codes and references, and no word of anybody.
create table waybill.attestation (
  agency text not null references waybill.agency,
  agreement text not null,
  what text not null,
  on_day date not null,
  -- The day by which it is to be attested again.
  due_day date not null,
  until_day date,
  link text check (link ~ '^https://'),
  reference text,
  digest text check (digest ~ '^[0-9a-f]{64}$'),
  covers text[] not null default '{}',
  -- The contact that attested it.
  contact text not null,
  at timestamptz not null,
  primary key (agency, agreement, what)
);
create function waybill.attested() returns trigger language plpgsql as $$
begin
  if current_user = 'waybill_gateway' and new.agency is distinct from waybill.agency() then
    raise exception 'a party attests for itself' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger own before insert or update on waybill.attestation for each row execute function waybill.attested();
create trigger facts after insert or delete or update on waybill.attestation for each row execute function waybill.agency_facts_changed();

-- What the partnership itself attests, or the operator for it.
create table waybill.partnership_attestation (
  agreement text not null,
  what text not null,
  on_day date not null,
  due_day date not null,
  until_day date,
  link text check (link ~ '^https://'),
  reference text,
  digest text check (digest ~ '^[0-9a-f]{64}$'),
  covers text[] not null default '{}',
  at timestamptz not null,
  primary key (agreement, what)
);

create table waybill.membership_statement (
  id uuid primary key,
  agreement text not null,
  kind text not null check (kind in ('joins', 'withdraws', 'attests')),
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index membership_statement_of on waybill.membership_statement (agency, agreement, at);
alter table waybill.membership_statement enable row level security;
alter table waybill.membership_statement force row level security;
create policy own on waybill.membership_statement to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant select, insert on waybill.membership_statement to waybill_gateway;

grant select, insert, update on waybill.attestation to waybill_gateway;
grant select on waybill.attestation to waybill_registrar, waybill_relay, waybill_courier;
grant select on waybill.partnership_attestation to waybill_gateway, waybill_relay;
grant select, insert, update on waybill.partnership_attestation to waybill_registrar;
grant insert (agency, agreement, entry, status, from_day), update (status, entry) on waybill.membership to waybill_gateway;
grant update (status) on waybill.membership to waybill_relay;
-- The versions that decisions compare, and what was before: the triggers of a membership write both.
grant update (version) on waybill.agency to waybill_gateway, waybill_relay;
grant insert, update on waybill.agreement_state to waybill_gateway, waybill_relay;
grant insert on waybill.directory_past to waybill_gateway, waybill_relay;

alter table waybill.duty add column membership uuid;
-- Of which of the things that a membership asks for.
alter table waybill.duty add column what text;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox, membership) = 1);
-- Two processes that find the same at once open one duty.
create unique index duty_of_membership on waybill.duty (membership, kind, what, owner) nulls not distinct where closed_at is null and membership is not null;

alter policy told on waybill.duty with check (breach is not null or membership is not null);
create policy of_memberships on waybill.duty for select to waybill_registrar using (membership is not null);
create policy of_memberships_closed on waybill.duty for update to waybill_registrar using (membership is not null) with check (membership is not null);
grant update (closed_at, closed_because, shown_by, next_at) on waybill.duty to waybill_registrar;

-- What goes back when its recipient leaves is found by whom it is for.
create index membership_withdrawn on waybill.membership (agency, agreement) where status = 'withdrawn';
create index transfer_waiting_for on waybill.transfer (recipient) where state in ('queued', 'available', 'held');
