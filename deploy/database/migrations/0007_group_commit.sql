-- Many submissions share a commit (wire.md, section 5). Each was decided on facts of a version; the commit takes only those whose versions still stand.

-- Grows when an agreement's parties, or those who staff its desk, change: a decision may rest on members that it does not name.
create table waybill.agreement_state (
  agreement text primary key,
  version bigint not null default 1
);
grant select on waybill.agreement_state to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar;
grant insert, update on waybill.agreement_state to waybill_registrar;
insert into waybill.agreement_state (agreement) select distinct agreement from waybill.membership;

-- A commit holds the shared lock of every agency that its decisions rest on, a change to an agency takes its exclusive one: whichever
-- comes second sees what the first has done. In memory, and nobody's row is written for it.
create function waybill.facts_lock(about text) returns integer language sql immutable strict parallel safe
  return hashtext(about);

-- The database grows the versions, so that no writer can forget to: the registrar, a command, an operator at a prompt.
create function waybill.agency_changed() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7219402, waybill.facts_lock(new.id));
  new.version := case tg_op when 'INSERT' then 1 else old.version + 1 end;
  return new;
end
$$;
create trigger grows before insert or update on waybill.agency for each row execute function waybill.agency_changed();

create function waybill.agency_facts_changed() returns trigger language plpgsql as $$
declare
  changed text;
begin
  for changed in select distinct agency from unnest(array[old.agency, new.agency]) as a (agency) where agency is not null order by agency loop
    -- The agency's own trigger takes the lock and grows the version.
    update waybill.agency set version = version where id = changed;
  end loop;
  return null;
end
$$;

create function waybill.agreement_changed(changed text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7219402, waybill.facts_lock('agreement ' || changed));
  insert into waybill.agreement_state (agreement) values (changed) on conflict (agreement) do update set version = agreement_state.version + 1;
end
$$;

create function waybill.membership_changed() returns trigger language plpgsql as $$
begin
  perform waybill.agreement_changed(agreement) from (select distinct agreement from unnest(array[old.agreement, new.agreement]) as a (agreement) where agreement is not null order by agreement) touched;
  return null;
end
$$;

-- Who staffs a desk may come from any agency, a member or not.
create function waybill.desk_changed() returns trigger language plpgsql as $$
begin
  if coalesce(old.desk, new.desk) is not null then
    perform waybill.agreement_changed(agreement) from (select agreement from waybill.agreement_state order by agreement) touched;
  end if;
  return null;
end
$$;

create trigger facts after insert or update or delete on waybill.contact for each row execute function waybill.agency_facts_changed();
create trigger facts after insert or update or delete on waybill.membership for each row execute function waybill.agency_facts_changed();
create trigger facts after insert or update or delete on waybill.certificate for each row execute function waybill.agency_facts_changed();
create trigger parties after insert or update or delete on waybill.membership for each row execute function waybill.membership_changed();
create trigger desks after insert or update or delete on waybill.contact for each row execute function waybill.desk_changed();

-- Whose rows a group writes. Set with SET LOCAL by the group's commit alone; unset everywhere else.
create function waybill.senders() returns text[] language sql stable parallel safe
  return string_to_array(nullif(current_setting('waybill.senders', true), ''), ',');
create function waybill.acts_for(sender text) returns boolean language sql stable parallel safe
  return sender = waybill.agency() or sender = any(waybill.senders());

alter policy sent on waybill.share with check (waybill.acts_for(sender));
alter policy sent on waybill.transfer with check (waybill.acts_for(sender));
alter policy sent on waybill.part with check (waybill.acts_for(sender));
alter policy sent on waybill.chunk with check (waybill.acts_for(sender));
alter policy sent on waybill.wrapped_key with check (waybill.acts_for(sender));
alter policy sent on waybill.sealed_digest with check (waybill.acts_for(sender));
alter policy own on waybill.idempotency using (waybill.acts_for(agency)) with check (waybill.acts_for(agency));

-- A group asks which of its shares its senders have sent before.
create policy sent_before on waybill.share for select to waybill_gateway using (sender = any(waybill.senders()));

-- What hangs on a transfer is checked with it: in a group its sender is, on the transfer's own row.
alter policy sent on waybill.line with check (
  waybill.senders() is not null or exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));
alter policy told on waybill.event with check (
  waybill.senders() is not null or exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
alter policy enqueued on waybill.outbox with check (
  waybill.senders() is not null or exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));

-- With the sender first, a planner without statistics may look a share up by its sender alone, and read all that it ever sent.
drop index waybill.share_by_manifest;
create unique index share_by_manifest on waybill.share (manifest_digest, sender);

-- What the relay looks for again and again must not cost more the more there is that it does not look for.
create index transfer_to_remove on waybill.transfer (ended_at) where ended_at is not null and payload_removed_at is null;
-- By id, so that whoever looks for some of the queued finds just these, however many wait.
create index transfer_queued on waybill.transfer (id) where state = 'queued';
