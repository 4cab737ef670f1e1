-- The register: one log per controller. Rows are only ever inserted.

create table waybill.log (
  controller text primary key,
  origin text not null unique,
  size bigint not null default 0
);

-- Partitioned by disposal class and month, so that disposal drops a partition and never deletes a row.
create table waybill.entry (
  id uuid not null,
  controller text not null,
  kind text not null,
  disposal_class text not null,
  at timestamptz not null,
  octets bytea not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  primary key (id, disposal_class, at)
) partition by list (disposal_class);
create index entry_by_controller on waybill.entry (controller, id);

-- Written with the entry, taken away when the relay has integrated the leaf. The relay needs no right to the entry itself.
create table waybill.pending_leaf (
  entry uuid primary key,
  controller text not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  recorded_at timestamptz not null default clock_timestamp(),
  seq bigint generated always as identity
);
create index pending_leaf_by_log on waybill.pending_leaf (controller, seq);

create table waybill.leaf (
  controller text not null,
  index bigint not null,
  entry uuid not null unique,
  hash bytea not null,
  primary key (controller, index)
);
-- Roots of complete subtrees: level 1 covers two leaves, level 2 four.
create table waybill.node (
  controller text not null,
  level integer not null check (level >= 1),
  index bigint not null,
  hash bytea not null,
  primary key (controller, level, index)
);
create table waybill.checkpoint (
  controller text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null,
  primary key (controller, size)
);

do $$
declare
  guarded text;
begin
  foreach guarded in array array['entry', 'leaf', 'node', 'checkpoint'] loop
    execute format('create trigger insert_only before update or delete on waybill.%I for each row execute function waybill.insert_only()', guarded);
    execute format('create trigger never_truncated before truncate on waybill.%I for each statement execute function waybill.insert_only()', guarded);
  end loop;
end
$$;

-- Partitions for `months` months from `since`; run at each migration and by the relay's owner-run maintenance. Past the last one, rows fall into the default partition.
create function waybill.prepare_partitions(since date, months integer) returns void language plpgsql set search_path = waybill, pg_temp as $$
declare
  class text;
  month date;
begin
  foreach class in array array['disclosure', 'movement', 'party', 'housekeeping', 'disposal'] loop
    execute format('create table if not exists waybill.entry_%s partition of waybill.entry for values in (%L) partition by range (at)', class, class);
    execute format('create table if not exists waybill.entry_%s_default partition of waybill.entry_%s default', class, class);
    -- A statement's trigger is not handed down to partitions.
    execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s for each statement execute function waybill.insert_only()', class);
    execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s_default for each statement execute function waybill.insert_only()', class);
    for i in 0 .. months - 1 loop
      month := (date_trunc('month', since) + make_interval(months => i))::date;
      execute format('create table if not exists waybill.entry_%s_%s partition of waybill.entry_%s for values from (%L) to (%L)',
        class, to_char(month, 'YYYY_MM'), class, month || 'T00:00:00Z', (month + interval '1 month')::date || 'T00:00:00Z');
      execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s_%s for each statement execute function waybill.insert_only()', class, to_char(month, 'YYYY_MM'));
    end loop;
  end loop;
end
$$;
revoke execute on function waybill.prepare_partitions from public;

grant insert on waybill.entry, waybill.pending_leaf to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar;
grant select on waybill.entry to waybill_gateway;
grant select on waybill.leaf, waybill.node, waybill.checkpoint to waybill_gateway;
grant select, update, delete on waybill.pending_leaf to waybill_relay;
grant select, insert on waybill.leaf, waybill.node, waybill.checkpoint to waybill_relay;
grant select, update (size) on waybill.log to waybill_relay;
grant select on waybill.log to waybill_gateway, waybill_registrar;
grant insert on waybill.log to waybill_registrar;
