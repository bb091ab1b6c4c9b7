-- Tenants of one business number share an invoice, which is the document of one of them. Whom it
-- charged sees its head, the lines of its own projects and the document of rated rows, of which the
-- service shows those of these lines (ADR 112).
create policy charged on invoice for select to ${svc}_app
  using (tenants @> array[kit_tenant()]);
create policy charged on invoice_line for select to ${svc}_app
  using (exists (select from invoice i
                 where i.id = invoice_id and i.tenants @> array[kit_tenant()])
    and exists (select from project_ref p
                where p.project_id = invoice_line.project_id and p.tenant_id = kit_tenant()));
create policy charged on rated_rows for select to ${svc}_app
  using (exists (select from invoice i
                 where i.id = invoice_id and i.tenants @> array[kit_tenant()]));
