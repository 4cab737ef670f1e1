-- Data breaches: what was reported, who has which part, who was told and when it was read, each controller's own clock, and what was stated of it.
-- Codes, ids and instants: what happened in words is a sealed part of a share.

create table waybill.breach (
  id uuid primary key,
  agreement text not null,
  agreement_version text not null,
  -- Null: the gateway raised it itself.
  reporter text,
  -- Cases of one breach of the gateway itself: one for each controller under each agreement, so that none learns of another.
  incident uuid,
  type text not null,
  harm text not null check (harm in ('yes', 'no', 'unknown')),
  near_miss boolean not null default false,
  exercise boolean not null default false,
  happened_at timestamptz,
  found_at timestamptz not null,
  opened_at timestamptz not null,
  state text not null,
  closed_at timestamptz,
  -- While it stands, nothing that it is about is disposed of (BR-15, RT-15).
  held_since timestamptz,
  -- Everybody who may see it.
  parties text[] not null check (cardinality(parties) > 0)
);
create index breach_of_party on waybill.breach using gin (parties);
create index breach_of_incident on waybill.breach (incident) where incident is not null;
create index breach_held on waybill.breach (id) where held_since is not null;

-- Who has which part in a case, and from when on its own clock runs.
create table waybill.breach_party (
  breach uuid not null references waybill.breach,
  agency text not null,
  controller text not null,
  parts text[] not null,
  aware_at timestamptz,
  due_at timestamptz,
  reported_at timestamptz,
  primary key (breach, agency)
);

-- Shares that are affected. `agency`: who sent it.
create table waybill.breach_share (
  breach uuid not null references waybill.breach,
  share uuid not null,
  agency text not null,
  primary key (breach, share, agency)
);
create index breach_of_share on waybill.breach_share (share);

-- Who was told, in which wave, and when somebody read it.
create table waybill.breach_notice (
  id uuid primary key,
  breach uuid not null references waybill.breach,
  agency text not null,
  -- The contact that is tried first; whoever comes after stands in the duty.
  contact text,
  wave text not null check (wave in ('safety', 'first', 'second', 'police', 'outcome', 'suspension', 'phase')),
  told_at timestamptz not null,
  read_at timestamptz,
  unique (breach, agency, wave, told_at)
);
create index breach_notice_of on waybill.breach_notice (breach, told_at);

create table waybill.breach_statement (
  id uuid primary key,
  breach uuid not null references waybill.breach,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index breach_statement_of on waybill.breach_statement (breach, at, id);

-- What is known of a breach of the gateway itself, phase by phase: codes and numbers, and whom to ask (Article 33(3)).
create table waybill.breach_phase (
  breach uuid not null references waybill.breach,
  at timestamptz not null,
  facts text not null,
  -- A contact of the directory: whoever answers for the gateway.
  asks text not null,
  primary key (breach, at)
);

-- A duty about a case.
alter table waybill.duty add column breach uuid;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, breach) = 1);
create index duty_of_breach on waybill.duty (breach) where closed_at is null and breach is not null;

do $$
declare
  guarded text;
begin
  foreach guarded in array array['breach', 'breach_party', 'breach_share', 'breach_notice', 'breach_statement', 'breach_phase'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

create policy party_to on waybill.breach for select to waybill_gateway, waybill_console using (waybill.agency() = any(parties));
create policy reported on waybill.breach for insert to waybill_gateway with check ((reporter is null or reporter = waybill.agency()) and incident is null and waybill.agency() = any(parties));
create policy moved on waybill.breach for update to waybill_gateway using (waybill.agency() = any(parties)) with check (waybill.agency() = any(parties));
create policy held on waybill.breach for select to waybill_relay using (true);
create policy raised on waybill.breach to waybill_registrar using (incident is not null) with check (incident is not null);

create policy party_to on waybill.breach_party for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy named on waybill.breach_party for insert to waybill_gateway with check (exists (select from waybill.breach b where b.id = breach));
create policy moved on waybill.breach_party for update to waybill_gateway using (exists (select from waybill.breach b where b.id = breach)) with check (exists (select from waybill.breach b where b.id = breach));
create policy signed_up on waybill.breach_party for select to waybill_relay using (true);
create policy raised on waybill.breach_party to waybill_registrar using (exists (select from waybill.breach b where b.id = breach)) with check (exists (select from waybill.breach b where b.id = breach));

-- Each party looks up those of the affected shares to which it is party itself; the report as it was signed names all of them.
create policy party_to on waybill.breach_share for select to waybill_gateway, waybill_console using (
  exists (select from waybill.breach b where b.id = breach) and exists (select from waybill.transfer t where t.share = breach_share.share and t.sender = breach_share.agency and waybill.agency() in (t.sender, t.recipient)));
create policy named on waybill.breach_share for insert to waybill_gateway with check (exists (select from waybill.breach b where b.id = breach));
create policy held on waybill.breach_share for select to waybill_relay using (true);

create policy party_to on waybill.breach_notice for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy told on waybill.breach_notice for insert to waybill_gateway with check (exists (select from waybill.breach b where b.id = breach));
create policy read on waybill.breach_notice for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy raised on waybill.breach_notice for insert to waybill_registrar with check (exists (select from waybill.breach b where b.id = breach));

create policy party_to on waybill.breach_statement for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy stated on waybill.breach_statement for insert to waybill_gateway with check (agency = waybill.agency() and exists (select from waybill.breach b where b.id = breach));

create policy party_to on waybill.breach_phase for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy raised on waybill.breach_phase for insert to waybill_registrar with check (exists (select from waybill.breach b where b.id = breach));

grant select, insert on waybill.breach, waybill.breach_party, waybill.breach_share, waybill.breach_notice, waybill.breach_statement to waybill_gateway;
grant select on waybill.breach_phase to waybill_gateway, waybill_console;
-- The operator's command opens duties of those whom it tells.
grant insert on waybill.duty to waybill_registrar;
create policy told on waybill.duty for insert to waybill_registrar with check (breach is not null);
grant update (state, closed_at, held_since, parties) on waybill.breach to waybill_gateway;
grant update (parts, aware_at, due_at, reported_at) on waybill.breach_party to waybill_gateway;
grant update (read_at) on waybill.breach_notice to waybill_gateway;
grant select on waybill.breach, waybill.breach_party, waybill.breach_share to waybill_relay;
grant select, insert on waybill.breach, waybill.breach_party to waybill_registrar;
grant insert on waybill.breach_notice, waybill.breach_phase to waybill_registrar;
grant select on waybill.breach, waybill.breach_party, waybill.breach_share, waybill.breach_notice, waybill.breach_statement to waybill_console;

-- Onward recipients of what is affected are found by what a share says that it passes on.
alter table waybill.share add column previous uuid;
create index share_passing_on on waybill.share (previous) where previous is not null;
