-- A finding of the close checklist that two persons let pass; what was proposed never changes.
create table close_waiver (
  tenant_id uuid not null,
  id uuid primary key,
  account_id uuid not null,
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  code text not null,
  subject text not null,
  detail text not null,
  reason text not null check (length(reason) between 1 and 1000),
  state text not null check (state in ('PROPOSED', 'CONFIRMED', 'REJECTED')),
  proposed_by text not null,
  proposed_name text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_name text,
  decided_at timestamptz,
  version bigint not null default 1,
  unique (tenant_id, id),
  foreign key (tenant_id, account_id) references billing_account (tenant_id, id),
  constraint second_person check (state <> 'CONFIRMED' or decided_by <> proposed_by),
  constraint decided_by_somebody check ((state = 'PROPOSED') = (decided_by is null)),
  constraint decided_at_a_time check ((decided_by is null) = (decided_at is null))
);
create unique index one_standing_waiver on close_waiver (account_id, month, code, subject)
  where state <> 'REJECTED';
create index close_waiver_month on close_waiver (month, id);
call kit_tenant_table('close_waiver');
create function close_waiver_is_decided_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'PROPOSED'
     or (old.tenant_id, old.id, old.account_id, old.month, old.code, old.subject, old.detail,
         old.reason, old.proposed_by, old.proposed_name, old.proposed_at)
        is distinct from
        (new.tenant_id, new.id, new.account_id, new.month, new.code, new.subject, new.detail,
         new.reason, new.proposed_by, new.proposed_name, new.proposed_at) then
    raise exception 'waiver % is final', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger decided_once before update or delete on close_waiver
  for each row execute function close_waiver_is_decided_once();
create trigger never_truncated before truncate on close_waiver
  for each statement execute function forbid_change();
grant select on close_waiver to ${svc}_system;
grant select, insert, update on close_waiver to ${svc}_platform;

-- An anomaly of a draft that somebody looked at; with other figures it is another one.
create table anomaly_look (
  tenant_id uuid not null,
  invoice_id uuid not null,
  code text not null,
  subject text not null,
  detail text not null,
  note text,
  by_subject text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (invoice_id, code, subject, detail),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
call kit_tenant_table('anomaly_look');
create trigger append_only before update or delete or truncate on anomaly_look
  for each statement execute function forbid_change();
grant select on anomaly_look to ${svc}_system;
grant select, insert on anomaly_look to ${svc}_platform;

-- What finance says about an invoice among themselves; tenants do not see it.
create table invoice_comment (
  tenant_id uuid not null,
  id uuid primary key,
  invoice_id uuid not null,
  text text not null check (length(text) between 1 and 2000),
  by_subject text not null,
  by_name text not null,
  at timestamptz not null,
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
create index invoice_comment_of on invoice_comment (invoice_id, id);
call kit_tenant_table('invoice_comment');
create trigger append_only before update or delete or truncate on invoice_comment
  for each statement execute function forbid_change();
grant select on invoice_comment to ${svc}_system;
grant select, insert on invoice_comment to ${svc}_platform;
