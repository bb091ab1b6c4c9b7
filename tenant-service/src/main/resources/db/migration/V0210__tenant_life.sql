-- What a tenant's life leaves behind, whom to reach, and what a suspension does to what runs.
alter table tenant
  add column contacts      text not null default '{}' check (contacts is json object),
  add column on_suspension text not null default 'KEEP' check (on_suspension in ('KEEP', 'STOP_AFTER')),
  add column notice_hours  int  check (notice_hours between 0 and 2160),
  add column state_since   timestamptz,
  add column suspended_at  timestamptz,
  add column stop_at       timestamptz check (stop_at >= suspended_at),
  add check ((on_suspension = 'STOP_AFTER') = (notice_hours is not null)),
  add check (suspended_at is null or state = 'SUSPENDED'),
  add check (stop_at is null or suspended_at is not null);

create table tenant_move (
  tenant_id  uuid        not null references tenant (tenant_id),
  position   int         not null check (position > 0),
  action     text        not null,
  from_state text,
  to_state   text        not null,
  actor      text        not null,
  actor_name text        not null,
  reason     text        check (length(reason) between 1 and 500),
  at         timestamptz not null,
  primary key (tenant_id, position)
);
call kit_tenant_table('tenant_move');
grant select on tenant_move to ${svc}_app;
grant select, insert on tenant_move to ${svc}_platform, ${svc}_system;

-- Owners edit whom to reach and nothing else; the keeper of closings takes tenants to CLOSED.
grant update (contacts, version, updated_at) on tenant to ${svc}_app;
grant update (state, state_reason, state_since, version, updated_at) on tenant to ${svc}_system;

-- Somebody without a tenant asks for one. The row belongs to the person who asks.
create table tenant_application (
  application_id  uuid        primary key,
  subject         text        not null check (length(subject) between 1 and 64),
  username        text        not null check (length(username) between 1 and 120),
  slug            text        not null check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(slug) between 3 and 40),
  name            text        not null check (length(name) between 1 and 120),
  kind            text        not null check (kind in ('SUBSIDIARY', 'EXTERNAL')),
  segment         text        check (segment in ('ENTERPRISE', 'STARTUP', 'ACADEMIA', 'RESEARCH', 'GOVERNMENT')),
  parent_slug     text,
  billing_mode    text        not null check (billing_mode in ('EXTERNAL', 'GROUP_SERVICE', 'COST_SHARE', 'SHOWBACK')),
  business_number text        check (business_number ~ '^[0-9]{3}-[0-9]{2}-[0-9]{5}$'),
  contacts        text        not null check (contacts is json object),
  project_slug    text        not null,
  purpose         text        check (length(purpose) between 1 and 500),
  state           text        not null check (state in ('APPLIED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
  note            text        check (length(note) between 1 and 500),
  decided_by      text,
  decided_at      timestamptz,
  opened_tenant   uuid        references tenant (tenant_id),
  version         bigint      not null check (version > 0),
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  check ((state = 'APPROVED') = (opened_tenant is not null)),
  check ((state in ('APPROVED', 'REJECTED')) = (decided_by is not null))
);
create unique index one_open_application_per_person on tenant_application (subject) where state = 'APPLIED';
create unique index one_open_application_per_slug on tenant_application (slug) where state = 'APPLIED';
create index tenant_application_subject on tenant_application (subject, application_id);
create index tenant_application_queue on tenant_application (state, application_id);
call kit_shared_table('tenant_application');
grant select, insert, update on tenant_application to ${svc}_system;
grant select, update on tenant_application to ${svc}_platform;
