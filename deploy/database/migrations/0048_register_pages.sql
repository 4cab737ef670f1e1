-- A data protection officer looks into the organisation's own register and at how long its copies are kept, on pages. That a register was read, the console records as the gateway does.

do $$
declare
  shown text;
begin
  foreach shown in array array['entry', 'leaf', 'node', 'checkpoint'] loop
    execute format('create policy own_register_shown on waybill.%I for select to waybill_console using (controller = waybill.controller())', shown);
  end loop;
end
$$;
create policy own_shown on waybill.retention for select to waybill_console using (agency = waybill.agency());
grant select on waybill.entry, waybill.leaf, waybill.node, waybill.checkpoint, waybill.retention, waybill.register_disposal to waybill_console;
