-- The rated rows of an invoice are one document instead of a row each of some thirty columns. What it
-- looks like is written down at RowsDocument; those made here are text that only the database packs.
create table rated_rows (
  tenant_id uuid not null,
  invoice_id uuid primary key,
  document bytea not null,
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);

create function rated_row_cell(value text) returns text language sql immutable as
  $$ select coalesce(
       case when value like '"%' then '\' else '' end
         || replace(replace(replace(replace(value, '\', '\\'), E'\t', '\t'), E'\n', '\n'), E'\r', '\r'),
       '\N') $$;

alter table rated_row no force row level security;
insert into rated_rows (tenant_id, invoice_id, document)
select tenant_id, invoice_id, convert_to(
  concat_ws(E'\t', 'line', 'row', 'project', 'instance', 'instanceName', 'instanceType', 'costCenter',
            'run', 'startMillis', 'endMillis', 'paddingMillis', 'billedMillis', 'gpus', 'units',
            'category', 'share', 'quantity', 'coveredBy', 'priceVersion', 'listPrice', 'basePrice',
            'unitPrice', 'factors', 'ratedAmount', 'credits', 'creditAmount', 'exactAmount')
    || string_agg(
      E'\n' || concat_ws(E'\t', line_number, row_number, project_id, instance_id,
        rated_row_cell(instance_name), rated_row_cell(instance_type), rated_row_cell(cost_center),
        run_id, millis(start_at), millis(end_at), padding_millis, billed_millis, gpus, units,
        category, share, coalesce(quantity, '\N'), rated_row_cell(covered_by),
        rated_row_cell(price_version), list_price, coalesce(base_price, '\N'), unit_price,
        rated_row_cell(factors), rated_amount, rated_row_cell(credits::text), credit_amount,
        exact_amount), '' order by line_number, row_number),
  'UTF8')
from rated_row
group by tenant_id, invoice_id;

drop table rated_row;
drop function rated_row_cell;
drop function turned;

call kit_tenant_table('rated_rows');
create policy issued_only on rated_rows as restrictive for select to ${svc}_app
  using (exists (select 1 from invoice i where i.id = invoice_id));
create trigger issued_is_final before insert or update or delete on rated_rows
  for each row execute function forbid_change_below_issued();
create trigger never_truncated before truncate on rated_rows
  for each statement execute function forbid_change();
grant select on rated_rows to ${svc}_app, ${svc}_system;
grant select, insert, delete on rated_rows to ${svc}_platform;
