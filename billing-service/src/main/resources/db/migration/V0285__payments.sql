-- Money that came in, and which invoices it pays. Both are append-only: what was wrong is taken back by a row of its own.
create table payment (
  id uuid primary key,
  received_on date not null,
  amount_krw bigint not null check (amount_krw > 0),
  payer text not null,
  reference text not null,
  source text not null check (source in ('MANUAL', 'IMPORT')),
  -- what makes a line of a bank's file itself, so that it counts once however often it is imported
  fingerprint bytea unique,
  match text not null,
  recorded_by text not null,
  recorded_at timestamptz not null
);
call kit_shared_table('payment');
create trigger append_only before update or delete or truncate on payment
  for each statement execute function forbid_change();
grant select, insert on payment to ${svc}_platform;
create index payment_newest on payment (received_on desc, id desc);

create table payment_allocation (
  tenant_id uuid not null,
  id uuid primary key,
  payment_id uuid not null references payment (id),
  received_on date not null,
  invoice_id uuid not null,
  amount_krw bigint not null check (amount_krw <> 0),
  rule text not null,
  takes_back uuid unique references payment_allocation (id),
  comment text,
  by_subject text not null,
  by_name text not null,
  at timestamptz not null,
  check ((amount_krw < 0) = (takes_back is not null)),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('payment_allocation');
create trigger append_only before update or delete or truncate on payment_allocation
  for each statement execute function forbid_change();
grant select on payment_allocation to ${svc}_app, ${svc}_system;
grant select, insert on payment_allocation to ${svc}_platform;
create index payment_allocation_of_payment on payment_allocation (payment_id);
create index payment_allocation_of_invoice on payment_allocation (invoice_id);

-- Neither more than came in, nor more than is owed, whoever writes and however many at once: the writer locks both.
create function payment_allocation_fits() returns trigger language plpgsql as $$
begin
  if (select sum(amount_krw) from payment_allocation where payment_id = new.payment_id)
      > (select amount_krw from payment where id = new.payment_id) then
    raise exception 'payment % is used up', new.payment_id using errcode = 'integrity_constraint_violation';
  end if;
  if (select sum(amount_krw) from payment_allocation where invoice_id = new.invoice_id)
      > (select due_krw from invoice where id = new.invoice_id and number is not null) then
    raise exception 'invoice % is paid', new.invoice_id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create constraint trigger fits after insert on payment_allocation
  deferrable initially deferred for each row execute function payment_allocation_fits();

-- The steps taken against an invoice that stayed open.
create table dunning_step (
  tenant_id uuid not null,
  invoice_id uuid not null,
  number int not null check (number > 0),
  name text not null,
  days_late int not null,
  open_krw bigint not null check (open_krw > 0),
  at timestamptz not null,
  primary key (invoice_id, number),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('dunning_step');
create trigger append_only before update or delete or truncate on dunning_step
  for each statement execute function forbid_change();
grant select on dunning_step to ${svc}_app, ${svc}_system;
grant select, insert on dunning_step to ${svc}_platform;

alter table ledger_entry drop constraint ledger_entry_account_check;
alter table ledger_entry add constraint ledger_entry_account_check check (account in (
  'UNBILLED_RECEIVABLE', 'RECEIVABLE', 'INTERCOMPANY_RECEIVABLE', 'REVENUE', 'VAT_PAYABLE',
  'PROMOTION_EXPENSE', 'PREPAID_LIABILITY', 'BREAKAGE_INCOME', 'BANK', 'UNAPPLIED_RECEIPTS'));
