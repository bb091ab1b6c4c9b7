-- The audit log: one chain of entries of all services. audit_entry is the chain, for ever; audit_content is
-- what the entries say, kept as long as their category is. Both only ever grow: rights, policies and
-- triggers refuse an update; content is dropped by audit_drop alone. ADR 0082.
create table audit_entry (
  sequence    bigint      primary key check (sequence > 0),
  category    text        not null check (category in ('SECURITY', 'CHANGE', 'DENIAL', 'READ')),
  recorded_at timestamptz not null,
  entry_hash  bytea       not null check (length(entry_hash) = 32),
  hash        bytea       not null check (length(hash) = 32)
);

create table audit_content (
  sequence    bigint      primary key check (sequence > 0),
  tenant_id   uuid,
  at          timestamptz not null,
  actor       text        not null,
  actor_name  text,
  action      text        not null,
  target_type text        not null,
  target_id   text,
  request_id  text,
  result      text        not null,
  entry       text        not null -- canonical JSON, the bytes that entry_hash is of
);
create index audit_content_tenant on audit_content (tenant_id, sequence) where tenant_id is not null;
create index audit_content_actor on audit_content (actor, sequence);
create index audit_content_request on audit_content (request_id) where request_id is not null;

create table audit_key (
  key_id     text        primary key,
  public_key text        not null, -- base64 of the X.509 form
  first_used timestamptz not null default now()
);
create table audit_checkpoint (
  count     bigint      primary key check (count > 0),
  hash      bytea       not null check (length(hash) = 32),
  at        timestamptz not null,
  key_id    text        not null references audit_key (key_id),
  signature bytea       not null
);

call kit_tenant_table('audit_content');
call kit_shared_table('audit_entry');
call kit_shared_table('audit_key');
call kit_shared_table('audit_checkpoint');
grant select on audit_content to ${svc}_app, ${svc}_platform;
grant select on audit_entry, audit_key, audit_checkpoint to ${svc}_platform;
grant select, insert on audit_entry, audit_content, audit_key, audit_checkpoint to ${svc}_system;

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log only grows: % of % is refused', tg_op, tg_table_name using errcode = '42501';
end $$;
create trigger only_grows before update or delete or truncate on audit_entry
  for each statement execute function audit_refuse();
create trigger only_grows before update or delete or truncate on audit_key
  for each statement execute function audit_refuse();
create trigger only_grows before update or delete or truncate on audit_checkpoint
  for each statement execute function audit_refuse();
create trigger only_grows before update or truncate on audit_content
  for each statement execute function audit_refuse();
create trigger only_dropped before delete on audit_content for each statement
  when (current_setting('audit.dropping', true) is distinct from 'on') execute function audit_refuse();

create policy dropping on audit_content to current_user using (true);
create policy dropping on audit_entry for select to current_user using (true);
create policy dropping on audit_checkpoint for select to current_user using (true);

-- Drops what entries of a category say that were recorded before a time, through a sequence that a
-- checkpoint covers: their hashes stay, so the chain stays provable. Answers how many it dropped.
create function audit_drop(p_category text, p_through bigint, p_before timestamptz) returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  dropped bigint;
begin
  if p_through > coalesce((select max(count) from audit_checkpoint), 0) then
    raise exception 'no checkpoint covers entry %', p_through using errcode = '42501';
  end if;
  perform set_config('audit.dropping', 'on', true);
  delete from audit_content c using audit_entry e
    where e.sequence = c.sequence and e.category = p_category and e.sequence <= p_through
      and e.recorded_at < p_before;
  get diagnostics dropped = row_count;
  perform set_config('audit.dropping', 'off', true);
  return dropped;
end $$;
revoke all on function audit_drop(text, bigint, timestamptz) from public;
grant execute on function audit_drop(text, bigint, timestamptz) to ${svc}_system;
