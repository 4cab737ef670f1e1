-- The sender states that it told the passphrase of a container, to whom and how; never the passphrase.

alter table waybill.statement drop constraint statement_kind_check;
alter table waybill.statement add constraint statement_kind_check check (kind in ('opened', 'acknowledged', 'returned', 'recalled', 'released'));
