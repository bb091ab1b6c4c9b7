-- Beside its limit a scope has what it is guaranteed, and how much of what its siblings leave idle it
-- may use beyond that. ADR 0086.
alter table quota
  add column guaranteed_gpus int check (guaranteed_gpus >= 0),
  add column borrow_limit_gpus int check (borrow_limit_gpus >= 0),
  add check (guaranteed_gpus <= limit_gpus),
  add check (borrow_limit_gpus is null or guaranteed_gpus is not null);

-- A tenant asks for more; who stands above it, or the platform, decides once.
create table quota_request (
  id            uuid        primary key,
  tenant_id     uuid        not null references tenant (tenant_id),
  parent_id     uuid        references tenant (tenant_id), -- who may decide beside the platform
  project_id    uuid,
  model         text        not null check (model ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  site          text        not null default '' check (site ~ '^([a-z0-9][a-z0-9-]{1,62})?$'),
  wanted_gpus   int         not null check (wanted_gpus > 0),
  reason        text        not null check (length(reason) between 1 and 1000),
  state         text        not null check (state in ('OPEN', 'GRANTED', 'PARTIALLY_GRANTED', 'REFUSED', 'WITHDRAWN')),
  granted_gpus  int         check (granted_gpus between 1 and wanted_gpus),
  note          text        check (length(note) between 1 and 1000),
  quota_version bigint,     -- of the limit that granting it set
  created_by    text        not null,
  decided_by    text,
  version       bigint      not null check (version > 0),
  created_at    timestamptz not null,
  decided_at    timestamptz,
  foreign key (tenant_id, project_id) references project (tenant_id, project_id),
  check ((state in ('GRANTED', 'PARTIALLY_GRANTED')) = (granted_gpus is not null)),
  check ((state = 'OPEN') = (decided_at is null))
);
create index quota_request_tenant on quota_request (tenant_id, id);
create index quota_request_parent on quota_request (parent_id, id) where parent_id is not null;
create index quota_request_open on quota_request (id) where state = 'OPEN';
create unique index quota_request_one_open on quota_request
  (tenant_id, coalesce(project_id, tenant_id), model, site) where state = 'OPEN';
call kit_tenant_table('quota_request');
grant select, insert, update on quota_request to ${svc}_app, ${svc}_platform;
