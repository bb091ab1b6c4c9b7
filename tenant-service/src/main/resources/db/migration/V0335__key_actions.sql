-- The only actions a key allows, by their names in the audit log; none means all that its roles may.
alter table api_key add column actions text[] not null default '{}';
