-- What TLS with mail domains came to, day by day, which each domain is told that wants to be (RFC 8460); and what others tell us of our own.

-- Tries at TLS with the hosts of a domain, counted: of no mail, of nobody's.
create table waybill.tls_count (
  domain text not null,
  day date not null,
  policy text not null check (policy in ('sts', 'tlsa', 'no-policy-found')),
  policy_id text not null,
  -- As the domain publishes it.
  lines text[] not null,
  patterns text[] not null,
  host text not null,
  -- Empty: TLS held.
  result text not null,
  sessions bigint not null,
  primary key (domain, day, policy, policy_id, host, result)
);

-- A day that a domain is told of, once it is over.
create table waybill.tls_report (
  domain text not null,
  day date not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  attempt integer not null default 0,
  ended_at timestamptz,
  ended text check (ended in ('told', 'not-asked-for', 'given-up')),
  primary key (domain, day)
);
create index tls_report_due on waybill.tls_report (due_at) where ended_at is null;

-- What somebody said of a domain that mail comes to: nobody vouches for it, and nothing but a look at the domain follows from it.
create table waybill.tls_heard (
  -- Of who said so and what they call it: a report that comes twice counts once.
  digest text not null,
  domain text not null,
  policy text not null check (policy in ('sts', 'tlsa', 'no-policy-found')),
  from_at timestamptz not null,
  until_at timestamptz not null,
  succeeded bigint not null,
  failed bigint not null,
  results text[] not null,
  sessions bigint[] not null,
  heard_at timestamptz not null,
  primary key (digest, domain, policy)
);
create index tls_heard_when on waybill.tls_heard (heard_at);

grant select, insert, update, delete on waybill.tls_count to waybill_courier;
grant select, insert, update, delete on waybill.tls_report to waybill_courier;
grant select, insert, delete on waybill.tls_heard to waybill_courier, waybill_registrar;
