-- Suspension of an agreement upon a breach: from when until when, and what waits because of it.

create table waybill.suspension (
  id uuid primary key,
  breach uuid not null references waybill.breach,
  agreement text not null,
  by text not null,
  scope text not null check (scope in ('whole-agreement', 'own-participation')),
  began_at timestamptz not null,
  -- By itself, whatever nobody does.
  ends_at timestamptz not null check (ends_at > began_at),
  meet_by timestamptz,
  ended_at timestamptz,
  ended_because text check (ended_because in ('time', 'meeting', 'withdrawn')),
  -- Shares of the case: what went wrong, in writing, and the evidence.
  in_writing uuid not null,
  evidence uuid not null,
  without_writing text[] not null default '{}'
);
create index suspension_standing on waybill.suspension (agreement) where ended_at is null;
create index suspension_of_breach on waybill.suspension (breach);

alter table waybill.suspension enable row level security;
alter table waybill.suspension force row level security;
create policy party_to on waybill.suspension for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy suspended on waybill.suspension for insert to waybill_gateway with check (by = waybill.agency() and exists (select from waybill.breach b where b.id = breach));
create policy ended on waybill.suspension for update to waybill_gateway using (exists (select from waybill.breach b where b.id = breach)) with check (exists (select from waybill.breach b where b.id = breach));
create policy standing on waybill.suspension for select to waybill_courier using (true);
create policy due on waybill.suspension to waybill_relay using (true) with check (true);

grant select, insert on waybill.suspension to waybill_gateway;
grant update (ended_at, ended_because) on waybill.suspension to waybill_gateway, waybill_relay;
grant select on waybill.suspension to waybill_courier, waybill_relay, waybill_console;

-- What no suspension stops, as it was decided.
alter table waybill.transfer add column through_suspension boolean not null default false;
create index transfer_held_by_suspension on waybill.transfer (precedence, accepted_at, id) where state = 'held' and hold_reason = 'agreement-suspended';
