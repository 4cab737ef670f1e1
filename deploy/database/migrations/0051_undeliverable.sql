-- What could not be delivered is looked for every few seconds, by whoever was written to: a list that names a mailbox that cannot be reached is mended. Without this a million transfers were read each time.
create index transfer_undeliverable on waybill.transfer (sender, recipient, contact) where state = 'undeliverable';
