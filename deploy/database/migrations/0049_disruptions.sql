-- Senders that were told that something waits, until it has left the queue: the relay looks every few seconds.
create index duty_of_delay on waybill.duty (transfer) where kind = 'delivery-delayed' and closed_at is null;
