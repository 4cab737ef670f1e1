-- Resumable uploads: a sealed part on its way in, over as many connections and gateways as it takes. What stands here went through the gate
-- before it was written: wrapped keys and encrypted data, and nothing else of what was sent.

create table waybill.upload (
  id uuid primary key,
  agency text not null,
  -- Octets taken: where the sender goes on.
  at_octet bigint not null default 0,
  -- Octets of encrypted data kept; what was padding was taken and is not kept.
  size bigint not null default 0,
  -- Where the gate stands, with the wrapped keys: null until the encrypted data has begun, before which nothing is kept.
  gate text,
  complete boolean not null default false,
  touched_at timestamptz not null,
  used_at timestamptz
);
create index upload_of_agency on waybill.upload (agency);
create index upload_idle on waybill.upload (touched_at);
create index upload_used on waybill.upload (used_at) where used_at is not null;

-- Encrypted data in rows of at most a chunk; the last is filled before another is begun.
create table waybill.upload_chunk (
  upload uuid not null references waybill.upload on delete cascade,
  seq integer not null,
  agency text not null,
  octets bytea not null,
  primary key (upload, seq)
);
alter table waybill.upload_chunk alter column octets set storage external;

alter table waybill.upload enable row level security;
alter table waybill.upload force row level security;
alter table waybill.upload_chunk enable row level security;
alter table waybill.upload_chunk force row level security;

grant select, insert, update, delete on waybill.upload to waybill_gateway;
grant select, insert, update on waybill.upload_chunk to waybill_gateway;
-- The relay takes away what was used or left; chunks go with their upload.
grant select, delete on waybill.upload to waybill_relay;

create policy own on waybill.upload to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own on waybill.upload_chunk to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy left_behind on waybill.upload to waybill_relay using (true);
