-- What every allocation pays. Measured on PostgreSQL 18: half of the time of an inserted instance
-- and a third of that of an allocation went into looking up catalogue rows, one by one, and
-- allocation had indexes that no statement uses. ADR 0068.

-- The rows that these name are kept for good instead: nobody can delete or rename them.
create function kept_for_good() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are kept for good', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger kept before delete or update of id on region for each row execute function kept_for_good();
create trigger kept before delete or update of id on site for each row execute function kept_for_good();
create trigger kept before delete or update of id on gpu_model for each row execute function kept_for_good();
create trigger kept before delete or update of id on instance_type for each row execute function kept_for_good();
create trigger kept before delete or update of id on pool for each row execute function kept_for_good();
create trigger kept before delete or update of id on host for each row execute function kept_for_good();

-- Declared still, so that readers and tools see them. Those that carry the tenant stay enforced.
alter table instance alter constraint instance_instance_type_fkey not enforced;
alter table instance alter constraint instance_model_id_fkey not enforced;
alter table instance alter constraint instance_site_id_fkey not enforced;
alter table instance alter constraint instance_region_id_fkey not enforced;
alter table instance alter constraint instance_host_id_fkey not enforced;
alter table allocation alter constraint allocation_pool_id_fkey not enforced;
alter table allocation alter constraint allocation_host_id_fkey not enforced;

drop index allocation_held;
drop index allocation_by_instance;
drop index allocation_by_host;
create index allocation_by_host on allocation (host_id) where state <> 'RELEASED';
