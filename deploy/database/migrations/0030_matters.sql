-- Matters: what one side of a transfer puts to the other once it has arrived, and what that answers. Codes, ids and instants; words are sealed.

-- Which categories a transfer holds: known after its lines are gone.
alter table waybill.transfer add column categories text[] not null default '{}';

create table waybill.matter (
  id uuid primary key,
  kind text not null,
  transfer uuid not null references waybill.transfer,
  share uuid not null,
  agreement text not null,
  agreement_version text not null,
  put_by text not null,
  contact text not null,
  put_by_controller text not null,
  put_to text not null,
  put_to_controller text not null,
  -- Of the author's own register of rights requests.
  rights_request uuid,
  right_used text,
  purpose text,
  recipients text[] not null default '{}',
  demands_deletion boolean not null default false,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  -- None: the gateway opened it, because of a rights request that its author signed.
  octets bytea,
  signature bytea,
  signer text,
  signer_certificate bytea,
  words bytea,
  answer text,
  answered_at timestamptz,
  until_day date,
  answer_octets bytea,
  answer_signature bytea,
  answer_signer text,
  answer_signer_certificate bytea,
  answer_words bytea,
  -- Of a consultation: how much whoever asked gave the view, once it has answered the person.
  weight text,
  constraint answered_whole check (num_nonnulls(answer, answered_at, answer_octets, answer_signature, answer_signer, answer_signer_certificate) in (0, 6)),
  constraint signed_whole check (num_nonnulls(octets, signature, signer, signer_certificate) in (0, 4))
);
create index matter_of_author on waybill.matter (put_by, id);
create index matter_of_answerer on waybill.matter (put_to, id);
create index matter_of_transfer on waybill.matter (transfer);
create index matter_of_rights_request on waybill.matter (rights_request) where rights_request is not null;

-- Somebody uses a right: what its agency signed of it, and what it came to. Nobody else sees it.
create table waybill.rights_request (
  agency text not null,
  id uuid not null,
  controller text not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  words bytea,
  at timestamptz not null,
  receipt text not null,
  right_used text not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  primary key (agency, id)
);
create unique index rights_request_by_digest on waybill.rights_request (agency, digest);
create index rights_request_open on waybill.rights_request (agency, due_at) where closed_at is null;

-- What the agency states of it afterwards: that it takes longer, and what it came to.
create table waybill.rights_statement (
  id uuid primary key,
  agency text not null,
  rights_request uuid not null,
  kind text not null check (kind in ('extended', 'closed')),
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null,
  foreign key (agency, rights_request) references waybill.rights_request
);
create index rights_statement_of on waybill.rights_statement (agency, rights_request);

alter table waybill.matter enable row level security;
alter table waybill.matter force row level security;
alter table waybill.rights_request enable row level security;
alter table waybill.rights_request force row level security;
alter table waybill.rights_statement enable row level security;
alter table waybill.rights_statement force row level security;

create policy party_to on waybill.matter for select to waybill_gateway using (waybill.agency() in (put_by, put_to));
create policy put on waybill.matter for insert to waybill_gateway with check (put_by = waybill.agency()
  and exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient) and put_to in (t.sender, t.recipient)));
create policy answered on waybill.matter for update to waybill_gateway using (waybill.agency() in (put_by, put_to)) with check (waybill.agency() in (put_by, put_to));
create policy own on waybill.rights_request to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own on waybill.rights_statement to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());

grant select, insert on waybill.matter, waybill.rights_request, waybill.rights_statement to waybill_gateway;
-- What was put stays as it was put.
grant update (answer, answered_at, until_day, answer_octets, answer_signature, answer_signer, answer_signer_certificate, answer_words, weight) on waybill.matter to waybill_gateway;
grant update (due_at, closed_at) on waybill.rights_request to waybill_gateway;

alter table waybill.duty add column matter uuid;
alter table waybill.duty add column rights uuid;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, breach, matter, rights) = 1);
create index duty_of_matter on waybill.duty (matter) where closed_at is null and matter is not null;
create index duty_of_rights on waybill.duty (rights) where closed_at is null and rights is not null;
