-- What a tenant, or one of its projects, wants to spend in each Seoul calendar month. What stands
-- after 'month' is what was found when it was looked at last.
create table spend_budget (
  tenant_id       uuid           not null,
  id              uuid           primary key,
  project_id      uuid,
  project_slug    text,
  name            text           not null check (length(name) between 1 and 100),
  amount_krw      bigint         not null check (amount_krw > 0),
  thresholds      text[]         not null,                   -- such as ACTUAL:80
  stop_at_percent int            check (stop_at_percent between 1 and 1000),
  version         bigint         not null check (version > 0),  -- of the terms: the ETag
  sequence        bigint         not null check (sequence > 0), -- of the events
  created_by      text           not null,
  created_at      timestamptz    not null,
  updated_at      timestamptz    not null,
  month           text           not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
  spent_krw       numeric(38, 12) not null,
  forecast_krw    numeric(38, 12) not null,
  told            text[]         not null,
  stopped         boolean        not null,
  looked_at       timestamptz,
  next_look_at    timestamptz,                               -- null: at once
  unique (tenant_id, name),
  check ((project_id is null) = (project_slug is null)),
  check (not stopped or stop_at_percent is not null)
);
create index spend_budget_page on spend_budget (tenant_id, id);
call kit_tenant_table('spend_budget');
grant select, insert, update, delete on spend_budget to ${svc}_app, ${svc}_platform;
grant select on spend_budget to ${svc}_system;
