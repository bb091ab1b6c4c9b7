-- What was told last of the GPU models and sites there are. ADR 0098.
create table catalogue_said (
  single    boolean primary key default true check (single),
  content   text    not null,
  version   bigint  not null
);
insert into catalogue_said (content, version) values ('', 0);
call kit_shared_table('catalogue_said');
grant select, update on catalogue_said to ${svc}_system;
grant select on catalogue_said to ${svc}_platform;
