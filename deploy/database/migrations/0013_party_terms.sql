-- What agreements ask of a party beside its posts and its privacy assessment: who signed for it and by what authority (PD-03, PD-04), for
-- whom it acts (LB-07), safeguards for transfers abroad (AS-07), and which addresses may get what a party with rules of its own shares (CH-07).
-- Whether it is a public authority, where its type does not tell: legitimate interests are closed to those for their tasks (LB-01).
alter table waybill.agency add column public_authority boolean;

alter table waybill.membership
  add column signed_role text,
  add column signed_on date,
  add column signed_delegated boolean,
  add column represented_by text,
  add column accepted_on date,
  add column acts_for text[] not null default '{}',
  add column transfer_safeguards date,
  add constraint signed_whole check (num_nulls(signed_role, signed_on, signed_delegated) in (0, 3));

alter table waybill.contact
  add column cjsm boolean,
  add column approved_on date;

-- Rows of the directory as they stood until they were changed: what an organisation was when something was decided on it stays to be shown.
create table waybill.directory_past (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('agency', 'membership', 'contact')),
  agency text not null,
  was jsonb not null,
  until_at timestamptz not null default clock_timestamp()
);
create index on waybill.directory_past (agency, id);
grant select, insert on waybill.directory_past to waybill_registrar;

-- The database keeps it, so that no writer can forget to. A version that only grew is no change.
create function waybill.past_kept() returns trigger language plpgsql as $$
declare
  was jsonb := to_jsonb(old) - 'version';
begin
  if tg_op = 'DELETE' or was is distinct from to_jsonb(new) - 'version' then
    insert into waybill.directory_past (kind, agency, was) values (tg_table_name, coalesce(was ->> 'agency', was ->> 'id'), was);
  end if;
  return null;
end
$$;
create trigger past after update or delete on waybill.agency for each row execute function waybill.past_kept();
create trigger past after update or delete on waybill.membership for each row execute function waybill.past_kept();
create trigger past after update or delete on waybill.contact for each row execute function waybill.past_kept();
