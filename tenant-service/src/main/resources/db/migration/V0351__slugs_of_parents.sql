-- Members may not read the row of the tenant above theirs, but are told what it is called in addresses; a slug is fixed.
alter table tenant add column parent_slug text;
alter table tenant no force row level security;
update tenant t set parent_slug = p.slug from tenant p where p.tenant_id = t.parent_id;
alter table tenant force row level security;
alter table tenant add check ((parent_id is null) = (parent_slug is null));
