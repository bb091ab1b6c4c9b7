-- The whole life of a host. What stands beside the state: where a drain or a maintenance goes back
-- to, GPUs taken out by their faults, and whether the host is heard of.
alter table host drop constraint host_state_check;
alter table host add constraint host_state_check
  check (state in ('EXPECTED', 'DISCOVERED', 'ACCEPTING', 'ACTIVE', 'CORDONED', 'DRAINING',
                   'MAINTENANCE', 'QUARANTINED', 'RETIRED'));
alter table host
  add column state_before text check (state_before in ('ACTIVE', 'CORDONED')),
  add column bad_mask bigint not null default 0,         -- slices out of service once they are free
  add column unreachable_since timestamptz,              -- system clock
  add column faults_cleared_at timestamptz,              -- business clock: older faults are history
  add constraint host_goes_back_check
    check ((state_before is not null) = (state in ('DRAINING', 'MAINTENANCE'))),
  add constraint host_bad_mask_check check ((bad_mask & ~full_mask) = 0);

-- Every state a host ever had; the first row has no state before it.
create table host_history (
  host_id      uuid not null references host,
  sequence     bigint not null,
  from_state   text,
  to_state     text not null,
  reason       text,
  actor        text not null,
  at           timestamptz not null,                     -- business clock
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (host_id, sequence)
);
call kit_shared_table('host_history');
grant select, insert on host_history to ${svc}_system, ${svc}_platform;
