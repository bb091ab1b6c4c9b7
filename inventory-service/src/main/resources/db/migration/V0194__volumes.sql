-- Volumes of a project at a site. They outlive runs; what becomes of one when its instance is deleted
-- is said by the volume.
create table volume (
  id                     uuid primary key,
  tenant_id              uuid not null,
  project_id             uuid not null,
  site_id                text not null references site,
  name                   text not null,
  size_gib               int not null check (size_gib between 1 and 65536),
  state                  text not null check (state in ('AVAILABLE', 'IN_USE', 'DELETED')),
  instance_id            uuid,
  boot                   boolean not null default false,
  delete_on_termination  boolean not null default false,
  created_by             text not null,
  created_at             timestamptz not null,           -- business clock, like the next one
  updated_at             timestamptz not null,
  version                bigint not null default 1,
  check ((state = 'IN_USE') = (instance_id is not null)),
  check (not boot or instance_id is not null or state = 'DELETED'),
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);
create index volume_page on volume (project_id, id);
create index volume_of_instance on volume (instance_id) where instance_id is not null;
create unique index volume_boot on volume (instance_id) where boot and instance_id is not null;
call kit_tenant_table('volume');
grant select, insert, update on volume to ${svc}_app, ${svc}_system;
grant select on volume to ${svc}_platform;
