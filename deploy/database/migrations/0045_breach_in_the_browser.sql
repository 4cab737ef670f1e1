-- A breach is reported, and stated of, in the browser of whoever answers for an agency: a pass of its own, about the case, whose id the console draws. Nothing that
-- came in is looked at with it, and whose case it is the gateway asks itself.

alter table waybill.pass drop constraint pass_errand_check;
alter table waybill.pass add constraint pass_errand_check check (errand in ('read', 'request', 'send', 'state', 'breach'));

drop policy given on waybill.pass;
create policy given on waybill.pass for insert to waybill_console with check (
  agency = waybill.agency()
  and exists (select from waybill.session s where s.token = pass.session and s.agency = pass.agency and s.staff = pass.staff)
  and (errand in ('send', 'breach') or exists (select from waybill.item_reason r where r.agency = pass.agency and r.item = pass.about and r.staff = pass.staff)));

-- A first report may be made of its first question alone; a phase of whoever made it says the rest.
grant update (type, happened_at, found_at) on waybill.breach to waybill_gateway;
