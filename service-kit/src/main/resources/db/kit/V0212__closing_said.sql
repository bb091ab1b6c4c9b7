-- What a service said last that it still holds of a closing tenant.
create table closing_said (
  tenant_id uuid   primary key,
  blockers  text   not null check (blockers is json array),
  sequence  bigint not null check (sequence > 0)
);
call kit_tenant_table('closing_said');
grant select, insert, update on closing_said to ${svc}_system;
grant select on closing_said to ${svc}_platform;
