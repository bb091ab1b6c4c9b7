-- An award may end before its time because its tenant is closed; credits end with it.
alter table grant_award add column end_reason text check (end_reason in ('TENANT_CLOSED'));
grant select, update (withdrawn_at, withdrawn_by, withdrawn_reason) on credit_grant to ${svc}_system;
