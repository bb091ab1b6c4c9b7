-- What a month is counted and compared by is read from an index alone: metered events by tenant and
-- time, with when they arrived.
create index instance_event_metered on instance_event (tenant_id, at) include (received_at)
  where type in ('instance.started', 'instance.moved', 'instance.resized', 'instance.stopped');

-- The first end that was known of a run: what comes after a later one touches all time since.
alter table run add column first_ended_at timestamptz;
alter table run no force row level security;
alter table instance_event no force row level security;
update run r set first_ended_at = s.first_at
from (select run_id, min(at) as first_at from instance_event
      where type = 'instance.stopped' and run_id is not null
      group by run_id having count(*) > 1) s
where s.run_id = r.run_id;
alter table run force row level security;
alter table instance_event force row level security;
create index run_ended_again on run (tenant_id) where ended_at > first_ended_at;

create index parked_event_tenant on parked_event (tenant_id) where tenant_id is not null;
create index credit_grant_of_late_usage on late_usage_credit (grant_id);
create index prepaid_payment_of_invoice on prepaid_payment (invoice_id);
create index credit_burn_of_invoice on credit_burn (invoice_id);
create index quarantined_event_tenant on quarantined_event ((event ->> 'tenant'));

-- Runs of a month are those that had not ended before it: however long the history, few.
create index run_tenant_end on run (tenant_id, coalesce(ended_at, 'infinity'::timestamptz));
drop index run_tenant_time;
