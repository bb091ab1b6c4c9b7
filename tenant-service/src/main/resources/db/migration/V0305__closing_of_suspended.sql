-- A suspended tenant that is closed keeps its suspension: what was to be stopped after the notice
-- still is.
do $$
declare
  old text;
begin
  select conname into strict old from pg_constraint
  where conrelid = 'tenant'::regclass and contype = 'c'
    and pg_get_constraintdef(oid) like '%suspended_at IS NULL%state = %SUSPENDED%';
  execute format('alter table tenant drop constraint %I', old);
end $$;
alter table tenant add constraint tenant_suspended_or_closing
  check (suspended_at is null or state in ('SUSPENDED', 'CLOSING'));
grant update (suspended_at, stop_at) on tenant to ${svc}_system;
