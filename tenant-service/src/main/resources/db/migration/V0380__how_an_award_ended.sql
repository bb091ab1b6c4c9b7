-- An application shows how its award ended.
create index grant_award_application on grant_award (application_id, id);

-- Who applies for a grant without a tenant is reached at the address that they showed.
grant insert, update on person_address to ${svc}_platform;
