create table note (
  id uuid primary key,
  tenant_id uuid not null,
  text text not null,
  version bigint not null
);
call kit_tenant_table('note');
grant select, insert, update on note to ${svc}_app, ${svc}_system, ${svc}_platform;
create table heard (id bigint generated always as identity primary key, key text not null, sequence bigint not null);
call kit_shared_table('heard');
grant select, insert on heard to ${svc}_system;
