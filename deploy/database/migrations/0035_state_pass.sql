-- A pass for what is said of a request by whoever looks at a refusal, decides about it or settles it: the thread, and one statement after the other.

alter table waybill.pass drop constraint pass_errand_check;
alter table waybill.pass add constraint pass_errand_check check (errand in ('read', 'request', 'send', 'state'));
-- What was not answered, and what came of it, of each agency that was asked.
create index request_of_requester_open on waybill.request (requester, holder, lane) where closed_at is null;

-- More looks than work explains are a duty of the data protection officer's.
create policy unusual on waybill.duty for insert to waybill_console with check (kind = 'look-into-access' and owner = waybill.agency() and other = waybill.agency());
create index item_reason_of_staff on waybill.item_reason (agency, staff, at);
