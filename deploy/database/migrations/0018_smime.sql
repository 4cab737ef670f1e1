-- S/MIME certificates are bound as OpenPGP ones are, each with a statement of the co-ordinator.

alter table waybill.certificate add column form text not null default 'openpgp' check (form in ('openpgp', 'smime'));

-- Messages know an X.509 certificate by issuer and serial number (their SHA-256) and by key identifier, which anybody may choose: each stands in both
-- columns, so that no two certificates of the directory, of either form, share a name.
alter table waybill.certificate_key drop constraint certificate_key_key_id_check;
alter table waybill.certificate_key add constraint certificate_key_key_id_check
  check (key_id ~ '^[0-9A-F]{16}$' or (key_id ~ '^[0-9A-F]{16,128}$' and key_id = key_fingerprint));
