-- What the statement engine says of a month stands below its invoice: lines of an account without
-- a project, shares of rows, which credit took what, how commitments were used, what prepaid pays.
alter table invoice
  add column usage_krw bigint not null default 0,
  add column includes_vat boolean not null default false,
  add column prepaid_krw bigint not null default 0,
  add column due_krw bigint generated always as (total_krw - prepaid_krw) stored,
  add constraint prepaid_within_total check (prepaid_krw >= 0 and prepaid_krw <= greatest(total_krw, 0));

alter table invoice_line
  alter column project_id drop not null,
  alter column project_slug drop not null,
  -- the amount without its VAT, where prices include it
  add column supply_krw bigint,
  add constraint project_by_id_and_slug check ((project_id is null) = (project_slug is null));

alter table rated_row
  add column category text not null default 'USAGE',
  add column share text not null default '1',
  add column quantity text,
  add column base_price text,
  add column covered_by text,
  add column credits jsonb not null default '[]';

alter table credit_burn add column lapsed text not null default '0';

create table invoice_commitment (
  tenant_id uuid not null,
  invoice_id uuid not null,
  commitment text not null,
  sku text not null,
  kind text not null,
  committed_hours text not null,
  used_hours text not null,
  fee text not null,
  effective text not null,
  unused text not null,
  primary key (invoice_id, commitment),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('invoice_commitment');
create policy issued_only on invoice_commitment as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create trigger issued_is_final before insert or update or delete on invoice_commitment
  for each row execute function forbid_change_below_issued();
create trigger never_truncated before truncate on invoice_commitment
  for each statement execute function forbid_change();
grant select on invoice_commitment to ${svc}_app, ${svc}_system;
grant select, insert, delete on invoice_commitment to ${svc}_platform;

-- What is agreed with an account beside list prices. A version is never changed: the newest of a
-- reference holds, and ends it by naming an earlier end.
create table agreement (
  tenant_id uuid not null,
  account_id uuid not null,
  reference text not null check (reference ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  version int not null check (version > 0),
  kind text not null check (kind in
    ('CONTRACT_PRICE', 'USAGE_COMMITMENT', 'SPEND_COMMITMENT', 'MONTHLY_FEE')),
  from_at timestamptz not null,
  until_at timestamptz,
  terms jsonb not null,
  agreed_by text not null,
  agreed_at timestamptz not null,
  primary key (account_id, reference, version),
  foreign key (tenant_id, account_id) references billing_account (tenant_id, id),
  check (until_at is null or until_at > from_at)
);
call kit_tenant_table('agreement');
create trigger append_only before update or delete or truncate on agreement
  for each statement execute function forbid_change();
grant select on agreement to ${svc}_app, ${svc}_system;
grant select, insert on agreement to ${svc}_platform;

-- Accounts whose quantities count together for tiers from a month on, until the pool's next
-- version; one without accounts is dissolved.
create table tier_pool (
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  version int not null check (version > 0),
  accounts uuid[] not null,
  from_month text not null check (from_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  agreed_by text not null,
  agreed_at timestamptz not null,
  primary key (name, version)
);
call kit_shared_table('tier_pool');
create trigger append_only before update or delete or truncate on tier_pool
  for each statement execute function forbid_change();
grant select on tier_pool to ${svc}_system;
grant select, insert on tier_pool to ${svc}_platform;

-- Money paid before: a liability until it pays an invoice, or lapses.
create table prepaid (
  tenant_id uuid not null,
  id uuid primary key,
  account_id uuid not null,
  amount_krw bigint not null check (amount_krw > 0),
  priority int not null,
  valid_from timestamptz not null,
  expires_at timestamptz check (expires_at > valid_from),
  paid_at timestamptz not null,
  note text,
  unique (tenant_id, id),
  foreign key (tenant_id, account_id) references billing_account (tenant_id, id)
);
create index prepaid_account on prepaid (account_id);
call kit_tenant_table('prepaid');
create trigger append_only before update or delete or truncate on prepaid
  for each statement execute function forbid_change();
grant select on prepaid to ${svc}_app, ${svc}_system;
grant select, insert on prepaid to ${svc}_platform;

create table prepaid_payment (
  tenant_id uuid not null,
  prepaid_id uuid not null references prepaid (id),
  invoice_id uuid not null,
  month text not null,
  paid_krw bigint not null check (paid_krw > 0),
  primary key (prepaid_id, invoice_id),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('prepaid_payment');
create policy issued_only on prepaid_payment as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create trigger issued_is_final before insert or update or delete on prepaid_payment
  for each row execute function forbid_change_below_issued();
create trigger never_truncated before truncate on prepaid_payment
  for each statement execute function forbid_change();
grant select on prepaid_payment to ${svc}_app, ${svc}_system;
grant select, insert, delete on prepaid_payment to ${svc}_platform;

create table prepaid_breakage (
  tenant_id uuid not null,
  prepaid_id uuid primary key references prepaid (id),
  lapsed_krw bigint not null check (lapsed_krw > 0),
  at timestamptz not null
);
call kit_tenant_table('prepaid_breakage');
create trigger append_only before update or delete or truncate on prepaid_breakage
  for each statement execute function forbid_change();
grant select on prepaid_breakage to ${svc}_app, ${svc}_system;
grant select, insert on prepaid_breakage to ${svc}_platform;

-- Whoever writes: no more is paid out of a balance than was paid in.
create function prepaid_suffices() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.prepaid_id::text, 7403));
  if (select coalesce(sum(paid_krw), 0) from prepaid_payment where prepaid_id = new.prepaid_id)
     + (select coalesce(sum(lapsed_krw), 0) from prepaid_breakage
        where prepaid_id = new.prepaid_id)
     > (select amount_krw from prepaid where id = new.prepaid_id) then
    raise exception 'prepaid % has not that much left', new.prepaid_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create constraint trigger suffices after insert on prepaid_payment
  for each row execute function prepaid_suffices();
create constraint trigger suffices after insert on prepaid_breakage
  for each row execute function prepaid_suffices();
