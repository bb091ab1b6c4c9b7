-- What agents find, what differs from what was announced, and what burn-ins measured.

-- The facts of a GPU as discovered; what is free of it stays in its host's mask.
create table gpu_fact (
  host_id   uuid not null references host,
  position  int not null check (position between 0 and 7),
  uuid      text not null unique,
  serial    text not null unique,
  model_id  text not null,
  firmware  text,
  mig_mode  text not null check (mig_mode in ('ENABLED', 'DISABLED', 'UNSUPPORTED')),
  health    text not null check (health in ('OK', 'DEGRADED', 'FAILED')),
  seen_at   timestamptz not null,              -- business clock
  primary key (host_id, position)
);

drop view gpu;
create view gpu with (security_invoker = true) as
  select md5(h.serial || '/' || i)::uuid as id, h.id as host_id, h.name as host_name, i as position,
         h.name || '/' || i as address, h.site_id, h.delivery_id, h.state as host_state,
         coalesce(f.serial, h.serial || '-G' || i) as serial, f.uuid,
         coalesce(f.model_id, h.model_id) as model_id, f.firmware, f.mig_mode,
         coalesce(f.health, 'UNKNOWN') as health, f.seen_at,
         ((h.free_mask >> (8 * i)) & 255)::int as free_slices_mask
  from host h cross join lateral generate_series(0, h.gpus - 1) i
  left join gpu_fact f on f.host_id = h.id and f.position = i;

create table discrepancy (
  id            uuid primary key,
  kind          text not null check (kind in
                  ('MISSING_HOST', 'UNKNOWN_SERIAL', 'RETIRED_HOST', 'OTHER_SITE', 'WRONG_GPU_COUNT',
                   'WRONG_GPU_MODEL', 'DUPLICATE_GPU', 'GPU_CHANGED', 'UNHEALTHY_GPU', 'NO_POWER')),
  site_id       text not null references site,
  delivery_id   text references delivery,
  host_id       uuid references host,
  serial        text not null,                 -- of the host
  detail        text not null,
  state         text not null check (state in ('OPEN', 'RESOLVED')),
  opened_at     timestamptz not null,          -- business clock, like the next ones
  last_seen_at  timestamptz not null,
  resolved_at   timestamptz,
  resolved_by   text,
  note          text,
  version       bigint not null default 1,
  list_key      text not null generated always as (id::text) stored,
  check ((state = 'RESOLVED') = (resolved_at is not null and resolved_by is not null))
);
create unique index discrepancy_open on discrepancy (kind, site_id, serial) where state = 'OPEN';
create index discrepancy_by_serial on discrepancy (serial) where state = 'OPEN';

create table acceptance_report (
  id                          uuid primary key,
  host_id                     uuid not null references host,
  order_sequence              bigint not null,
  passed                      boolean not null,
  reason                      text,
  started_at                  timestamptz not null,     -- the agent's stamps
  finished_at                 timestamptz not null,
  gpus                        text not null check (gpus is json array),
  nccl_bus_gb_per_second      numeric(12, 3),
  min_gemm_tflops             numeric(12, 3) not null,
  min_memory_gb_per_second    numeric(12, 3) not null,
  min_nccl_bus_gb_per_second  numeric(12, 3) not null,
  unique (host_id, order_sequence)
);

call kit_shared_table('gpu_fact');
call kit_shared_table('discrepancy');
call kit_shared_table('acceptance_report');
grant select on gpu, gpu_fact, acceptance_report to ${svc}_app;
grant select on gpu, gpu_fact, discrepancy, acceptance_report to ${svc}_system, ${svc}_platform;
grant insert, update, delete on gpu_fact to ${svc}_system;
grant insert on acceptance_report to ${svc}_system;
grant insert, update on discrepancy to ${svc}_system, ${svc}_platform;
