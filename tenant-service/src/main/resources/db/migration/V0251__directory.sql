-- What the identity provider has not been told yet. An entry stands for an organisation (subject '')
-- or for one member of it; the wanted state itself is in tenant and member. Triggers count it up, so
-- that no writer can forget to; wanted and done tell what is behind.
create table directory_entry (
  tenant_id   uuid        not null references tenant (tenant_id),
  subject     text        not null default '',
  wanted      bigint      not null default 1,
  done        bigint      not null default 0,
  changed_at  timestamptz not null default now(),
  due_at      timestamptz not null default now(),
  attempts    int         not null default 0,
  problem     text,
  synced_at   timestamptz,
  external_id text,
  primary key (tenant_id, subject),
  check (done <= wanted)
);
create index directory_entry_due on directory_entry (due_at) where done < wanted;
call kit_tenant_table('directory_entry');
grant select, insert, update on directory_entry to ${svc}_app, ${svc}_platform, ${svc}_system;

create function directory_want(tenant uuid, who text) returns void language sql as $$
  insert into directory_entry (tenant_id, subject) values (tenant, who)
  on conflict (tenant_id, subject) do update set wanted = directory_entry.wanted + 1,
    changed_at = now(), due_at = now(), attempts = 0, problem = null
$$;
create function directory_tenant() returns trigger language plpgsql as $$
begin
  perform directory_want(new.tenant_id, '');
  return null;
end $$;
create function directory_member() returns trigger language plpgsql as $$
begin
  if not starts_with(new.subject, 'sac_') then -- service accounts are unknown there
    perform directory_want(new.tenant_id, new.subject);
  end if;
  return null;
end $$;
create trigger directory_new after insert on tenant for each row execute function directory_tenant();
create trigger directory_changed after update on tenant for each row
  when ((old.slug, old.name, old.state) is distinct from (new.slug, new.name, new.state))
  execute function directory_tenant();
create trigger directory_new after insert on member for each row execute function directory_member();
create trigger directory_changed after update on member for each row
  when (old.active is distinct from new.active) execute function directory_member();
