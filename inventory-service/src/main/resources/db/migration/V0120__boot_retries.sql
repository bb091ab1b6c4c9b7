-- A boot that fails is tried again on another host. What it leaves behind is LEAVING: its instance
-- went on elsewhere, its quota is free, its slices come back with the agent's proof alone.

alter table instance
  add column boot_failures int not null default 0,       -- of the present start
  add column retry_due boolean not null default false;   -- the pool's owner is to place it anew
create index instance_retry_due on instance (id) where retry_due;

alter table allocation drop constraint allocation_state_check;
alter table allocation add constraint allocation_state_check
  check (state in ('HELD', 'LEAVING', 'FENCED', 'RELEASED'));
alter table allocation
  add column release_sequence bigint,                    -- of the first order that wants it gone
  add column left_at timestamptz,                        -- system clock, like the next one
  add column order_sent_at timestamptz;                  -- of the last order for a LEAVING one
create index allocation_leaving on allocation (order_sent_at) where state = 'LEAVING';

-- Which host failed to boot what. The operation tells the starts of an instance apart.
create table boot_failure (
  tenant_id     uuid not null,
  instance_id   uuid not null,
  run_id        uuid not null,
  host_id       uuid not null references host,
  operation_id  uuid,
  reason        text not null,
  at            timestamptz not null,                    -- the agent's stamp
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (instance_id, run_id),
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);
create index boot_failure_by_host on boot_failure (host_id);
call kit_tenant_table('boot_failure');
grant select on boot_failure to ${svc}_app, ${svc}_platform;
grant select, insert on boot_failure to ${svc}_system;
