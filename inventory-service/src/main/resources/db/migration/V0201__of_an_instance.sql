-- Rows of an instance carry its tenant. A foreign key asked for every single row; a statement of the
-- allocation writer has hundreds, so each statement is asked once. ADR 0075.

-- What is asked holds for good: an instance is never removed and never changes its tenant.
create trigger kept before delete on instance for each row execute function kept_for_good();
create trigger its_own before update of id, tenant_id on instance
  for each row when (old.id <> new.id or old.tenant_id <> new.tenant_id)
  execute function kept_for_good();

create function of_an_instance() returns trigger language plpgsql as $$
declare
  stray uuid;
begin
  select a.instance_id into stray from added a
  where (select i.tenant_id from instance i where i.id = a.instance_id) is distinct from a.tenant_id
  limit 1;
  if found then
    raise exception 'no instance % of that tenant', stray using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

create trigger of_an_instance after insert on allocation referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on instance_history referencing new table as added
  for each statement execute function of_an_instance();
create trigger of_an_instance after insert on operation referencing new table as added
  for each statement execute function of_an_instance();

-- Nor do the rows change whose they are.
create trigger its_own before update of tenant_id, instance_id on allocation
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id, instance_id on instance_history
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();
create trigger its_own before update of tenant_id, instance_id on operation
  for each row when (old.tenant_id <> new.tenant_id or old.instance_id <> new.instance_id)
  execute function kept_for_good();

alter table allocation alter constraint allocation_tenant_id_instance_id_fkey not enforced;
alter table instance_history alter constraint instance_history_tenant_id_instance_id_fkey not enforced;
alter table operation alter constraint operation_tenant_id_instance_id_fkey not enforced;
