-- Planned work. A window drains the hosts of its scope by its start and gives them back at its end;
-- a drain empties one host by a deadline.
create table maintenance_window (
  id          uuid primary key,
  scope       text not null check (scope in ('HOST', 'RACK', 'HALL')),
  target      text not null,                       -- name of the host, id of the rack or hall
  notice_at   timestamptz not null,                -- business clock, like the next two
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  reason      text not null,
  state       text not null check (state in ('PLANNED', 'DRAINING', 'OPEN', 'DONE', 'CANCELLED')),
  created_by  text not null,
  created_at  timestamptz not null,                -- business clock
  version     bigint not null default 1,
  check (notice_at <= starts_at and starts_at < ends_at)
);
create index maintenance_window_due on maintenance_window (notice_at)
  where state in ('PLANNED', 'DRAINING', 'OPEN');

create table host_drain (
  id            uuid primary key,
  host_id       uuid not null references host,
  goal          text not null check (goal in ('MAINTENANCE', 'RETIREMENT')),
  deadline      timestamptz not null,              -- business clock
  reason        text not null,
  window_id     uuid references maintenance_window,
  state         text not null check (state in ('OPEN', 'DONE', 'CANCELLED')),
  requested_by  text not null,
  requested_at  timestamptz not null,              -- business clock, like the next one
  ended_at      timestamptz,
  check ((state = 'OPEN') = (ended_at is null))
);
create unique index host_drain_open on host_drain (host_id) where state = 'OPEN';
create index host_drain_by_host on host_drain (host_id, id);
create index host_drain_by_window on host_drain (window_id) where window_id is not null;

call kit_shared_table('maintenance_window');
call kit_shared_table('host_drain');
grant select, insert, update on maintenance_window, host_drain to ${svc}_system, ${svc}_platform;

-- What the tenant was told about the host of an instance.
alter table instance
  add column maintenance_reason text,
  add column maintenance_at timestamptz,             -- business clock: when it is stopped
  add check (maintenance_at is null or maintenance_reason is not null);
create index instance_told on instance (id) where maintenance_reason is not null;
