-- Double entry in won, append-only; corrections are new transactions that name the old one.
create table ledger_transaction (
  tenant_id uuid not null,
  id uuid primary key,
  document text not null,
  kind text not null,
  version int not null,
  corrects uuid references ledger_transaction (id),
  posted_by text not null,
  posted_at timestamptz not null,
  unique (document, kind, version),
  unique (tenant_id, id)
);
create table ledger_entry (
  tenant_id uuid not null,
  transaction_id uuid not null,
  ordinal int not null,
  account text not null check (account in (
    'UNBILLED_RECEIVABLE', 'RECEIVABLE', 'INTERCOMPANY_RECEIVABLE', 'REVENUE', 'VAT_PAYABLE',
    'PROMOTION_EXPENSE', 'PREPAID_LIABILITY', 'BREAKAGE_INCOME')),
  amount_krw bigint not null check (amount_krw <> 0),
  primary key (transaction_id, ordinal),
  foreign key (tenant_id, transaction_id) references ledger_transaction (tenant_id, id)
);
call kit_tenant_table('ledger_transaction');
call kit_tenant_table('ledger_entry');
create trigger append_only before update or delete or truncate on ledger_transaction
  for each statement execute function forbid_change();
create trigger append_only before update or delete or truncate on ledger_entry
  for each statement execute function forbid_change();
grant select on ledger_transaction, ledger_entry to ${svc}_system;
grant select, insert on ledger_transaction, ledger_entry to ${svc}_platform;

create function ledger_transaction_balances() returns trigger language plpgsql as $$
begin
  if (select coalesce(sum(amount_krw), 0) from ledger_entry
      where transaction_id = new.transaction_id) <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create constraint trigger balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function ledger_transaction_balances();
