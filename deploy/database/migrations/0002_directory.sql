-- The directory: organisations, posts and keys. No row is about a person at risk. Every partner may read it; only the registrar writes.

create table waybill.controller_name (
  id text primary key,
  name text not null
);

create table waybill.agency (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text not null,
  controller text not null references waybill.controller_name,
  types text[] not null check (cardinality(types) > 0),
  country text not null check (country ~ '^[A-Z]{2}$'),
  -- Domains in which its contacts' mail addresses may lie. None: nobody has looked into it.
  mail_domains text[] not null default '{}',
  -- Grows with each change of the agency, its contacts, keys and memberships: a decision made on an older version is made again.
  version bigint not null default 1,
  from_at timestamptz not null,
  until_at timestamptz
);

create table waybill.membership (
  agency text not null references waybill.agency,
  agreement text not null,
  entry text not null,
  status text not null check (status in ('incomplete', 'active', 'consulted', 'held', 'withdrawn', 'suspended')),
  from_day date not null,
  until_day date,
  scope_limit text,
  privacy_assessed_on date,
  controls_confirmed boolean not null default false,
  primary key (agency, agreement)
);

-- Whose data a desk's are: the member under one entry of the party list.
create index membership_by_entry on waybill.membership (agreement, entry);

create table waybill.contact (
  agency text not null references waybill.agency,
  id text not null check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  kind text not null check (kind in ('team', 'person', 'mailbox')),
  label text not null,
  posts text[] not null default '{}',
  desk text,
  email text,
  telephone text,
  verified_on date,
  from_day date not null,
  until_day date,
  primary key (agency, id)
);

create index contact_by_desk on waybill.contact (desk) where desk is not null;

-- One row per binding of a certificate to a contact and a use, each vouched for by a statement of the co-ordinator.
create table waybill.certificate (
  fingerprint text not null check (fingerprint ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'),
  use text not null check (use in ('seal', 'sign')),
  agency text not null,
  contact text not null,
  octets bytea not null,
  statement bytea not null,
  statement_signature bytea not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  revoked_at timestamptz,
  primary key (fingerprint, use),
  foreign key (agency, contact) references waybill.contact (agency, id),
  check (until_at > from_at)
);
create index on waybill.certificate (agency, contact, use);

-- Key IDs are unique across the directory: an addressee is one contact's or nobody's.
create table waybill.certificate_key (
  key_id text primary key check (key_id ~ '^[0-9A-F]{16}$'),
  key_fingerprint text not null unique,
  fingerprint text not null
);

create table waybill.client_certificate (
  spki text primary key check (spki ~ '^[0-9a-f]{64}$'),
  agency text not null references waybill.agency,
  from_at timestamptz not null,
  until_at timestamptz not null,
  revoked_at timestamptz,
  check (until_at > from_at)
);

create table waybill.coordinator_key (
  fingerprint text primary key,
  octets bytea not null,
  from_at timestamptz not null,
  until_at timestamptz
);

create table waybill.agreement_version (
  agreement text not null,
  version text not null,
  digest text not null,
  loaded_at timestamptz not null default clock_timestamp(),
  primary key (agreement, version, digest)
);

grant select on all tables in schema waybill to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar;
grant insert, update on waybill.controller_name, waybill.agency, waybill.membership, waybill.contact, waybill.certificate,
  waybill.certificate_key, waybill.client_certificate, waybill.coordinator_key to waybill_registrar;
grant insert on waybill.agreement_version to waybill_gateway, waybill_registrar;
