-- An instance had two unique keys, its id and its tenant with its id, and every allocation and every
-- release paid for the second. What it stood for is asked of each statement instead (ADR 0075): rows of
-- an instance carry its tenant. The keys that name it go by its id.
create or replace function of_an_instance() returns trigger language plpgsql as $$
declare
  stray uuid;
begin
  select a.instance_id into stray from added a
  where a.instance_id is not null
    and (select i.tenant_id from instance i where i.id = a.instance_id) is distinct from a.tenant_id
  limit 1;
  if found then
    raise exception 'no instance % of that tenant', stray using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

alter table allocation drop constraint allocation_tenant_id_instance_id_fkey;
alter table instance_history drop constraint instance_history_tenant_id_instance_id_fkey;
alter table operation drop constraint operation_tenant_id_instance_id_fkey;
alter table boot_failure drop constraint boot_failure_tenant_id_instance_id_fkey;
alter table console_tail drop constraint console_tail_tenant_id_instance_id_fkey;
alter table instance_setup drop constraint instance_setup_tenant_id_instance_id_fkey;
alter table private_address drop constraint private_address_tenant_id_instance_id_fkey;
alter table volume drop constraint volume_tenant_id_instance_id_fkey;
alter table instance drop constraint instance_tenant_id_id_key;

alter table allocation add foreign key (instance_id) references instance not enforced;
alter table instance_history add foreign key (instance_id) references instance not enforced;
alter table operation add foreign key (instance_id) references instance not enforced;
alter table boot_failure add foreign key (instance_id) references instance not enforced;
alter table console_tail add foreign key (instance_id) references instance not enforced;
alter table instance_setup add foreign key (instance_id) references instance not enforced;
alter table private_address add foreign key (instance_id) references instance not enforced;
alter table volume add foreign key (instance_id) references instance not enforced;

create trigger of_an_instance after insert on boot_failure referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on console_tail referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on instance_setup referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on private_address referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on volume referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance_still after update on volume referencing new table as added
  for each statement execute function of_an_instance();

-- Nor do the rows change whose they are; a volume is attached and parted, its tenant stays.
create trigger its_own before update of tenant_id, instance_id on boot_failure
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id, instance_id on console_tail
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id, instance_id on instance_setup
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id, instance_id on private_address
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id on volume
  for each row when (old.tenant_id <> new.tenant_id)
  execute function kept_for_good();
