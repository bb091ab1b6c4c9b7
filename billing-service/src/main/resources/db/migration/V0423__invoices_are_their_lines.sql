-- What is issued is the sum of its lines, and was a draft first: whoever writes.
create function invoice_begins_as_draft() returns trigger language plpgsql as $$
begin
  raise exception 'invoice % begins as a draft', new.id
    using errcode = 'integrity_constraint_violation';
end $$;
create trigger begins_as_draft before insert on invoice
  for each row when (new.state <> 'DRAFT') execute function invoice_begins_as_draft();

create function issued_invoices_are_their_lines() returns trigger language plpgsql as $$
declare
  other uuid;
begin
  select n.id into other
  from changed n join before o using (id)
    cross join lateral (
      select coalesce(sum(coalesce(l.supply_krw, l.amount_krw)), 0) as supply,
             coalesce(sum(l.vat_krw), 0) as vat
      from invoice_line l where l.invoice_id = n.id) l
  where n.state = 'ISSUED' and o.state <> 'ISSUED'
    and (n.supply_krw <> l.supply or n.vat_krw <> l.vat)
  limit 1;
  if other is not null then
    raise exception 'invoice % is not the sum of its lines', other
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create trigger sum_of_lines after update on invoice
  referencing old table as before new table as changed
  for each statement execute function issued_invoices_are_their_lines();
