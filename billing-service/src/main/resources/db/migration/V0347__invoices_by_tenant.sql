-- Whom an issued invoice charged for is asked of each account that is closed: without an index every
-- account of a month would read the invoices of all others.
create index invoice_tenants on invoice using gin (tenants);

create or replace function note_what_was_closed() returns trigger language plpgsql as $$
begin
  if new.state = 'ISSUED' then
    new.closed_at := clock_timestamp();
    new.tenants := coalesce(
      (select array_agg(t.tenant_id) from account_tenant t
       where t.account_id = new.account_id
         and not exists (select from invoice o
                         where o.month = new.month and o.state = 'ISSUED'
                           and o.account_id <> new.account_id
                           and o.tenants @> array[t.tenant_id])),
      '{}');
  end if;
  return new;
end $$;
