-- An e-mail address is invited with roles; whoever has the token and the address takes them.
create table invitation (
  invitation_id   uuid        primary key,
  tenant_id       uuid        not null references tenant (tenant_id),
  project_id      uuid,       -- set when an owner of this project alone invites, to it alone
  email           text        not null check (length(email) between 3 and 254),
  roles           text[]      not null check (roles <@ array['OWNER', 'OPERATOR', 'VIEWER', 'BILLING_VIEWER']),
  project_roles   text        not null check (project_roles is json object),
  token_hash      bytea       not null unique check (length(token_hash) = 32),
  state           text        not null check (state in ('PENDING', 'ACCEPTED', 'REVOKED')),
  invited_by      text        not null,
  invited_by_name text        not null,
  accepted_by     text,
  expires_at      timestamptz not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  version         bigint      not null check (version > 0),
  unique (tenant_id, invitation_id),
  foreign key (tenant_id, project_id) references project (tenant_id, project_id),
  check ((state = 'ACCEPTED') = (accepted_by is not null))
);
create index invitation_page on invitation (tenant_id, invitation_id);
call kit_tenant_table('invitation');
grant select, insert, update on invitation to ${svc}_app;
grant select on invitation to ${svc}_platform;
-- by the token alone, to find the tenant: what is done there is done under the tenant's own role
grant select (tenant_id, invitation_id, token_hash) on invitation to ${svc}_system;

-- Keys of people belong to no tenant; only the system's role sees them, asked for by the subject.
create table person_ssh_key (
  key_id      uuid        primary key,
  owner       text        not null check (length(owner) between 1 and 64), -- a subject
  name        text        not null check (length(name) between 1 and 120),
  type        text        not null,
  bits        int         not null check (bits > 0),
  fingerprint text        not null,
  comment     text        not null,
  public_key  text        not null,
  created_by  text        not null,
  created_at  timestamptz not null,
  unique (owner, fingerprint),
  unique (owner, name)
);
call kit_shared_table('person_ssh_key');
grant select, insert, delete on person_ssh_key to ${svc}_system;

create table project_ssh_key (
  key_id      uuid        primary key,
  tenant_id   uuid        not null default kit_tenant(),
  owner       uuid        not null, -- a project
  name        text        not null check (length(name) between 1 and 120),
  type        text        not null,
  bits        int         not null check (bits > 0),
  fingerprint text        not null,
  comment     text        not null,
  public_key  text        not null,
  created_by  text        not null,
  created_at  timestamptz not null,
  unique (tenant_id, owner, fingerprint),
  unique (tenant_id, owner, name),
  foreign key (tenant_id, owner) references project (tenant_id, project_id)
);
call kit_tenant_table('project_ssh_key');
grant select, insert, delete on project_ssh_key to ${svc}_app;
