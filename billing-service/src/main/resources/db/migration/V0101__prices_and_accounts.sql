create table price_version (
  sku text not null,
  version int not null check (version > 0),
  item text not null,
  gpu_model text not null,
  instance_type text,
  mig_profile text,
  region text not null,
  purchase_class text not null,
  unit text not null check (unit in ('GPU_HOUR', 'INSTANCE_HOUR')),
  list_price_krw numeric(38, 12) not null check (list_price_krw > 0),
  class_pct numeric(9, 6) not null check (class_pct >= 0),
  effective_from timestamptz not null,
  imported_by text not null,
  imported_at timestamptz not null default now(),
  primary key (sku, version),
  unique (sku, effective_from)
);
call kit_shared_table('price_version');
create trigger append_only before update or delete or truncate on price_version
  for each statement execute function forbid_change();
grant select on price_version to ${svc}_app, ${svc}_system;
grant select, insert on price_version to ${svc}_platform;

create table discount_version (
  scope text not null check (scope in ('KIND', 'SEGMENT')),
  name text not null,
  pct numeric(9, 6) not null check (pct between 0 and 100),
  effective_from timestamptz not null,
  imported_by text not null,
  imported_at timestamptz not null default now(),
  primary key (scope, name, effective_from)
);
call kit_shared_table('discount_version');
create trigger append_only before update or delete or truncate on discount_version
  for each statement execute function forbid_change();
grant select on discount_version to ${svc}_app, ${svc}_system;
grant select, insert on discount_version to ${svc}_platform;

-- The legal entity that sells; the newest row holds.
create table operator_version (
  version int primary key,
  name text not null,
  business_number text not null,
  ceo text,
  address text,
  business_type text,
  business_item text,
  imported_by text not null,
  imported_at timestamptz not null default now()
);
call kit_shared_table('operator_version');
create trigger append_only before update or delete or truncate on operator_version
  for each statement execute function forbid_change();
grant select on operator_version to ${svc}_app, ${svc}_system;
grant select, insert on operator_version to ${svc}_platform;

-- One legal entity; its documents belong to the tenant that brought it, others may join it.
create table billing_account (
  tenant_id uuid not null,
  id uuid primary key,
  business_number text not null unique,
  name text not null,
  mode text not null check (mode in ('EXTERNAL', 'GROUP_SERVICE', 'COST_SHARE', 'SHOWBACK')),
  version bigint not null default 1,
  unique (tenant_id, id)
);
call kit_tenant_table('billing_account');
grant select on billing_account to ${svc}_app, ${svc}_platform;
grant select, insert, update on billing_account to ${svc}_system;

create table account_tenant (
  tenant_id uuid primary key,
  account_id uuid not null references billing_account (id),
  slug text not null,
  name text not null
);
create index account_tenant_account on account_tenant (account_id);
call kit_tenant_table('account_tenant');
grant select on account_tenant to ${svc}_app, ${svc}_platform;
grant select, insert, update on account_tenant to ${svc}_system;

-- What a tenant's prices depend on, from an instant on; append-only.
create table tenant_terms (
  tenant_id uuid not null,
  effective_from timestamptz not null,
  kind text not null,
  segment text,
  customer_share_pct numeric(9, 6) check (customer_share_pct between 0 and 100),
  share_ends_at timestamptz,
  primary key (tenant_id, effective_from)
);
call kit_tenant_table('tenant_terms');
create trigger append_only before update or delete or truncate on tenant_terms
  for each statement execute function forbid_change();
grant select on tenant_terms to ${svc}_app, ${svc}_platform;
grant select, insert on tenant_terms to ${svc}_system;

create table credit_grant (
  tenant_id uuid not null,
  id uuid primary key,
  name text not null,
  amount_krw bigint not null check (amount_krw > 0),
  priority int not null,
  valid_from timestamptz not null,
  expires_at timestamptz,
  granted_at timestamptz not null,
  unique (tenant_id, name)
);
call kit_tenant_table('credit_grant');
create trigger append_only before update or delete or truncate on credit_grant
  for each statement execute function forbid_change();
grant select on credit_grant to ${svc}_app, ${svc}_platform;
grant select, insert on credit_grant to ${svc}_system;
