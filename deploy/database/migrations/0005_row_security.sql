-- Row-level security, forced: an owner is held to it as well. Without an agency or a controller set, no row.
-- The few rights that cross agencies are listed in docs/row-security.md, which is written from the catalogue and checked in CI.

do $$
declare
  guarded text;
begin
  foreach guarded in array array['log', 'entry', 'pending_leaf', 'leaf', 'node', 'checkpoint', 'share', 'transfer', 'part', 'chunk', 'wrapped_key',
      'line', 'sealed_digest', 'statement', 'idempotency', 'malformed_upload', 'duty', 'event', 'outbox'] loop
    execute format('alter table waybill.%I enable row level security', guarded);
    execute format('alter table waybill.%I force row level security', guarded);
  end loop;
end
$$;

-- Register: many controllers may be written to in one commit, one is read.
create policy recorded on waybill.entry for insert to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar with check (true);
create policy own_register on waybill.entry for select to waybill_gateway using (controller = waybill.controller());
create policy recorded on waybill.pending_leaf for insert to waybill_gateway, waybill_courier, waybill_relay, waybill_registrar with check (true);
create policy unsequenced on waybill.pending_leaf to waybill_relay using (true);
create policy own_register on waybill.leaf for select to waybill_gateway using (controller = waybill.controller());
create policy own_register on waybill.node for select to waybill_gateway using (controller = waybill.controller());
create policy own_register on waybill.checkpoint for select to waybill_gateway using (controller = waybill.controller());
create policy integrated on waybill.leaf to waybill_relay using (true) with check (true);
create policy integrated on waybill.node to waybill_relay using (true) with check (true);
create policy integrated on waybill.checkpoint to waybill_relay using (true) with check (true);
create policy own_register on waybill.log for select to waybill_gateway using (controller = waybill.controller());
create policy sequenced on waybill.log to waybill_relay using (true) with check (true);
create policy opened on waybill.log to waybill_registrar using (true) with check (true);

-- Exchange: the sender and the recipient.
create policy party_to on waybill.transfer for select to waybill_gateway using (waybill.agency() in (sender, recipient));
create policy sent on waybill.transfer for insert to waybill_gateway with check (sender = waybill.agency());
create policy moved on waybill.transfer for update to waybill_gateway using (waybill.agency() in (sender, recipient)) with check (waybill.agency() in (sender, recipient));
create policy delivering on waybill.transfer to waybill_courier using (true) with check (true);
create policy due on waybill.transfer to waybill_relay using (true) with check (true);

create policy sent on waybill.share for insert to waybill_gateway with check (sender = waybill.agency());
create policy party_to on waybill.share for select to waybill_gateway using (
  sender = waybill.agency()
  or exists (select from waybill.transfer t where t.sender = share.sender and t.share = share.id and t.recipient = waybill.agency()));
create policy delivering on waybill.share for select to waybill_courier using (true);

create policy sent on waybill.part for insert to waybill_gateway with check (sender = waybill.agency());
create policy sent on waybill.chunk for insert to waybill_gateway with check (sender = waybill.agency());
create policy sent on waybill.wrapped_key for insert to waybill_gateway with check (sender = waybill.agency());
create policy sent on waybill.line for insert to waybill_gateway with check (
  exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));
-- A copy is its recipient's: not even the sender may read it back.
create policy own_copy on waybill.wrapped_key for select to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and t.recipient = waybill.agency()));
create policy own_copy on waybill.line for select to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and t.recipient = waybill.agency()));
create policy own_copy on waybill.part for select to waybill_gateway using (
  exists (select from waybill.wrapped_key k where k.sender = part.sender and k.share = part.share and k.part = part.name));
create policy own_copy on waybill.chunk for select to waybill_gateway using (
  exists (select from waybill.wrapped_key k where k.sender = chunk.sender and k.share = chunk.share and k.part = chunk.part));
create policy delivering on waybill.part for select to waybill_courier using (true);
create policy delivering on waybill.chunk for select to waybill_courier using (true);
create policy delivering on waybill.wrapped_key for select to waybill_courier using (true);
create policy delivering on waybill.line for select to waybill_courier using (true);
create policy removed on waybill.part to waybill_relay using (true);
create policy removed on waybill.chunk to waybill_relay using (true);
create policy removed on waybill.wrapped_key to waybill_relay using (true);
create policy removed on waybill.line to waybill_relay using (true);

-- A digest tells only that a sealed part went through, and from whom.
create policy seen_before on waybill.sealed_digest for select to waybill_gateway using (true);
create policy sent on waybill.sealed_digest for insert to waybill_gateway with check (sender = waybill.agency());

create policy party_to on waybill.statement for select to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
create policy stated on waybill.statement for insert to waybill_gateway with check (agency = waybill.agency());

create policy own on waybill.idempotency to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy expired on waybill.idempotency to waybill_relay using (true);
create policy own on waybill.malformed_upload to waybill_gateway using (agency = waybill.agency()) with check (agency = waybill.agency());
create policy counted on waybill.malformed_upload to waybill_relay using (true);

create policy party_to on waybill.duty for select to waybill_gateway using (
  owner = waybill.agency() or exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
create policy opened on waybill.duty for insert to waybill_gateway with check (true);
create policy closed on waybill.duty for update to waybill_gateway using (
  owner = waybill.agency() or exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient))) with check (
  owner = waybill.agency() or exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
create policy delivering on waybill.duty to waybill_courier using (true) with check (true);
create policy due on waybill.duty to waybill_relay using (true) with check (true);

create policy party_to on waybill.event for select to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
create policy told on waybill.event for insert to waybill_gateway with check (
  exists (select from waybill.transfer t where t.id = transfer and waybill.agency() in (t.sender, t.recipient)));
create policy happened on waybill.event for insert to waybill_courier, waybill_relay with check (true);

create policy enqueued on waybill.outbox for insert to waybill_gateway with check (
  exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));
create policy recalled on waybill.outbox for select to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));
create policy recalled_before_delivery on waybill.outbox for delete to waybill_gateway using (
  exists (select from waybill.transfer t where t.id = transfer and t.sender = waybill.agency()));
create policy delivering on waybill.outbox to waybill_courier using (true) with check (true);
create policy due on waybill.outbox to waybill_relay using (true) with check (true);
