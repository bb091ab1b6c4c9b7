-- Tenants, their projects, members and quotas. Every table carries the tenant and is closed by row-level
-- security; version is the row's ETag and the sequence of the event that told the change.
create table tenant (
  tenant_id       uuid        primary key,
  slug            text        not null unique check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(slug) between 3 and 40),
  name            text        not null check (length(name) between 1 and 120),
  kind            text        not null check (kind in ('GROUP', 'SUBSIDIARY', 'EXTERNAL')),
  segment         text        check (segment in ('ENTERPRISE', 'STARTUP', 'ACADEMIA', 'RESEARCH', 'GOVERNMENT')),
  parent_id       uuid        references tenant (tenant_id),
  state           text        not null check (state in ('APPLIED', 'APPROVED', 'ACTIVE', 'SUSPENDED', 'CLOSING', 'CLOSED')),
  state_reason    text        check (length(state_reason) between 1 and 500),
  billing_mode    text        check (billing_mode in ('EXTERNAL', 'GROUP_SERVICE', 'COST_SHARE', 'SHOWBACK')),
  business_number text        check (business_number ~ '^[0-9]{3}-[0-9]{2}-[0-9]{5}$'),
  programme_name       text   check (length(programme_name) between 1 and 63),
  programme_credit_krw bigint check (programme_credit_krw > 0),
  programme_customer_share_pct int check (programme_customer_share_pct between 0 and 100),
  programme_expires    date,
  residency_country       text check (residency_country ~ '^[A-Z]{2}$'),
  residency_min_csap_zone text check (residency_min_csap_zone in ('none', 'low', 'medium', 'high')),
  version         bigint      not null check (version > 0),
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  check (parent_id is distinct from tenant_id),
  check ((kind = 'EXTERNAL') = (segment is not null)),
  check (kind <> 'GROUP' or parent_id is null),
  check (kind <> 'SUBSIDIARY' or parent_id is not null),
  check (billing_mode is null or billing_mode = 'SHOWBACK' or business_number is not null)
);
create index tenant_parent on tenant (parent_id) where parent_id is not null;

create table project (
  project_id  uuid        primary key,
  tenant_id   uuid        not null references tenant (tenant_id),
  slug        text        not null check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(slug) between 2 and 40),
  name        text        not null check (length(name) between 1 and 120),
  state       text        not null check (state in ('ACTIVE', 'ARCHIVED')),
  cost_center text        check (length(cost_center) between 1 and 40),
  labels      text        not null default '{}' check (labels is json object),
  version     bigint      not null check (version > 0),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  unique (tenant_id, slug),
  unique (tenant_id, project_id)
);

-- A member whose roles are all gone stays as a row: its version must go on counting, or a later
-- grant would look older than the revocation to every reader of the topic.
create table member (
  tenant_id  uuid        not null references tenant (tenant_id),
  subject    text        not null check (length(subject) between 1 and 64),
  username   text        not null check (length(username) between 1 and 120),
  roles      text[]      not null check (roles <@ array['OWNER', 'OPERATOR', 'VIEWER', 'BILLING_VIEWER']),
  active     boolean     not null, -- has a role at the tenant or at one of its projects
  version    bigint      not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, subject),
  check (active or cardinality(roles) = 0)
);
create index member_subject on member (subject) where active;

create table project_member (
  tenant_id  uuid   not null,
  subject    text   not null,
  project_id uuid   not null,
  roles      text[] not null check (cardinality(roles) > 0 and roles <@ array['OWNER', 'OPERATOR', 'VIEWER', 'BILLING_VIEWER']),
  primary key (tenant_id, subject, project_id),
  foreign key (tenant_id, subject) references member (tenant_id, subject),
  foreign key (tenant_id, project_id) references project (tenant_id, project_id)
);

-- limit_gpus null = no limit of its own; the ancestors' limits still bind.
create table quota (
  tenant_id  uuid        not null references tenant (tenant_id),
  model      text        not null check (model ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  limit_gpus int         check (limit_gpus >= 0),
  version    bigint      not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, model)
);

call kit_tenant_table('tenant');
call kit_tenant_table('project');
call kit_tenant_table('member');
call kit_tenant_table('project_member');
call kit_tenant_table('quota');

-- A tenant's own requests read the tenant and its quotas, and edit its projects and members.
grant select on tenant, quota to ${svc}_app;
grant select, insert, update on project, member to ${svc}_app;
grant select, insert, update, delete on project_member to ${svc}_app;
grant select, insert, update on tenant, project, member, quota to ${svc}_platform;
grant select, insert, update, delete on project_member to ${svc}_platform;
grant select on tenant, project, member, project_member, quota to ${svc}_system;
