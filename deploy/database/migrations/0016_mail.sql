-- Mail: what is sealed goes to a mail address whose domain proves which hosts are its own, for a contact that collects from no mailbox here.

-- Whether somebody collects for it here. Who does not gets mail, where its domain is secure.
alter table waybill.contact add column collects boolean not null default true;

-- How it leaves: laid into a mailbox here, or by mail.
alter table waybill.transfer add column route text not null default 'mailbox' check (route in ('mailbox', 'mail'));

-- A mail domain of an agency: what the co-ordinator recorded of it, and how it was last found.
create table waybill.mail_domain (
  agency text not null references waybill.agency,
  domain text not null,
  -- Host names, as in a policy (`*.mail.example`), that somebody made sure are the domain's. Empty: nobody did.
  hosts text[] not null default '{}',
  government boolean not null default false,
  -- What every host of it takes, when it was last found to be secure.
  tls text check (tls in ('1.2', '1.3')),
  found_at timestamptz,
  -- Since when it is not: nothing is sent there until it is again.
  lapsed_at timestamptz,
  fault text,
  check_at timestamptz not null,
  leased_until timestamptz,
  -- A message did not get through: what does not press waits until then.
  rests_until timestamptz,
  failures integer not null default 0,
  primary key (agency, domain)
);
create index mail_domain_check on waybill.mail_domain (check_at);

-- How it was found, each time that it was looked at.
create table waybill.mail_posture (
  id uuid primary key,
  agency text not null,
  domain text not null,
  at timestamptz not null,
  fault text,
  -- Versions of TLS that a host of it takes, oldest first.
  tls text[] not null,
  sts text not null,
  policy text,
  dane boolean not null,
  dmarc text,
  tls_rpt boolean not null
);
create index on waybill.mail_posture (agency, domain, at);

-- MTA-STS policies as they were fetched: one that holds is honoured to the end of its age, whoever takes it away meanwhile.
create table waybill.sts_policy (
  domain text primary key,
  id text not null,
  mode text not null,
  mx text[] not null,
  max_age bigint not null,
  fetched_at timestamptz not null
);

-- A transfer on its way by mail: an attempt at a time.
create table waybill.mailing (
  transfer uuid primary key,
  agency text not null,
  domain text not null,
  precedence smallint not null,
  first_at timestamptz,
  due_at timestamptz not null,
  leased_until timestamptz,
  attempt integer not null default 0,
  -- What became of the last attempt: a code.
  last text,
  ended_at timestamptz,
  ended text check (ended in ('sent', 'held', 'undeliverable', 'overtaken'))
);
create index mailing_due on waybill.mailing (agency, domain, precedence, due_at) where ended_at is null;
create index mailing_ended on waybill.mailing (ended_at) where ended_at is not null;

-- A duty is about a transfer or about a mail domain.
alter table waybill.duty alter column transfer drop not null;
alter table waybill.duty add column domain text;
alter table waybill.duty add constraint about_one check (num_nonnulls(transfer, domain) = 1);
create index duty_of_domain on waybill.duty (owner, domain) where closed_at is null and domain is not null;

-- What a decision may rest on has changed. When it was last looked at is none of it: whoever decides on old facts looks anew before it refuses.
-- The courier finds domains out, and may write nothing else of the directory: a version grows by itself, whatever is written there.
create function waybill.mail_domain_changed() returns trigger language plpgsql as $$
begin
  update waybill.agency set version = version where id = coalesce(new.agency, old.agency);
  return null;
end
$$;
create trigger grows after insert or delete or update of hosts, government, tls, lapsed_at on waybill.mail_domain for each row execute function waybill.mail_domain_changed();

insert into waybill.mail_domain (agency, domain, check_at) select id, unnest(mail_domains), clock_timestamp() from waybill.agency on conflict do nothing;

alter table waybill.mailing enable row level security;
alter table waybill.mailing force row level security;

grant select on waybill.mail_domain to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar;
grant insert, update on waybill.mail_domain to waybill_registrar;
grant update (tls, found_at, lapsed_at, fault, check_at, leased_until, rests_until, failures) on waybill.mail_domain to waybill_courier;
grant update (version) on waybill.agency to waybill_courier;
grant select, insert on waybill.mail_posture to waybill_courier;
grant select on waybill.mail_posture to waybill_registrar;
grant select, insert, update on waybill.sts_policy to waybill_courier;
grant select, insert, update on waybill.mailing to waybill_courier;
grant select, delete on waybill.mailing to waybill_relay;
grant insert on waybill.outbox to waybill_courier;
-- What comes in by mail: a statement counts by its signature.
grant select, insert on waybill.statement to waybill_courier;
grant select on waybill.duty to waybill_registrar;

create policy delivering on waybill.mailing to waybill_courier using (true) with check (true);
create policy by_mail on waybill.statement to waybill_courier using (true) with check (true);
create policy long_ended on waybill.mailing to waybill_relay using (ended_at is not null);
create policy of_domains on waybill.duty for select to waybill_registrar using (domain is not null);
