-- Members that are no person. Roles stand in member and project_member under the subject sac_<id>.
create table service_account (
  account_id  uuid        primary key,
  tenant_id   uuid        not null references tenant (tenant_id),
  name        text        not null check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) between 2 and 40),
  description text        not null check (length(description) <= 500),
  version     bigint      not null check (version > 0),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  deleted_at  timestamptz
);
create unique index service_account_name on service_account (tenant_id, name) where deleted_at is null;
create index service_account_page on service_account (tenant_id, account_id) where deleted_at is null;
call kit_tenant_table('service_account');
grant select, insert, update on service_account to ${svc}_app;
grant select on service_account to ${svc}_system, ${svc}_platform;
