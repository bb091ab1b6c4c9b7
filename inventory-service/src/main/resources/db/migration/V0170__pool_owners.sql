-- Where a pool's owner is reached, and a count of the changes that its index must hear of, whichever
-- replica made them.
alter table pool
  add column owner text,                            -- holder of the lease that last loaded it
  add column owner_address text,                    -- base URL of that replica for the others
  add column revision bigint not null default 0;    -- counts changes of hosts and of the site's rules

create function pools_of_new_hosts_changed() returns trigger language plpgsql as $$
begin
  update pool set revision = revision + 1 where id in (select pool_id from added);
  return null;
end $$;
create trigger host_added after insert on host
  referencing new table as added for each statement execute function pools_of_new_hosts_changed();

create function pool_of_host_changed() returns trigger language plpgsql as $$
begin
  update pool set revision = revision + 1 where id = new.pool_id;
  return null;
end $$;
create trigger host_changed after update of state, bad_mask, unreachable_since on host
  for each row
  when ((old.state, old.bad_mask, old.unreachable_since)
    is distinct from (new.state, new.bad_mask, new.unreachable_since))
  execute function pool_of_host_changed();

create function pools_of_site_changed() returns trigger language plpgsql as $$
begin
  update pool set revision = revision + 1 where site_id = new.id;
  return null;
end $$;
create trigger site_changed after update on site
  for each row execute function pools_of_site_changed();

-- Taken and given back by the database's clock, after the locks that order the transactions: owners
-- whose clocks differ still leave a history without overlaps.
alter table allocation alter column held_from set default clock_timestamp();
