-- Rows that change several times in their life have room beside them: the new version stands in the same page, whose
-- old ones go when it is looked at, in place of a page for each version. An operation's end changes no index entry
-- any more: which of an instance's operations may be open is the one that its row names. ADR 128.
alter table instance set (fillfactor = 50);
alter table allocation set (fillfactor = 50);
alter table operation set (fillfactor = 60);
drop index operation_running;
