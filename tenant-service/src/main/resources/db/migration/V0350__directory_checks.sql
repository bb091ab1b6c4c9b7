-- An entry that was in step and is only compared again is no change that Keycloak lacks.
alter table directory_entry add column checking boolean not null default false;
-- what was spread over hours before this was such a check
alter table directory_entry no force row level security;
update directory_entry set checking = true
where done < wanted and synced_at is not null and attempts = 0 and due_at > changed_at;
alter table directory_entry force row level security;
alter table directory_entry add check (done < wanted or not checking);
drop index directory_entry_due;
create index directory_entry_due on directory_entry (checking, due_at) where done < wanted;

create or replace function directory_want(tenant uuid, who text) returns void language sql as $$
  insert into directory_entry (tenant_id, subject) values (tenant, who)
  on conflict (tenant_id, subject) do update set wanted = directory_entry.wanted + 1,
    changed_at = now(), due_at = now(), attempts = 0, problem = null, checking = false
$$;
