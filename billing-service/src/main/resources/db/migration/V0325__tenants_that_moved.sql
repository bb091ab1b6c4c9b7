-- An invoice charges for its account's tenants, without those whose month another account's invoice
-- has charged for already: they moved since.
create or replace function note_what_was_closed() returns trigger language plpgsql as $$
begin
  if new.state = 'ISSUED' then
    new.closed_at := clock_timestamp();
    new.tenants := coalesce(
      (select array_agg(t.tenant_id) from account_tenant t
       where t.account_id = new.account_id
         and not exists (select from invoice o
                         where o.month = new.month and o.state = 'ISSUED'
                           and o.account_id <> new.account_id and t.tenant_id = any (o.tenants))),
      '{}');
  end if;
  return new;
end $$;
