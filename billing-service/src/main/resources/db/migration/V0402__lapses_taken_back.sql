-- The issued invoice whose record of what lapsed of the credit is less by the amount: late usage took it after all.
alter table late_usage_credit add column lapsed_on uuid references invoice (id);
