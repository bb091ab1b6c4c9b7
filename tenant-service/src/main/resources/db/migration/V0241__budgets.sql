-- Runs as intervals of constant shape, from the stamps of inventory's facts: what budgets and grants
-- measure. ADR 0087.
create table gpu_usage (
  run_id     uuid        not null,
  part       int         not null check (part > 0),
  tenant_id  uuid        not null,
  project_id uuid        not null,
  model      text        not null,
  slices     int         not null check (slices > 0), -- eighths of a GPU
  from_at    timestamptz not null,
  to_at      timestamptz,                             -- null: goes on
  primary key (run_id, part),
  check (to_at >= from_at)
);
create index gpu_usage_ended on gpu_usage (tenant_id, model, to_at) include (from_at, slices, project_id);
create unique index gpu_usage_open on gpu_usage (run_id) where to_at is null;

-- GPU-hours of a model within a window, for a tenant with all below it or for one project. What stands
-- after 'terms' is of the window looked at last.
create table gpu_budget (
  scope_id        uuid        not null,
  model           text        not null check (model ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  tenant_id       uuid        not null references tenant (tenant_id),
  project_id      uuid,
  limit_gpu_hours bigint      check (limit_gpu_hours > 0), -- null: no budget any more
  custom_from     timestamptz,                             -- null: calendar months of Seoul
  custom_to       timestamptz,
  warn_at_pct     int[]       not null,
  window_from     timestamptz not null,
  window_to       timestamptz not null,
  used_seconds    bigint      not null check (used_seconds >= 0),
  warned_pct      int         not null check (warned_pct between 0 and 100),
  exhausted       boolean     not null,
  version         bigint      not null check (version > 0),  -- of the terms: the ETag
  sequence        bigint      not null check (sequence > 0), -- of the events
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (scope_id, model),
  foreign key (tenant_id, project_id) references project (tenant_id, project_id),
  check (scope_id = coalesce(project_id, tenant_id)),
  check ((custom_from is null) = (custom_to is null)),
  check (custom_from < custom_to),
  check (window_from < window_to),
  check (limit_gpu_hours is not null or not exhausted)
);
create index gpu_budget_page on gpu_budget (tenant_id, model, scope_id);

call kit_tenant_table('gpu_usage');
call kit_tenant_table('gpu_budget');
grant select on gpu_usage, gpu_budget to ${svc}_app;
grant select, insert, update on gpu_budget to ${svc}_platform;
grant select, update on gpu_budget to ${svc}_system;
grant select on gpu_usage to ${svc}_platform;
grant select, insert, update on gpu_usage to ${svc}_system;
