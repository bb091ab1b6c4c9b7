-- A tenant, or a person without one, has one open application in a call. There may be several from before:
-- an update would see no row here, because row-level security holds for its owner too.
alter table grant_application add column single boolean not null default false;
alter table grant_application alter column single set default true;
create unique index grant_application_open_of_tenant on grant_application (call_id, tenant_id)
  where state = 'SUBMITTED' and single and tenant_id is not null;
create unique index grant_application_open_of_person on grant_application (call_id, subject)
  where state = 'SUBMITTED' and single and tenant_id is null;

-- What a person applied for without a tenant, and what a reviewer is to judge.
create index grant_application_person on grant_application (subject, id) where tenant_id is null;
create index grant_reviewer_subject on grant_reviewer (subject);
