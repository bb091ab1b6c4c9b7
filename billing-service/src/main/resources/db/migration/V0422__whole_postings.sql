-- A posting is whole when it is written: nobody adds to one of before, whoever asks.
create function entries_come_with_their_posting() returns trigger language plpgsql as $$
begin
  if exists (
    select from added a join ledger_transaction t on t.id = a.transaction_id
    where t.xmin <> cast(pg_current_xact_id() as xid)) then
    raise exception 'a posting of before is final: corrections are new postings that name it'
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create trigger whole_from_the_start after insert on ledger_entry
  referencing new table as added
  for each statement execute function entries_come_with_their_posting();

-- Who prepared an invoice stays known: four eyes are not had by forgetting two of them.
create function preparers_stay_known() returns trigger language plpgsql as $$
begin
  raise exception 'whoever prepared invoice % stays among its preparers', new.id
    using errcode = 'integrity_constraint_violation';
end $$;
create trigger preparers_stay before update on invoice
  for each row when (not (old.preparers <@ new.preparers) or old.prepared_by <> new.prepared_by)
  execute function preparers_stay_known();
alter table invoice add constraint four_eyes_of_the_first
  check (approved_by is null or approved_by <> prepared_by);
