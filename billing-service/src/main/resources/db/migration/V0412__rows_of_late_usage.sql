-- The rows that late usage takes back and puts in their place, as far as no invoice line shows them: those of notes,
-- those that are written off, and those that cost nothing.
create table late_usage_rows (
  tenant_id uuid not null,
  late_usage_id uuid primary key,
  lines jsonb not null,       -- what the rows of a line have in common; the first is line 1 of the document
  document bytea not null,    -- see RowsDocument
  foreign key (tenant_id, late_usage_id) references late_usage (tenant_id, id)
);
alter table late_usage_rows alter column document set storage external;
call kit_tenant_table('late_usage_rows');
grant select on late_usage_rows to ${svc}_system;
grant select, insert, delete on late_usage_rows to ${svc}_platform;
create trigger settled_is_final before insert or update or delete on late_usage_rows
  for each row execute function forbid_change_below_settled();
create trigger never_truncated before truncate on late_usage_rows
  for each statement execute function forbid_change();
