-- Tables every service needs once. Roles exist before the first migration (docs/configuration.md).
-- ${svc}_app: tenant requests · ${svc}_system: relay, consumers, batch work · ${svc}_platform: admin, finance, auditors.
grant usage on schema public to ${svc}_app, ${svc}_system, ${svc}_platform;

create function kit_tenant() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;

-- The second wall between tenants, for a table with a tenant_id column.
create procedure kit_tenant_table(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy app on %s to ${svc}_app using (tenant_id = kit_tenant()) with check (tenant_id = kit_tenant())', t);
  execute format('create policy system on %s to ${svc}_system using (true) with check (true)', t);
  execute format('create policy platform on %s to ${svc}_platform using (true) with check (true)', t);
end $$;

-- For a table that belongs to no tenant: what a role may do there is a matter of grants alone.
create procedure kit_shared_table(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy shared on %s to ${svc}_app, ${svc}_system, ${svc}_platform using (true) with check (true)', t);
end $$;

create table outbox (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  topic text not null,
  key text not null,
  type text not null,
  subject text not null,
  tenant_id uuid,
  sequence bigint not null,
  time timestamptz not null,
  traceparent text,
  data jsonb not null
);
grant insert on outbox to ${svc}_app, ${svc}_platform;
grant select, insert, update, delete on outbox to ${svc}_system;

create table inbox (
  consumer text not null,
  source text not null,
  id text not null,
  payload_hash bytea not null,
  received_at timestamptz not null default now(),
  primary key (consumer, source, id)
);
create table inbox_position (
  consumer text not null,
  stream text not null,
  last_sequence bigint not null,
  primary key (consumer, stream)
);
create table parked_event (
  consumer text not null,
  stream text not null,
  sequence bigint not null,
  tenant_id uuid,
  event jsonb not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, stream, sequence)
);
create table quarantined_event (
  position bigint generated always as identity primary key,
  consumer text not null,
  source text not null,
  id text not null,
  reason text not null,
  event jsonb not null,
  quarantined_at timestamptz not null default now()
);
grant select, insert, update, delete on inbox, inbox_position, parked_event, quarantined_event to ${svc}_system;
grant select on inbox, inbox_position, parked_event, quarantined_event to ${svc}_platform;

create table idempotency (
  scope text not null,
  key text not null,
  request_hash bytea not null,
  status int not null,
  headers jsonb not null,
  body text,
  tenant_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (scope, key)
);
call kit_tenant_table('idempotency');
create index idempotency_expiry on idempotency (expires_at);
grant select, insert on idempotency to ${svc}_app;
grant select, insert, update, delete on idempotency to ${svc}_system, ${svc}_platform;

create table lease (
  name text primary key,
  holder text not null,
  epoch bigint not null,
  expires_at timestamptz not null
);
grant select, insert, update, delete on lease to ${svc}_system;

-- Projections of tenant-service's facts: every service authorises from its own copy.
create table tenant_ref (
  tenant_id uuid primary key,
  slug text not null,
  parent_id uuid,
  state text not null,
  fact jsonb not null
);
create unique index tenant_ref_slug on tenant_ref (slug);
create table project_ref (
  project_id uuid primary key,
  tenant_id uuid not null,
  slug text not null,
  state text not null,
  fact jsonb not null
);
create index project_ref_slug on project_ref (tenant_id, slug);
create table member_ref (
  tenant_id uuid not null,
  subject text not null,
  username text,
  roles text[] not null,
  project_roles jsonb not null default '{}',
  primary key (tenant_id, subject)
);
create index member_ref_subject on member_ref (subject);
call kit_tenant_table('tenant_ref');
call kit_tenant_table('project_ref');
call kit_tenant_table('member_ref');
grant select on tenant_ref, project_ref, member_ref to ${svc}_app, ${svc}_platform;
grant select, insert, update, delete on tenant_ref, project_ref, member_ref to ${svc}_system;
