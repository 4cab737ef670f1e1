-- Information requests. One travels as a share does; here stands what it asks of each of its recipients, and what that answered. Codes, ids and
-- instants: the question in words, and every answer, is a sealed part of a share.

create table waybill.request (
  -- Of the transfer in which it was put.
  id uuid primary key references waybill.transfer,
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
  urgency text not null check (urgency in ('emergency', 'urgent', 'routine')),
  lane text not null,
  needed_by timestamptz,
  -- From when on it counts as unanswered, which is never refused.
  due_at timestamptz,
  unanswered_at timestamptz,
  state text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- How pressing the holder found it, beside what it was asked as: this never changes its lane.
  triage text check (triage in ('red', 'amber', 'green')),
  -- Agencies that look at a refusal, and that decide about one that was escalated.
  reviewers text[] not null default '{}',
  deciders text[] not null default '{}'
);
create index request_of_holder on waybill.request (holder, id);
create index request_of_requester on waybill.request (requester, id);
create index request_due on waybill.request (due_at) where unanswered_at is null and closed_at is null;
-- Of whoever is neither: the few that were refused.
create index request_looked_at on waybill.request using gin (reviewers) where reviewers <> '{}';
create index request_decided on waybill.request using gin (deciders) where deciders <> '{}';

-- What became of each category, the newest last: what was refused may be given yet. `source`: the share, or the decision not to share.
create table waybill.request_answer (
  request uuid not null references waybill.request,
  category text not null,
  answer text not null check (answer in ('given', 'not-held', 'refused', 'confirmed', 'differs')),
  source uuid not null,
  at timestamptz not null,
  primary key (request, category, source)
);

-- What a party states about a request, signed: kept octet for octet, and shown to everybody who may see the request.
create table waybill.request_statement (
  id uuid primary key,
  request uuid not null references waybill.request,
  kind text not null,
  agency text not null,
  octets bytea not null,
  signature bytea not null,
  signer text not null,
  signer_certificate bytea not null,
  at timestamptz not null
);
create index request_statement_of on waybill.request_statement (request, at);

alter table waybill.request enable row level security;
alter table waybill.request force row level security;
alter table waybill.request_answer enable row level security;
alter table waybill.request_answer force row level security;
alter table waybill.request_statement enable row level security;
alter table waybill.request_statement force row level security;

create policy party_to on waybill.request for select to waybill_gateway using (
  waybill.agency() in (requester, holder) or waybill.agency() = any(reviewers) or waybill.agency() = any(deciders));
create policy asked on waybill.request for insert to waybill_gateway with check (waybill.acts_for(requester));
create policy moved on waybill.request for update to waybill_gateway
  using (waybill.agency() in (requester, holder) or waybill.agency() = any(reviewers) or waybill.agency() = any(deciders))
  with check (waybill.agency() in (requester, holder) or waybill.agency() = any(reviewers) or waybill.agency() = any(deciders));
create policy due on waybill.request to waybill_relay using (true) with check (true);
-- A request that cannot be delivered has ended.
create policy delivering on waybill.request to waybill_courier using (true) with check (true);

create policy party_to on waybill.request_answer for select to waybill_gateway using (exists (select from waybill.request r where r.id = request));
create policy answered on waybill.request_answer for insert to waybill_gateway with check (exists (select from waybill.request r where r.id = request and r.holder = waybill.agency()));
create policy party_to on waybill.request_statement for select to waybill_gateway using (exists (select from waybill.request r where r.id = request));
create policy stated on waybill.request_statement for insert to waybill_gateway with check (agency = waybill.agency() and exists (select from waybill.request r where r.id = request));

grant select, insert on waybill.request to waybill_gateway;
-- What was asked, by whom and in which lane nobody changes: whoever was asked cannot put it behind others (RQ-02).
grant update (state, closed_at, due_at, triage, reviewers, deciders) on waybill.request to waybill_gateway;
grant select, insert on waybill.request_answer, waybill.request_statement to waybill_gateway;
grant select on waybill.request to waybill_relay, waybill_courier;
grant update (state, closed_at, unanswered_at) on waybill.request to waybill_relay, waybill_courier;

-- A lane of its own for what the front door asks, behind emergencies and before all else: a lane behind it is one further back.
alter table waybill.transfer drop constraint transfer_lane_check;
alter table waybill.transfer add constraint transfer_lane_check check (lane in ('breach', 'emergency', 'priority', 'urgent', 'routine'));
do $$
declare
  ordered text;
begin
  foreach ordered in array array['transfer', 'outbox', 'push', 'mailing'] loop
    execute format('alter table waybill.%I no force row level security', ordered);
    execute format('update waybill.%I set precedence = precedence + 1 where precedence >= 2', ordered);
    execute format('alter table waybill.%I force row level security', ordered);
  end loop;
end
$$;
