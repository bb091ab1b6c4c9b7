-- An instance is rebooted, resized in place and moved between projects. The boot generation counts
-- the boots that were ordered of the present run, the booted one what the agent last reported; a
-- resize that the agent has not carried out yet is kept beside the shape that still holds.
alter table instance
  add column boot_generation int not null default 0,
  add column booted_generation int not null default 0,
  add column resize_type text references instance_type,
  add column resize_gpus int not null default 0,
  add column resize_vcpus int not null default 0,
  add column resize_memory_gib int not null default 0,
  add column resize_mask bigint not null default 0,
  add check (booted_generation <= boot_generation);
create index instance_rebooting on instance (order_sent_at)
  where boot_generation > booted_generation;

-- Kinds are words of the service; which there are is not for the table to say.
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind ~ '^[A-Z][A-Z_]*$');
create index operation_running on operation (instance_id) where state = 'RUNNING';

-- What a run holds may grow and shrink: each row says what was held from when to when, and one row
-- of a run is not released. keep_* is what stays when a shrink's proof has come.
alter table allocation drop constraint allocation_run_id_key;
create unique index allocation_of_run on allocation (run_id) where state <> 'RELEASED';
alter table allocation
  add column keep_mask bigint check (keep_mask <> 0),
  add column keep_vcpus int,
  add column keep_memory_gib int;
