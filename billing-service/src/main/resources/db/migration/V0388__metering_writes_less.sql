-- That the same event came twice is known by the inbox, for ever; a second index paid for the same.
alter table instance_event drop constraint instance_event_source_event_id_key;

-- Intervals carry their run's tenant. A foreign key asked for every row, and a second unique key of runs stood there to
-- be asked; a batch has hundreds, so each statement is asked once.
alter table usage_interval drop constraint usage_interval_tenant_id_run_id_fkey;
alter table run drop constraint run_tenant_id_run_id_key;
alter table usage_interval add foreign key (run_id) references run not enforced;

create function of_a_run() returns trigger language plpgsql as $$
declare
  stray uuid;
begin
  select a.run_id into stray from added a
  where (select r.tenant_id from run r where r.run_id = a.run_id) is distinct from a.tenant_id
  limit 1;
  if found then
    raise exception 'no run % of that tenant', stray using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger of_a_run after insert on usage_interval referencing new table as added
  for each statement execute function of_a_run();
create trigger of_a_run_still after update on usage_interval referencing new table as added
  for each statement execute function of_a_run();

-- What is asked holds for good: a run is never removed and never changes its tenant.
create function keep_run() returns trigger language plpgsql as $$
begin
  raise exception 'a run is kept, and stays its tenant''s' using errcode = 'integrity_constraint_violation';
end $$;
create trigger kept before delete on run for each row execute function keep_run();
create trigger its_own before update of run_id, tenant_id on run
  for each row when (old.run_id <> new.run_id or old.tenant_id <> new.tenant_id)
  execute function keep_run();
