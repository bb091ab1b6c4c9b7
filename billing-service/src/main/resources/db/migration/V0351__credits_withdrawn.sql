-- When a credit ended before its time: it pays for no usage from then on.
create table credit_withdrawal (
  tenant_id uuid not null,
  grant_id uuid primary key references credit_grant (id),
  at timestamptz not null
);
call kit_tenant_table('credit_withdrawal');
create trigger append_only before update or delete or truncate on credit_withdrawal
  for each statement execute function forbid_change();
grant select on credit_withdrawal to ${svc}_app, ${svc}_platform;
grant select, insert on credit_withdrawal to ${svc}_system;
