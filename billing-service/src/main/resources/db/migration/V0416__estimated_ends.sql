-- Runs without proof that two persons let pass: an invoice counts each up to its last sign of life
-- that was known when it was rated, from which anybody can recompute it.
create table invoice_estimate (
  tenant_id uuid not null,
  invoice_id uuid not null,
  run_id uuid not null,
  alive_through timestamptz not null,
  primary key (invoice_id, run_id),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('invoice_estimate');
create policy issued_only on invoice_estimate as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create trigger issued_is_final before insert or update or delete on invoice_estimate
  for each row execute function forbid_change_below_issued();
create trigger never_truncated before truncate on invoice_estimate
  for each statement execute function forbid_change();
grant select on invoice_estimate to ${svc}_app, ${svc}_system;
grant select, insert, delete on invoice_estimate to ${svc}_platform;

-- What was heard after a close is not what the close knew.
alter table run_heartbeat add column heard_at timestamptz not null default now();
