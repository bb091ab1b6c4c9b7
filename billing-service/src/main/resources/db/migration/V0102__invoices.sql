-- An invoice changes until it is issued, and never after: whoever asks, the owner's code included.
create table invoice (
  tenant_id uuid not null,
  id uuid primary key,
  account_id uuid not null references billing_account (id),
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  state text not null check (state in ('DRAFT', 'IN_REVIEW', 'APPROVED', 'ISSUED')),
  number text unique,
  mode text not null,
  currency text not null default 'KRW' check (currency = 'KRW'),
  rounding_policy text not null,
  supply_krw bigint not null,
  vat_krw bigint not null,
  total_krw bigint not null,
  tenant_slug text not null,
  tenant_name text not null,
  account_name text not null,
  business_number text not null,
  supplier_name text,
  supplier_number text,
  write_date date not null,
  -- metered events of the month that the draft was rated from: one more, and it is stale
  metered_events bigint not null,
  preparers text[] not null check (cardinality(preparers) > 0),
  prepared_by text not null,
  submitted_by text,
  approved_by text,
  issued_by text,
  prepared_at timestamptz not null,
  submitted_at timestamptz,
  approved_at timestamptz,
  issued_at timestamptz,
  version bigint not null,
  constraint one_invoice_per_account_and_month unique (account_id, month),
  unique (tenant_id, id),
  constraint total_is_the_sum check (total_krw = supply_krw + vat_krw),
  constraint four_eyes check (approved_by is null or not (approved_by = any (preparers))),
  constraint approved_before_issue
    check ((approved_by is not null) = (state in ('APPROVED', 'ISSUED'))),
  constraint number_with_issue check ((number is not null) = (state = 'ISSUED'))
);
create index invoice_month on invoice (month, id);
call kit_tenant_table('invoice');
create policy issued_only on invoice as restrictive for select to ${svc}_app
  using (state = 'ISSUED');
grant select on invoice to ${svc}_app, ${svc}_system;
grant select, insert, update on invoice to ${svc}_platform;

create table invoice_line (
  tenant_id uuid not null,
  invoice_id uuid not null,
  line_number int not null check (line_number > 0),
  project_id uuid not null,
  project_slug text not null,
  description text not null,
  sku text not null,
  price_version text not null,
  tax_type text not null,
  category text not null,
  original_month text not null,
  unit text not null,
  quantity text not null,
  exact_amount text not null,
  rounding_amount text not null,
  amount_krw bigint not null,
  vat_krw bigint not null,
  primary key (invoice_id, line_number),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('invoice_line');
grant select on invoice_line to ${svc}_app, ${svc}_system;
grant select, insert, delete on invoice_line to ${svc}_platform;

create table rated_row (
  tenant_id uuid not null,
  invoice_id uuid not null,
  line_number int not null,
  row_number int not null check (row_number > 0),
  project_id uuid not null,
  instance_id uuid not null,
  instance_name text not null,
  instance_type text not null,
  cost_center text,
  run_id uuid not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  padding_millis bigint not null check (padding_millis >= 0),
  billed_millis bigint not null check (billed_millis >= 0),
  gpus int not null,
  units int not null,
  price_version text not null,
  list_price text not null,
  unit_price text not null,
  factors text not null,
  rated_amount text not null,
  credit_amount text not null,
  exact_amount text not null,
  primary key (invoice_id, line_number, row_number),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  foreign key (invoice_id, line_number) references invoice_line (invoice_id, line_number)
);
call kit_tenant_table('rated_row');
grant select on rated_row to ${svc}_app, ${svc}_system;
grant select, insert, delete on rated_row to ${svc}_platform;

-- What an invoice took of a promotional credit, exact.
create table credit_burn (
  tenant_id uuid not null,
  grant_id uuid not null references credit_grant (id),
  invoice_id uuid not null references invoice (id),
  month text not null,
  amount text not null,
  primary key (grant_id, invoice_id)
);
call kit_tenant_table('credit_burn');
grant select on credit_burn to ${svc}_app, ${svc}_system;
grant select, insert, delete on credit_burn to ${svc}_platform;

create table invoice_history (
  tenant_id uuid not null,
  invoice_id uuid not null,
  ordinal int not null,
  action text not null,
  state text not null,
  by_subject text not null,
  by_name text not null,
  at timestamptz not null,
  comment text,
  primary key (invoice_id, ordinal),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('invoice_history');
create trigger append_only before update or delete or truncate on invoice_history
  for each statement execute function forbid_change();
grant select on invoice_history to ${svc}_app, ${svc}_system;
grant select, insert on invoice_history to ${svc}_platform;

-- A tenant sees what hangs below an invoice only once it sees the invoice.
create policy issued_only on invoice_line as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create policy issued_only on rated_row as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create policy issued_only on credit_burn as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create policy issued_only on invoice_history as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));

-- The last number given out in a month; its row is locked from the taking to the commit.
create table invoice_number (
  month text primary key,
  last_number bigint not null check (last_number > 0)
);
call kit_shared_table('invoice_number');
grant select, insert, update on invoice_number to ${svc}_platform;

create function forbid_change_of_issued() returns trigger language plpgsql as $$
begin
  if old.state = 'ISSUED' then
    raise exception 'invoice % is issued', old.number using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'DELETE' then
    raise exception 'invoices are not deleted' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger issued_is_final before update or delete on invoice
  for each row execute function forbid_change_of_issued();
create trigger never_truncated before truncate on invoice
  for each statement execute function forbid_change();

create function forbid_change_below_issued() returns trigger language plpgsql as $$
declare
  parent uuid := case when tg_op = 'DELETE' then old.invoice_id else new.invoice_id end;
begin
  if not exists (select 1 from invoice where id = parent and state <> 'ISSUED') then
    raise exception 'invoice % is issued', parent using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' then
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger issued_is_final before insert or update or delete on invoice_line
  for each row execute function forbid_change_below_issued();
create trigger issued_is_final before insert or update or delete on rated_row
  for each row execute function forbid_change_below_issued();
create trigger issued_is_final before insert or update or delete on credit_burn
  for each row execute function forbid_change_below_issued();
create trigger never_truncated before truncate on invoice_line
  for each statement execute function forbid_change();
create trigger never_truncated before truncate on rated_row
  for each statement execute function forbid_change();
create trigger never_truncated before truncate on credit_burn
  for each statement execute function forbid_change();
