-- Faults as agents reported them, and what became of each. A fault that is reported again has the
-- same host, GPU, code and system time.
create table gpu_fault (
  id           uuid primary key,
  host_id      uuid not null references host,
  host_name    text not null,
  site_id      text not null references site,
  gpu          int check (gpu between 0 and 7),
  xid          int not null check (xid between 1 and 9999),
  at           timestamptz not null,                 -- business clock: the agent's stamp
  logged_at    timestamptz not null,                 -- system clock: the agent's stamp
  message      text,
  action       text not null check (action in ('IGNORE', 'WATCH', 'DRAIN_GPU', 'QUARANTINE_HOST')),
  decision     text not null,
  reason       text not null,
  recorded_at  timestamptz not null default clock_timestamp(),
  unique nulls not distinct (host_id, gpu, xid, logged_at)
);
create index gpu_fault_by_host on gpu_fault (host_id, recorded_at);
create index gpu_fault_taken on gpu_fault (site_id, recorded_at)
  where decision in ('HOST_QUARANTINED', 'GPU_DRAINED');
create index gpu_fault_old on gpu_fault (recorded_at);

-- What admins decided instead of the product's own table.
create table fault_policy (
  xid         int primary key check (xid between 1 and 9999),
  action      text not null check (action in ('IGNORE', 'WATCH', 'DRAIN_GPU', 'QUARANTINE_HOST')),
  reason      text not null,
  updated_by  text not null,
  updated_at  timestamptz not null,                  -- business clock
  version     bigint not null default 1
);

-- Decisions about a site lock its row. Times are system time.
create table fault_breaker (
  site_id       text primary key references site,
  open_since    timestamptz,
  counted_from  timestamptz,
  reset_by      text,
  reset_reason  text,
  version       bigint not null default 1
);

comment on column host.faults_cleared_at is
  'system clock: when the host was last declared good; faults logged before are history';

call kit_shared_table('gpu_fault');
call kit_shared_table('fault_policy');
call kit_shared_table('fault_breaker');
grant select, insert, delete on gpu_fault to ${svc}_system;
grant select on gpu_fault to ${svc}_platform;
grant select on fault_policy to ${svc}_system;
grant select, insert, update, delete on fault_policy to ${svc}_platform;
grant select, insert, update on fault_breaker to ${svc}_system, ${svc}_platform;
