-- The close looks for stops that are dated before their start: such a run ends when it began.
create index run_of_no_time on run (tenant_id, ended_at) where ended_at = started_at;
