-- A credit is ended by withdrawing it: what was used until then stays paid by it.
alter table credit_grant add column withdrawn_at timestamptz, add column withdrawn_by text,
  add column withdrawn_reason text check (length(withdrawn_reason) between 1 and 1000),
  add check ((withdrawn_at is null) = (withdrawn_by is null)
    and (withdrawn_at is null) = (withdrawn_reason is null));
grant update (withdrawn_at, withdrawn_by, withdrawn_reason) on credit_grant to ${svc}_platform;
