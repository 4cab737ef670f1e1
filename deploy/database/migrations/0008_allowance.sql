-- How much each caller may still ask for: a token bucket, one for all gateways. Lost in a crash, which forgives everybody.
create unlogged table waybill.allowance (
  bucket text primary key,
  tokens double precision not null,
  granted integer not null,
  rate double precision not null,
  burst double precision not null,
  at timestamptz not null
);
grant select, insert, update on waybill.allowance to waybill_gateway;
