-- A container may go to a mail domain that holds no TLS that counts, where its agreement lets it: decided before it is taken, and never found out on the way.

alter table waybill.transfer add column weak_hop boolean not null default false;
alter table waybill.transfer add constraint weak_by_mail check (not weak_hop or route = 'mail');
