-- Keys for machines. Of the secret only its hash is stored; what a key may do is at most what its
-- holder (a member) may do at that time. Rows stay after the end of a key: they say who had it.
create table api_key (
  key_id       uuid        primary key,
  tenant_id    uuid        not null,
  subject      text        not null,
  name         text        not null check (length(name) between 1 and 120),
  roles        text[]      not null check (cardinality(roles) > 0 and roles <@ array['OWNER', 'OPERATOR', 'VIEWER', 'BILLING_VIEWER']),
  projects     text[]      not null, -- ids; none means the whole tenant
  secret_hash  bytea       not null check (length(secret_hash) = 32),
  created_by   text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null check (expires_at > created_at),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  revoked_by   text,
  foreign key (tenant_id, subject) references member (tenant_id, subject),
  check ((revoked_at is null) = (revoked_by is null))
);
create index api_key_page on api_key (tenant_id, key_id);
create index api_key_holder on api_key (tenant_id, subject) where revoked_at is null;
call kit_tenant_table('api_key');
grant select, insert, update on api_key to ${svc}_app;
grant select, update on api_key to ${svc}_system;
grant select on api_key to ${svc}_platform;

-- Keys that sign the tokens made of API keys. The private half is sealed with a secret of the
-- installation, so that a copy of the database signs nothing.
create table token_signing_key (
  kid         text        primary key,
  public_key  bytea       not null,
  private_key bytea       not null,
  signs_from  timestamptz not null,
  created_at  timestamptz not null default now()
);
grant select, insert, delete on token_signing_key to ${svc}_system;
