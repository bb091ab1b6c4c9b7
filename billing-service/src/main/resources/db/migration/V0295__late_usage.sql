-- What arrives after a month's invoice was issued. Stamps of arrival and of closing are both the
-- database's own, whatever the business clock says.
alter table invoice
  add column closed_at timestamptz,
  -- whose usage it charged: an account may gain tenants later
  add column tenants uuid[];

create function note_what_was_closed() returns trigger language plpgsql as $$
begin
  if new.state = 'ISSUED' then
    new.closed_at := clock_timestamp();
    new.tenants := (select array_agg(t.tenant_id) from account_tenant t
                    where t.account_id = new.account_id);
  end if;
  return new;
end $$;
create trigger what_was_closed before update on invoice
  for each row execute function note_what_was_closed();

-- How late usage of an account is charged; the newest version holds, none is the usual.
create table late_policy (
  tenant_id uuid not null,
  account_id uuid not null,
  version int not null check (version > 0),
  way text not null check (way in ('NEXT_INVOICE', 'AMENDED')),
  write_off_below_krw bigint not null check (write_off_below_krw >= 0),
  set_by text not null,
  set_at timestamptz not null,
  primary key (account_id, version),
  foreign key (tenant_id, account_id) references billing_account (tenant_id, id)
);
call kit_tenant_table('late_policy');
create trigger append_only before update or delete or truncate on late_policy
  for each statement execute function forbid_change();
grant select on late_policy to ${svc}_system;
grant select, insert on late_policy to ${svc}_platform;

-- A note against an issued invoice: it takes back, or adds, and is final once it is issued.
create table invoice_note (
  tenant_id uuid not null,
  id uuid primary key,
  invoice_id uuid not null,
  account_id uuid not null references billing_account (id),
  kind text not null check (kind in
    ('LATE_USAGE', 'SLA', 'SUPPLY_CHANGE', 'RESCINDED', 'DOUBLE_ISSUE')),
  reason int not null check (reason in (1, 2, 4, 6)),
  state text not null check (state in ('IN_REVIEW', 'ISSUED', 'WITHDRAWN')),
  -- counts an invoice's notes without holes
  ordinal int check (ordinal > 0),
  number text unique,
  percent text,
  sku text,
  tax_type text not null,
  supply_krw bigint not null,
  vat_krw bigint not null,
  total_krw bigint generated always as (supply_krw + vat_krw) stored,
  -- the items of the document that stands in the original's place
  items jsonb,
  description text not null,
  why text not null,
  period_from date,
  period_to date check (period_to >= period_from),
  write_date date not null,
  prepared_by text not null,
  prepared_name text not null,
  prepared_at timestamptz not null,
  decided_by text,
  decided_name text,
  decided_at timestamptz,
  decision_comment text,
  version bigint not null,
  unique (tenant_id, id),
  unique (invoice_id, ordinal),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  constraint four_eyes check (state <> 'ISSUED' or decided_by <> prepared_by),
  constraint decided check ((decided_by is not null) = (state <> 'IN_REVIEW')),
  constraint number_with_issue check ((number is not null) = (state = 'ISSUED')),
  constraint ordinal_with_issue check ((ordinal is not null) = (state = 'ISSUED'))
);
create index invoice_note_of_invoice on invoice_note (invoice_id);
call kit_tenant_table('invoice_note');
create policy issued_only on invoice_note as restrictive for select to ${svc}_app
  using (state = 'ISSUED');
grant select on invoice_note to ${svc}_app, ${svc}_system;
grant select, insert, update on invoice_note to ${svc}_platform;

create function forbid_change_of_note() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'notes are not deleted' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> 'IN_REVIEW' then
    raise exception 'note % is final', old.id using errcode = 'integrity_constraint_violation';
  end if;
  if not exists (select 1 from invoice where id = new.invoice_id and state = 'ISSUED') then
    raise exception 'a note is against an issued invoice'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger issued_is_final before update or delete on invoice_note
  for each row execute function forbid_change_of_note();
create trigger never_truncated before truncate on invoice_note
  for each statement execute function forbid_change();

-- What late usage changed of a closed month, and by what it was settled: once, whoever settles it.
create table late_usage (
  tenant_id uuid not null,
  id uuid primary key,
  account_id uuid not null references billing_account (id),
  -- the closed month's invoice
  original_id uuid not null,
  ordinal int not null check (ordinal > 0),
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  outcome text not null check (outcome in ('NEXT_INVOICE', 'AMENDED', 'WRITTEN_OFF')),
  -- the open month's invoice that charges it or writes it off
  invoice_id uuid,
  -- the note that amends the closed month's document
  note_id uuid,
  supply_before_krw bigint not null,
  vat_before_krw bigint not null,
  supply_now_krw bigint not null,
  vat_now_krw bigint not null,
  -- exact changes by what a line has in common
  changes jsonb not null,
  unique (original_id, ordinal),
  unique (tenant_id, id),
  foreign key (tenant_id, original_id) references invoice (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  foreign key (tenant_id, note_id) references invoice_note (tenant_id, id),
  constraint settled_by_one check ((invoice_id is null) <> (note_id is null)),
  constraint amended_by_a_note check ((outcome = 'AMENDED') = (note_id is not null))
);
create index late_usage_of_invoice on late_usage (invoice_id);
create index late_usage_of_account on late_usage (account_id);
call kit_tenant_table('late_usage');
grant select on late_usage to ${svc}_app, ${svc}_system;
grant select, insert, delete on late_usage to ${svc}_platform;

-- What a correction took of promotional credits beyond what the original took, or gave back.
create table late_usage_credit (
  tenant_id uuid not null,
  late_usage_id uuid not null references late_usage (id) on delete cascade,
  grant_id uuid not null references credit_grant (id),
  month text not null,
  amount text not null,
  primary key (late_usage_id, grant_id)
);
call kit_tenant_table('late_usage_credit');
grant select on late_usage_credit to ${svc}_app, ${svc}_system;
grant select, insert, delete on late_usage_credit to ${svc}_platform;

create function forbid_change_of_settled() returns trigger language plpgsql as $$
declare
  r record;
begin
  if tg_op = 'DELETE' then
    r := old;
  else
    r := new;
  end if;
  if tg_op = 'UPDATE'
     or exists (select 1 from invoice where id = r.invoice_id and state = 'ISSUED')
     or exists (select 1 from invoice_note where id = r.note_id and state = 'ISSUED') then
    raise exception 'what settled late usage is final'
      using errcode = 'integrity_constraint_violation';
  end if;
  return r;
end $$;
create function forbid_change_below_settled() returns trigger language plpgsql as $$
declare
  parent uuid := case when tg_op = 'DELETE' then old.late_usage_id else new.late_usage_id end;
begin
  if tg_op = 'UPDATE' or exists (
      select 1 from late_usage u
        left join invoice i on i.id = u.invoice_id
        left join invoice_note n on n.id = u.note_id
      where u.id = parent and (i.state = 'ISSUED' or n.state = 'ISSUED')) then
    raise exception 'what settled late usage is final'
      using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger settled_is_final before insert or update or delete on late_usage_credit
  for each row execute function forbid_change_below_settled();
create trigger settled_is_final before insert or update or delete on late_usage
  for each row execute function forbid_change_of_settled();
create trigger never_truncated before truncate on late_usage
  for each statement execute function forbid_change();
create trigger never_truncated before truncate on late_usage_credit
  for each statement execute function forbid_change();

-- A note changes what is owed; and an allocation may be taken back however much is owed.
create or replace function payment_allocation_fits() returns trigger language plpgsql as $$
begin
  if new.amount_krw < 0 then
    return null;
  end if;
  if (select sum(amount_krw) from payment_allocation where payment_id = new.payment_id)
      > (select amount_krw from payment where id = new.payment_id) then
    raise exception 'payment % is used up', new.payment_id using errcode = 'integrity_constraint_violation';
  end if;
  if (select sum(amount_krw) from payment_allocation where invoice_id = new.invoice_id)
      > (select due_krw from invoice where id = new.invoice_id and number is not null)
        + (select coalesce(sum(total_krw), 0) from invoice_note
           where invoice_id = new.invoice_id and state = 'ISSUED') then
    raise exception 'invoice % is paid', new.invoice_id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- The note that a tax document was made for; one that amends by hand has none.
alter table tax_document add column note_id uuid;
alter table tax_document add constraint of_a_note
  foreign key (tenant_id, note_id) references invoice_note (tenant_id, id);
create index tax_document_of_note on tax_document (note_id);
