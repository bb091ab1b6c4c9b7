-- What each service last said it still holds of a closing tenant.
create table closing_report (
  tenant_id uuid        not null,
  service   text        not null,
  blockers  text        not null check (blockers is json array),
  at        timestamptz not null,
  primary key (tenant_id, service)
);
call kit_tenant_table('closing_report');
grant select on closing_report to ${svc}_app, ${svc}_platform;
grant select, insert, update on closing_report to ${svc}_system;
