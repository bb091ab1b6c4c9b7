-- The GPU models and sites that inventory told of last; nothing yet, and every name passes. ADR 0098.
create table catalogue_name (
  kind text not null check (kind in ('MODEL', 'SITE')),
  name text not null,
  primary key (kind, name)
);
call kit_shared_table('catalogue_name');
grant select on catalogue_name to ${svc}_app, ${svc}_platform;
grant select, insert, delete on catalogue_name to ${svc}_system;
