-- A billing month is open until every account's invoice is issued or nothing is to be billed.
create table billing_month (
  month text primary key check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  state text not null check (state in ('OPEN', 'CLOSED')),
  closed_by text,
  closed_at timestamptz,
  constraint closed_by_somebody check ((state = 'CLOSED') = (closed_at is not null))
);
call kit_shared_table('billing_month');
create function closed_month_stays_closed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state = 'CLOSED' then
    raise exception 'month % is closed', old.month using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger stays_closed before update or delete on billing_month
  for each row execute function closed_month_stays_closed();
grant select on billing_month to ${svc}_system;
grant select, insert, update on billing_month to ${svc}_platform;

-- One walk over all accounts of a month; another one may begin only after it.
create table close_run (
  id uuid primary key,
  month text not null references billing_month (month),
  state text not null check (state in ('RUNNING', 'DONE')),
  started_by text not null,
  started_name text not null,
  started_at timestamptz not null,
  done_at timestamptz,
  constraint done_at_an_end check ((state = 'DONE') = (done_at is not null))
);
create unique index one_close_at_a_time on close_run (month) where state = 'RUNNING';
create index close_run_month on close_run (month, id);
call kit_shared_table('close_run');
grant select on close_run to ${svc}_system;
grant select, insert, update on close_run to ${svc}_platform;

-- How far the last walk brought an account's month, and what stopped it there.
create table close_account (
  tenant_id uuid not null,
  account_id uuid not null,
  month text not null,
  run_id uuid not null references close_run (id),
  standing text not null check (standing in
    ('BLOCKED', 'DRAFT', 'IN_REVIEW', 'APPROVED', 'NOTHING_TO_BILL', 'ISSUED')),
  reason text,
  at timestamptz not null,
  primary key (month, account_id),
  foreign key (tenant_id, account_id) references billing_account (tenant_id, id)
);
call kit_tenant_table('close_account');
grant select on close_account to ${svc}_system;
grant select, insert, update on close_account to ${svc}_platform;
