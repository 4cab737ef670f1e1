-- What each decision was made on, so that it can be made again years later, by a newer engine; and decisions not to share (DS-02). Codes,
-- digests, and words as they were sealed.

-- Every profile by which something was decided here, as its octets stood. A newer version takes nothing from an older one's row.
create table waybill.agreement_document (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  agreement text not null,
  version text not null,
  octets bytea not null,
  kept_at timestamptz not null default clock_timestamp()
);
-- A party as decisions saw it: once for as long as it stays the same.
create table waybill.party_document (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  octets bytea not null
);
create trigger kept before update or delete on waybill.agreement_document for each row execute function waybill.insert_only();
create trigger kept before update or delete on waybill.party_document for each row execute function waybill.insert_only();

-- `id`: of the share, or of the decision not to share; one share may be refused, and permitted when it comes again. `entry`: which entry of
-- the register names `digest`, where nobody can change it.
create table waybill.decision (
  agency text not null,
  id uuid not null,
  entry uuid not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  octets bytea not null,
  primary key (agency, id, entry)
);

create table waybill.not_shared (
  agency text not null,
  id uuid not null,
  controller text not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  -- One OpenPGP message, sealed by the agency to itself. Nobody is sent it.
  words bytea,
  at timestamptz not null,
  receipt text not null,
  primary key (agency, id)
);
alter table waybill.not_shared alter column words set storage external;
-- The same octets again are answered with their receipt, for ever.
create unique index not_shared_by_digest on waybill.not_shared (digest, agency);

alter table waybill.decision enable row level security;
alter table waybill.decision force row level security;
alter table waybill.not_shared enable row level security;
alter table waybill.not_shared force row level security;

create policy own on waybill.decision for select to waybill_gateway using (agency = waybill.agency());
create policy decided on waybill.decision for insert to waybill_gateway with check (waybill.acts_for(agency));
create policy own on waybill.not_shared for select to waybill_gateway using (agency = waybill.agency());
create policy decided on waybill.not_shared for insert to waybill_gateway with check (agency = waybill.agency());

grant select, insert on waybill.agreement_document, waybill.party_document, waybill.decision, waybill.not_shared to waybill_gateway;
