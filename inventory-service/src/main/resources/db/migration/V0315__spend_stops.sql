-- Budgets of won that are spent: nothing new may start of their tenant or project before the month
-- ends. What billing-service tells; read by every replica into memory. ADR 106.
create table spend_stop (
  tenant_id       uuid        not null,
  budget_id       uuid        primary key,
  project_id      uuid,                       -- null: all of the tenant
  name            text        not null,
  month           text        not null,
  amount_krw      bigint      not null,
  spent_krw       bigint      not null,
  stop_at_percent int         not null,
  ends_at         timestamptz not null
);
call kit_tenant_table('spend_stop');
grant select on spend_stop to ${svc}_app, ${svc}_platform;
grant select, insert, update, delete on spend_stop to ${svc}_system;
