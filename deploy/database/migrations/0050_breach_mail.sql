-- Mail to whoever has a duty about a breach and collects nothing here: one for each step of the duty, for at each step somebody else may have it.
create table waybill.notice_mail (
  duty uuid not null,
  step integer not null,
  kind text not null,
  breach uuid not null references waybill.breach,
  agency text not null,
  contact text not null,
  lane text not null,
  -- When the duty was opened: the notice is of the same instant.
  told_at timestamptz not null,
  first_at timestamptz,
  due_at timestamptz not null,
  leased_until timestamptz,
  attempt integer not null default 0,
  -- What became of the last attempt: a code.
  last text,
  ended_at timestamptz,
  ended text check (ended in ('sent', 'no-key', 'undeliverable', 'overtaken')),
  primary key (duty, step)
);
create index notice_mail_due on waybill.notice_mail (due_at) where ended_at is null;
create index notice_mail_of on waybill.notice_mail (breach, told_at);

alter table waybill.notice_mail enable row level security;
alter table waybill.notice_mail force row level security;
create policy delivering on waybill.notice_mail to waybill_courier using (true) with check (true);
create policy party_to on waybill.notice_mail for select to waybill_gateway, waybill_console using (exists (select from waybill.breach b where b.id = breach));
create policy mailed on waybill.breach for select to waybill_courier using (true);

grant select, insert, update on waybill.notice_mail to waybill_courier;
grant select on waybill.notice_mail to waybill_gateway, waybill_console;
grant select (id, agreement, exercise, harm) on waybill.breach to waybill_courier;
