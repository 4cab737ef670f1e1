-- Shares, transfers, sealed payloads. Ciphertext, digests and codes; never a word in clear.

create table waybill.share (
  sender text not null,
  id uuid not null,
  controller text not null,
  manifest_digest text not null check (manifest_digest ~ '^[0-9a-f]{64}$'),
  manifest bytea not null,
  signature bytea not null,
  -- The signer's certificate as it stood at receipt: evidence that outlives the directory.
  signer text not null,
  signer_certificate bytea not null,
  agreement text not null,
  agreement_version text not null,
  urgency text not null check (urgency in ('emergency', 'urgent', 'routine')),
  accepted_at timestamptz not null,
  receipt text not null,
  primary key (sender, id)
);

-- The same manifest again is answered with its receipt, for ever.
create unique index share_by_manifest on waybill.share (sender, manifest_digest);

create table waybill.transfer (
  id uuid primary key,
  sender text not null,
  share uuid not null,
  recipient text not null,
  contact text not null,
  sender_controller text not null,
  recipient_controller text not null,
  lane text not null check (lane in ('breach', 'emergency', 'urgent', 'routine')),
  -- 0 is most pressing; the order of the mailbox.
  precedence smallint not null,
  state text not null,
  provenance text not null,
  promise text not null,
  consignment_digest text not null check (consignment_digest ~ '^[0-9a-f]{64}$'),
  size bigint not null,
  hold_reason text,
  payload_until timestamptz not null,
  accepted_at timestamptz not null,
  available_at timestamptz,
  collected_at timestamptz,
  opened_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  payload_removed_at timestamptz,
  foreign key (sender, share) references waybill.share (sender, id)
);
create index transfer_of_share on waybill.transfer (sender, share);
create index transfer_in_mailbox on waybill.transfer (recipient, precedence, accepted_at, id) where state in ('available', 'collected');
create index transfer_expiring on waybill.transfer (payload_until) where payload_removed_at is null;

-- Encrypted-data packets, once per part, in chunks.
create table waybill.part (
  sender text not null,
  share uuid not null,
  name text not null,
  digest text not null,
  size bigint not null,
  primary key (sender, share, name)
);
create table waybill.chunk (
  sender text not null,
  share uuid not null,
  part text not null,
  seq integer not null,
  octets bytea not null,
  primary key (sender, share, part, seq)
);
alter table waybill.chunk alter column octets set storage external;

-- The wrapped keys that belong to one transfer: without a row here a recipient has no copy of the part.
create table waybill.wrapped_key (
  transfer uuid not null references waybill.transfer,
  sender text not null,
  share uuid not null,
  part text not null,
  octets bytea not null,
  -- Key IDs (16 upper hex) or fingerprints that the copy is sealed to: looked at again before it is handed out.
  keys text[] not null,
  primary key (transfer, part)
);
create index wrapped_key_of_part on waybill.wrapped_key (sender, share, part);

create table waybill.line (
  transfer uuid not null references waybill.transfer,
  seq integer not null,
  octets text not null,
  primary key (transfer, seq)
);

-- Digests outlive payloads: a sealed part seen from one sender is never accepted as another's.
create table waybill.sealed_digest (
  digest text primary key,
  sender text not null
);

create table waybill.statement (
  transfer uuid not null references waybill.transfer,
  kind text not null check (kind in ('opened', 'acknowledged', 'returned', 'recalled')),
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null,
  primary key (transfer, kind)
);

create table waybill.idempotency (
  agency text not null,
  key text not null,
  manifest_digest text not null,
  status integer not null,
  body text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (agency, key)
);

create table waybill.malformed_upload (
  agency text not null,
  minute timestamptz not null,
  uploads integer not null,
  primary key (agency, minute)
);

create table waybill.duty (
  id uuid primary key,
  kind text not null,
  transfer uuid not null,
  owner text not null,
  owner_role text not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  next_at timestamptz,
  -- Milliseconds after opening at which somebody is reminded, and how many of them have passed.
  steps bigint[] not null,
  step integer not null default 0,
  closed_at timestamptz,
  closed_because text
);
create index duty_next on waybill.duty (next_at) where closed_at is null;
create index duty_of_transfer on waybill.duty (transfer) where closed_at is null;

-- What happened to a transfer, in the order in which it happened: the sender's and recipient's timeline.
create table waybill.event (
  transfer uuid not null,
  at timestamptz not null,
  kind text not null,
  detail text,
  seq bigint generated always as identity primary key
);
create index event_of_transfer on waybill.event (transfer, seq);

-- The queue when PostgreSQL carries it; what is still to be published when a broker does.
create table waybill.outbox (
  id uuid primary key,
  kind text not null,
  transfer uuid not null,
  lane text not null,
  precedence smallint not null,
  attempt integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  parked_reason text,
  seq bigint generated always as identity
);
create index outbox_due on waybill.outbox (precedence, seq) where parked_reason is null;
create index outbox_of_transfer on waybill.outbox (transfer);

grant select, insert on waybill.share to waybill_gateway;
grant select, insert, update on waybill.transfer to waybill_gateway;
grant insert on waybill.part, waybill.chunk, waybill.wrapped_key, waybill.line to waybill_gateway;
grant select on waybill.part, waybill.chunk, waybill.wrapped_key, waybill.line to waybill_gateway;
grant select, insert on waybill.sealed_digest, waybill.statement, waybill.idempotency to waybill_gateway;
grant select, insert, update on waybill.malformed_upload, waybill.duty to waybill_gateway;
grant select, insert on waybill.event to waybill_gateway;
grant insert on waybill.outbox to waybill_gateway;
grant select, delete on waybill.outbox to waybill_gateway;

grant select on waybill.share, waybill.part, waybill.chunk, waybill.wrapped_key, waybill.line to waybill_courier;
grant select, update on waybill.transfer to waybill_courier;
grant select, update, delete on waybill.outbox to waybill_courier;
grant insert, select, update on waybill.duty to waybill_courier;
grant insert on waybill.event to waybill_courier;

grant select, update on waybill.transfer, waybill.duty to waybill_relay;
grant insert on waybill.duty, waybill.event to waybill_relay;
grant select, delete on waybill.part, waybill.chunk, waybill.wrapped_key, waybill.line to waybill_relay;
-- For FOR UPDATE: the relays that take away the last two copies of a part take turns.
grant update (size) on waybill.part to waybill_relay;
grant select, insert, update, delete on waybill.outbox to waybill_relay;
grant select, delete on waybill.idempotency, waybill.malformed_upload to waybill_relay;
