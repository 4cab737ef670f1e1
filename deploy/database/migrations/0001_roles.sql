-- A database role per process. None owns a table, none may bypass row-level security.
-- Roles belong to the cluster: another database of the same cluster may have made them.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['waybill_gateway', 'waybill_courier', 'waybill_relay', 'waybill_registrar', 'waybill_disposal'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I login nosuperuser nocreatedb nocreaterole noinherit nobypassrls', wanted);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
end
$$;

create schema waybill;
revoke all on schema public from public;
grant usage on schema waybill to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar, waybill_disposal;

-- Who is asking. Set with SET LOCAL for one transaction; unset means nobody, and nobody sees no row.
create function waybill.agency() returns text language sql stable parallel safe
  return nullif(current_setting('waybill.agency', true), '');
create function waybill.controller() returns text language sql stable parallel safe
  return nullif(current_setting('waybill.controller', true), '');

create function waybill.insert_only() returns trigger language plpgsql as $$
begin
  raise exception '% is insert-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
