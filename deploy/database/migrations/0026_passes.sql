-- A pass: for a while a browser of somebody who is signed in may ask the gateway for one thing of its agency's, by way of the console. It opens nothing:
-- what is handed over is sealed, and what is signed is signed in the browser.

create table waybill.pass (
  -- SHA-256 of the token.
  token text primary key check (token ~ '^[0-9a-f]{64}$'),
  -- It ends with the session in which it was given.
  session text not null references waybill.session (token) on delete cascade,
  agency text not null,
  staff text not null,
  errand text not null check (errand in ('read', 'request', 'send')),
  -- The one item that it is about; nothing where something new is sent.
  about uuid,
  -- SHA-256 of a secret of the page that took it up: no other page has it from then on.
  page text check (page ~ '^[0-9a-f]{64}$'),
  given_at timestamptz not null,
  ends_at timestamptz not null,
  check ((about is null) = (errand = 'send')),
  foreign key (agency, staff) references waybill.staff (agency, id)
);
create index pass_of_session on waybill.pass (session);
create index pass_ended on waybill.pass (ends_at);

alter table waybill.pass enable row level security;
alter table waybill.pass force row level security;

grant execute on function waybill.bearer() to waybill_gateway;
grant select, insert, delete on waybill.pass to waybill_console;
grant select, update (page) on waybill.pass to waybill_gateway;

-- Only somebody whose own session this is, and who has said why, is given one.
create policy given on waybill.pass for insert to waybill_console with check (
  agency = waybill.agency()
  and exists (select from waybill.session s where s.token = pass.session and s.agency = pass.agency and s.staff = pass.staff)
  and (about is null or exists (select from waybill.item_reason r where r.agency = pass.agency and r.item = pass.about and r.staff = pass.staff)));
create policy held on waybill.pass for select to waybill_gateway, waybill_console using (token = waybill.bearer());
create policy taken on waybill.pass for update to waybill_gateway using (token = waybill.bearer()) with check (token = waybill.bearer());
create policy ended on waybill.pass to waybill_console using (ends_at < clock_timestamp()) with check (false);
