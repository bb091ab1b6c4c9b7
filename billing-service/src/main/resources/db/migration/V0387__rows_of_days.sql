-- The rated rows of a day's book as they were when it was made. An invoice that rests on a day names its version and
-- has no copy of its rows, so none is ever changed or taken away.
create table usage_day_rows (
  tenant_id uuid not null,
  day date not null,
  version bigint not null,
  rows bytea not null,              -- see RowsDocument
  primary key (tenant_id, day, version)
);
alter table usage_day_rows alter column rows set storage external;

alter table usage_day no force row level security;
insert into usage_day_rows (tenant_id, day, version, rows)
select tenant_id, day, looked, rows from usage_day where booked;
alter table usage_day force row level security;
alter table usage_day drop column rows;

call kit_tenant_table('usage_day_rows');
create trigger append_only before update or delete on usage_day_rows
  for each row execute function forbid_change();
create trigger append_only_truncate before truncate on usage_day_rows
  for each statement execute function forbid_change();
grant select, insert on usage_day_rows to ${svc}_platform;

-- A tenant sees the rows of days that an issued invoice charged for which is its own, or charged it as well.
drop policy app on usage_day_rows;
create policy charged on usage_day_rows for select to ${svc}_app
  using (exists (select from invoice i
                 where i.month = to_char(day, 'YYYY-MM') and i.tenants @> array[usage_day_rows.tenant_id]
                   and (i.tenant_id = kit_tenant() or i.tenants @> array[kit_tenant()])));
grant select on usage_day_rows to ${svc}_app;

comment on column rated_rows.day_documents is 'rows of the days; invoices drafted later name them alone';
