-- A stream's position moves with each of its events: with room beside it the row changes in its page, and no index entry
-- is written for it.
alter table inbox_position set (fillfactor = 50);
