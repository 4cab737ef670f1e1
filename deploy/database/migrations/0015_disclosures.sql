-- What was disclosed off the wire, as the agency that disclosed it signed it: codes, ids and instants. What else of it is kept, the decision by
-- which it was judged, stands in waybill.decision; what the recipient's controller learns of it, in its own register and nowhere else.

create table waybill.disclosure (
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
alter table waybill.disclosure alter column words set storage external;
-- The same octets again are answered with their receipt, for ever.
create unique index disclosure_by_digest on waybill.disclosure (digest, agency);

alter table waybill.disclosure enable row level security;
alter table waybill.disclosure force row level security;

create policy own on waybill.disclosure for select to waybill_gateway using (agency = waybill.agency());
create policy disclosed on waybill.disclosure for insert to waybill_gateway with check (agency = waybill.agency());

grant select, insert on waybill.disclosure to waybill_gateway;
