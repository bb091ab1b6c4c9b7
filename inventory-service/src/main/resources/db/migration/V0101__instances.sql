-- What tenants hold. Every row carries its tenant, and row-level security holds for each table.

create table instance (
  id                uuid primary key,
  tenant_id         uuid not null,
  project_id        uuid not null,
  tenant_slug       text not null,
  project_slug      text not null,
  name              text not null,
  state             text not null check (state in
                      ('PENDING', 'PROVISIONING', 'RUNNING', 'STOPPING', 'STOPPED', 'STARTING',
                       'DELETING', 'DELETED', 'FAILED')),
  reason            text,
  instance_type     text not null references instance_type,
  model_id          text not null references gpu_model,
  gpus              int not null,
  mig_profile       text,
  slices            int not null check (slices between 1 and 64),
  vcpus             int not null,
  memory_gib        int not null,
  requested_site    text,
  site_id           text not null references site,
  region_id         text not null references region,
  host_id           uuid references host,
  run_id            uuid not null,
  purchase_class    text not null,
  cost_center       text,
  labels            text not null default '{}' check (labels is json object),
  image             text,
  sequence          bigint not null,             -- of the last event
  desired           text not null check (desired in ('RUNNING', 'ABSENT')),
  order_sequence    bigint not null,             -- of the last order
  order_epoch       bigint not null,
  desired_sequence  bigint not null,             -- of the first order with what is desired now
  desired_epoch     bigint not null,
  order_sent_at     timestamptz not null,        -- system clock
  desired_since     timestamptz not null,        -- system clock
  observed          text,                        -- what the agent last said of this run
  holding           boolean not null,            -- an allocation is not released yet
  mask              bigint not null,             -- of that allocation, else 0
  operation_id      uuid,
  created_by        text not null,
  created_at        timestamptz not null,        -- business clock, like the next ones
  started_at        timestamptz,
  stopped_at        timestamptz,
  updated_at        timestamptz not null,
  version           bigint not null default 1,
  unique (tenant_id, id)
);
create unique index instance_name on instance (project_id, name) where state <> 'DELETED';
create index instance_page on instance (project_id, id);
create index instance_unanswered on instance (order_sent_at)
  where state in ('PENDING', 'PROVISIONING', 'STARTING', 'STOPPING', 'DELETING', 'FAILED');

-- Which slices of a host belong to which run, and when (system clock). HELD until the agent proves
-- release and scrub; FENCED when its host fell silent and the instance went without it.
create table allocation (
  id           uuid primary key,
  tenant_id    uuid not null,
  instance_id  uuid not null,
  run_id       uuid not null unique,
  pool_id      text not null references pool,
  host_id      uuid not null references host,
  mask         bigint not null check (mask <> 0),
  vcpus        int not null,
  memory_gib   int not null,
  epoch        bigint not null,
  quota_of     uuid[] not null,                  -- the tenants whose quota counts it
  state        text not null check (state in ('HELD', 'FENCED', 'RELEASED')),
  held_from    timestamptz not null,
  held_until   timestamptz,
  proof_at     timestamptz,                      -- the agent's stamp of release and scrub
  foreign key (tenant_id, instance_id) references instance (tenant_id, id),
  check ((state = 'RELEASED') = (held_until is not null))
);
create index allocation_held on allocation (pool_id) where state <> 'RELEASED';
create index allocation_proven on allocation (pool_id) where state <> 'RELEASED' and proof_at is not null;
create index allocation_by_instance on allocation (instance_id);
create index allocation_by_host on allocation (host_id);

create table instance_history (
  tenant_id    uuid not null,
  instance_id  uuid not null,
  sequence     bigint not null,
  event_type   text not null,
  state        text not null,
  reason       text,
  run_id       uuid,
  actor        text not null,
  at           timestamptz not null,             -- business clock, or the agent's stamp
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (instance_id, sequence),
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);

create table operation (
  id           uuid primary key,
  tenant_id    uuid not null,
  project_id   uuid not null,
  instance_id  uuid not null,
  kind         text not null check (kind in ('CREATE', 'START', 'STOP', 'DELETE')),
  state        text not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
  reason       text,
  created_by   text not null,
  created_at   timestamptz not null,
  done_at      timestamptz,
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);

-- Limits as tenant-service published them, and what is held. Slices are eighths of a GPU.
create table quota_limit (
  tenant_id   uuid not null,
  model_id    text not null,
  limit_gpus  int check (limit_gpus >= 0),       -- null: no limit of its own
  version     bigint not null,
  primary key (tenant_id, model_id)
);

create table quota_usage (
  tenant_id    uuid not null,
  model_id     text not null,
  used_slices  bigint not null default 0 check (used_slices >= 0),
  primary key (tenant_id, model_id)
);

create table price (
  sku             text not null,
  instance_type   text,
  model_id        text,
  mig_profile     text,
  region          text,
  purchase_class  text not null,
  unit            text not null,
  price_krw       numeric not null,
  effective_from  timestamptz not null,
  version         text not null,
  primary key (sku, effective_from)
);

call kit_tenant_table('instance');
call kit_tenant_table('allocation');
call kit_tenant_table('instance_history');
call kit_tenant_table('operation');
call kit_tenant_table('quota_limit');
call kit_tenant_table('quota_usage');
call kit_shared_table('price');

grant select, update on instance to ${svc}_app;
grant select on allocation, quota_limit, quota_usage to ${svc}_app;
grant select, insert on instance_history to ${svc}_app;
grant select, insert, update on operation to ${svc}_app;
grant select on price to ${svc}_app, ${svc}_platform;

grant select, insert, update on instance, allocation, operation, quota_limit, quota_usage, price
  to ${svc}_system;
grant select, insert on instance_history to ${svc}_system;
grant select on instance, allocation, instance_history, operation, quota_limit, quota_usage
  to ${svc}_platform;
