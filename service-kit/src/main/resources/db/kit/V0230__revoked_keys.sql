-- API keys revoked within the last day: tokens made of them are refused at once.
create table revoked_key (
  key_id     uuid        primary key,
  tenant_id  uuid        not null,
  revoked_at timestamptz not null
);
call kit_tenant_table('revoked_key');
grant select, insert, delete on revoked_key to ${svc}_system;
