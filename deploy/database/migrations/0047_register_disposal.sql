-- Disposal of register entries. One role finds what is past its time and records that it goes; the owner, who may drop a partition and read no entry, drops what
-- is on record. Neither can do the other's part.

-- How long a controller has its register kept, where that is not as long as everybody's. Codes and numbers.
create table waybill.register_rule (
  controller text not null,
  disposal_class text not null check (disposal_class in ('disclosure', 'movement', 'party', 'housekeeping')),
  months integer not null check (months between 1 and 1200),
  stated_at timestamptz not null,
  primary key (controller, disposal_class)
);
alter table waybill.register_rule enable row level security;
alter table waybill.register_rule force row level security;
create policy entered on waybill.register_rule to waybill_registrar using (true) with check (true);
grant select, insert, update on waybill.register_rule to waybill_registrar;

-- A month of a class: recorded in every register that it concerned, then in its place in all of these logs, then gone. It names no controller.
create table waybill.register_disposal (
  disposal_class text not null check (disposal_class in ('disclosure', 'movement', 'party', 'housekeeping')),
  month date not null check (month = date_trunc('month', month)::date),
  months integer not null,
  entries bigint not null,
  recorded_at timestamptz not null,
  ready_at timestamptz,
  dropped_at timestamptz check (dropped_at is null or ready_at is not null),
  octets_freed bigint,
  swept_at timestamptz,
  primary key (disposal_class, month)
);
-- An export asks which months are gone, so as to look for none of their entries.
grant select on waybill.register_disposal to waybill_gateway;
grant select, insert, update (entries, ready_at, swept_at) on waybill.register_disposal to waybill_disposal;

-- What may still be needed: whatever is under way, and whatever is held. Ids, states and instants, and of a register its entries.
do $$
declare
  asked text;
begin
  foreach asked in array array['register_rule', 'entry', 'leaf', 'transfer', 'request', 'breach', 'breach_share', 'matter', 'rights_request', 'notification', 'retention', 'duty'] loop
    execute format('create policy disposing on waybill.%I for select to waybill_disposal using (true)', asked);
  end loop;
end
$$;
grant select on waybill.register_rule, waybill.entry, waybill.leaf, waybill.breach_share to waybill_disposal;
grant select (id, share, ended_at) on waybill.transfer to waybill_disposal;
grant select (id, share, closed_at) on waybill.request to waybill_disposal;
grant select (id, closed_at, held_since) on waybill.breach to waybill_disposal;
grant select (id, share, answered_at) on waybill.matter to waybill_disposal;
grant select (id, closed_at) on waybill.rights_request to waybill_disposal;
grant select (id, ended_at) on waybill.notification to waybill_disposal;
grant select (share, held_at, evidence_since, disposed_at) on waybill.retention to waybill_disposal;
grant select (transfer, request, matter, rights, breach, notification, closed_at) on waybill.duty to waybill_disposal;

-- It records, as every process does; and takes away the blind indexes of what no entry is about any more.
create policy disposed on waybill.entry for insert to waybill_disposal with check (disposal_class = 'disposal');
create policy disposed on waybill.pending_leaf for insert to waybill_disposal with check (true);
create policy disposed on waybill.subject_index to waybill_disposal using (true);
grant insert on waybill.entry, waybill.pending_leaf to waybill_disposal;
grant select, delete on waybill.subject_index to waybill_disposal;

-- Run by the owner, after each migration. A reader of the month is waited for a little while, and then it is left for the next time.
create function waybill.drop_disposed() returns setof waybill.register_disposal language plpgsql set search_path = waybill, pg_temp set lock_timeout = '10s' as $$
declare
  due waybill.register_disposal;
  name text;
begin
  for due in select * from waybill.register_disposal where ready_at is not null and dropped_at is null order by disposal_class, month for update loop
    name := format('waybill.entry_%s_%s', due.disposal_class, to_char(due.month, 'YYYY_MM'));
    due.octets_freed := coalesce(pg_total_relation_size(to_regclass(name)), 0);
    execute format('drop table if exists %s', name);
    update waybill.register_disposal d set dropped_at = now(), octets_freed = due.octets_freed where d.disposal_class = due.disposal_class and d.month = due.month returning * into due;
    return next due;
  end loop;
end
$$;
revoke execute on function waybill.drop_disposed from public;
