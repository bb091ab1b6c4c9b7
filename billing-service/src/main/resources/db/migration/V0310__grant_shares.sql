-- GPUs that a grant programme pays in part, as tenant-service tells: from the acceptance or the
-- window's begin to the window's end, or until they are clawed back.
create table grant_share (
  tenant_id          uuid        not null,
  award_id           uuid        primary key,
  model              text        not null,
  gpus               int         not null check (gpus > 0),
  customer_share_pct int         not null check (customer_share_pct between 0 and 100),
  starts_at          timestamptz not null,
  ends_at            timestamptz not null,
  version            bigint      not null default 1
);
create index grant_share_tenant on grant_share (tenant_id);
call kit_tenant_table('grant_share');
grant select on grant_share to ${svc}_app, ${svc}_platform;
grant select, insert, update on grant_share to ${svc}_system;
