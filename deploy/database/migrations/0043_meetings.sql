-- Meetings: who is invited and why, who came, and what was agreed of the use of their notes. Codes, ids and instants; words are sealed.

create table waybill.meeting (
  id uuid primary key,
  agreement text not null,
  agreement_version text not null,
  kind text not null,
  -- Whoever is there becomes joint controller of what comes of it.
  joint boolean not null,
  administrator text not null references waybill.agency,
  chair text not null,
  chair_contact text not null,
  on_day date not null,
  -- Of a provider: the notification from which it was opened.
  notification uuid,
  -- Every agency that has a part in it.
  parties text[] not null check (cardinality(parties) > 0),
  confidentiality_at timestamptz,
  terms text check (terms ~ '^[0-9a-f]{64}$'),
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  called_at timestamptz not null,
  foreign key (chair, chair_contact) references waybill.contact (agency, id)
);
create index meeting_of_party on waybill.meeting using gin (parties);

-- Somebody invited, or who comes in the place of somebody invited.
create table waybill.meeting_person (
  meeting uuid not null references waybill.meeting,
  agency text not null,
  contact text not null,
  reason text not null,
  -- For which items alone; none: for all.
  items text[],
  deputises_for text,
  signed_at timestamptz,
  -- Whether the contact details may be shown to the others.
  details text check (details in ('shared', 'objects')),
  primary key (meeting, agency, contact),
  foreign key (agency, contact) references waybill.contact (agency, id)
);

create table waybill.meeting_statement (
  id uuid primary key,
  meeting uuid not null references waybill.meeting,
  kind text not null check (kind in ('deputised', 'confidentiality-stated', 'terms-attached', 'signed-in', 'reuse-agreed')),
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null,
  words bytea
);
create index meeting_statement_of on waybill.meeting_statement (meeting, at, id);

do $$
declare
  guarded text;
begin
  foreach guarded in array array['meeting', 'meeting_person', 'meeting_statement'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

grant select, insert, update (parties, confidentiality_at, terms) on waybill.meeting to waybill_gateway;
grant select, insert, update (signed_at, details) on waybill.meeting_person to waybill_gateway;
grant select, insert, update (words) on waybill.meeting_statement to waybill_gateway;
create policy party_to on waybill.meeting for select to waybill_gateway using (waybill.agency() = any(parties));
create policy called on waybill.meeting for insert to waybill_gateway with check (administrator = waybill.agency() and waybill.agency() = any(parties));
create policy moved on waybill.meeting for update to waybill_gateway using (waybill.agency() = any(parties)) with check (waybill.agency() = any(parties));
create policy party_to on waybill.meeting_person to waybill_gateway using (exists (select from waybill.meeting m where m.id = meeting)) with check (exists (select from waybill.meeting m where m.id = meeting));
create policy party_to on waybill.meeting_statement for select to waybill_gateway using (exists (select from waybill.meeting m where m.id = meeting));
create policy stated on waybill.meeting_statement for insert to waybill_gateway with check (agency = waybill.agency() and exists (select from waybill.meeting m where m.id = meeting));
create policy worded on waybill.meeting_statement for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
