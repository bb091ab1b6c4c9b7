-- What became of an invoice's tax documents. The invoice itself stays as it was issued.
create table tax_document (
  tenant_id uuid not null,
  key text primary key check (length(key) between 1 and 24),
  invoice_id uuid not null,
  -- 0 for the original, then counted by amendment
  ordinal int not null check (ordinal >= 0),
  kind text not null check (kind in ('ORIGINAL', 'REVERSAL', 'REPLACEMENT', 'DIFFERENCE')),
  reason int check (reason in (1, 2, 4, 6)),
  write_date date not null,
  issued_on date not null,
  supply_krw bigint not null,
  vat_krw bigint not null,
  -- the whole document as it is transmitted
  content text not null,
  state text not null check (state in ('ISSUED', 'TRANSMITTED', 'ACCEPTED', 'REJECTED')),
  reference text,
  approval_number text unique check (approval_number ~ '^[0-9]{24}$'),
  rejection text,
  created_by text not null,
  created_at timestamptz not null,
  transmitted_at timestamptz,
  answered_at timestamptz,
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  unique (invoice_id, ordinal, kind),
  constraint original_has_no_reason check ((kind = 'ORIGINAL') = (reason is null)),
  constraint original_is_first check ((kind = 'ORIGINAL') = (ordinal = 0)),
  constraint number_with_acceptance check ((approval_number is not null) = (state = 'ACCEPTED')),
  constraint why_with_rejection check ((rejection is not null) = (state = 'REJECTED'))
);
call kit_tenant_table('tax_document');
create policy issued_only on tax_document as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
grant select on tax_document to ${svc}_app, ${svc}_system;
grant select, insert, update on tax_document to ${svc}_platform;

-- A document is amended by another one: of what stands on it nothing ever changes.
create function forbid_change_of_tax_document() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'tax documents are not deleted' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = 'ACCEPTED' then
    raise exception 'tax document % is accepted', old.key using errcode = 'integrity_constraint_violation';
  end if;
  if (old.tenant_id, old.key, old.invoice_id, old.ordinal, old.kind, old.write_date, old.issued_on,
      old.supply_krw, old.vat_krw, old.content, old.created_by, old.created_at)
     is distinct from
     (new.tenant_id, new.key, new.invoice_id, new.ordinal, new.kind, new.write_date, new.issued_on,
      new.supply_krw, new.vat_krw, new.content, new.created_by, new.created_at)
     or old.reason is distinct from new.reason then
    raise exception 'tax document % is final', old.key using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger content_is_final before update or delete on tax_document
  for each row execute function forbid_change_of_tax_document();
create trigger never_truncated before truncate on tax_document
  for each statement execute function forbid_change();
