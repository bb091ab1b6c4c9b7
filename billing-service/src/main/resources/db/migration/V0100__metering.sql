-- Raw events are kept for ever: a full replay must not depend on Kafka's retention.
create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

-- Stamps count whole milliseconds wherever they are read.
create function millis(t timestamptz) returns bigint language sql immutable parallel safe as
  $$ select floor(extract(epoch from t) * 1000)::bigint $$;

create table instance_event (
  tenant_id uuid not null,
  instance_id uuid not null,
  sequence bigint not null check (sequence > 0),
  event_id text not null,
  source text not null,
  type text not null,
  run_id uuid,
  at timestamptz not null,
  time timestamptz not null,
  data jsonb not null,
  received_at timestamptz not null default now(),
  primary key (instance_id, sequence),
  unique (source, event_id)
);
create index instance_event_run on instance_event (run_id, sequence) where run_id is not null;
create index instance_event_tenant on instance_event (tenant_id, at);
call kit_tenant_table('instance_event');
create trigger append_only before update or delete on instance_event
  for each row execute function forbid_change();
create trigger append_only_truncate before truncate on instance_event
  for each statement execute function forbid_change();
grant select, insert on instance_event to ${svc}_system;
grant select on instance_event to ${svc}_platform;

create table run (
  tenant_id uuid not null,
  run_id uuid primary key,
  instance_id uuid not null,
  instance_name text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  last_sequence bigint not null,
  check (ended_at is null or ended_at >= started_at),
  unique (tenant_id, run_id)
);
create index run_tenant_time on run (tenant_id, started_at, ended_at);
call kit_tenant_table('run');
grant select on run to ${svc}_app, ${svc}_platform;
grant select, insert, update on run to ${svc}_system;

-- Half-open stretches at constant scope and shape; they tile their run.
create table usage_interval (
  tenant_id uuid not null,
  run_id uuid not null,
  ordinal int not null,
  start_at timestamptz not null,
  end_at timestamptz,
  project_id uuid not null,
  project_slug text not null,
  cost_center text,
  instance_type text not null,
  gpu_model text not null,
  gpus int not null check (gpus >= 0),
  mig_profile text,
  site text not null,
  region text not null,
  purchase_class text not null,
  primary key (run_id, ordinal),
  foreign key (tenant_id, run_id) references run (tenant_id, run_id),
  check (end_at is null or end_at >= start_at)
);
call kit_tenant_table('usage_interval');
grant select on usage_interval to ${svc}_app, ${svc}_platform;
grant select, insert, delete on usage_interval to ${svc}_system;

-- Heartbeats are kept as a maximum; they may come before the run is known, so no tenant yet.
create table run_heartbeat (
  run_id uuid primary key,
  alive_through timestamptz not null,
  last_sequence bigint not null
);
call kit_shared_table('run_heartbeat');
grant select on run_heartbeat to ${svc}_platform;
grant select, insert, update on run_heartbeat to ${svc}_system;
