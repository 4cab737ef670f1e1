-- The schema as PostgreSQL has it after all migrations. Written from its catalogue by `npm run generate`, for reading and review;
-- a database is made by the migrations, never by this file. Left out: the monthly partitions entry_*_YYYY_MM and their
-- defaults entry_*_default, which depend on the day of migration and have no rights, policies or triggers of their own;
-- NOT NULL constraints, which stand with their columns; the owner, which is whoever ran the migrations.

-- Roles
role waybill_console: login
role waybill_courier: login
role waybill_disposal: login
role waybill_gateway: login
role waybill_operator: login
role waybill_registrar: login
role waybill_relay: login

-- Of other kinds
-- default privileges: none
-- event triggers: none
-- extensions but plpgsql: none
-- foreign tables: none
-- materialised views: none
-- publications: none
-- rewrite rules: none
-- types and domains: none
-- views: none

-- Schemas
schema public;
schema waybill;
grant usage on schema waybill to waybill_console;
grant usage on schema waybill to waybill_courier;
grant usage on schema waybill to waybill_disposal;
grant usage on schema waybill to waybill_gateway;
grant usage on schema waybill to waybill_operator;
grant usage on schema waybill to waybill_registrar;
grant usage on schema waybill to waybill_relay;

-- Function waybill.acts_for(text)
CREATE OR REPLACE FUNCTION waybill.acts_for(sender text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ((sender = waybill.agency()) OR (sender = ANY (waybill.senders())));
grant execute on function waybill.acts_for(text) to public;

-- Function waybill.agency()
CREATE OR REPLACE FUNCTION waybill.agency()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('waybill.agency'::text, true), ''::text);
grant execute on function waybill.agency() to public;

-- Function waybill.agency_changed()
CREATE OR REPLACE FUNCTION waybill.agency_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(7219402, waybill.facts_lock(new.id));
  new.version := case tg_op when 'INSERT' then 1 else old.version + 1 end;
  return new;
end
$function$;
grant execute on function waybill.agency_changed() to public;

-- Function waybill.agency_facts_changed()
CREATE OR REPLACE FUNCTION waybill.agency_facts_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed text;
begin
  for changed in select distinct agency from unnest(array[old.agency, new.agency]) as a (agency) where agency is not null order by agency loop
    -- The agency's own trigger takes the lock and grows the version.
    update waybill.agency set version = version where id = changed;
  end loop;
  return null;
end
$function$;
grant execute on function waybill.agency_facts_changed() to public;

-- Function waybill.agreement_changed(text)
CREATE OR REPLACE FUNCTION waybill.agreement_changed(changed text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(7219402, waybill.facts_lock('agreement ' || changed));
  insert into waybill.agreement_state (agreement) values (changed) on conflict (agreement) do update set version = agreement_state.version + 1;
end
$function$;
grant execute on function waybill.agreement_changed(text) to public;

-- Function waybill.attested()
CREATE OR REPLACE FUNCTION waybill.attested()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_user = 'waybill_gateway' and new.agency is distinct from waybill.agency() then
    raise exception 'a party attests for itself' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$function$;
grant execute on function waybill.attested() to public;

-- Function waybill.bearer()
CREATE OR REPLACE FUNCTION waybill.bearer()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('waybill.bearer'::text, true), ''::text);
grant execute on function waybill.bearer() to waybill_console;
grant execute on function waybill.bearer() to waybill_gateway;
grant execute on function waybill.bearer() to waybill_registrar;

-- Function waybill.controller()
CREATE OR REPLACE FUNCTION waybill.controller()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('waybill.controller'::text, true), ''::text);
grant execute on function waybill.controller() to public;

-- Function waybill.desk_changed()
CREATE OR REPLACE FUNCTION waybill.desk_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if coalesce(old.desk, new.desk) is not null then
    perform waybill.agreement_changed(agreement) from (select agreement from waybill.agreement_state order by agreement) touched;
  end if;
  return null;
end
$function$;
grant execute on function waybill.desk_changed() to public;

-- Function waybill.drop_disposed()
CREATE OR REPLACE FUNCTION waybill.drop_disposed()
 RETURNS SETOF waybill.register_disposal
 LANGUAGE plpgsql
 SET search_path TO 'waybill', 'pg_temp'
 SET lock_timeout TO '10s'
AS $function$
declare
  due waybill.register_disposal;
  name text;
begin
  for due in select * from waybill.register_disposal where ready_at is not null and dropped_at is null order by disposal_class, month for update loop
    name := format('waybill.entry_%s_%s', due.disposal_class, to_char(due.month, 'YYYY_MM'));
    due.octets_freed := coalesce(pg_total_relation_size(to_regclass(name)), 0);
    execute format('drop table if exists %s', name);
    update waybill.register_disposal d set dropped_at = now(), octets_freed = due.octets_freed where d.disposal_class = due.disposal_class and d.month = due.month returning * into due;
    return next due;
  end loop;
end
$function$;

-- Function waybill.facts_lock(text)
CREATE OR REPLACE FUNCTION waybill.facts_lock(about text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN hashtext(about);
grant execute on function waybill.facts_lock(text) to public;

-- Function waybill.insert_only()
CREATE OR REPLACE FUNCTION waybill.insert_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is insert-only', tg_table_name using errcode = 'insufficient_privilege';
end
$function$;
grant execute on function waybill.insert_only() to public;

-- Function waybill.mail_domain_changed()
CREATE OR REPLACE FUNCTION waybill.mail_domain_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update waybill.agency set version = version where id = coalesce(new.agency, old.agency);
  return null;
end
$function$;
grant execute on function waybill.mail_domain_changed() to public;

-- Function waybill.membership_changed()
CREATE OR REPLACE FUNCTION waybill.membership_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform waybill.agreement_changed(agreement) from (select distinct agreement from unnest(array[old.agreement, new.agreement]) as a (agreement) where agreement is not null order by agreement) touched;
  return null;
end
$function$;
grant execute on function waybill.membership_changed() to public;

-- Function waybill.membership_moved()
CREATE OR REPLACE FUNCTION waybill.membership_moved()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_user = 'waybill_gateway' then
    if new.agency is distinct from waybill.agency() or not (new.status = 'withdrawn' and tg_op = 'UPDATE' and new.entry = old.entry or new.status = 'incomplete' and (tg_op = 'INSERT' or old.status = 'withdrawn')) then
      raise exception 'a party asks for its own membership, or ends it' using errcode = 'insufficient_privilege';
    end if;
  elsif current_user = 'waybill_relay' and not (old.status = 'active' and new.status = 'held') then
    raise exception 'an active membership is put on hold' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$function$;
grant execute on function waybill.membership_moved() to public;

-- Function waybill.past_kept()
CREATE OR REPLACE FUNCTION waybill.past_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  was jsonb := to_jsonb(old) - 'version';
begin
  if tg_op = 'DELETE' or was is distinct from to_jsonb(new) - 'version' then
    insert into waybill.directory_past (kind, agency, was) values (tg_table_name, coalesce(was ->> 'agency', was ->> 'id'), was);
  end if;
  return null;
end
$function$;
grant execute on function waybill.past_kept() to public;

-- Function waybill.prepare_partitions(date,integer)
CREATE OR REPLACE FUNCTION waybill.prepare_partitions(since date, months integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'waybill', 'pg_temp'
AS $function$
declare
  class text;
  month date;
begin
  foreach class in array array['disclosure', 'movement', 'party', 'housekeeping', 'disposal'] loop
    execute format('create table if not exists waybill.entry_%s partition of waybill.entry for values in (%L) partition by range (at)', class, class);
    execute format('create table if not exists waybill.entry_%s_default partition of waybill.entry_%s default', class, class);
    -- A statement's trigger is not handed down to partitions.
    execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s for each statement execute function waybill.insert_only()', class);
    execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s_default for each statement execute function waybill.insert_only()', class);
    for i in 0 .. months - 1 loop
      month := (date_trunc('month', since) + make_interval(months => i))::date;
      execute format('create table if not exists waybill.entry_%s_%s partition of waybill.entry_%s for values from (%L) to (%L)',
        class, to_char(month, 'YYYY_MM'), class, month || 'T00:00:00Z', (month + interval '1 month')::date || 'T00:00:00Z');
      execute format('create or replace trigger never_truncated before truncate on waybill.entry_%s_%s for each statement execute function waybill.insert_only()', class, to_char(month, 'YYYY_MM'));
    end loop;
  end loop;
end
$function$;

-- Function waybill.senders()
CREATE OR REPLACE FUNCTION waybill.senders()
 RETURNS text[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN string_to_array(NULLIF(current_setting('waybill.senders'::text, true), ''::text), ','::text);
grant execute on function waybill.senders() to public;

-- Table public.waybill_migration
create table public.waybill_migration (
  name text not null,
  digest text not null,
  at timestamp with time zone not null default now(),
  constraint waybill_migration_pkey PRIMARY KEY (name)
);

-- Table waybill.agency
create table waybill.agency (
  id text not null,
  name text not null,
  controller text not null,
  types text[] not null,
  country text not null,
  mail_domains text[] not null default '{}'::text[],
  version bigint not null default 1,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone,
  public_authority boolean,
  constraint agency_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint agency_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{1,62}$'::text)),
  constraint agency_types_check CHECK ((cardinality(types) > 0)),
  constraint agency_controller_fkey FOREIGN KEY (controller) REFERENCES waybill.controller_name(id),
  constraint agency_pkey PRIMARY KEY (id)
);
CREATE TRIGGER grows BEFORE INSERT OR UPDATE ON waybill.agency FOR EACH ROW EXECUTE FUNCTION waybill.agency_changed();
CREATE TRIGGER past AFTER DELETE OR UPDATE ON waybill.agency FOR EACH ROW EXECUTE FUNCTION waybill.past_kept();
grant select on waybill.agency to waybill_console;
grant select, update (version) on waybill.agency to waybill_courier;
grant select, update (version) on waybill.agency to waybill_gateway;
grant insert, select, update on waybill.agency to waybill_registrar;
grant select, update (version) on waybill.agency to waybill_relay;

-- Table waybill.agency_name
create table waybill.agency_name (
  agency text not null,
  name text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone,
  constraint agency_name_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint agency_name_pkey PRIMARY KEY (agency, from_at)
);
CREATE UNIQUE INDEX agency_name_now ON waybill.agency_name USING btree (agency) WHERE (until_at IS NULL);
grant select on waybill.agency_name to waybill_console;
grant select on waybill.agency_name to waybill_gateway;
grant insert, select, update on waybill.agency_name to waybill_registrar;
grant select on waybill.agency_name to waybill_relay;

-- Table waybill.agreement_amendment
create table waybill.agreement_amendment (
  agreement text not null,
  digest text not null,
  version text not null,
  proposed_at timestamp with time zone not null,
  approved_at timestamp with time zone,
  in_force_at timestamp with time zone,
  constraint agreement_amendment_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint agreement_amendment_pkey PRIMARY KEY (agreement, digest)
);
grant select on waybill.agreement_amendment to waybill_console;
grant insert, select, update (approved_at), update (in_force_at) on waybill.agreement_amendment to waybill_gateway;
grant select on waybill.agreement_amendment to waybill_relay;

-- Table waybill.agreement_count
create table waybill.agreement_count (
  agreement text not null,
  measure text not null,
  code text not null,
  at timestamp with time zone not null
);
alter table waybill.agreement_count enable row level security;
alter table waybill.agreement_count force row level security;
create policy counted on waybill.agreement_count for insert to waybill_gateway with check (waybill.agency() IS NOT NULL);
create policy tallied on waybill.agreement_count for all to waybill_relay using (true);
grant insert on waybill.agreement_count to waybill_gateway;
grant delete, select on waybill.agreement_count to waybill_relay;

-- Table waybill.agreement_document
create table waybill.agreement_document (
  digest text not null,
  agreement text not null,
  version text not null,
  octets bytea not null,
  kept_at timestamp with time zone not null default clock_timestamp(),
  constraint agreement_document_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint agreement_document_pkey PRIMARY KEY (digest)
);
CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON waybill.agreement_document FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
grant select on waybill.agreement_document to waybill_console;
grant insert, select on waybill.agreement_document to waybill_gateway;
grant select on waybill.agreement_document to waybill_relay;

-- Table waybill.agreement_figure
create table waybill.agreement_figure (
  agreement text not null,
  month text not null,
  measure text not null,
  code text not null,
  count bigint not null,
  constraint agreement_figure_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text)),
  constraint agreement_figure_pkey PRIMARY KEY (agreement, month, measure, code)
);
alter table waybill.agreement_figure enable row level security;
alter table waybill.agreement_figure force row level security;
create policy party_to on waybill.agreement_figure for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.membership m WHERE ((m.agreement = agreement_figure.agreement) AND (m.agency = waybill.agency()) AND (m.status = 'active'::text))));
create policy tallied on waybill.agreement_figure for all to waybill_relay using (true) with check (true);
grant select on waybill.agreement_figure to waybill_console;
grant select on waybill.agreement_figure to waybill_gateway;
grant insert, select, update on waybill.agreement_figure to waybill_relay;

-- Table waybill.agreement_state
create table waybill.agreement_state (
  agreement text not null,
  version bigint not null default 1,
  constraint agreement_state_pkey PRIMARY KEY (agreement)
);
grant select on waybill.agreement_state to waybill_courier;
grant insert, select, update on waybill.agreement_state to waybill_gateway;
grant insert, select, update on waybill.agreement_state to waybill_registrar;
grant insert, select, update on waybill.agreement_state to waybill_relay;

-- Table waybill.agreement_statement
create table waybill.agreement_statement (
  id uuid not null,
  agreement text not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint agreement_statement_kind_check CHECK ((kind = ANY (ARRAY['dated'::text, 'reviewed'::text, 'law-changed'::text, 'needs-confirmed'::text, 'approved'::text]))),
  constraint agreement_statement_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint agreement_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX agreement_statement_of ON waybill.agreement_statement USING btree (agreement, at, id);
alter table waybill.agreement_statement enable row level security;
alter table waybill.agreement_statement force row level security;
create policy due on waybill.agreement_statement for select to waybill_relay using (true);
create policy party_to on waybill.agreement_statement for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.membership m WHERE ((m.agreement = agreement_statement.agreement) AND (m.agency = waybill.agency()) AND (m.status = 'active'::text))));
create policy stated on waybill.agreement_statement for insert to waybill_gateway with check ((agency = waybill.agency()) AND (EXISTS (SELECT FROM waybill.membership m WHERE ((m.agreement = agreement_statement.agreement) AND (m.agency = waybill.agency()) AND (m.status = 'active'::text)))));
grant select on waybill.agreement_statement to waybill_console;
grant insert, select on waybill.agreement_statement to waybill_gateway;
grant select on waybill.agreement_statement to waybill_relay;

-- Table waybill.agreement_version
create table waybill.agreement_version (
  agreement text not null,
  version text not null,
  digest text not null,
  loaded_at timestamp with time zone not null default clock_timestamp(),
  constraint agreement_version_pkey PRIMARY KEY (agreement, version, digest)
);
grant select on waybill.agreement_version to waybill_console;
grant select on waybill.agreement_version to waybill_courier;
grant insert, select on waybill.agreement_version to waybill_gateway;
grant insert, select on waybill.agreement_version to waybill_registrar;
grant select on waybill.agreement_version to waybill_relay;

-- Table waybill.allowance
create table waybill.allowance (
  bucket text not null,
  tokens double precision not null,
  granted integer not null,
  rate double precision not null,
  burst double precision not null,
  at timestamp with time zone not null,
  constraint allowance_pkey PRIMARY KEY (bucket)
);
grant insert, select, update on waybill.allowance to waybill_console;
grant insert, select, update on waybill.allowance to waybill_gateway;

-- Table waybill.attestation
create table waybill.attestation (
  agency text not null,
  agreement text not null,
  what text not null,
  on_day date not null,
  due_day date not null,
  until_day date,
  link text,
  reference text,
  digest text,
  covers text[] not null default '{}'::text[],
  contact text not null,
  at timestamp with time zone not null,
  constraint attestation_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint attestation_link_check CHECK ((link ~ '^https://'::text)),
  constraint attestation_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint attestation_pkey PRIMARY KEY (agency, agreement, what)
);
CREATE TRIGGER facts AFTER INSERT OR DELETE OR UPDATE ON waybill.attestation FOR EACH ROW EXECUTE FUNCTION waybill.agency_facts_changed();
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON waybill.attestation FOR EACH ROW EXECUTE FUNCTION waybill.attested();
grant select on waybill.attestation to waybill_courier;
grant insert, select, update on waybill.attestation to waybill_gateway;
grant select on waybill.attestation to waybill_registrar;
grant select on waybill.attestation to waybill_relay;

-- Table waybill.breach
create table waybill.breach (
  id uuid not null,
  agreement text not null,
  agreement_version text not null,
  reporter text,
  incident uuid,
  type text not null,
  harm text not null,
  near_miss boolean not null default false,
  exercise boolean not null default false,
  happened_at timestamp with time zone,
  found_at timestamp with time zone not null,
  opened_at timestamp with time zone not null,
  state text not null,
  closed_at timestamp with time zone,
  held_since timestamp with time zone,
  parties text[] not null,
  constraint breach_harm_check CHECK ((harm = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
  constraint breach_parties_check CHECK ((cardinality(parties) > 0)),
  constraint breach_pkey PRIMARY KEY (id)
);
CREATE INDEX breach_held ON waybill.breach USING btree (id) WHERE (held_since IS NOT NULL);
CREATE INDEX breach_of_incident ON waybill.breach USING btree (incident) WHERE (incident IS NOT NULL);
CREATE INDEX breach_of_party ON waybill.breach USING gin (parties);
alter table waybill.breach enable row level security;
alter table waybill.breach force row level security;
create policy disposing on waybill.breach for select to waybill_disposal using (true);
create policy held on waybill.breach for select to waybill_relay using (true);
create policy mailed on waybill.breach for select to waybill_courier using (true);
create policy moved on waybill.breach for update to waybill_gateway using (waybill.agency() = ANY (parties)) with check (waybill.agency() = ANY (parties));
create policy party_to on waybill.breach for select to waybill_console, waybill_gateway using (waybill.agency() = ANY (parties));
create policy raised on waybill.breach for all to waybill_registrar using (incident IS NOT NULL) with check (incident IS NOT NULL);
create policy reported on waybill.breach for insert to waybill_gateway with check (((reporter IS NULL) OR (reporter = waybill.agency())) AND (incident IS NULL) AND (waybill.agency() = ANY (parties)));
grant select on waybill.breach to waybill_console;
grant insert, select, update (closed_at), update (found_at), update (happened_at), update (held_since), update (parties), update (state), update (type) on waybill.breach to waybill_gateway;
grant insert, select on waybill.breach to waybill_registrar;
grant select on waybill.breach to waybill_relay;
grant select (agreement), select (exercise), select (harm), select (id) on waybill.breach to waybill_courier;
grant select (closed_at), select (held_since), select (id) on waybill.breach to waybill_disposal;

-- Table waybill.breach_notice
create table waybill.breach_notice (
  id uuid not null,
  breach uuid not null,
  agency text not null,
  contact text,
  wave text not null,
  told_at timestamp with time zone not null,
  read_at timestamp with time zone,
  constraint breach_notice_wave_check CHECK ((wave = ANY (ARRAY['safety'::text, 'first'::text, 'second'::text, 'police'::text, 'outcome'::text, 'suspension'::text, 'phase'::text]))),
  constraint breach_notice_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint breach_notice_pkey PRIMARY KEY (id),
  constraint breach_notice_breach_agency_wave_told_at_key UNIQUE (breach, agency, wave, told_at)
);
CREATE INDEX breach_notice_of ON waybill.breach_notice USING btree (breach, told_at);
alter table waybill.breach_notice enable row level security;
alter table waybill.breach_notice force row level security;
create policy party_to on waybill.breach_notice for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_notice.breach)));
create policy raised on waybill.breach_notice for insert to waybill_registrar with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_notice.breach)));
create policy read on waybill.breach_notice for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy told on waybill.breach_notice for insert to waybill_gateway with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_notice.breach)));
grant select on waybill.breach_notice to waybill_console;
grant insert, select, update (read_at) on waybill.breach_notice to waybill_gateway;
grant insert on waybill.breach_notice to waybill_registrar;

-- Table waybill.breach_party
create table waybill.breach_party (
  breach uuid not null,
  agency text not null,
  controller text not null,
  parts text[] not null,
  aware_at timestamp with time zone,
  due_at timestamp with time zone,
  reported_at timestamp with time zone,
  constraint breach_party_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint breach_party_pkey PRIMARY KEY (breach, agency)
);
alter table waybill.breach_party enable row level security;
alter table waybill.breach_party force row level security;
create policy moved on waybill.breach_party for update to waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach))) with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach)));
create policy named on waybill.breach_party for insert to waybill_gateway with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach)));
create policy party_to on waybill.breach_party for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach)));
create policy raised on waybill.breach_party for all to waybill_registrar using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach))) with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_party.breach)));
create policy signed_up on waybill.breach_party for select to waybill_relay using (true);
grant select on waybill.breach_party to waybill_console;
grant insert, select, update (aware_at), update (due_at), update (parts), update (reported_at) on waybill.breach_party to waybill_gateway;
grant insert, select on waybill.breach_party to waybill_registrar;
grant select on waybill.breach_party to waybill_relay;

-- Table waybill.breach_phase
create table waybill.breach_phase (
  breach uuid not null,
  at timestamp with time zone not null,
  facts text not null,
  asks text not null,
  constraint breach_phase_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint breach_phase_pkey PRIMARY KEY (breach, at)
);
alter table waybill.breach_phase enable row level security;
alter table waybill.breach_phase force row level security;
create policy party_to on waybill.breach_phase for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_phase.breach)));
create policy raised on waybill.breach_phase for insert to waybill_registrar with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_phase.breach)));
grant select on waybill.breach_phase to waybill_console;
grant select on waybill.breach_phase to waybill_gateway;
grant insert on waybill.breach_phase to waybill_registrar;

-- Table waybill.breach_share
create table waybill.breach_share (
  breach uuid not null,
  share uuid not null,
  agency text not null,
  constraint breach_share_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint breach_share_pkey PRIMARY KEY (breach, share, agency)
);
CREATE INDEX breach_of_share ON waybill.breach_share USING btree (share);
alter table waybill.breach_share enable row level security;
alter table waybill.breach_share force row level security;
create policy disposing on waybill.breach_share for select to waybill_disposal using (true);
create policy held on waybill.breach_share for select to waybill_relay using (true);
create policy named on waybill.breach_share for insert to waybill_gateway with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_share.breach)));
create policy party_to on waybill.breach_share for select to waybill_console, waybill_gateway using ((EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_share.breach))) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.share = breach_share.share) AND (t.sender = breach_share.agency) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient))))));
grant select on waybill.breach_share to waybill_console;
grant select on waybill.breach_share to waybill_disposal;
grant insert, select on waybill.breach_share to waybill_gateway;
grant select on waybill.breach_share to waybill_relay;

-- Table waybill.breach_statement
create table waybill.breach_statement (
  id uuid not null,
  breach uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint breach_statement_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint breach_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX breach_statement_of ON waybill.breach_statement USING btree (breach, at, id);
alter table waybill.breach_statement enable row level security;
alter table waybill.breach_statement force row level security;
create policy party_to on waybill.breach_statement for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_statement.breach)));
create policy stated on waybill.breach_statement for insert to waybill_gateway with check ((agency = waybill.agency()) AND (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = breach_statement.breach))));
grant select on waybill.breach_statement to waybill_console;
grant insert, select on waybill.breach_statement to waybill_gateway;

-- Table waybill.certificate
create table waybill.certificate (
  fingerprint text not null,
  use text not null,
  agency text not null,
  contact text not null,
  octets bytea not null,
  statement bytea not null,
  statement_signature bytea not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  form text not null default 'openpgp'::text,
  constraint certificate_check CHECK ((until_at > from_at)),
  constraint certificate_fingerprint_check CHECK ((fingerprint ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'::text)),
  constraint certificate_form_check CHECK ((form = ANY (ARRAY['openpgp'::text, 'smime'::text]))),
  constraint certificate_use_check CHECK ((use = ANY (ARRAY['seal'::text, 'sign'::text]))),
  constraint certificate_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint certificate_pkey PRIMARY KEY (fingerprint, use)
);
CREATE INDEX certificate_agency_contact_use_idx ON waybill.certificate USING btree (agency, contact, use);
CREATE TRIGGER facts AFTER INSERT OR DELETE OR UPDATE ON waybill.certificate FOR EACH ROW EXECUTE FUNCTION waybill.agency_facts_changed();
grant select on waybill.certificate to waybill_courier;
grant select on waybill.certificate to waybill_gateway;
grant insert, select, update on waybill.certificate to waybill_registrar;
grant select on waybill.certificate to waybill_relay;

-- Table waybill.certificate_key
create table waybill.certificate_key (
  key_id text not null,
  key_fingerprint text not null,
  fingerprint text not null,
  constraint certificate_key_key_id_check CHECK (((key_id ~ '^[0-9A-F]{16}$'::text) OR ((key_id ~ '^[0-9A-F]{16,128}$'::text) AND (key_id = key_fingerprint)))),
  constraint certificate_key_pkey PRIMARY KEY (key_id),
  constraint certificate_key_key_fingerprint_key UNIQUE (key_fingerprint)
);
grant select on waybill.certificate_key to waybill_courier;
grant select on waybill.certificate_key to waybill_gateway;
grant insert, select, update on waybill.certificate_key to waybill_registrar;
grant select on waybill.certificate_key to waybill_relay;

-- Table waybill.checkpoint
create table waybill.checkpoint (
  controller text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamp with time zone not null,
  constraint checkpoint_pkey PRIMARY KEY (controller, size)
);
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE ON waybill.checkpoint FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();
alter table waybill.checkpoint enable row level security;
alter table waybill.checkpoint force row level security;
create policy integrated on waybill.checkpoint for all to waybill_relay using (true) with check (true);
create policy own_register on waybill.checkpoint for select to waybill_gateway using (controller = waybill.controller());
create policy own_register_shown on waybill.checkpoint for select to waybill_console using (controller = waybill.controller());
grant select on waybill.checkpoint to waybill_console;
grant select on waybill.checkpoint to waybill_gateway;
grant insert, select on waybill.checkpoint to waybill_relay;

-- Table waybill.chunk
create table waybill.chunk (
  sender text not null,
  share uuid not null,
  part text not null,
  seq integer not null,
  octets bytea storage external not null,
  constraint chunk_pkey PRIMARY KEY (sender, share, part, seq)
);
alter table waybill.chunk enable row level security;
alter table waybill.chunk force row level security;
create policy delivering on waybill.chunk for select to waybill_courier using (true);
create policy own_copy on waybill.chunk for select to waybill_gateway using (EXISTS (SELECT FROM waybill.wrapped_key k WHERE ((k.sender = chunk.sender) AND (k.share = chunk.share) AND (k.part = chunk.part))));
create policy removed on waybill.chunk for all to waybill_relay using (true);
create policy sent on waybill.chunk for insert to waybill_gateway with check (waybill.acts_for(sender));
grant select on waybill.chunk to waybill_courier;
grant insert, select on waybill.chunk to waybill_gateway;
grant delete, select on waybill.chunk to waybill_relay;

-- Table waybill.client_certificate
create table waybill.client_certificate (
  spki text not null,
  agency text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint client_certificate_check CHECK ((until_at > from_at)),
  constraint client_certificate_spki_check CHECK ((spki ~ '^[0-9a-f]{64}$'::text)),
  constraint client_certificate_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint client_certificate_pkey PRIMARY KEY (spki)
);
grant select on waybill.client_certificate to waybill_courier;
grant select on waybill.client_certificate to waybill_gateway;
grant insert, select, update on waybill.client_certificate to waybill_registrar;
grant select on waybill.client_certificate to waybill_relay;

-- Table waybill.contact
create table waybill.contact (
  agency text not null,
  id text not null,
  kind text not null,
  label text not null,
  posts text[] not null default '{}'::text[],
  desk text,
  email text,
  telephone text,
  verified_on date,
  from_day date not null,
  until_day date,
  cjsm boolean,
  approved_on date,
  collects boolean not null default true,
  constraint contact_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{1,62}$'::text)),
  constraint contact_kind_check CHECK ((kind = ANY (ARRAY['team'::text, 'person'::text, 'mailbox'::text]))),
  constraint contact_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint contact_pkey PRIMARY KEY (agency, id)
);
CREATE INDEX contact_by_desk ON waybill.contact USING btree (desk) WHERE (desk IS NOT NULL);
CREATE TRIGGER desks AFTER INSERT OR DELETE OR UPDATE ON waybill.contact FOR EACH ROW EXECUTE FUNCTION waybill.desk_changed();
CREATE TRIGGER facts AFTER INSERT OR DELETE OR UPDATE ON waybill.contact FOR EACH ROW EXECUTE FUNCTION waybill.agency_facts_changed();
CREATE TRIGGER past AFTER DELETE OR UPDATE ON waybill.contact FOR EACH ROW EXECUTE FUNCTION waybill.past_kept();
grant select on waybill.contact to waybill_console;
grant select on waybill.contact to waybill_courier;
grant select on waybill.contact to waybill_gateway;
grant insert, select, update on waybill.contact to waybill_registrar;
grant select on waybill.contact to waybill_relay;

-- Table waybill.controller_name
create table waybill.controller_name (
  id text not null,
  name text not null,
  constraint controller_name_pkey PRIMARY KEY (id)
);
grant select on waybill.controller_name to waybill_console;
grant select on waybill.controller_name to waybill_courier;
grant select on waybill.controller_name to waybill_gateway;
grant insert, select, update on waybill.controller_name to waybill_registrar;
grant select on waybill.controller_name to waybill_relay;

-- Table waybill.coordinator_key
create table waybill.coordinator_key (
  fingerprint text not null,
  octets bytea not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone,
  constraint coordinator_key_pkey PRIMARY KEY (fingerprint)
);
grant select on waybill.coordinator_key to waybill_courier;
grant select on waybill.coordinator_key to waybill_gateway;
grant insert, select, update on waybill.coordinator_key to waybill_registrar;
grant select on waybill.coordinator_key to waybill_relay;

-- Table waybill.custody_statement
create table waybill.custody_statement (
  id uuid not null,
  mailbox uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint custody_statement_kind_check CHECK ((kind = ANY (ARRAY['given'::text, 'taken'::text]))),
  constraint custody_statement_mailbox_fkey FOREIGN KEY (mailbox) REFERENCES waybill.team_mailbox(id),
  constraint custody_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX custody_statement_of ON waybill.custody_statement USING btree (mailbox, at);
alter table waybill.custody_statement enable row level security;
alter table waybill.custody_statement force row level security;
create policy own on waybill.custody_statement for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.custody_statement to waybill_gateway;

-- Table waybill.daily
create table waybill.daily (
  controller text not null,
  job text not null,
  on_day date not null,
  constraint daily_pkey PRIMARY KEY (controller, job)
);
alter table waybill.daily enable row level security;
alter table waybill.daily force row level security;
create policy daily on waybill.daily for all to waybill_relay using (true) with check (true);
grant insert, select, update on waybill.daily to waybill_relay;

-- Table waybill.decision
create table waybill.decision (
  agency text not null,
  id uuid not null,
  entry uuid not null,
  digest text not null,
  octets bytea not null,
  constraint decision_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint decision_pkey PRIMARY KEY (agency, id, entry)
);
alter table waybill.decision enable row level security;
alter table waybill.decision force row level security;
create policy decided on waybill.decision for insert to waybill_gateway with check (waybill.acts_for(agency));
create policy own on waybill.decision for select to waybill_gateway using (agency = waybill.agency());
grant insert, select on waybill.decision to waybill_gateway;

-- Table waybill.desk_terms
create table waybill.desk_terms (
  agency text not null,
  contact text not null,
  terms jsonb not null,
  constraint desk_terms_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint desk_terms_pkey PRIMARY KEY (agency, contact)
);
alter table waybill.desk_terms enable row level security;
alter table waybill.desk_terms force row level security;
create policy entered on waybill.desk_terms for all to waybill_registrar using (true) with check (true);
create policy own on waybill.desk_terms for select to waybill_console using (agency = waybill.agency());
grant select on waybill.desk_terms to waybill_console;
grant insert, select, update on waybill.desk_terms to waybill_registrar;

-- Table waybill.directory_past
create table waybill.directory_past (
  id bigint not null generated always as identity,
  kind text not null,
  agency text not null,
  was jsonb not null,
  until_at timestamp with time zone not null default clock_timestamp(),
  constraint directory_past_kind_check CHECK ((kind = ANY (ARRAY['agency'::text, 'membership'::text, 'contact'::text]))),
  constraint directory_past_pkey PRIMARY KEY (id)
);
CREATE INDEX directory_past_agency_id_idx ON waybill.directory_past USING btree (agency, id);
grant insert on waybill.directory_past to waybill_gateway;
grant insert, select on waybill.directory_past to waybill_registrar;
grant insert on waybill.directory_past to waybill_relay;

-- Table waybill.disclosure
create table waybill.disclosure (
  agency text not null,
  id uuid not null,
  controller text not null,
  digest text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  words bytea storage external,
  at timestamp with time zone not null,
  receipt text not null,
  constraint disclosure_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint disclosure_pkey PRIMARY KEY (agency, id)
);
CREATE UNIQUE INDEX disclosure_by_digest ON waybill.disclosure USING btree (digest, agency);
alter table waybill.disclosure enable row level security;
alter table waybill.disclosure force row level security;
create policy disclosed on waybill.disclosure for insert to waybill_gateway with check (agency = waybill.agency());
create policy own on waybill.disclosure for select to waybill_gateway using (agency = waybill.agency());
grant insert, select on waybill.disclosure to waybill_gateway;

-- Table waybill.duty
create table waybill.duty (
  id uuid not null,
  kind text not null,
  transfer uuid,
  owner text not null,
  owner_role text not null,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  next_at timestamp with time zone,
  steps bigint[] not null,
  step integer not null default 0,
  closed_at timestamp with time zone,
  closed_because text,
  domain text,
  request uuid,
  contact text,
  other text,
  lane text not null default 'routine'::text,
  tells text[] not null default '{}'::text[],
  closed_by text,
  shown_by uuid,
  breach uuid,
  item uuid generated always as (COALESCE(transfer, request)),
  precedence smallint generated always as (
CASE lane
    WHEN 'breach'::text THEN 0
    WHEN 'emergency'::text THEN 1
    WHEN 'priority'::text THEN 2
    WHEN 'urgent'::text THEN 3
    ELSE 4
END),
  matter uuid,
  rights uuid,
  mailbox uuid,
  membership uuid,
  what text,
  notification uuid,
  list uuid,
  agreement text,
  constraint about_one CHECK ((num_nonnulls(transfer, domain, request, matter, rights, breach, mailbox, membership, notification, list, agreement) = 1)),
  constraint tells_at_each_step CHECK (((cardinality(tells) = 0) OR (cardinality(tells) = cardinality(steps)))),
  constraint duty_pkey PRIMARY KEY (id)
);
CREATE INDEX duty_next ON waybill.duty USING btree (next_at) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX duty_of_agreement ON waybill.duty USING btree (agreement, owner, kind) WHERE ((closed_at IS NULL) AND (agreement IS NOT NULL));
CREATE INDEX duty_of_breach ON waybill.duty USING btree (breach) WHERE ((closed_at IS NULL) AND (breach IS NOT NULL));
CREATE INDEX duty_of_delay ON waybill.duty USING btree (transfer) WHERE ((kind = 'delivery-delayed'::text) AND (closed_at IS NULL));
CREATE INDEX duty_of_domain ON waybill.duty USING btree (owner, domain) WHERE ((closed_at IS NULL) AND (domain IS NOT NULL));
CREATE UNIQUE INDEX duty_of_list ON waybill.duty USING btree (list, kind) WHERE ((closed_at IS NULL) AND (list IS NOT NULL));
CREATE UNIQUE INDEX duty_of_mailbox ON waybill.duty USING btree (mailbox, kind) WHERE ((closed_at IS NULL) AND (mailbox IS NOT NULL));
CREATE INDEX duty_of_matter ON waybill.duty USING btree (matter) WHERE ((closed_at IS NULL) AND (matter IS NOT NULL));
CREATE UNIQUE INDEX duty_of_membership ON waybill.duty USING btree (membership, kind, what, owner) NULLS NOT DISTINCT WHERE ((closed_at IS NULL) AND (membership IS NOT NULL));
CREATE INDEX duty_of_notification ON waybill.duty USING btree (notification) WHERE ((closed_at IS NULL) AND (notification IS NOT NULL));
CREATE INDEX duty_of_owner ON waybill.duty USING btree (owner, due_at, id) WHERE (closed_at IS NULL);
CREATE INDEX duty_of_request ON waybill.duty USING btree (request) WHERE ((closed_at IS NULL) AND (request IS NOT NULL));
CREATE INDEX duty_of_rights ON waybill.duty USING btree (rights) WHERE ((closed_at IS NULL) AND (rights IS NOT NULL));
CREATE INDEX duty_of_role ON waybill.duty USING btree (owner, owner_role, due_at) WHERE (closed_at IS NULL);
CREATE INDEX duty_of_transfer ON waybill.duty USING btree (transfer) WHERE (closed_at IS NULL);
CREATE INDEX duty_target ON waybill.duty USING btree (owner, precedence, due_at, item) WHERE ((kind = 'service-target'::text) AND (closed_at IS NULL));
CREATE INDEX duty_target_of ON waybill.duty USING btree (owner, item) WHERE ((kind = 'service-target'::text) AND (closed_at IS NULL));
alter table waybill.duty enable row level security;
alter table waybill.duty force row level security;
create policy closed on waybill.duty for update to waybill_gateway using (((waybill.agency() = owner) OR (waybill.agency() = other)) OR ((other IS NULL) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = duty.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient))))))) with check (((waybill.agency() = owner) OR (waybill.agency() = other)) OR ((other IS NULL) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = duty.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient)))))));
create policy delivering on waybill.duty for all to waybill_courier using (true) with check (true);
create policy disposing on waybill.duty for select to waybill_disposal using (true);
create policy due on waybill.duty for all to waybill_relay using (true) with check (true);
create policy looked_through on waybill.duty for update to waybill_registrar using (list IS NOT NULL) with check (list IS NOT NULL);
create policy of_domains on waybill.duty for select to waybill_registrar using (domain IS NOT NULL);
create policy of_lists on waybill.duty for select to waybill_registrar using (list IS NOT NULL);
create policy of_memberships on waybill.duty for select to waybill_registrar using (membership IS NOT NULL);
create policy of_memberships_closed on waybill.duty for update to waybill_registrar using (membership IS NOT NULL) with check (membership IS NOT NULL);
create policy opened on waybill.duty for insert to waybill_gateway with check (true);
create policy party_to on waybill.duty for select to waybill_console, waybill_gateway using (((waybill.agency() = owner) OR (waybill.agency() = other)) OR ((other IS NULL) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = duty.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient)))))));
create policy targeted on waybill.duty for insert to waybill_console with check ((kind = 'service-target'::text) AND (owner = waybill.agency()) AND (other = waybill.agency()));
create policy targeted_anew on waybill.duty for update to waybill_console using ((kind = 'service-target'::text) AND (owner = waybill.agency())) with check ((kind = 'service-target'::text) AND (owner = waybill.agency()));
create policy told on waybill.duty for insert to waybill_registrar with check ((breach IS NOT NULL) OR (membership IS NOT NULL));
create policy unusual on waybill.duty for insert to waybill_console with check ((kind = 'look-into-access'::text) AND (owner = waybill.agency()) AND (other = waybill.agency()));
grant insert, select, update (closed_at), update (closed_because), update (next_at), update (shown_by) on waybill.duty to waybill_console;
grant insert, select, update on waybill.duty to waybill_courier;
grant insert, select, update on waybill.duty to waybill_gateway;
grant insert, select, update (closed_at), update (closed_because), update (next_at), update (shown_by) on waybill.duty to waybill_registrar;
grant insert, select, update on waybill.duty to waybill_relay;
grant select (breach), select (closed_at), select (matter), select (notification), select (request), select (rights), select (transfer) on waybill.duty to waybill_disposal;

-- Table waybill.entry
create table waybill.entry (
  id uuid not null,
  controller text not null,
  kind text not null,
  disposal_class text not null,
  at timestamp with time zone not null,
  octets bytea not null,
  leaf bytea not null,
  about uuid,
  constraint entry_leaf_check CHECK ((octet_length(leaf) = 32)),
  constraint entry_pkey PRIMARY KEY (id, disposal_class, at)
) partition by list (disposal_class);
CREATE INDEX entry_about ON ONLY waybill.entry USING btree (controller, about, id) WHERE (about IS NOT NULL);
CREATE INDEX entry_by_controller ON ONLY waybill.entry USING btree (controller, id);
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE ON waybill.entry FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();
alter table waybill.entry enable row level security;
alter table waybill.entry force row level security;
create policy disposed on waybill.entry for insert to waybill_disposal with check (disposal_class = 'disposal'::text);
create policy disposing on waybill.entry for select to waybill_disposal using (true);
create policy own_register on waybill.entry for select to waybill_gateway using (controller = waybill.controller());
create policy own_register_shown on waybill.entry for select to waybill_console using (controller = waybill.controller());
create policy recorded on waybill.entry for insert to waybill_console, waybill_courier, waybill_gateway, waybill_registrar, waybill_relay with check (true);
grant insert, select on waybill.entry to waybill_console;
grant insert on waybill.entry to waybill_courier;
grant insert, select on waybill.entry to waybill_disposal;
grant insert, select on waybill.entry to waybill_gateway;
grant insert on waybill.entry to waybill_registrar;
grant insert on waybill.entry to waybill_relay;

-- Table waybill.entry_disclosure
create table waybill.entry_disclosure partition of waybill.entry FOR VALUES IN ('disclosure') partition by range (at);
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry_disclosure FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();

-- Table waybill.entry_disposal
create table waybill.entry_disposal partition of waybill.entry FOR VALUES IN ('disposal') partition by range (at);
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry_disposal FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();

-- Table waybill.entry_housekeeping
create table waybill.entry_housekeeping partition of waybill.entry FOR VALUES IN ('housekeeping') partition by range (at);
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry_housekeeping FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();

-- Table waybill.entry_movement
create table waybill.entry_movement partition of waybill.entry FOR VALUES IN ('movement') partition by range (at);
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry_movement FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();

-- Table waybill.entry_party
create table waybill.entry_party partition of waybill.entry FOR VALUES IN ('party') partition by range (at);
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.entry_party FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();

-- Table waybill.event
create table waybill.event (
  transfer uuid not null,
  at timestamp with time zone not null,
  kind text not null,
  detail text,
  seq bigint not null generated always as identity,
  constraint event_pkey PRIMARY KEY (seq)
);
CREATE INDEX event_of_transfer ON waybill.event USING btree (transfer, seq);
alter table waybill.event enable row level security;
alter table waybill.event force row level security;
create policy happened on waybill.event for insert to waybill_courier, waybill_relay with check (true);
create policy party_to on waybill.event for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = event.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient)))));
create policy replayed on waybill.event for insert to waybill_operator with check (kind = 'replayed'::text);
create policy told on waybill.event for insert to waybill_gateway with check ((waybill.senders() IS NOT NULL) OR (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = event.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient))))));
grant select on waybill.event to waybill_console;
grant insert on waybill.event to waybill_courier;
grant insert, select on waybill.event to waybill_gateway;
grant insert on waybill.event to waybill_operator;
grant insert on waybill.event to waybill_relay;

-- Table waybill.event_stream
create table waybill.event_stream (
  agency text not null,
  url text not null,
  breach_since timestamp with time zone,
  keys_since timestamp with time zone,
  issuer text not null,
  created_at timestamp with time zone not null,
  constraint event_stream_pkey PRIMARY KEY (agency)
);
alter table waybill.event_stream enable row level security;
alter table waybill.event_stream force row level security;
create policy delivering on waybill.event_stream for select to waybill_courier using (true);
create policy own on waybill.event_stream for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant select on waybill.event_stream to waybill_courier;
grant delete, insert, select, update on waybill.event_stream to waybill_gateway;

-- Table waybill.idempotency
create table waybill.idempotency (
  agency text not null,
  key text not null,
  manifest_digest text not null,
  status integer not null,
  body text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint idempotency_pkey PRIMARY KEY (agency, key)
);
alter table waybill.idempotency enable row level security;
alter table waybill.idempotency force row level security;
create policy expired on waybill.idempotency for all to waybill_relay using (true);
create policy own on waybill.idempotency for all to waybill_gateway using (waybill.acts_for(agency)) with check (waybill.acts_for(agency));
grant insert, select on waybill.idempotency to waybill_gateway;
grant delete, select on waybill.idempotency to waybill_relay;

-- Table waybill.item_owner
create table waybill.item_owner (
  agency text not null,
  kind text not null,
  item uuid not null,
  staff text,
  version integer not null,
  since timestamp with time zone not null,
  constraint item_owner_kind_check CHECK ((kind = ANY (ARRAY['transfer'::text, 'request'::text]))),
  constraint item_owner_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint item_owner_pkey PRIMARY KEY (agency, kind, item)
);
CREATE INDEX item_owner_of_staff ON waybill.item_owner USING btree (agency, staff) WHERE (staff IS NOT NULL);
alter table waybill.item_owner enable row level security;
alter table waybill.item_owner force row level security;
create policy own on waybill.item_owner for all to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update on waybill.item_owner to waybill_console;

-- Table waybill.item_reason
create table waybill.item_reason (
  agency text not null,
  kind text not null,
  item uuid not null,
  staff text not null,
  reason text not null,
  at timestamp with time zone not null,
  constraint item_reason_kind_check CHECK ((kind = ANY (ARRAY['transfer'::text, 'request'::text]))),
  constraint item_reason_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint item_reason_pkey PRIMARY KEY (agency, kind, item, staff)
);
CREATE INDEX item_reason_of_staff ON waybill.item_reason USING btree (agency, staff, at);
alter table waybill.item_reason enable row level security;
alter table waybill.item_reason force row level security;
create policy own on waybill.item_reason for all to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.item_reason to waybill_console;

-- Table waybill.item_triage
create table waybill.item_triage (
  agency text not null,
  kind text not null,
  item uuid not null,
  level text not null,
  by_table text not null,
  signals text[] not null,
  reason text,
  staff text not null,
  at timestamp with time zone not null,
  constraint item_triage_by_table_check CHECK ((by_table = ANY (ARRAY['red'::text, 'amber'::text, 'green'::text]))),
  constraint item_triage_kind_check CHECK ((kind = ANY (ARRAY['transfer'::text, 'request'::text]))),
  constraint item_triage_level_check CHECK ((level = ANY (ARRAY['red'::text, 'amber'::text, 'green'::text]))),
  constraint item_triage_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint item_triage_pkey PRIMARY KEY (agency, kind, item)
);
alter table waybill.item_triage enable row level security;
alter table waybill.item_triage force row level security;
create policy own on waybill.item_triage for all to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update on waybill.item_triage to waybill_console;

-- Table waybill.key_holder
create table waybill.key_holder (
  agency text not null,
  contact text not null,
  key text not null,
  staff text,
  given_at timestamp with time zone not null,
  given_because text not null,
  taken_at timestamp with time zone,
  taken_because text,
  constraint key_holder_check CHECK (((taken_at IS NULL) = (taken_because IS NULL))),
  constraint key_holder_key_check CHECK ((key ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'::text)),
  constraint key_holder_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint key_holder_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id)
);
CREATE UNIQUE INDEX key_holder_now ON waybill.key_holder USING btree (agency, contact, key, staff) NULLS NOT DISTINCT WHERE (taken_at IS NULL);
alter table waybill.key_holder enable row level security;
alter table waybill.key_holder force row level security;
create policy looked_after on waybill.key_holder for select to waybill_relay using (true);
create policy own on waybill.key_holder for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update (taken_at), update (taken_because) on waybill.key_holder to waybill_gateway;
grant select on waybill.key_holder to waybill_relay;

-- Table waybill.leaf
create table waybill.leaf (
  controller text not null,
  index bigint not null,
  entry uuid not null,
  hash bytea not null,
  constraint leaf_pkey PRIMARY KEY (controller, index),
  constraint leaf_entry_key UNIQUE (entry)
);
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE ON waybill.leaf FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.leaf FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();
alter table waybill.leaf enable row level security;
alter table waybill.leaf force row level security;
create policy disposing on waybill.leaf for select to waybill_disposal using (true);
create policy integrated on waybill.leaf for all to waybill_relay using (true) with check (true);
create policy own_register on waybill.leaf for select to waybill_gateway using (controller = waybill.controller());
create policy own_register_shown on waybill.leaf for select to waybill_console using (controller = waybill.controller());
grant select on waybill.leaf to waybill_console;
grant select on waybill.leaf to waybill_disposal;
grant select on waybill.leaf to waybill_gateway;
grant insert, select on waybill.leaf to waybill_relay;

-- Table waybill.line
create table waybill.line (
  transfer uuid not null,
  seq integer not null,
  octets text not null,
  constraint line_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint line_pkey PRIMARY KEY (transfer, seq)
);
alter table waybill.line enable row level security;
alter table waybill.line force row level security;
create policy delivering on waybill.line for select to waybill_courier using (true);
create policy own_copy on waybill.line for select to waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = line.transfer) AND (t.recipient = waybill.agency()))));
create policy removed on waybill.line for all to waybill_relay using (true);
create policy sent on waybill.line for insert to waybill_gateway with check ((waybill.senders() IS NOT NULL) OR (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = line.transfer) AND (t.sender = waybill.agency())))));
grant select on waybill.line to waybill_courier;
grant insert, select on waybill.line to waybill_gateway;
grant delete, select on waybill.line to waybill_relay;

-- Table waybill.list
create table waybill.list (
  id uuid not null,
  agreement text not null,
  name text not null,
  kind text not null,
  visibility text not null,
  keeper text not null,
  keeper_controller text not null,
  review_on date not null,
  constraint list_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{1,62}$'::text)),
  constraint list_visibility_check CHECK ((visibility = ANY (ARRAY['visible'::text, 'hidden'::text, 'visible-unless-opted-out'::text]))),
  constraint list_keeper_fkey FOREIGN KEY (keeper) REFERENCES waybill.agency(id),
  constraint list_pkey PRIMARY KEY (id),
  constraint list_agreement_name_key UNIQUE (agreement, name)
);
alter table waybill.list enable row level security;
alter table waybill.list force row level security;
create policy due on waybill.list for select to waybill_relay using (true);
create policy entered on waybill.list for all to waybill_registrar using (true) with check (true);
create policy party_to on waybill.list for select to waybill_gateway using ((keeper = waybill.agency()) OR (EXISTS (SELECT FROM waybill.membership m WHERE ((m.agreement = list.agreement) AND (m.agency = waybill.agency()) AND (m.status = 'active'::text)))));
grant select on waybill.list to waybill_gateway;
grant insert, select, update (review_on) on waybill.list to waybill_registrar;
grant select on waybill.list to waybill_relay;

-- Table waybill.list_entry
create table waybill.list_entry (
  list uuid not null,
  agency text not null,
  contact text not null,
  from_day date not null,
  until_day date,
  ended_because text,
  assistant_of text,
  blind boolean not null default false,
  constraint list_entry_check CHECK (((until_day IS NULL) = (ended_because IS NULL))),
  constraint list_entry_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint list_entry_list_fkey FOREIGN KEY (list) REFERENCES waybill.list(id),
  constraint list_entry_pkey PRIMARY KEY (list, agency, contact, from_day)
);
CREATE UNIQUE INDEX list_entry_now ON waybill.list_entry USING btree (list, agency, contact) WHERE (until_day IS NULL);
CREATE INDEX list_entry_of_contact ON waybill.list_entry USING btree (agency, contact);
alter table waybill.list_entry enable row level security;
alter table waybill.list_entry force row level security;
create policy due on waybill.list_entry for select to waybill_relay using (true);
create policy entered on waybill.list_entry for all to waybill_registrar using (true) with check (true);
create policy shown on waybill.list_entry for select to waybill_gateway using ((agency = waybill.agency()) OR (EXISTS (SELECT FROM waybill.list l WHERE ((l.id = list_entry.list) AND ((l.keeper = waybill.agency()) OR ((l.visibility <> 'hidden'::text) AND (NOT list_entry.blind)))))));
grant select on waybill.list_entry to waybill_gateway;
grant insert, select, update (blind), update (ended_because), update (until_day) on waybill.list_entry to waybill_registrar;
grant select on waybill.list_entry to waybill_relay;

-- Table waybill.log
create table waybill.log (
  controller text not null,
  origin text not null,
  size bigint not null default 0,
  constraint log_pkey PRIMARY KEY (controller),
  constraint log_origin_key UNIQUE (origin)
);
alter table waybill.log enable row level security;
alter table waybill.log force row level security;
create policy opened on waybill.log for all to waybill_registrar using (true) with check (true);
create policy own_register on waybill.log for select to waybill_gateway using (controller = waybill.controller());
create policy sequenced on waybill.log for all to waybill_relay using (true) with check (true);
grant select on waybill.log to waybill_gateway;
grant insert, select on waybill.log to waybill_registrar;
grant select, update (size) on waybill.log to waybill_relay;

-- Table waybill.mail_domain
create table waybill.mail_domain (
  agency text not null,
  domain text not null,
  hosts text[] not null default '{}'::text[],
  government boolean not null default false,
  tls text,
  found_at timestamp with time zone,
  lapsed_at timestamp with time zone,
  fault text,
  check_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  rests_until timestamp with time zone,
  failures integer not null default 0,
  constraint mail_domain_tls_check CHECK ((tls = ANY (ARRAY['1.2'::text, '1.3'::text]))),
  constraint mail_domain_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint mail_domain_pkey PRIMARY KEY (agency, domain)
);
CREATE INDEX mail_domain_check ON waybill.mail_domain USING btree (check_at);
CREATE TRIGGER grows AFTER INSERT OR DELETE OR UPDATE OF hosts, government, tls, lapsed_at ON waybill.mail_domain FOR EACH ROW EXECUTE FUNCTION waybill.mail_domain_changed();
grant select, update (check_at), update (failures), update (fault), update (found_at), update (lapsed_at), update (leased_until), update (rests_until), update (tls) on waybill.mail_domain to waybill_courier;
grant select on waybill.mail_domain to waybill_gateway;
grant insert, select, update on waybill.mail_domain to waybill_registrar;
grant select on waybill.mail_domain to waybill_relay;

-- Table waybill.mail_posture
create table waybill.mail_posture (
  id uuid not null,
  agency text not null,
  domain text not null,
  at timestamp with time zone not null,
  fault text,
  tls text[] not null,
  sts text not null,
  policy text,
  dane boolean not null,
  dmarc text,
  tls_rpt boolean not null,
  constraint mail_posture_pkey PRIMARY KEY (id)
);
CREATE INDEX mail_posture_agency_domain_at_idx ON waybill.mail_posture USING btree (agency, domain, at);
grant insert, select on waybill.mail_posture to waybill_courier;
grant select on waybill.mail_posture to waybill_registrar;

-- Table waybill.mailing
create table waybill.mailing (
  transfer uuid not null,
  agency text not null,
  domain text not null,
  precedence smallint not null,
  first_at timestamp with time zone,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  attempt integer not null default 0,
  last text,
  ended_at timestamp with time zone,
  ended text,
  constraint mailing_ended_check CHECK ((ended = ANY (ARRAY['sent'::text, 'held'::text, 'undeliverable'::text, 'overtaken'::text]))),
  constraint mailing_pkey PRIMARY KEY (transfer)
);
CREATE INDEX mailing_due ON waybill.mailing USING btree (agency, domain, precedence, due_at) WHERE (ended_at IS NULL);
CREATE INDEX mailing_ended ON waybill.mailing USING btree (ended_at) WHERE (ended_at IS NOT NULL);
alter table waybill.mailing enable row level security;
alter table waybill.mailing force row level security;
create policy delivering on waybill.mailing for all to waybill_courier using (true) with check (true);
create policy long_ended on waybill.mailing for all to waybill_relay using (ended_at IS NOT NULL);
grant insert, select, update on waybill.mailing to waybill_courier;
grant delete, select on waybill.mailing to waybill_relay;

-- Table waybill.malformed_upload
create table waybill.malformed_upload (
  agency text not null,
  minute timestamp with time zone not null,
  uploads integer not null,
  constraint malformed_upload_pkey PRIMARY KEY (agency, minute)
);
alter table waybill.malformed_upload enable row level security;
alter table waybill.malformed_upload force row level security;
create policy counted on waybill.malformed_upload for all to waybill_relay using (true);
create policy own on waybill.malformed_upload for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update on waybill.malformed_upload to waybill_gateway;
grant delete, select on waybill.malformed_upload to waybill_relay;

-- Table waybill.matter
create table waybill.matter (
  id uuid not null,
  kind text not null,
  transfer uuid not null,
  share uuid not null,
  agreement text not null,
  agreement_version text not null,
  put_by text not null,
  contact text not null,
  put_by_controller text not null,
  put_to text not null,
  put_to_controller text not null,
  rights_request uuid,
  right_used text,
  purpose text,
  recipients text[] not null default '{}'::text[],
  demands_deletion boolean not null default false,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  octets bytea,
  signature bytea,
  signer text,
  signer_certificate bytea,
  words bytea,
  answer text,
  answered_at timestamp with time zone,
  until_day date,
  answer_octets bytea,
  answer_signature bytea,
  answer_signer text,
  answer_signer_certificate bytea,
  answer_words bytea,
  weight text,
  constraint answered_whole CHECK ((num_nonnulls(answer, answered_at, answer_octets, answer_signature, answer_signer, answer_signer_certificate) = ANY (ARRAY[0, 6]))),
  constraint signed_whole CHECK ((num_nonnulls(octets, signature, signer, signer_certificate) = ANY (ARRAY[0, 4]))),
  constraint matter_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint matter_pkey PRIMARY KEY (id)
);
CREATE INDEX matter_of_answerer ON waybill.matter USING btree (put_to, id);
CREATE INDEX matter_of_author ON waybill.matter USING btree (put_by, id);
CREATE INDEX matter_of_rights_request ON waybill.matter USING btree (rights_request) WHERE (rights_request IS NOT NULL);
CREATE INDEX matter_of_transfer ON waybill.matter USING btree (transfer);
alter table waybill.matter enable row level security;
alter table waybill.matter force row level security;
create policy answered on waybill.matter for update to waybill_gateway using ((waybill.agency() = put_by) OR (waybill.agency() = put_to)) with check ((waybill.agency() = put_by) OR (waybill.agency() = put_to));
create policy disposing on waybill.matter for select to waybill_disposal using (true);
create policy party_to on waybill.matter for select to waybill_gateway using ((waybill.agency() = put_by) OR (waybill.agency() = put_to));
create policy put on waybill.matter for insert to waybill_gateway with check ((put_by = waybill.agency()) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = matter.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient)) AND ((matter.put_to = t.sender) OR (matter.put_to = t.recipient))))));
create policy tallied on waybill.matter for select to waybill_relay using (true);
grant insert, select, update (answer), update (answer_octets), update (answer_signature), update (answer_signer), update (answer_signer_certificate), update (answer_words), update (answered_at), update (until_day), update (weight) on waybill.matter to waybill_gateway;
grant select (answered_at), select (id), select (share) on waybill.matter to waybill_disposal;
grant select (agreement), select (answer), select (answered_at), select (due_at), select (id), select (kind), select (opened_at) on waybill.matter to waybill_relay;

-- Table waybill.meeting
create table waybill.meeting (
  id uuid not null,
  agreement text not null,
  agreement_version text not null,
  kind text not null,
  joint boolean not null,
  administrator text not null,
  chair text not null,
  chair_contact text not null,
  on_day date not null,
  notification uuid,
  parties text[] not null,
  confidentiality_at timestamp with time zone,
  terms text,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  called_at timestamp with time zone not null,
  constraint meeting_parties_check CHECK ((cardinality(parties) > 0)),
  constraint meeting_terms_check CHECK ((terms ~ '^[0-9a-f]{64}$'::text)),
  constraint meeting_administrator_fkey FOREIGN KEY (administrator) REFERENCES waybill.agency(id),
  constraint meeting_chair_chair_contact_fkey FOREIGN KEY (chair, chair_contact) REFERENCES waybill.contact(agency, id),
  constraint meeting_pkey PRIMARY KEY (id)
);
CREATE INDEX meeting_of_party ON waybill.meeting USING gin (parties);
alter table waybill.meeting enable row level security;
alter table waybill.meeting force row level security;
create policy called on waybill.meeting for insert to waybill_gateway with check ((administrator = waybill.agency()) AND (waybill.agency() = ANY (parties)));
create policy moved on waybill.meeting for update to waybill_gateway using (waybill.agency() = ANY (parties)) with check (waybill.agency() = ANY (parties));
create policy party_to on waybill.meeting for select to waybill_gateway using (waybill.agency() = ANY (parties));
grant insert, select, update (confidentiality_at), update (parties), update (terms) on waybill.meeting to waybill_gateway;

-- Table waybill.meeting_person
create table waybill.meeting_person (
  meeting uuid not null,
  agency text not null,
  contact text not null,
  reason text not null,
  items text[],
  deputises_for text,
  signed_at timestamp with time zone,
  details text,
  constraint meeting_person_details_check CHECK ((details = ANY (ARRAY['shared'::text, 'objects'::text]))),
  constraint meeting_person_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint meeting_person_meeting_fkey FOREIGN KEY (meeting) REFERENCES waybill.meeting(id),
  constraint meeting_person_pkey PRIMARY KEY (meeting, agency, contact)
);
alter table waybill.meeting_person enable row level security;
alter table waybill.meeting_person force row level security;
create policy party_to on waybill.meeting_person for all to waybill_gateway using (EXISTS (SELECT FROM waybill.meeting m WHERE (m.id = meeting_person.meeting))) with check (EXISTS (SELECT FROM waybill.meeting m WHERE (m.id = meeting_person.meeting)));
grant insert, select, update (details), update (signed_at) on waybill.meeting_person to waybill_gateway;

-- Table waybill.meeting_statement
create table waybill.meeting_statement (
  id uuid not null,
  meeting uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  words bytea,
  constraint meeting_statement_kind_check CHECK ((kind = ANY (ARRAY['deputised'::text, 'confidentiality-stated'::text, 'terms-attached'::text, 'signed-in'::text, 'reuse-agreed'::text]))),
  constraint meeting_statement_meeting_fkey FOREIGN KEY (meeting) REFERENCES waybill.meeting(id),
  constraint meeting_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX meeting_statement_of ON waybill.meeting_statement USING btree (meeting, at, id);
alter table waybill.meeting_statement enable row level security;
alter table waybill.meeting_statement force row level security;
create policy party_to on waybill.meeting_statement for select to waybill_gateway using (EXISTS (SELECT FROM waybill.meeting m WHERE (m.id = meeting_statement.meeting)));
create policy stated on waybill.meeting_statement for insert to waybill_gateway with check ((agency = waybill.agency()) AND (EXISTS (SELECT FROM waybill.meeting m WHERE (m.id = meeting_statement.meeting))));
create policy worded on waybill.meeting_statement for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update (words) on waybill.meeting_statement to waybill_gateway;

-- Table waybill.membership
create table waybill.membership (
  agency text not null,
  agreement text not null,
  entry text not null,
  status text not null,
  from_day date not null,
  until_day date,
  scope_limit text,
  privacy_assessed_on date,
  controls_confirmed boolean not null default false,
  signed_role text,
  signed_on date,
  signed_delegated boolean,
  represented_by text,
  accepted_on date,
  acts_for text[] not null default '{}'::text[],
  transfer_safeguards date,
  id uuid not null default gen_random_uuid(),
  constraint membership_status_check CHECK ((status = ANY (ARRAY['incomplete'::text, 'active'::text, 'consulted'::text, 'held'::text, 'withdrawn'::text, 'suspended'::text]))),
  constraint signed_whole CHECK ((num_nulls(signed_role, signed_on, signed_delegated) = ANY (ARRAY[0, 3]))),
  constraint membership_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint membership_pkey PRIMARY KEY (agency, agreement),
  constraint membership_id UNIQUE (id)
);
CREATE INDEX membership_by_entry ON waybill.membership USING btree (agreement, entry);
CREATE INDEX membership_withdrawn ON waybill.membership USING btree (agency, agreement) WHERE (status = 'withdrawn'::text);
CREATE TRIGGER facts AFTER INSERT OR DELETE OR UPDATE ON waybill.membership FOR EACH ROW EXECUTE FUNCTION waybill.agency_facts_changed();
CREATE TRIGGER moved BEFORE INSERT OR UPDATE ON waybill.membership FOR EACH ROW EXECUTE FUNCTION waybill.membership_moved();
CREATE TRIGGER parties AFTER INSERT OR DELETE OR UPDATE ON waybill.membership FOR EACH ROW EXECUTE FUNCTION waybill.membership_changed();
CREATE TRIGGER past AFTER DELETE OR UPDATE ON waybill.membership FOR EACH ROW EXECUTE FUNCTION waybill.past_kept();
grant select on waybill.membership to waybill_console;
grant select on waybill.membership to waybill_courier;
grant insert (agency), insert (agreement), insert (entry), insert (from_day), insert (status), select, update (entry), update (status) on waybill.membership to waybill_gateway;
grant insert, select, update on waybill.membership to waybill_registrar;
grant select, update (status) on waybill.membership to waybill_relay;

-- Table waybill.membership_statement
create table waybill.membership_statement (
  id uuid not null,
  agreement text not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint membership_statement_kind_check CHECK ((kind = ANY (ARRAY['joins'::text, 'withdraws'::text, 'attests'::text]))),
  constraint membership_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX membership_statement_of ON waybill.membership_statement USING btree (agency, agreement, at);
alter table waybill.membership_statement enable row level security;
alter table waybill.membership_statement force row level security;
create policy own on waybill.membership_statement for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.membership_statement to waybill_gateway;

-- Table waybill.node
create table waybill.node (
  controller text not null,
  level integer not null,
  index bigint not null,
  hash bytea not null,
  constraint node_level_check CHECK ((level >= 1)),
  constraint node_pkey PRIMARY KEY (controller, level, index)
);
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE ON waybill.node FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON waybill.node FOR EACH STATEMENT EXECUTE FUNCTION waybill.insert_only();
alter table waybill.node enable row level security;
alter table waybill.node force row level security;
create policy integrated on waybill.node for all to waybill_relay using (true) with check (true);
create policy own_register on waybill.node for select to waybill_gateway using (controller = waybill.controller());
create policy own_register_shown on waybill.node for select to waybill_console using (controller = waybill.controller());
grant select on waybill.node to waybill_console;
grant select on waybill.node to waybill_gateway;
grant insert, select on waybill.node to waybill_relay;

-- Table waybill.not_shared
create table waybill.not_shared (
  agency text not null,
  id uuid not null,
  controller text not null,
  digest text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  words bytea storage external,
  at timestamp with time zone not null,
  receipt text not null,
  constraint not_shared_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint not_shared_pkey PRIMARY KEY (agency, id)
);
CREATE UNIQUE INDEX not_shared_by_digest ON waybill.not_shared USING btree (digest, agency);
alter table waybill.not_shared enable row level security;
alter table waybill.not_shared force row level security;
create policy decided on waybill.not_shared for insert to waybill_gateway with check (agency = waybill.agency());
create policy own on waybill.not_shared for select to waybill_gateway using (agency = waybill.agency());
grant insert, select on waybill.not_shared to waybill_gateway;

-- Table waybill.notice_mail
create table waybill.notice_mail (
  duty uuid not null,
  step integer not null,
  kind text not null,
  breach uuid not null,
  agency text not null,
  contact text not null,
  lane text not null,
  told_at timestamp with time zone not null,
  first_at timestamp with time zone,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  attempt integer not null default 0,
  last text,
  ended_at timestamp with time zone,
  ended text,
  constraint notice_mail_ended_check CHECK ((ended = ANY (ARRAY['sent'::text, 'no-key'::text, 'undeliverable'::text, 'overtaken'::text]))),
  constraint notice_mail_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint notice_mail_pkey PRIMARY KEY (duty, step)
);
CREATE INDEX notice_mail_due ON waybill.notice_mail USING btree (due_at) WHERE (ended_at IS NULL);
CREATE INDEX notice_mail_of ON waybill.notice_mail USING btree (breach, told_at);
alter table waybill.notice_mail enable row level security;
alter table waybill.notice_mail force row level security;
create policy delivering on waybill.notice_mail for all to waybill_courier using (true) with check (true);
create policy party_to on waybill.notice_mail for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = notice_mail.breach)));
grant select on waybill.notice_mail to waybill_console;
grant insert, select, update on waybill.notice_mail to waybill_courier;
grant select on waybill.notice_mail to waybill_gateway;

-- Table waybill.notification
create table waybill.notification (
  id uuid not null,
  agreement text not null,
  agreement_version text not null,
  issuer text not null,
  issuer_controller text not null,
  circulator text not null,
  circulator_controller text not null,
  host text,
  host_controller text,
  provider_register text not null,
  provider_number text not null,
  provider_kind text not null,
  purpose text not null,
  necessity text not null,
  provider_told boolean not null,
  state text not null,
  drafted_at timestamp with time zone not null,
  submitted_share uuid,
  circulated_at timestamp with time zone,
  review_on date not null,
  ended_at timestamp with time zone,
  ended_because text,
  keep_until date,
  deposit_folder text,
  deposit_digest text,
  deposited_at timestamp with time zone,
  constraint deposited_whole CHECK ((num_nonnulls(deposit_folder, deposit_digest, deposited_at) = ANY (ARRAY[0, 3]))),
  constraint ended_whole CHECK ((num_nonnulls(ended_at, ended_because) = ANY (ARRAY[0, 2]))),
  constraint notification_deposit_digest_check CHECK ((deposit_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint notification_state_check CHECK ((state = ANY (ARRAY['drafted'::text, 'submitted'::text, 'returned'::text, 'circulated'::text, 'under-review'::text, 'followed-up'::text, 'rescinded'::text, 'closed'::text, 'retained'::text, 'disposed'::text]))),
  constraint notification_pkey PRIMARY KEY (id)
);
CREATE INDEX notification_circulated ON waybill.notification USING btree (circulator, id);
CREATE INDEX notification_ended ON waybill.notification USING btree (ended_at) WHERE ((ended_at IS NOT NULL) AND (state <> 'disposed'::text));
CREATE INDEX notification_issued ON waybill.notification USING btree (issuer, id);
CREATE INDEX notification_of_provider ON waybill.notification USING btree (provider_register, provider_number);
alter table waybill.notification enable row level security;
alter table waybill.notification force row level security;
create policy disposing on waybill.notification for select to waybill_disposal using (true);
create policy drafted on waybill.notification for insert to waybill_gateway with check (issuer = waybill.agency());
create policy looked_after on waybill.notification for select to waybill_relay using (true);
create policy moved on waybill.notification for update to waybill_gateway using ((issuer = waybill.agency()) OR ((state <> 'drafted'::text) AND (waybill.agency() = circulator)) OR ((circulated_at IS NOT NULL) AND (waybill.agency() = host))) with check (((waybill.agency() = issuer) OR (waybill.agency() = circulator)) OR (waybill.agency() = host));
create policy part_in on waybill.notification for select to waybill_gateway using ((issuer = waybill.agency()) OR ((state <> 'drafted'::text) AND (waybill.agency() = circulator)) OR ((circulated_at IS NOT NULL) AND (waybill.agency() = host)) OR (EXISTS (SELECT FROM waybill.notification_recipient r WHERE ((r.notification = notification.id) AND (r.agency = waybill.agency())))));
grant insert, select, update (circulated_at), update (deposit_digest), update (deposit_folder), update (deposited_at), update (ended_at), update (ended_because), update (keep_until), update (necessity), update (provider_kind), update (provider_number), update (provider_register), update (provider_told), update (purpose), update (review_on), update (state), update (submitted_share) on waybill.notification to waybill_gateway;
grant select on waybill.notification to waybill_relay;
grant select (ended_at), select (id) on waybill.notification to waybill_disposal;

-- Table waybill.notification_recipient
create table waybill.notification_recipient (
  notification uuid not null,
  transfer uuid not null,
  agency text not null,
  controller text not null,
  circulator text not null,
  read_at timestamp with time zone,
  ended_told_at timestamp with time zone,
  constraint notification_recipient_notification_fkey FOREIGN KEY (notification) REFERENCES waybill.notification(id),
  constraint notification_recipient_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint notification_recipient_pkey PRIMARY KEY (notification, transfer)
);
CREATE INDEX notification_recipient_by_transfer ON waybill.notification_recipient USING btree (transfer);
CREATE INDEX notification_recipient_of ON waybill.notification_recipient USING btree (agency, notification);
alter table waybill.notification_recipient enable row level security;
alter table waybill.notification_recipient force row level security;
create policy circulated on waybill.notification_recipient for insert to waybill_gateway with check ((circulator = waybill.agency()) AND (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = notification_recipient.transfer) AND (t.sender = waybill.agency()) AND (t.recipient = notification_recipient.agency)))));
create policy looked_after on waybill.notification_recipient for all to waybill_relay using (true) with check (true);
create policy own on waybill.notification_recipient for select to waybill_gateway using ((agency = waybill.agency()) OR (circulator = waybill.agency()));
create policy read on waybill.notification_recipient for update to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update (read_at) on waybill.notification_recipient to waybill_gateway;
grant insert, select, update (ended_told_at) on waybill.notification_recipient to waybill_relay;

-- Table waybill.notification_statement
create table waybill.notification_statement (
  id uuid not null,
  notification uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint notification_statement_kind_check CHECK ((kind = ANY (ARRAY['drafted'::text, 'submitted'::text, 'returned'::text, 'circulated'::text, 'under-review'::text, 'followed-up'::text, 'rescinded'::text, 'closed'::text, 'retained'::text, 'disposed'::text, 'read'::text, 'acted'::text, 'action-told'::text, 'deposited'::text]))),
  constraint notification_statement_notification_fkey FOREIGN KEY (notification) REFERENCES waybill.notification(id),
  constraint notification_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX notification_statement_of ON waybill.notification_statement USING btree (notification, at);
alter table waybill.notification_statement enable row level security;
alter table waybill.notification_statement force row level security;
create policy shown on waybill.notification_statement for select to waybill_gateway using ((agency = waybill.agency()) OR ((kind = ANY (ARRAY['drafted'::text, 'submitted'::text, 'circulated'::text, 'under-review'::text, 'followed-up'::text, 'rescinded'::text, 'closed'::text])) AND (EXISTS (SELECT FROM waybill.notification n WHERE (n.id = notification_statement.notification)))) OR ((kind = ANY (ARRAY['returned'::text, 'retained'::text, 'disposed'::text, 'action-told'::text])) AND (EXISTS (SELECT FROM waybill.notification n WHERE ((n.id = notification_statement.notification) AND ((waybill.agency() = n.issuer) OR (waybill.agency() = n.circulator)))))) OR ((kind = 'deposited'::text) AND (EXISTS (SELECT FROM waybill.notification n WHERE ((n.id = notification_statement.notification) AND (((waybill.agency() = n.issuer) OR (waybill.agency() = n.circulator)) OR (waybill.agency() = n.host)))))) OR ((kind = 'read'::text) AND (EXISTS (SELECT FROM waybill.notification n WHERE ((n.id = notification_statement.notification) AND (waybill.agency() = n.circulator))))));
create policy stated on waybill.notification_statement for insert to waybill_gateway with check (agency = waybill.agency());
grant insert, select on waybill.notification_statement to waybill_gateway;

-- Table waybill.on_duty
create table waybill.on_duty (
  agency text not null,
  contact text not null,
  staff text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  constraint on_duty_check CHECK ((until_at > from_at)),
  constraint on_duty_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint on_duty_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint on_duty_pkey PRIMARY KEY (agency, contact, staff, from_at)
);
alter table waybill.on_duty enable row level security;
alter table waybill.on_duty force row level security;
create policy entered on waybill.on_duty for all to waybill_registrar using (true) with check (true);
create policy own on waybill.on_duty for select to waybill_console using (agency = waybill.agency());
grant select on waybill.on_duty to waybill_console;
grant delete, insert, select on waybill.on_duty to waybill_registrar;

-- Table waybill.outbox
create table waybill.outbox (
  id uuid not null,
  kind text not null,
  transfer uuid not null,
  lane text not null,
  precedence smallint not null,
  attempt integer not null default 0,
  due_at timestamp with time zone not null default clock_timestamp(),
  leased_until timestamp with time zone,
  parked_reason text,
  seq bigint not null generated always as identity,
  published_at timestamp with time zone,
  parked_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_due ON waybill.outbox USING btree (precedence, seq) WHERE ((parked_reason IS NULL) AND (published_at IS NULL));
CREATE INDEX outbox_in_lane ON waybill.outbox USING btree (lane, seq) WHERE (parked_reason IS NULL);
CREATE INDEX outbox_of_transfer ON waybill.outbox USING btree (transfer);
CREATE INDEX outbox_parked ON waybill.outbox USING btree (precedence, seq) WHERE (parked_reason IS NOT NULL);
CREATE INDEX outbox_published ON waybill.outbox USING btree (lane, published_at) WHERE ((parked_reason IS NULL) AND (published_at IS NOT NULL));
alter table waybill.outbox enable row level security;
alter table waybill.outbox force row level security;
create policy counted on waybill.outbox for select to waybill_gateway using (current_setting('waybill.counting'::text, true) = 'on'::text);
create policy delivering on waybill.outbox for all to waybill_courier using (true) with check (true);
create policy due on waybill.outbox for all to waybill_relay using (true) with check (true);
create policy enqueued on waybill.outbox for insert to waybill_gateway with check ((waybill.senders() IS NOT NULL) OR (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = outbox.transfer) AND (t.sender = waybill.agency())))));
create policy operating on waybill.outbox for select to waybill_operator using (true);
create policy recalled on waybill.outbox for select to waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = outbox.transfer) AND (t.sender = waybill.agency()))));
create policy recalled_before_delivery on waybill.outbox for delete to waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = outbox.transfer) AND (t.sender = waybill.agency()))));
create policy replayed on waybill.outbox for update to waybill_operator using (parked_reason IS NOT NULL) with check (true);
grant delete, insert, select, update on waybill.outbox to waybill_courier;
grant delete, insert, select on waybill.outbox to waybill_gateway;
grant select, update (attempt), update (due_at), update (leased_until), update (parked_at), update (parked_reason), update (published_at) on waybill.outbox to waybill_operator;
grant delete, insert, select, update on waybill.outbox to waybill_relay;

-- Table waybill.part
create table waybill.part (
  sender text not null,
  share uuid not null,
  name text not null,
  digest text not null,
  size bigint not null,
  constraint part_pkey PRIMARY KEY (sender, share, name)
);
alter table waybill.part enable row level security;
alter table waybill.part force row level security;
create policy delivering on waybill.part for select to waybill_courier using (true);
create policy own_copy on waybill.part for select to waybill_gateway using (EXISTS (SELECT FROM waybill.wrapped_key k WHERE ((k.sender = part.sender) AND (k.share = part.share) AND (k.part = part.name))));
create policy removed on waybill.part for all to waybill_relay using (true);
create policy sent on waybill.part for insert to waybill_gateway with check (waybill.acts_for(sender));
grant select on waybill.part to waybill_courier;
grant insert, select on waybill.part to waybill_gateway;
grant delete, select, update (size) on waybill.part to waybill_relay;

-- Table waybill.partnership_attestation
create table waybill.partnership_attestation (
  agreement text not null,
  what text not null,
  on_day date not null,
  due_day date not null,
  until_day date,
  link text,
  reference text,
  digest text,
  covers text[] not null default '{}'::text[],
  at timestamp with time zone not null,
  constraint partnership_attestation_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint partnership_attestation_link_check CHECK ((link ~ '^https://'::text)),
  constraint partnership_attestation_pkey PRIMARY KEY (agreement, what)
);
grant select on waybill.partnership_attestation to waybill_gateway;
grant insert, select, update on waybill.partnership_attestation to waybill_registrar;
grant select on waybill.partnership_attestation to waybill_relay;

-- Table waybill.party_document
create table waybill.party_document (
  digest text not null,
  octets bytea not null,
  constraint party_document_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint party_document_pkey PRIMARY KEY (digest)
);
CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON waybill.party_document FOR EACH ROW EXECUTE FUNCTION waybill.insert_only();
grant insert, select on waybill.party_document to waybill_gateway;

-- Table waybill.pass
create table waybill.pass (
  token text not null,
  session text not null,
  agency text not null,
  staff text not null,
  errand text not null,
  about uuid not null,
  page text,
  given_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint pass_errand_check CHECK ((errand = ANY (ARRAY['read'::text, 'request'::text, 'send'::text, 'state'::text, 'breach'::text]))),
  constraint pass_page_check CHECK ((page ~ '^[0-9a-f]{64}$'::text)),
  constraint pass_token_check CHECK ((token ~ '^[0-9a-f]{64}$'::text)),
  constraint pass_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint pass_session_fkey FOREIGN KEY (session) REFERENCES waybill.session(token) ON DELETE CASCADE,
  constraint pass_pkey PRIMARY KEY (token)
);
CREATE INDEX pass_ended ON waybill.pass USING btree (ends_at);
CREATE INDEX pass_of_session ON waybill.pass USING btree (session);
alter table waybill.pass enable row level security;
alter table waybill.pass force row level security;
create policy ended on waybill.pass for all to waybill_console using (ends_at < clock_timestamp()) with check (false);
create policy given on waybill.pass for insert to waybill_console with check ((agency = waybill.agency()) AND (EXISTS (SELECT FROM waybill.session s WHERE ((s.token = pass.session) AND (s.agency = pass.agency) AND (s.staff = pass.staff)))) AND ((errand = ANY (ARRAY['send'::text, 'breach'::text])) OR (EXISTS (SELECT FROM waybill.item_reason r WHERE ((r.agency = pass.agency) AND (r.item = pass.about) AND (r.staff = pass.staff))))));
create policy held on waybill.pass for select to waybill_console, waybill_gateway using (token = waybill.bearer());
create policy taken on waybill.pass for update to waybill_gateway using (token = waybill.bearer()) with check (token = waybill.bearer());
grant delete, insert, select on waybill.pass to waybill_console;
grant select, update (page) on waybill.pass to waybill_gateway;

-- Table waybill.pending_leaf
create table waybill.pending_leaf (
  entry uuid not null,
  controller text not null,
  leaf bytea not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  seq bigint not null generated always as identity,
  constraint pending_leaf_leaf_check CHECK ((octet_length(leaf) = 32)),
  constraint pending_leaf_pkey PRIMARY KEY (entry)
);
CREATE INDEX pending_leaf_by_log ON waybill.pending_leaf USING btree (controller, seq);
alter table waybill.pending_leaf enable row level security;
alter table waybill.pending_leaf force row level security;
create policy disposed on waybill.pending_leaf for insert to waybill_disposal with check (true);
create policy recorded on waybill.pending_leaf for insert to waybill_console, waybill_courier, waybill_gateway, waybill_registrar, waybill_relay with check (true);
create policy unsequenced on waybill.pending_leaf for all to waybill_relay using (true);
grant insert on waybill.pending_leaf to waybill_console;
grant insert on waybill.pending_leaf to waybill_courier;
grant insert on waybill.pending_leaf to waybill_disposal;
grant insert on waybill.pending_leaf to waybill_gateway;
grant insert on waybill.pending_leaf to waybill_registrar;
grant delete, insert, select, update on waybill.pending_leaf to waybill_relay;

-- Table waybill.processor_contract
create table waybill.processor_contract (
  controller text not null,
  reference text not null,
  on_day date not null,
  until_day date,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint processor_contract_check CHECK ((until_day >= on_day)),
  constraint processor_contract_reference_check CHECK ((reference ~ '^[A-Z]{1,4}[ -]?[A-Z0-9/-]{1,24}$'::text)),
  constraint processor_contract_pkey PRIMARY KEY (controller, reference, on_day)
);
alter table waybill.processor_contract enable row level security;
alter table waybill.processor_contract force row level security;
create policy entered on waybill.processor_contract for all to waybill_registrar using (true) with check (true);
grant insert, select on waybill.processor_contract to waybill_registrar;

-- Table waybill.push
create table waybill.push (
  id uuid not null,
  webhook uuid not null,
  agency text not null,
  transfer uuid not null,
  precedence smallint not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  attempt integer not null default 0,
  last text,
  ended_at timestamp with time zone,
  ended text,
  constraint push_ended_check CHECK ((ended = ANY (ARRAY['taken'::text, 'given-up'::text, 'overtaken'::text]))),
  constraint push_webhook_fkey FOREIGN KEY (webhook) REFERENCES waybill.webhook(id) ON DELETE CASCADE,
  constraint push_pkey PRIMARY KEY (id)
);
CREATE INDEX push_due ON waybill.push USING btree (webhook, precedence, due_at) WHERE (ended_at IS NULL);
CREATE INDEX push_ended ON waybill.push USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX push_of_webhook ON waybill.push USING btree (webhook, created_at);
alter table waybill.push enable row level security;
alter table waybill.push force row level security;
create policy delivering on waybill.push for all to waybill_courier using (true) with check (true);
create policy long_ended on waybill.push for all to waybill_relay using (ended_at IS NOT NULL);
create policy own on waybill.push for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update on waybill.push to waybill_courier;
grant insert, select on waybill.push to waybill_gateway;
grant delete, select on waybill.push to waybill_relay;

-- Table waybill.register_disposal
create table waybill.register_disposal (
  disposal_class text not null,
  month date not null,
  months integer not null,
  entries bigint not null,
  recorded_at timestamp with time zone not null,
  ready_at timestamp with time zone,
  dropped_at timestamp with time zone,
  octets_freed bigint,
  swept_at timestamp with time zone,
  constraint register_disposal_check CHECK (((dropped_at IS NULL) OR (ready_at IS NOT NULL))),
  constraint register_disposal_disposal_class_check CHECK ((disposal_class = ANY (ARRAY['disclosure'::text, 'movement'::text, 'party'::text, 'housekeeping'::text]))),
  constraint register_disposal_month_check CHECK ((month = (date_trunc('month'::text, (month)::timestamp with time zone))::date)),
  constraint register_disposal_pkey PRIMARY KEY (disposal_class, month)
);
grant select on waybill.register_disposal to waybill_console;
grant insert, select, update (entries), update (ready_at), update (swept_at) on waybill.register_disposal to waybill_disposal;
grant select on waybill.register_disposal to waybill_gateway;

-- Table waybill.register_rule
create table waybill.register_rule (
  controller text not null,
  disposal_class text not null,
  months integer not null,
  stated_at timestamp with time zone not null,
  constraint register_rule_disposal_class_check CHECK ((disposal_class = ANY (ARRAY['disclosure'::text, 'movement'::text, 'party'::text, 'housekeeping'::text]))),
  constraint register_rule_months_check CHECK (((months >= 1) AND (months <= 1200))),
  constraint register_rule_pkey PRIMARY KEY (controller, disposal_class)
);
alter table waybill.register_rule enable row level security;
alter table waybill.register_rule force row level security;
create policy disposing on waybill.register_rule for select to waybill_disposal using (true);
create policy entered on waybill.register_rule for all to waybill_registrar using (true) with check (true);
grant select on waybill.register_rule to waybill_disposal;
grant insert, select, update on waybill.register_rule to waybill_registrar;

-- Table waybill.request
create table waybill.request (
  id uuid not null,
  share uuid not null,
  requester text not null,
  requester_contact text,
  requester_controller text not null,
  holder text not null,
  contact text not null,
  holder_controller text not null,
  agreement text not null,
  agreement_version text not null,
  type text not null,
  purpose text not null,
  categories text[] not null,
  urgency text not null,
  lane text not null,
  needed_by timestamp with time zone,
  due_at timestamp with time zone,
  unanswered_at timestamp with time zone,
  state text not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  triage text,
  reviewers text[] not null default '{}'::text[],
  deciders text[] not null default '{}'::text[],
  precedence smallint generated always as (
CASE lane
    WHEN 'breach'::text THEN 0
    WHEN 'emergency'::text THEN 1
    WHEN 'priority'::text THEN 2
    WHEN 'urgent'::text THEN 3
    ELSE 4
END),
  constraint request_triage_check CHECK ((triage = ANY (ARRAY['red'::text, 'amber'::text, 'green'::text]))),
  constraint request_urgency_check CHECK ((urgency = ANY (ARRAY['emergency'::text, 'urgent'::text, 'routine'::text]))),
  constraint request_id_fkey FOREIGN KEY (id) REFERENCES waybill.transfer(id),
  constraint request_pkey PRIMARY KEY (id)
);
CREATE INDEX request_decided ON waybill.request USING gin (deciders) WHERE (deciders <> '{}'::text[]);
CREATE INDEX request_due ON waybill.request USING btree (due_at) WHERE ((unanswered_at IS NULL) AND (closed_at IS NULL));
CREATE INDEX request_in_inbox ON waybill.request USING btree (holder, precedence, opened_at, id) WHERE (closed_at IS NULL);
CREATE INDEX request_looked_at ON waybill.request USING gin (reviewers) WHERE (reviewers <> '{}'::text[]);
CREATE INDEX request_of_holder ON waybill.request USING btree (holder, id);
CREATE INDEX request_of_requester ON waybill.request USING btree (requester, id);
CREATE INDEX request_of_requester_open ON waybill.request USING btree (requester, holder, lane) WHERE (closed_at IS NULL);
alter table waybill.request enable row level security;
alter table waybill.request force row level security;
create policy asked on waybill.request for insert to waybill_gateway with check (waybill.acts_for(requester));
create policy delivering on waybill.request for all to waybill_courier using (true) with check (true);
create policy disposing on waybill.request for select to waybill_disposal using (true);
create policy due on waybill.request for all to waybill_relay using (true) with check (true);
create policy moved on waybill.request for update to waybill_gateway using (((waybill.agency() = requester) OR (waybill.agency() = holder)) OR (waybill.agency() = ANY (reviewers)) OR (waybill.agency() = ANY (deciders))) with check (((waybill.agency() = requester) OR (waybill.agency() = holder)) OR (waybill.agency() = ANY (reviewers)) OR (waybill.agency() = ANY (deciders)));
create policy party_to on waybill.request for select to waybill_console, waybill_gateway using (((waybill.agency() = requester) OR (waybill.agency() = holder)) OR (waybill.agency() = ANY (reviewers)) OR (waybill.agency() = ANY (deciders)));
grant select on waybill.request to waybill_console;
grant select, update (closed_at), update (state), update (unanswered_at) on waybill.request to waybill_courier;
grant insert, select, update (closed_at), update (deciders), update (due_at), update (reviewers), update (state), update (triage) on waybill.request to waybill_gateway;
grant select, update (closed_at), update (state), update (unanswered_at) on waybill.request to waybill_relay;
grant select (closed_at), select (id), select (share) on waybill.request to waybill_disposal;

-- Table waybill.request_answer
create table waybill.request_answer (
  request uuid not null,
  category text not null,
  answer text not null,
  source uuid not null,
  at timestamp with time zone not null,
  constraint request_answer_answer_check CHECK ((answer = ANY (ARRAY['given'::text, 'not-held'::text, 'refused'::text, 'confirmed'::text, 'differs'::text]))),
  constraint request_answer_request_fkey FOREIGN KEY (request) REFERENCES waybill.request(id),
  constraint request_answer_pkey PRIMARY KEY (request, category, source)
);
alter table waybill.request_answer enable row level security;
alter table waybill.request_answer force row level security;
create policy answered on waybill.request_answer for insert to waybill_gateway with check (EXISTS (SELECT FROM waybill.request r WHERE ((r.id = request_answer.request) AND (r.holder = waybill.agency()))));
create policy party_to on waybill.request_answer for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.request r WHERE (r.id = request_answer.request)));
create policy tallied on waybill.request_answer for select to waybill_relay using (true);
grant select on waybill.request_answer to waybill_console;
grant insert, select on waybill.request_answer to waybill_gateway;
grant select (answer), select (at), select (category), select (request) on waybill.request_answer to waybill_relay;

-- Table waybill.request_statement
create table waybill.request_statement (
  id uuid not null,
  request uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint request_statement_request_fkey FOREIGN KEY (request) REFERENCES waybill.request(id),
  constraint request_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX request_statement_of ON waybill.request_statement USING btree (request, at);
alter table waybill.request_statement enable row level security;
alter table waybill.request_statement force row level security;
create policy party_to on waybill.request_statement for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.request r WHERE (r.id = request_statement.request)));
create policy stated on waybill.request_statement for insert to waybill_gateway with check ((agency = waybill.agency()) AND (EXISTS (SELECT FROM waybill.request r WHERE (r.id = request_statement.request))));
grant select on waybill.request_statement to waybill_console;
grant insert, select on waybill.request_statement to waybill_gateway;

-- Table waybill.retention
create table waybill.retention (
  agency text not null,
  transfer uuid not null,
  share uuid not null,
  controller text not null,
  sender text not null,
  sender_controller text not null,
  agreement text not null,
  what text not null,
  months integer,
  from_event text,
  indefinite boolean not null default false,
  review_months integer not null,
  started_on date,
  due_on date,
  review_on date not null,
  held_at timestamp with time zone,
  evidence_since timestamp with time zone,
  disposed_at timestamp with time zone,
  due_told_at timestamp with time zone,
  constraint retention_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint retention_pkey PRIMARY KEY (agency, transfer)
);
CREATE INDEX retention_as_evidence ON waybill.retention USING btree (evidence_since) WHERE (evidence_since IS NOT NULL);
CREATE INDEX retention_due ON waybill.retention USING btree (due_on) WHERE ((disposed_at IS NULL) AND (held_at IS NULL) AND (due_told_at IS NULL));
CREATE INDEX retention_of_agency ON waybill.retention USING btree (agency, due_on, transfer) WHERE (disposed_at IS NULL);
CREATE INDEX retention_review ON waybill.retention USING btree (review_on) WHERE (disposed_at IS NULL);
alter table waybill.retention enable row level security;
alter table waybill.retention force row level security;
create policy acknowledged on waybill.retention for insert to waybill_courier with check (true);
create policy disposing on waybill.retention for select to waybill_disposal using (true);
create policy due on waybill.retention for all to waybill_relay using (true) with check (true);
create policy own on waybill.retention for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy own_shown on waybill.retention for select to waybill_console using (agency = waybill.agency());
grant select on waybill.retention to waybill_console;
grant insert on waybill.retention to waybill_courier;
grant insert, select, update on waybill.retention to waybill_gateway;
grant select, update (due_on), update (due_told_at), update (evidence_since), update (review_on), update (started_on) on waybill.retention to waybill_relay;
grant select (disposed_at), select (evidence_since), select (held_at), select (share) on waybill.retention to waybill_disposal;

-- Table waybill.retention_statement
create table waybill.retention_statement (
  id uuid not null,
  agency text not null,
  transfer uuid not null,
  kind text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint retention_statement_kind_check CHECK ((kind = ANY (ARRAY['ruled'::text, 'started'::text, 'justified'::text, 'held'::text, 'lifted'::text, 'disposed'::text]))),
  constraint retention_statement_agency_transfer_fkey FOREIGN KEY (agency, transfer) REFERENCES waybill.retention(agency, transfer),
  constraint retention_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX retention_statement_of ON waybill.retention_statement USING btree (agency, transfer);
alter table waybill.retention_statement enable row level security;
alter table waybill.retention_statement force row level security;
create policy own on waybill.retention_statement for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.retention_statement to waybill_gateway;

-- Table waybill.rights_request
create table waybill.rights_request (
  agency text not null,
  id uuid not null,
  controller text not null,
  digest text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  words bytea,
  at timestamp with time zone not null,
  receipt text not null,
  right_used text not null,
  due_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint rights_request_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint rights_request_pkey PRIMARY KEY (agency, id)
);
CREATE UNIQUE INDEX rights_request_by_digest ON waybill.rights_request USING btree (agency, digest);
CREATE INDEX rights_request_open ON waybill.rights_request USING btree (agency, due_at) WHERE (closed_at IS NULL);
alter table waybill.rights_request enable row level security;
alter table waybill.rights_request force row level security;
create policy disposing on waybill.rights_request for select to waybill_disposal using (true);
create policy own on waybill.rights_request for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update (closed_at), update (due_at) on waybill.rights_request to waybill_gateway;
grant select (closed_at), select (id) on waybill.rights_request to waybill_disposal;

-- Table waybill.rights_statement
create table waybill.rights_statement (
  id uuid not null,
  agency text not null,
  rights_request uuid not null,
  kind text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint rights_statement_kind_check CHECK ((kind = ANY (ARRAY['extended'::text, 'closed'::text]))),
  constraint rights_statement_agency_rights_request_fkey FOREIGN KEY (agency, rights_request) REFERENCES waybill.rights_request(agency, id),
  constraint rights_statement_pkey PRIMARY KEY (id)
);
CREATE INDEX rights_statement_of ON waybill.rights_statement USING btree (agency, rights_request);
alter table waybill.rights_statement enable row level security;
alter table waybill.rights_statement force row level security;
create policy own on waybill.rights_statement for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.rights_statement to waybill_gateway;

-- Table waybill.sealed_digest
create table waybill.sealed_digest (
  digest text not null,
  sender text not null,
  constraint sealed_digest_pkey PRIMARY KEY (digest)
);
alter table waybill.sealed_digest enable row level security;
alter table waybill.sealed_digest force row level security;
create policy seen_before on waybill.sealed_digest for select to waybill_gateway using (true);
create policy sent on waybill.sealed_digest for insert to waybill_gateway with check (waybill.acts_for(sender));
grant insert, select on waybill.sealed_digest to waybill_gateway;

-- Table waybill.security_event
create table waybill.security_event (
  id uuid not null,
  agency text not null,
  event text not null,
  facts text not null,
  precedence smallint not null,
  at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  attempt integer not null default 0,
  last text,
  ended_at timestamp with time zone,
  ended text,
  constraint security_event_ended_check CHECK ((ended = ANY (ARRAY['taken'::text, 'given-up'::text]))),
  constraint security_event_event_check CHECK ((event = ANY (ARRAY['breach-notified'::text, 'key-revoked'::text, 'verification'::text]))),
  constraint security_event_pkey PRIMARY KEY (id)
);
CREATE INDEX security_event_due ON waybill.security_event USING btree (agency, precedence, due_at) WHERE (ended_at IS NULL);
CREATE INDEX security_event_old ON waybill.security_event USING btree (at);
alter table waybill.security_event enable row level security;
alter table waybill.security_event force row level security;
create policy delivering on waybill.security_event for all to waybill_courier using (true) with check (true);
create policy entered on waybill.security_event for insert to waybill_registrar with check (true);
create policy long_past on waybill.security_event for all to waybill_relay using (true);
create policy own on waybill.security_event for select to waybill_gateway using (agency = waybill.agency());
create policy told on waybill.security_event for insert to waybill_gateway with check ((agency = waybill.agency()) OR ((event = 'breach-notified'::text) AND (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = (((security_event.facts)::jsonb ->> 'breach'::text))::uuid)))));
grant select, update on waybill.security_event to waybill_courier;
grant insert, select on waybill.security_event to waybill_gateway;
grant insert on waybill.security_event to waybill_registrar;
grant delete, select on waybill.security_event to waybill_relay;

-- Table waybill.session
create table waybill.session (
  token text not null,
  agency text not null,
  staff text not null,
  second_factor boolean not null,
  signed_in_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint session_token_check CHECK ((token ~ '^[0-9a-f]{64}$'::text)),
  constraint session_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint session_pkey PRIMARY KEY (token)
);
CREATE INDEX session_ended ON waybill.session USING btree (ends_at);
alter table waybill.session enable row level security;
alter table waybill.session force row level security;
create policy ended on waybill.session for all to waybill_console using (ends_at < clock_timestamp()) with check (false);
create policy held on waybill.session for all to waybill_console using (token = waybill.bearer()) with check (token = waybill.bearer());
grant delete, insert, select, update on waybill.session to waybill_console;

-- Table waybill.share
create table waybill.share (
  sender text not null,
  id uuid not null,
  controller text not null,
  manifest_digest text not null,
  manifest bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  agreement text not null,
  agreement_version text not null,
  urgency text not null,
  accepted_at timestamp with time zone not null,
  receipt text not null,
  previous uuid,
  constraint share_manifest_digest_check CHECK ((manifest_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint share_urgency_check CHECK ((urgency = ANY (ARRAY['emergency'::text, 'urgent'::text, 'routine'::text]))),
  constraint share_pkey PRIMARY KEY (sender, id)
);
CREATE UNIQUE INDEX share_by_manifest ON waybill.share USING btree (manifest_digest, sender);
CREATE INDEX share_passing_on ON waybill.share USING btree (previous) WHERE (previous IS NOT NULL);
CREATE INDEX share_sent ON waybill.share USING btree (sender, accepted_at DESC, id DESC);
alter table waybill.share enable row level security;
alter table waybill.share force row level security;
create policy delivering on waybill.share for select to waybill_courier using (true);
create policy party_to on waybill.share for select to waybill_console, waybill_gateway using ((sender = waybill.agency()) OR (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.sender = share.sender) AND (t.share = share.id) AND (t.recipient = waybill.agency())))));
create policy publishing on waybill.share for select to waybill_relay using (true);
create policy sent on waybill.share for insert to waybill_gateway with check (waybill.acts_for(sender));
create policy sent_before on waybill.share for select to waybill_gateway using (sender = ANY (waybill.senders()));
grant select on waybill.share to waybill_console;
grant select on waybill.share to waybill_courier;
grant insert, select on waybill.share to waybill_gateway;
grant select on waybill.share to waybill_relay;

-- Table waybill.sign_in
create table waybill.sign_in (
  browser text not null,
  state text not null,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  demanded boolean not null,
  ends_at timestamp with time zone not null,
  constraint sign_in_browser_check CHECK ((browser ~ '^[0-9a-f]{64}$'::text)),
  constraint sign_in_pkey PRIMARY KEY (browser)
);
CREATE INDEX sign_in_ended ON waybill.sign_in USING btree (ends_at);
alter table waybill.sign_in enable row level security;
alter table waybill.sign_in force row level security;
create policy ended on waybill.sign_in for all to waybill_console using (ends_at < clock_timestamp()) with check (false);
create policy held on waybill.sign_in for all to waybill_console using (browser = waybill.bearer()) with check (browser = waybill.bearer());
grant delete, insert, select on waybill.sign_in to waybill_console;

-- Table waybill.staff
create table waybill.staff (
  agency text not null,
  id text not null,
  name text not null,
  roles text[] not null,
  contacts text[] not null default '{}'::text[],
  sign_in text not null,
  issuer text not null,
  subject text not null,
  checked_on date,
  checked_until date,
  second_factor boolean not null,
  from_day date not null,
  until_day date,
  constraint staff_id_check CHECK ((id ~ '^[a-z]{1,12}-[0-9]{2,8}$'::text)),
  constraint staff_name_check CHECK ((name <> ''::text)),
  constraint staff_roles_check CHECK ((cardinality(roles) > 0)),
  constraint staff_sign_in_check CHECK ((sign_in ~ '^[0-9a-f]{64}$'::text)),
  constraint staff_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint staff_pkey PRIMARY KEY (agency, id),
  constraint staff_sign_in_key UNIQUE (sign_in)
);
alter table waybill.staff enable row level security;
alter table waybill.staff force row level security;
create policy custodian on waybill.staff for select to waybill_gateway using (agency = waybill.agency());
create policy custodian_left on waybill.staff for select to waybill_relay using (true);
create policy entered on waybill.staff for all to waybill_registrar using (true) with check (true);
create policy own on waybill.staff for select to waybill_console using (agency = waybill.agency());
create policy signing_in on waybill.staff for select to waybill_console using (sign_in = waybill.bearer());
grant select on waybill.staff to waybill_console;
grant insert, select, update on waybill.staff to waybill_registrar;
grant select (agency), select (contacts), select (from_day), select (id), select (roles), select (until_day) on waybill.staff to waybill_gateway;
grant select (agency), select (contacts), select (from_day), select (id), select (roles), select (until_day) on waybill.staff to waybill_relay;

-- Table waybill.staff_statement
create table waybill.staff_statement (
  agency text not null,
  staff text not null,
  at timestamp with time zone not null,
  constraint staff_statement_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint staff_statement_pkey PRIMARY KEY (agency, staff, at)
);
alter table waybill.staff_statement enable row level security;
alter table waybill.staff_statement force row level security;
create policy own on waybill.staff_statement for all to waybill_console using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select on waybill.staff_statement to waybill_console;

-- Table waybill.staff_training
create table waybill.staff_training (
  agency text not null,
  staff text not null,
  kind text not null,
  on_day date not null,
  until_day date,
  constraint staff_training_agency_staff_fkey FOREIGN KEY (agency, staff) REFERENCES waybill.staff(agency, id),
  constraint staff_training_pkey PRIMARY KEY (agency, staff, kind)
);
alter table waybill.staff_training enable row level security;
alter table waybill.staff_training force row level security;
create policy entered on waybill.staff_training for all to waybill_registrar using (true) with check (true);
create policy own on waybill.staff_training for select to waybill_console using (agency = waybill.agency());
grant select on waybill.staff_training to waybill_console;
grant insert, select, update on waybill.staff_training to waybill_registrar;

-- Table waybill.statement
create table waybill.statement (
  transfer uuid not null,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamp with time zone not null,
  constraint statement_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'acknowledged'::text, 'returned'::text, 'recalled'::text, 'released'::text]))),
  constraint statement_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint statement_pkey PRIMARY KEY (transfer, kind)
);
alter table waybill.statement enable row level security;
alter table waybill.statement force row level security;
create policy by_mail on waybill.statement for all to waybill_courier using (true) with check (true);
create policy party_to on waybill.statement for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = statement.transfer) AND ((waybill.agency() = t.sender) OR (waybill.agency() = t.recipient)))));
create policy stated on waybill.statement for insert to waybill_gateway with check (agency = waybill.agency());
grant select on waybill.statement to waybill_console;
grant insert, select on waybill.statement to waybill_courier;
grant insert, select on waybill.statement to waybill_gateway;

-- Table waybill.sts_policy
create table waybill.sts_policy (
  domain text not null,
  id text not null,
  mode text not null,
  mx text[] not null,
  max_age bigint not null,
  fetched_at timestamp with time zone not null,
  constraint sts_policy_pkey PRIMARY KEY (domain)
);
grant insert, select, update on waybill.sts_policy to waybill_courier;

-- Table waybill.subject_index
create table waybill.subject_index (
  controller text not null,
  index bytea not null,
  about uuid not null,
  at timestamp with time zone not null,
  constraint subject_index_index_check CHECK ((octet_length(index) = 32)),
  constraint subject_index_pkey PRIMARY KEY (controller, index, about)
);
alter table waybill.subject_index enable row level security;
alter table waybill.subject_index force row level security;
create policy disposed on waybill.subject_index for all to waybill_disposal using (true);
create policy own_register on waybill.subject_index for all to waybill_gateway using (controller = waybill.controller()) with check (controller = waybill.controller());
grant delete, select on waybill.subject_index to waybill_disposal;
grant insert, select on waybill.subject_index to waybill_gateway;

-- Table waybill.succession
create table waybill.succession (
  agency text not null,
  successor text not null,
  on_day date not null,
  constraint succession_check CHECK ((agency <> successor)),
  constraint succession_agency_fkey FOREIGN KEY (agency) REFERENCES waybill.agency(id),
  constraint succession_successor_fkey FOREIGN KEY (successor) REFERENCES waybill.agency(id),
  constraint succession_pkey PRIMARY KEY (agency)
);
grant select on waybill.succession to waybill_console;
grant select on waybill.succession to waybill_gateway;
grant insert, select, update on waybill.succession to waybill_registrar;
grant select on waybill.succession to waybill_relay;

-- Table waybill.suspension
create table waybill.suspension (
  id uuid not null,
  breach uuid not null,
  agreement text not null,
  by text not null,
  scope text not null,
  began_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  meet_by timestamp with time zone,
  ended_at timestamp with time zone,
  ended_because text,
  in_writing uuid not null,
  evidence uuid not null,
  without_writing text[] not null default '{}'::text[],
  constraint suspension_check CHECK ((ends_at > began_at)),
  constraint suspension_ended_because_check CHECK ((ended_because = ANY (ARRAY['time'::text, 'meeting'::text, 'withdrawn'::text]))),
  constraint suspension_scope_check CHECK ((scope = ANY (ARRAY['whole-agreement'::text, 'own-participation'::text]))),
  constraint suspension_breach_fkey FOREIGN KEY (breach) REFERENCES waybill.breach(id),
  constraint suspension_pkey PRIMARY KEY (id)
);
CREATE INDEX suspension_of_breach ON waybill.suspension USING btree (breach);
CREATE INDEX suspension_standing ON waybill.suspension USING btree (agreement) WHERE (ended_at IS NULL);
alter table waybill.suspension enable row level security;
alter table waybill.suspension force row level security;
create policy due on waybill.suspension for all to waybill_relay using (true) with check (true);
create policy ended on waybill.suspension for update to waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = suspension.breach))) with check (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = suspension.breach)));
create policy party_to on waybill.suspension for select to waybill_console, waybill_gateway using (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = suspension.breach)));
create policy standing on waybill.suspension for select to waybill_courier using (true);
create policy suspended on waybill.suspension for insert to waybill_gateway with check ((by = waybill.agency()) AND (EXISTS (SELECT FROM waybill.breach b WHERE (b.id = suspension.breach))));
grant select on waybill.suspension to waybill_console;
grant select on waybill.suspension to waybill_courier;
grant insert, select, update (ended_at), update (ended_because) on waybill.suspension to waybill_gateway;
grant select, update (ended_at), update (ended_because) on waybill.suspension to waybill_relay;

-- Table waybill.team_mailbox
create table waybill.team_mailbox (
  id uuid not null,
  agency text not null,
  contact text not null,
  constraint team_mailbox_agency_contact_fkey FOREIGN KEY (agency, contact) REFERENCES waybill.contact(agency, id),
  constraint team_mailbox_pkey PRIMARY KEY (id),
  constraint team_mailbox_agency_contact_key UNIQUE (agency, contact)
);
alter table waybill.team_mailbox enable row level security;
alter table waybill.team_mailbox force row level security;
create policy looked_after on waybill.team_mailbox for all to waybill_relay using (true) with check (true);
create policy own on waybill.team_mailbox for all to waybill_console, waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant select on waybill.team_mailbox to waybill_console;
grant insert, select on waybill.team_mailbox to waybill_gateway;
grant insert, select on waybill.team_mailbox to waybill_relay;

-- Table waybill.tls_count
create table waybill.tls_count (
  domain text not null,
  day date not null,
  policy text not null,
  policy_id text not null,
  lines text[] not null,
  patterns text[] not null,
  host text not null,
  result text not null,
  sessions bigint not null,
  constraint tls_count_policy_check CHECK ((policy = ANY (ARRAY['sts'::text, 'tlsa'::text, 'no-policy-found'::text]))),
  constraint tls_count_pkey PRIMARY KEY (domain, day, policy, policy_id, host, result)
);
grant delete, insert, select, update on waybill.tls_count to waybill_courier;

-- Table waybill.tls_heard
create table waybill.tls_heard (
  digest text not null,
  domain text not null,
  policy text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  succeeded bigint not null,
  failed bigint not null,
  results text[] not null,
  sessions bigint[] not null,
  heard_at timestamp with time zone not null,
  constraint tls_heard_policy_check CHECK ((policy = ANY (ARRAY['sts'::text, 'tlsa'::text, 'no-policy-found'::text]))),
  constraint tls_heard_pkey PRIMARY KEY (digest, domain, policy)
);
CREATE INDEX tls_heard_when ON waybill.tls_heard USING btree (heard_at);
grant delete, insert, select on waybill.tls_heard to waybill_courier;
grant delete, insert, select on waybill.tls_heard to waybill_registrar;

-- Table waybill.tls_report
create table waybill.tls_report (
  domain text not null,
  day date not null,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  attempt integer not null default 0,
  ended_at timestamp with time zone,
  ended text,
  constraint tls_report_ended_check CHECK ((ended = ANY (ARRAY['told'::text, 'not-asked-for'::text, 'given-up'::text]))),
  constraint tls_report_pkey PRIMARY KEY (domain, day)
);
CREATE INDEX tls_report_due ON waybill.tls_report USING btree (due_at) WHERE (ended_at IS NULL);
grant delete, insert, select, update on waybill.tls_report to waybill_courier;

-- Table waybill.transfer
create table waybill.transfer (
  id uuid not null,
  sender text not null,
  share uuid not null,
  recipient text not null,
  contact text not null,
  sender_controller text not null,
  recipient_controller text not null,
  lane text not null,
  precedence smallint not null,
  state text not null,
  provenance text not null,
  promise text,
  consignment_digest text not null,
  size bigint not null,
  hold_reason text,
  payload_until timestamp with time zone not null,
  accepted_at timestamp with time zone not null,
  available_at timestamp with time zone,
  collected_at timestamp with time zone,
  opened_at timestamp with time zone,
  ended_at timestamp with time zone,
  end_reason text,
  payload_removed_at timestamp with time zone,
  route text not null default 'mailbox'::text,
  weak_hop boolean not null default false,
  controllership text not null default 'own'::text,
  both_record boolean not null default false,
  logged_because text,
  logged_justified boolean not null default false,
  through_suspension boolean not null default false,
  categories text[] not null default '{}'::text[],
  waiting_since timestamp with time zone generated always as (COALESCE(collected_at, accepted_at)),
  constraint transfer_consignment_digest_check CHECK ((consignment_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint transfer_controllership_check CHECK ((controllership = ANY (ARRAY['own'::text, 'partnership'::text, 'joint'::text]))),
  constraint transfer_lane_check CHECK ((lane = ANY (ARRAY['breach'::text, 'emergency'::text, 'priority'::text, 'urgent'::text, 'routine'::text]))),
  constraint transfer_logged_because_check CHECK ((logged_because = ANY (ARRAY['law-enforcement'::text, 'origin'::text]))),
  constraint transfer_route_check CHECK ((route = ANY (ARRAY['mailbox'::text, 'mail'::text]))),
  constraint weak_by_mail CHECK (((NOT weak_hop) OR (route = 'mail'::text))),
  constraint transfer_sender_share_fkey FOREIGN KEY (sender, share) REFERENCES waybill.share(sender, id),
  constraint transfer_pkey PRIMARY KEY (id)
);
CREATE INDEX transfer_expiring ON waybill.transfer USING btree (payload_until) WHERE (payload_removed_at IS NULL);
CREATE INDEX transfer_held_by_suspension ON waybill.transfer USING btree (precedence, accepted_at, id) WHERE ((state = 'held'::text) AND (hold_reason = 'agreement-suspended'::text));
CREATE INDEX transfer_in_inbox ON waybill.transfer USING btree (recipient, precedence, waiting_since, id) WHERE (state = ANY (ARRAY['available'::text, 'collected'::text]));
CREATE INDEX transfer_in_mailbox ON waybill.transfer USING btree (recipient, precedence, accepted_at, id) WHERE (state = ANY (ARRAY['available'::text, 'collected'::text]));
CREATE INDEX transfer_of_share ON waybill.transfer USING btree (sender, share);
CREATE INDEX transfer_one_sided ON waybill.transfer USING btree (accepted_at) WHERE (both_record AND (ended_at IS NULL));
CREATE INDEX transfer_queued ON waybill.transfer USING btree (id) WHERE (state = 'queued'::text);
CREATE INDEX transfer_to_remove ON waybill.transfer USING btree (ended_at) WHERE ((ended_at IS NOT NULL) AND (payload_removed_at IS NULL));
CREATE INDEX transfer_undeliverable ON waybill.transfer USING btree (sender, recipient, contact) WHERE (state = 'undeliverable'::text);
CREATE INDEX transfer_waiting_for ON waybill.transfer USING btree (recipient) WHERE (state = ANY (ARRAY['queued'::text, 'available'::text, 'held'::text]));
alter table waybill.transfer enable row level security;
alter table waybill.transfer force row level security;
create policy delivering on waybill.transfer for all to waybill_courier using (true) with check (true);
create policy disposing on waybill.transfer for select to waybill_disposal using (true);
create policy due on waybill.transfer for all to waybill_relay using (true) with check (true);
create policy moved on waybill.transfer for update to waybill_gateway using ((waybill.agency() = sender) OR (waybill.agency() = recipient)) with check ((waybill.agency() = sender) OR (waybill.agency() = recipient));
create policy party_to on waybill.transfer for select to waybill_console, waybill_gateway using ((waybill.agency() = sender) OR (waybill.agency() = recipient));
create policy sent on waybill.transfer for insert to waybill_gateway with check (waybill.acts_for(sender));
grant select on waybill.transfer to waybill_console;
grant select, update on waybill.transfer to waybill_courier;
grant insert, select, update on waybill.transfer to waybill_gateway;
grant select, update on waybill.transfer to waybill_relay;
grant select (ended_at), select (id), select (share) on waybill.transfer to waybill_disposal;

-- Table waybill.upload
create table waybill.upload (
  id uuid not null,
  agency text not null,
  at_octet bigint not null default 0,
  size bigint not null default 0,
  gate text,
  complete boolean not null default false,
  touched_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint upload_pkey PRIMARY KEY (id)
);
CREATE INDEX upload_idle ON waybill.upload USING btree (touched_at);
CREATE INDEX upload_of_agency ON waybill.upload USING btree (agency);
CREATE INDEX upload_used ON waybill.upload USING btree (used_at) WHERE (used_at IS NOT NULL);
alter table waybill.upload enable row level security;
alter table waybill.upload force row level security;
create policy left_behind on waybill.upload for all to waybill_relay using (true);
create policy own on waybill.upload for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant delete, insert, select, update on waybill.upload to waybill_gateway;
grant delete, select on waybill.upload to waybill_relay;

-- Table waybill.upload_chunk
create table waybill.upload_chunk (
  upload uuid not null,
  seq integer not null,
  agency text not null,
  octets bytea storage external not null,
  constraint upload_chunk_upload_fkey FOREIGN KEY (upload) REFERENCES waybill.upload(id) ON DELETE CASCADE,
  constraint upload_chunk_pkey PRIMARY KEY (upload, seq)
);
alter table waybill.upload_chunk enable row level security;
alter table waybill.upload_chunk force row level security;
create policy own on waybill.upload_chunk for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant insert, select, update on waybill.upload_chunk to waybill_gateway;

-- Table waybill.webhook
create table waybill.webhook (
  id uuid not null,
  agency text not null,
  contact text not null,
  url text,
  sends text not null,
  secret_version integer not null default 1,
  previous_until timestamp with time zone,
  created_at timestamp with time zone not null,
  rests_until timestamp with time zone,
  failures integer not null default 0,
  way text not null default 'http'::text,
  constraint webhook_addressed CHECK (((url IS NOT NULL) = (way = 'http'::text))),
  constraint webhook_sends_check CHECK ((sends = ANY (ARRAY['reference'::text, 'envelope'::text]))),
  constraint webhook_way_check CHECK ((way = ANY (ARRAY['http'::text, 'amqp'::text]))),
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_agency_contact_key UNIQUE (agency, contact)
);
alter table waybill.webhook enable row level security;
alter table waybill.webhook force row level security;
create policy delivering on waybill.webhook for all to waybill_courier using (true) with check (true);
create policy own on waybill.webhook for all to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
grant select, update (failures), update (rests_until) on waybill.webhook to waybill_courier;
grant delete, insert, select, update on waybill.webhook to waybill_gateway;

-- Table waybill.wrapped_key
create table waybill.wrapped_key (
  transfer uuid not null,
  sender text not null,
  share uuid not null,
  part text not null,
  octets bytea not null,
  keys text[] not null,
  constraint wrapped_key_transfer_fkey FOREIGN KEY (transfer) REFERENCES waybill.transfer(id),
  constraint wrapped_key_pkey PRIMARY KEY (transfer, part)
);
CREATE INDEX wrapped_key_of_part ON waybill.wrapped_key USING btree (sender, share, part);
alter table waybill.wrapped_key enable row level security;
alter table waybill.wrapped_key force row level security;
create policy delivering on waybill.wrapped_key for select to waybill_courier using (true);
create policy own_copy on waybill.wrapped_key for select to waybill_gateway using (EXISTS (SELECT FROM waybill.transfer t WHERE ((t.id = wrapped_key.transfer) AND (t.recipient = waybill.agency()))));
create policy removed on waybill.wrapped_key for all to waybill_relay using (true);
create policy sent on waybill.wrapped_key for insert to waybill_gateway with check (waybill.acts_for(sender));
grant select on waybill.wrapped_key to waybill_courier;
grant insert, select on waybill.wrapped_key to waybill_gateway;
grant delete, select on waybill.wrapped_key to waybill_relay;
