-- How long each recipient keeps the copy that it acknowledged: the rule, what starts it, when it is due, what holds it, that it is gone. Codes and days.

create table waybill.retention (
  agency text not null,
  transfer uuid not null references waybill.transfer,
  share uuid not null,
  controller text not null,
  sender text not null,
  sender_controller text not null,
  agreement text not null,
  -- What of the agreement's periods it is.
  what text not null,
  months integer,
  from_event text,
  indefinite boolean not null default false,
  review_months integer not null,
  started_on date,
  due_on date,
  review_on date not null,
  held_at timestamptz,
  -- A case of a breach holds it: the relay enters it for whoever has no part in that case as well.
  evidence_since timestamptz,
  disposed_at timestamptz,
  -- Once its duty is open.
  due_told_at timestamptz,
  primary key (agency, transfer)
);
create index retention_due on waybill.retention (due_on) where disposed_at is null and held_at is null and due_told_at is null;
create index retention_review on waybill.retention (review_on) where disposed_at is null;
create index retention_as_evidence on waybill.retention (evidence_since) where evidence_since is not null;
create index retention_of_agency on waybill.retention (agency, due_on, transfer) where disposed_at is null;

create table waybill.retention_statement (
  id uuid primary key,
  agency text not null,
  transfer uuid not null,
  kind text not null check (kind in ('ruled', 'started', 'justified', 'held', 'lifted', 'disposed')),
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null,
  foreign key (agency, transfer) references waybill.retention
);
create index retention_statement_of on waybill.retention_statement (agency, transfer);

alter table waybill.retention enable row level security;
alter table waybill.retention force row level security;
alter table waybill.retention_statement enable row level security;
alter table waybill.retention_statement force row level security;

create policy own on waybill.retention to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy due on waybill.retention to waybill_relay using (true) with check (true);
create policy own on waybill.retention_statement to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());

grant select, insert, update on waybill.retention to waybill_gateway;
grant select, insert on waybill.retention_statement to waybill_gateway;
grant select, update (review_on, due_told_at, evidence_since) on waybill.retention to waybill_relay;
-- A courier takes in the acknowledgement that comes by mail.
create policy acknowledged on waybill.retention for insert to waybill_courier with check (true);
grant insert on waybill.retention to waybill_courier;
