-- What a quota binds is a scope: a tenant with all below it, or one project (scope_id is its id); for
-- a model over all sites (site '') or at one. Held and limit are one row, so that who has its lock
-- sees both as they are. limit_version null: none was ever published here.
alter table quota_usage drop constraint quota_usage_pkey;
alter table quota_usage
  add column project_id uuid,
  add column site text not null default '',
  add column scope_id uuid not null generated always as (coalesce(project_id, tenant_id)) stored,
  add column limit_gpus int check (limit_gpus >= 0),
  add column limit_version bigint,
  add primary key (scope_id, model_id, site),
  add check (limit_gpus is null or limit_version is not null);
alter table quota_usage set (fillfactor = 50);      -- the counts change all the time
create index quota_usage_page on quota_usage (tenant_id, model_id, scope_id, site);
drop table quota_limit;

comment on column allocation.quota_of is
  'the scopes whose quota counts it, over all sites and at its pool''s site: project, tenant, ancestors';
