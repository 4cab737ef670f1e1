-- What lies ready for a contact may be laid on a queue of its own on the broker, in place of an endpoint over HTTP: the same pushes, another way out.

alter table waybill.webhook add column way text not null default 'http' check (way in ('http', 'amqp'));
alter table waybill.webhook alter column url drop not null;
alter table waybill.webhook add constraint webhook_addressed check ((url is not null) = (way = 'http'));
