-- How much waits to be delivered bounds what is accepted: a broker that is gone for hours must not fill the disk with what cannot leave.
-- A gateway counts all rows in a transaction that says so, and in which it does nothing else; what it counts names no agency.
create policy counted on waybill.outbox for select to waybill_gateway using (current_setting('waybill.counting', true) = 'on');
