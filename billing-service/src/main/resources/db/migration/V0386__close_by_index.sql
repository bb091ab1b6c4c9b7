-- The close asks these of every account: what is a handful of rows is not looked for among all others.
create index run_estimated_end on run (tenant_id, coalesce(ended_at, 'infinity'::timestamptz))
  where end_reason = 'HOST_UNREACHABLE';

-- New entries of a GIN index wait in a list, which every search reads from end to end.
alter index invoice_tenants set (fastupdate = off);
select gin_clean_pending_list('invoice_tenants');
