-- A quota binds a scope: a tenant with all below it, or one project (scope_id is its id); for a model
-- over all sites (site '') or at one.
alter table quota drop constraint quota_pkey;
alter table quota
  add column project_id uuid,
  add column site text not null default '' check (site ~ '^([a-z0-9][a-z0-9-]{1,62})?$'),
  add column scope_id uuid not null generated always as (coalesce(project_id, tenant_id)) stored;
alter table quota
  alter column scope_id drop expression,
  add check (scope_id = coalesce(project_id, tenant_id)),
  add primary key (scope_id, model, site),
  add foreign key (tenant_id, project_id) references project (tenant_id, project_id);
create index quota_page on quota (tenant_id, model, scope_id, site);
