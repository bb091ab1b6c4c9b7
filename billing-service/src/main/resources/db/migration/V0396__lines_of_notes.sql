-- What a note changes by tax type and project; a line of the account has no project.
create table invoice_note_line (
  tenant_id uuid not null,
  note_id uuid not null,
  line_number int not null check (line_number > 0),
  tax_type text not null,
  project_id uuid,
  project_slug text,
  supply_krw bigint not null,
  vat_krw bigint not null,
  primary key (note_id, line_number),
  foreign key (tenant_id, note_id) references invoice_note (tenant_id, id)
);

-- Whose usage the note is about, besides the tenant whom the invoice was issued to.
alter table invoice_note add column tenants uuid[];

alter table invoice_note no force row level security;
insert into invoice_note_line (tenant_id, note_id, line_number, tax_type, supply_krw, vat_krw)
select tenant_id, id, 1, tax_type, supply_krw, vat_krw from invoice_note;
alter table invoice_note force row level security;

call kit_tenant_table('invoice_note_line');
grant select on invoice_note_line to ${svc}_app, ${svc}_system;
grant select, insert, delete on invoice_note_line to ${svc}_platform;

create function forbid_change_of_note_line() returns trigger language plpgsql as $$
declare
  parent uuid := case when tg_op = 'DELETE' then old.note_id else new.note_id end;
begin
  if tg_op = 'UPDATE'
     or exists (select 1 from invoice_note where id = parent and state <> 'IN_REVIEW') then
    raise exception 'the lines of note % are final', parent
      using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger decided_is_final before insert or update or delete on invoice_note_line
  for each row execute function forbid_change_of_note_line();
create trigger never_truncated before truncate on invoice_note_line
  for each statement execute function forbid_change();

create function note_is_sum_of_lines() returns trigger language plpgsql as $$
begin
  if (select (coalesce(sum(supply_krw), 0), coalesce(sum(vat_krw), 0)) from invoice_note_line
      where note_id = new.id) is distinct from (new.supply_krw::numeric, new.vat_krw::numeric) then
    raise exception 'note % is not the sum of its lines', new.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create constraint trigger sum_of_lines after insert or update on invoice_note
  deferrable initially deferred for each row execute function note_is_sum_of_lines();

create function note_whom_it_concerns() returns trigger language plpgsql as $$
begin
  if new.state = 'ISSUED' then
    new.tenants := coalesce(
      (select array_agg(distinct p.tenant_id)
       from invoice_note_line l join project_ref p on p.project_id = l.project_id
       where l.note_id = new.id and p.tenant_id <> new.tenant_id),
      '{}');
  end if;
  return new;
end $$;
create trigger whom_it_concerns before update on invoice_note
  for each row execute function note_whom_it_concerns();

-- A tenant that has a part of the invoice sees a note that is about its usage, and of its lines
-- those of its own projects (ADR 120).
create policy charged on invoice_note for select to ${svc}_app
  using (tenants @> array[kit_tenant()]);
create policy issued_only on invoice_note_line as restrictive for select to ${svc}_app
  using (exists (select from invoice_note n where n.id = note_id and n.state = 'ISSUED'));
create policy charged on invoice_note_line for select to ${svc}_app
  using (exists (select from project_ref p
                 where p.project_id = invoice_note_line.project_id
                   and p.tenant_id = kit_tenant()));
