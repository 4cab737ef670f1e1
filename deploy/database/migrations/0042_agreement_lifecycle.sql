-- The life of an agreement: which version is in force, who approved the one that waits, what its parties state of it, and what it comes to in numbers.

-- Each version that a gateway was given. One that amends another waits for its approvals.
create table waybill.agreement_amendment (
  agreement text not null,
  -- Of the text that is kept under it (agreement_document).
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  version text not null,
  proposed_at timestamptz not null,
  approved_at timestamptz,
  -- The greatest of an agreement: what is in force.
  in_force_at timestamptz,
  primary key (agreement, digest)
);

-- That it was signed, reviewed, approved, that the law has changed, that a party's own needs are the same: codes and days, signed.
create table waybill.agreement_statement (
  id uuid primary key,
  agreement text not null,
  kind text not null check (kind in ('dated', 'reviewed', 'law-changed', 'needs-confirmed', 'approved')),
  agency text not null references waybill.agency,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index agreement_statement_of on waybill.agreement_statement (agreement, at, id);

-- What is counted where no row stays that could be: codes, and nobody's name. The relay takes it into the figures.
create table waybill.agreement_count (
  agreement text not null,
  measure text not null,
  code text not null,
  at timestamptz not null
);

create table waybill.agreement_figure (
  agreement text not null,
  month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
  measure text not null,
  code text not null,
  count bigint not null,
  primary key (agreement, month, measure, code)
);

alter table waybill.duty add column agreement text;
alter table waybill.duty drop constraint about_one;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox, membership, notification, list, agreement) = 1);
-- Two relays that find the same at once open one duty.
create unique index duty_of_agreement on waybill.duty (agreement, owner, kind) where closed_at is null and agreement is not null;

do $$
declare
  guarded text;
begin
  foreach guarded in array array['agreement_statement', 'agreement_count', 'agreement_figure'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

grant select on waybill.agreement_document to waybill_relay, waybill_console;
grant select, insert, update (approved_at, in_force_at) on waybill.agreement_amendment to waybill_gateway;
grant select on waybill.agreement_amendment to waybill_relay, waybill_console;

grant select, insert on waybill.agreement_statement to waybill_gateway;
grant select on waybill.agreement_statement to waybill_relay, waybill_console;
create policy party_to on waybill.agreement_statement for select to waybill_gateway, waybill_console using (exists (select from waybill.membership m where m.agreement = agreement_statement.agreement and m.agency = waybill.agency() and m.status = 'active'));
create policy stated on waybill.agreement_statement for insert to waybill_gateway with check (agency = waybill.agency() and exists (select from waybill.membership m where m.agreement = agreement_statement.agreement and m.agency = waybill.agency() and m.status = 'active'));
create policy due on waybill.agreement_statement for select to waybill_relay using (true);

grant insert on waybill.agreement_count to waybill_gateway;
grant select, delete on waybill.agreement_count to waybill_relay;
create policy counted on waybill.agreement_count for insert to waybill_gateway with check (waybill.agency() is not null);
create policy tallied on waybill.agreement_count to waybill_relay using (true);

grant select on waybill.agreement_figure to waybill_gateway, waybill_console;
grant select, insert, update on waybill.agreement_figure to waybill_relay;
create policy party_to on waybill.agreement_figure for select to waybill_gateway, waybill_console using (exists (select from waybill.membership m where m.agreement = agreement_figure.agreement and m.agency = waybill.agency() and m.status = 'active'));
create policy tallied on waybill.agreement_figure to waybill_relay using (true) with check (true);

-- What is counted of the rest: kinds, states, days and instants. No octets.
grant select (id, kind, agreement, opened_at, answer, answered_at, due_at) on waybill.matter to waybill_relay;
create policy tallied on waybill.matter for select to waybill_relay using (true);
grant select (request, category, answer, at) on waybill.request_answer to waybill_relay;
create policy tallied on waybill.request_answer for select to waybill_relay using (true);
