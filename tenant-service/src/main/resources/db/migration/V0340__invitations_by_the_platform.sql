-- The platform's staff invites a tenant's first owner without being a member.
alter table invitation add column by_platform boolean not null default false;
