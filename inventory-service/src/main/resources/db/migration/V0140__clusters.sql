-- Instances placed all or nothing. A cluster's state follows from its instances (DELETED here: its
-- deletion was asked for, and its name is free once its instances are gone); the row keeps what
-- was asked (topology) and where it went (level and domain; unmet: preferences left unmet).
create table cluster (
  id              uuid primary key,
  tenant_id       uuid not null,
  project_id      uuid not null,
  name            text not null,
  state           text not null check (state in ('ACTIVE', 'DELETED')),
  instance_type   text not null references instance_type,
  instances       int not null check (instances > 0),
  spares          int not null check (spares >= 0),
  topology        text not null check (topology is json object),
  requested_site  text,
  site_id         text not null references site,
  level           text not null,
  domain          text not null,
  unmet           text not null,
  created_by      text not null,
  created_at      timestamptz not null,            -- business clock, like the next one
  updated_at      timestamptz not null,
  version         bigint not null default 1,
  unique (tenant_id, id)
);
create unique index cluster_name on cluster (project_id, name) where state = 'ACTIVE';
create index cluster_page on cluster (project_id, id);

alter table instance
  add column cluster_id uuid,
  add column cluster_role text check (cluster_role in ('MEMBER', 'SPARE')),
  add check ((cluster_id is null) = (cluster_role is null)),
  add foreign key (tenant_id, cluster_id) references cluster (tenant_id, id);
create index instance_by_cluster on instance (cluster_id) where cluster_id is not null;

call kit_tenant_table('cluster');
grant select, update on cluster to ${svc}_app;
grant select, insert, update on cluster to ${svc}_system;
grant select on cluster to ${svc}_platform;
