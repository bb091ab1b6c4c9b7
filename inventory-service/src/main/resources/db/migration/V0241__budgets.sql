-- Set while a budget of GPU-hours is used up: nothing of the scope may grow before it ends. Read with
-- the row that a placement locks anyway. ADR 0087.
alter table quota_usage
  add column budget_gpu_hours bigint,
  add column budget_used_seconds bigint,
  add column budget_ends_at timestamptz,
  add check ((budget_ends_at is null) = (budget_gpu_hours is null)),
  add check ((budget_ends_at is null) = (budget_used_seconds is null));
