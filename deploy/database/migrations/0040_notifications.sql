-- Notifications about providers: codes, days and ids of what one agency issues and one circulates. What there is to read travels in shares.

create table waybill.notification (
  id uuid primary key,
  agreement text not null,
  agreement_version text not null,
  issuer text not null,
  issuer_controller text not null,
  circulator text not null,
  circulator_controller text not null,
  -- Whoever keeps the store, where the agreement has one.
  host text,
  host_controller text,
  -- A number of a public register: an organisation, and never a person.
  provider_register text not null,
  provider_number text not null,
  provider_kind text not null,
  purpose text not null,
  necessity text not null,
  provider_told boolean not null,
  state text not null check (state in ('drafted', 'submitted', 'returned', 'circulated', 'under-review', 'followed-up', 'rescinded', 'closed', 'retained', 'disposed')),
  drafted_at timestamptz not null,
  submitted_share uuid,
  circulated_at timestamptz,
  review_on date not null,
  ended_at timestamptz,
  ended_because text,
  keep_until date,
  deposit_folder text,
  deposit_digest text check (deposit_digest ~ '^[0-9a-f]{64}$'),
  deposited_at timestamptz,
  constraint ended_whole check (num_nonnulls(ended_at, ended_because) in (0, 2)),
  constraint deposited_whole check (num_nonnulls(deposit_folder, deposit_digest, deposited_at) in (0, 3))
);
create index notification_of_provider on waybill.notification (provider_register, provider_number);
create index notification_issued on waybill.notification (issuer, id);
create index notification_circulated on waybill.notification (circulator, id);
create index notification_ended on waybill.notification (ended_at) where ended_at is not null and state <> 'disposed';

-- Who received it, by which transfer. Nobody sees another but whoever circulated it.
create table waybill.notification_recipient (
  notification uuid not null references waybill.notification,
  transfer uuid not null references waybill.transfer,
  agency text not null,
  controller text not null,
  circulator text not null,
  read_at timestamptz,
  -- Once it was told that it is over.
  ended_told_at timestamptz,
  primary key (notification, transfer)
);
create index notification_recipient_of on waybill.notification_recipient (agency, notification);
create index notification_recipient_by_transfer on waybill.notification_recipient (transfer);

create table waybill.notification_statement (
  id uuid primary key,
  notification uuid not null references waybill.notification,
  kind text not null check (kind in ('drafted', 'submitted', 'returned', 'circulated', 'under-review', 'followed-up', 'rescinded', 'closed', 'retained', 'disposed', 'read', 'acted', 'action-told', 'deposited')),
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index notification_statement_of on waybill.notification_statement (notification, at);

alter table waybill.duty add column notification uuid;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox, membership, notification) = 1);
create index duty_of_notification on waybill.duty (notification) where closed_at is null and notification is not null;

do $$
declare
  guarded text;
begin
  foreach guarded in array array['notification', 'notification_recipient', 'notification_statement'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

create policy own on waybill.notification_recipient for select to waybill_gateway using (agency = waybill.agency() or circulator = waybill.agency());
create policy circulated on waybill.notification_recipient for insert to waybill_gateway with check (
  circulator = waybill.agency() and exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency() and t.recipient = agency));
create policy read on waybill.notification_recipient for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy looked_after on waybill.notification_recipient to waybill_relay using (true) with check (true);

-- A draft is its issuer's alone; what was never circulated is between issuer and circulator.
create policy part_in on waybill.notification for select to waybill_gateway using (
  issuer = waybill.agency() or (state <> 'drafted' and waybill.agency() = circulator) or (circulated_at is not null and waybill.agency() = host)
  or exists (select from waybill.notification_recipient r where r.notification = id and r.agency = waybill.agency()));
create policy drafted on waybill.notification for insert to waybill_gateway with check (issuer = waybill.agency());
create policy moved on waybill.notification for update to waybill_gateway
  using (issuer = waybill.agency() or (state <> 'drafted' and waybill.agency() = circulator) or (circulated_at is not null and waybill.agency() = host))
  with check (waybill.agency() in (issuer, circulator, host));
create policy looked_after on waybill.notification for select to waybill_relay using (true);

-- What a recipient decided to do is its own, unless it told it. The table of libs/policy/notifications.ts is the same, and a test holds the two together.
create policy shown on waybill.notification_statement for select to waybill_gateway using (
  agency = waybill.agency()
  or (kind in ('drafted', 'submitted', 'circulated', 'under-review', 'followed-up', 'rescinded', 'closed') and exists (select from waybill.notification n where n.id = notification))
  or (kind in ('returned', 'retained', 'disposed', 'action-told') and exists (select from waybill.notification n where n.id = notification and waybill.agency() in (n.issuer, n.circulator)))
  or (kind = 'deposited' and exists (select from waybill.notification n where n.id = notification and waybill.agency() in (n.issuer, n.circulator, n.host)))
  or (kind = 'read' and exists (select from waybill.notification n where n.id = notification and waybill.agency() = n.circulator)));
create policy stated on waybill.notification_statement for insert to waybill_gateway with check (agency = waybill.agency());

grant select, insert on waybill.notification, waybill.notification_recipient, waybill.notification_statement to waybill_gateway;
grant update (provider_register, provider_number, provider_kind, purpose, necessity, provider_told, state, submitted_share, circulated_at, review_on, ended_at, ended_because, keep_until, deposit_folder, deposit_digest, deposited_at) on waybill.notification to waybill_gateway;
grant update (read_at) on waybill.notification_recipient to waybill_gateway;

-- The relay tells everybody who received it that it is over, whoever passed it on to them, and starts the time for which their copies are kept.
grant select on waybill.notification to waybill_relay;
grant select, insert, update (ended_told_at) on waybill.notification_recipient to waybill_relay;
grant update (started_on, due_on) on waybill.retention to waybill_relay;
