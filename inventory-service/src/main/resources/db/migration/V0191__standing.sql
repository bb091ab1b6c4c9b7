-- Where an instance may stand beside others: apart from those of its group, on hosts of its tenant
-- alone. The allocation keeps what that means to those placed after it, so that a pool is loaded from
-- its own rows: apart is '<project id>/<group>', dedicated_to the tenant's slug.
alter table instance
  add column apart_group text,
  add column apart_over text check (apart_over in ('HOST', 'RACK')),
  add column apart_strength text check (apart_strength in ('REQUIRED', 'PREFERRED')),
  add column dedicated boolean not null default false,
  add check (num_nulls(apart_group, apart_over, apart_strength) in (0, 3));
alter table allocation
  add column apart text,
  add column dedicated_to text;
create index allocation_marks on allocation (pool_id)
  where state <> 'RELEASED' and (apart is not null or dedicated_to is not null);
