-- Duties in full: who is told at each step, on whose desk it lies, who is on the other side, and what showed that it was done.

alter table waybill.duty add column request uuid;
alter table waybill.duty add column contact text;
alter table waybill.duty add column other text;
alter table waybill.duty add column lane text not null default 'routine';
-- None: whoever has it, at each step.
alter table waybill.duty add column tells text[] not null default '{}';
alter table waybill.duty add column closed_by text;
alter table waybill.duty add column shown_by uuid;

-- Who owns the tables is held to row security as well, and is nobody's agency.
alter table waybill.duty no force row level security;
alter table waybill.transfer no force row level security;
update waybill.duty d set lane = t.lane, other = case d.owner when t.sender then t.recipient else t.sender end, contact = case d.owner when t.recipient then t.contact end
  from waybill.transfer t where t.id = d.transfer;
update waybill.duty set owner_role = case owner_role when 'contact' then 'owner' when 'co-ordinator' then 'coordinator' else owner_role end;
alter table waybill.duty force row level security;
alter table waybill.transfer force row level security;

alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request) = 1);
alter table waybill.duty add constraint tells_at_each_step check (cardinality(tells) in (0, cardinality(steps)));
create index duty_of_request on waybill.duty (request) where closed_at is null and request is not null;
create index duty_of_owner on waybill.duty (owner, due_at, id) where closed_at is null;

-- The other side is named. A release from before this one does not name it.
drop policy party_to on waybill.duty;
drop policy closed on waybill.duty;
create policy party_to on waybill.duty for select to waybill_gateway using (waybill.agency() in (owner, other)
  or (other is null and exists (select from waybill.transfer t where t.id = duty.transfer and waybill.agency() in (t.sender, t.recipient))));
create policy closed on waybill.duty for update to waybill_gateway
  using (waybill.agency() in (owner, other) or (other is null and exists (select from waybill.transfer t where t.id = duty.transfer and waybill.agency() in (t.sender, t.recipient))))
  with check (waybill.agency() in (owner, other) or (other is null and exists (select from waybill.transfer t where t.id = duty.transfer and waybill.agency() in (t.sender, t.recipient))));
